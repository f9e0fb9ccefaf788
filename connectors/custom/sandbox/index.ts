/**
 * A generic maintenance system with a REST API, as the reference describes it (13.4) and as such systems usually are: every
 * manner a generic connector must cope with is a dial. It keeps its own state and shares nothing with the connector.
 */
import {
  createElements,
  createPaging,
  createScreens,
  inField,
  startVendor,
  type Opened,
  type Opening,
  type Paging,
  type RunningSandbox,
  type SandboxOptions,
} from '../../kit/sandbox/index.ts';
import { CREDENTIALS, type Account } from './account.ts';
import { ApiError } from './api-error.ts';
import { DIALS, type Dials } from './dials.ts';
import { createFiles } from './files.ts';
import { handleRequest, refusalOf } from './router.ts';
import { OBJECTS, SCHEMA, type ObjectName } from './schema.ts';
import { seedStore } from './seed.ts';
import { createTexts, show } from './show.ts';
import { createStore, type Row, type Store } from './store.ts';
import { checkKnown, create, find, remove, update } from './write.ts';

/** What a record needs that somebody types in a hurry. */
function hastyValues(object: ObjectName, text: string): Record<string, unknown> {
  const columns = Object.entries(SCHEMA[object].columns);
  const values = columns.map(([name, { required, fallback }]) => [
    name,
    required === true ? text : (fallback ?? null),
  ]);
  return Object.fromEntries(values) as Record<string, unknown>;
}

function pagingOf(world: Account['world'], dials: Dials, store: Store): Paging {
  const { tables } = store;
  return createPaging({
    world,
    dials,
    refuse: (reason) =>
      reason === 'beyond'
        ? new ApiError(404, 'not_found', 'There is no such page.')
        : new ApiError(400, 'bad_cursor', 'The cursor has expired; start again without one.'),
    somebody: {
      inserts(object) {
        const name = object as ObjectName;
        store.add(name, { values: hastyValues(name, `Inserted while paging ${tables.size(name) + 1}`) });
      },
      removes(object) {
        const [first] = tables.rows(object as ObjectName);
        if (first !== undefined) tables.drop(object as ObjectName, first.id);
      },
    },
  });
}

function open({ world, dials }: Opening<typeof DIALS, null>): Opened<ObjectName, Row, null> {
  const store = createStore(world, dials);
  const { tables } = store;
  const paging = pagingOf(world, dials, store);
  const account: Account = {
    ...{ world, dials, store, paging },
    files: createFiles(world),
    text: createTexts(dials),
  };
  const screens = createScreens<ObjectName, Row>({
    objects: () => OBJECTS,
    rows: tables.rows,
    find: (object, id) => find(account, object, id),
    show: (object) => (row) => show(object, row, dials),
    insert: (object, fields) => create(account, object, checkKnown(account, object, fields)),
    change: (object, row, fields) => update(account, object, row, checkKnown(account, object, fields), false),
    remove: (object, row) => remove(account, object, row),
  });
  return {
    tables,
    credentials: { ...CREDENTIALS },
    handle: (request) => handleRequest(account, request),
    refusal: (_request, message) => refusalOf(new ApiError(422, 'validation_failed', message)),
    ...screens,
    elements: createElements({
      'work-orders': {
        tasks: inField({ screens, object: 'work-orders', field: 'steps', key: 'sequence_order' }),
        parts: inField({ screens, object: 'work-orders', field: 'parts', key: 'part_id' }),
      },
      schedules: {
        tasks: inField({ screens, object: 'schedules', field: 'steps', key: 'sequence_order' }),
      },
    }),
    turned: (name) => {
      if (name === 'staleReads') store.past.turned();
    },
    fill: (seed) => seedStore(store, seed),
  };
}

/** The lists are below `/api` of the address. Keys and passwords do not run out here. */
export function startCustomSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  return startVendor({ system: 'custom', dials: DIALS, open }, options);
}
