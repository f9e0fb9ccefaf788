/**
 * An imitation of UpKeep (API v2) to test and demonstrate against: it follows the public contract, keeps its own state,
 * and shares nothing with the connector. What the contract leaves open follows its "pick" lines.
 */
import {
  createElements,
  createPaging,
  createScreens,
  startVendor,
  type Opened,
  type Opening,
  type RunningSandbox,
  type SandboxOptions,
} from '../../kit/sandbox/index.ts';
import { personIn, type Account } from './account.ts';
import { ApiError } from './api-error.ts';
import { DIALS } from './dials.ts';
import { handleRequest, refusalOf } from './router.ts';
import { OBJECTS, type ObjectName } from './schema.ts';
import { ADMIN, seedAccount } from './seed.ts';
import { createSessions } from './sessions.ts';
import { showWhole } from './show.ts';
import { createStore, type Row } from './store.ts';
import { usedParts } from './used-parts.ts';
import { createWebhooks, type Webhook } from './webhooks.ts';
import { create, remove, update } from './write.ts';

/** What outlives the process beside rows and dials. Deliveries under way do not. */
interface More {
  adminId: string;
  webhooks: Webhook[];
}

function open({ world, dials, more }: Opening<typeof DIALS, More>): Opened<ObjectName, Row, More> {
  const store = createStore(world, dials);
  const { tables, past } = store;
  const paging = createPaging({
    world,
    dials,
    refuse: (reason) => new ApiError(404, reason === 'beyond' ? 'page not found' : 'page has expired'),
    somebody: {
      inserts(object) {
        const name = `Inserted while paging ${tables.size(object as ObjectName) + 1}`;
        create(account, object as ObjectName, { title: name, name }, personIn(account));
      },
      removes(object) {
        const [first] = tables.rows(object as ObjectName);
        if (first !== undefined) remove(account, object as ObjectName, first.id, personIn(account));
      },
    },
  });
  const webhooks = createWebhooks(world, dials);
  webhooks.restore(more?.webhooks ?? []);
  const account: Account = { world, dials, store, paging, webhooks, adminId: more?.adminId ?? '' };
  const sessions = createSessions(account, ADMIN.token);
  const screens = createScreens<ObjectName, Row>({
    objects: () => OBJECTS,
    rows: tables.rows,
    find: tables.get,
    show: (object) => (row) => showWhole(account, object, row),
    insert: (object, fields) => create(account, object, fields, personIn(account)),
    change: (object, { id }, fields) => update(account, object, id, fields, personIn(account)),
    remove: (object, { id }) => remove(account, object, id, personIn(account)),
    atomically: tables.atomically,
  });
  return {
    tables,
    credentials: { ...ADMIN },
    handle: (request) => handleRequest(account, sessions, request),
    refusal: (_request, message) => refusalOf(new ApiError(400, message)),
    ...screens,
    elements: createElements({ 'work-orders': { parts: usedParts(screens) } }),
    turned: (name) => {
      if (name === 'staleReads') past.turned();
    },
    expireSessions: () => sessions.expireAll(),
    close: () => webhooks.close(),
    fill: async (seed) => {
      account.adminId = await seedAccount(account, seed);
    },
    more: () => ({ adminId: account.adminId, webhooks: webhooks.list() }),
  };
}

/** `url` of the answer is the host; the API is below `/api/v2`, as at api.onupkeep.com. */
export function startUpkeepSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  return startVendor({ system: 'upkeep', dials: DIALS, open }, options);
}
