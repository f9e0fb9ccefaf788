/** What a person does in SAP's own screens, for the control port: the same rules, no locks, not counted as API writes. */
import type { SandboxRequest, SandboxVendor } from '../../kit/sandbox/index.ts';
import { setOrderStatus, stampOrder, operationsOf } from './order-state.ts';
import { setNotificationPhase } from './rules-notification.ts';
import { textOf } from './draft.ts';
import { computed } from './computed.ts';
import { createRow, createUnder, deleteRow, updateRow } from './write.ts';
import { setOfTable, type Service } from './services.ts';
import { valueOf, type EntitySet, type Value } from './schema.ts';
import { tokensOf } from './status-line.ts';
import { idOf, type Row } from './tables.ts';
import type { Call, World } from './world.ts';

const PERSON = 'JDOE';
const EMPTY = Buffer.alloc(0);

function requestOf(): SandboxRequest {
  return {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    headers: {},
    body: EMPTY,
    json: () => undefined,
  };
}

function callOf(world: World, service: Service): Call {
  const root = `http://screen${service.path}`;
  return {
    world,
    request: requestOf(),
    service,
    root,
    user: PERSON,
    language: 'EN',
    written: [],
    person: true,
  };
}

/** Dates as ISO text, keys and codes as they are. */
function shown(call: Call, set: EntitySet, row: Row): Record<string, Value> {
  const out: Record<string, Value> = { id: row.id.replaceAll('\u0001', ',') };
  for (const field of set.fields.values()) {
    const compute = computed(set, field);
    const value = compute === null ? valueOf(row.values, field) : compute(row, call);
    const moment = (field.kind === 'd' || field.kind === 'dto') && typeof value === 'number';
    out[field.name] = moment
      ? new Date(value)
          .toISOString()
          .slice(0, field.kind === 'd' ? 10 : 20)
          .replace('.', 'Z')
      : value;
  }
  return out;
}

/** Statuses a person reaches with buttons: `REL`, `TECO`, `CLSD`, `DLFL`, `LKD`, `NOEX`, `CNF`, `PCNF`, `CRTD`. */
function pressStatus(call: Call, row: Row, status: unknown): Row {
  const wanted = String(status)
    .split(/\s+/)
    .filter((token) => token !== '');
  const cycle = ['CRTD', 'REL', 'TECO', 'CLSD'];
  const moving = wanted.some((token) => cycle.includes(token));
  const extras = tokensOf(row.values).filter(
    (token) => ['DLFL', 'LKD', 'NOEX'].includes(token) && !wanted.includes(token),
  );
  const next = setOrderStatus(call, row, wanted, [
    ...(moving ? cycle.filter((token) => !wanted.includes(token)) : []),
    ...extras,
  ]);
  if (wanted.includes('REL')) {
    for (const operation of operationsOf(call, textOf(row.values, 'MaintenanceOrder'))) {
      const tokens = tokensOf(operation.values).filter((token) => token !== 'CRTD' && token !== 'REL');
      call.world.db.put('MaintenanceOrderOperation', {
        ...operation.values,
        _status: ['REL', ...tokens].join(' '),
      });
    }
  }
  return call.world.dials.statusTouchesOrder ? stampOrder(call, next) : next;
}

const PHASES: Readonly<Record<string, readonly [add: readonly string[], remove: readonly string[]]>> = {
  1: [['OSNO'], ['NOPR', 'NOCO', 'NOPO', 'DLFL']],
  2: [['NOPO'], ['OSNO', 'NOPR', 'NOCO', 'DLFL']],
  3: [['NOPR'], ['OSNO', 'NOPO', 'NOCO', 'DLFL']],
  4: [['NOCO'], ['OSNO', 'NOPO', 'NOPR', 'DLFL']],
  5: [['DLFL'], []],
};

function findRow(world: World, set: EntitySet, id: string): Row {
  const { keys } = world.db.table(set.table);
  const direct = world.db.get(set.table, id.replaceAll(',', '\u0001'));
  const [first] = keys;
  const [byFirst] =
    direct !== undefined || first === undefined
      ? []
      : world.db.where(set.table, [first.name], [id]).slice(-1);
  const row = direct ?? byFirst;
  if (row === undefined) throw new TypeError(`There is no ${set.name} "${id}".`);
  return row;
}

type Screens = Pick<SandboxVendor, 'objects' | 'list' | 'insert' | 'change' | 'remove'>;

export function createScreens(world: World, services: readonly Service[]): Screens {
  const open = (object: string): { call: Call; set: EntitySet } => {
    const { service, set } = setOfTable(services, object);
    return { call: callOf(world, service), set };
  };
  const current = (set: EntitySet, row: Row): Row => world.db.get(set.table, row.id) ?? row;
  return {
    objects: () => world.db.names(),
    list(object) {
      const { call, set } = open(object);
      return world.db.rows(object).map((row) => shown(call, set, row));
    },
    insert(object, fields) {
      const { call, set } = open(object);
      return world.db.unit(() => {
        if (set.may.includes('C') || !set.may.includes('N'))
          return shown(call, set, createRow(call, set, fields));
        const parent = parentOf(call, set, fields);
        const row = createUnder(call, parent.set, parent.row, parent.nav, fields);
        return shown(call, set, row);
      });
    },
    change(object, id, fields) {
      const { call, set } = open(object);
      return world.db.unit(() => {
        const { SystemStatusText: status, NotifProcessingPhase: phase, ...rest } = fields;
        let row = findRow(world, set, id);
        if (Object.keys(rest).length > 0) row = current(set, updateRow(call, set, row, rest));
        if (status !== undefined && object === 'MaintenanceOrder') row = pressStatus(call, row, status);
        const [add, remove] = PHASES[String(phase)] ?? [];
        if (add !== undefined && remove !== undefined)
          row = setNotificationPhase(call, row, String(phase), add, remove);
        return shown(call, set, current(set, row));
      });
    },
    remove(object, id) {
      const { call, set } = open(object);
      world.db.unit(() => {
        deleteRow(call, set, findRow(world, set, id));
      });
    },
  };
}

/** The row a child typed into a screen belongs to. */
function parentOf(
  call: Call,
  set: EntitySet,
  fields: Record<string, unknown>,
): { set: EntitySet; row: Row; nav: string } {
  for (const parent of call.service.sets.values()) {
    for (const nav of parent.navs.values()) {
      if (
        nav.target !== set.name ||
        !nav.many ||
        parent.keys.some(
          ({ name }) =>
            !(name in fields) && name !== 'ValidityEndDate' && name !== 'MaintenanceOrderSubOperation',
        )
      )
        continue;
      const values = Object.fromEntries(
        parent.keys.map(({ name, initial }) => [name, (fields[name] as Value | undefined) ?? initial]),
      );
      const row = call.world.db.get(parent.table, idOf(parent.keys, values));
      if (row !== undefined) return { set: parent, row, nav: nav.name };
    }
  }
  throw new TypeError(`Name the object the new ${set.name} belongs to by its key.`);
}
