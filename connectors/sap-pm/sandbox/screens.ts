/** What a person does in SAP's own screens, for the control port: the same rules, no locks, not counted as API writes. */
import {
  asRecords,
  createElements,
  createScreens,
  type Elements,
  type Screens,
} from '../../kit/sandbox/index.ts';
import { callInside } from './call-inside.ts';
import { computed } from './computed.ts';
import { pressStatus } from './press-status.ts';
import { setNotificationPhase } from './rules-notification.ts';
import { valueOf, type EntitySet, type Value } from './schema.ts';
import { setOfTable, type Service } from './services.ts';
import { idOf, KEY_SEPARATOR, type Row } from './tables.ts';
import type { Call, World } from './world.ts';
import { createRow, createUnder, deleteRow, updateRow } from './write.ts';

const PERSON = 'JDOE';

/** Dates as ISO text, keys and codes as they are. */
function shown(call: Call, set: EntitySet, row: Row): Record<string, Value> {
  const out: Record<string, Value> = { id: row.id.replaceAll(KEY_SEPARATOR, ',') };
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

const PHASES: Readonly<Record<string, readonly [add: readonly string[], remove: readonly string[]]>> = {
  1: [['OSNO'], ['NOPR', 'NOCO', 'NOPO', 'DLFL']],
  2: [['NOPO'], ['OSNO', 'NOPR', 'NOCO', 'DLFL']],
  3: [['NOPR'], ['OSNO', 'NOPO', 'NOCO', 'DLFL']],
  4: [['NOCO'], ['OSNO', 'NOPO', 'NOPR', 'DLFL']],
  5: [['DLFL'], []],
};

function findRow(world: World, set: EntitySet, id: string): Row | undefined {
  const keys = world.db.keysOf(set.table);
  const direct = world.db.get(set.table, id.replaceAll(',', KEY_SEPARATOR));
  const [first] = keys;
  const [byFirst] =
    direct !== undefined || first === undefined
      ? []
      : world.db.where(set.table, [first.name], [id]).slice(-1);
  return direct ?? byFirst;
}

function insert(call: Call, set: EntitySet, fields: Record<string, unknown>): Row {
  if (set.may.includes('C') || !set.may.includes('N')) return createRow(call, set, fields);
  const parent = parentOf(call, set, fields);
  return createUnder(call, parent.set, parent.row, parent.nav, fields);
}

function change(call: Call, set: EntitySet, before: Row, fields: Record<string, unknown>): Row {
  const { SystemStatusText: status, NotifProcessingPhase: phase, ...rest } = fields;
  const { db } = call.world;
  const current = (row: Row): Row => db.get(set.table, row.id) ?? row;
  let row = before;
  if (Object.keys(rest).length > 0) row = current(updateRow(call, set, row, rest));
  if (status !== undefined && set.table === 'MaintenanceOrder') row = pressStatus(call, row, status);
  const [add, remove] = PHASES[String(phase)] ?? [];
  if (add !== undefined && remove !== undefined) {
    row = setNotificationPhase(call, row, String(phase), add, remove);
  }
  return current(row);
}

export function screensOf(world: World, services: readonly Service[]): Screens {
  const open = (object: string): [call: Call, set: EntitySet] => {
    const { service, set } = setOfTable(services, object);
    return [callInside(world, service, PERSON), set];
  };
  return createScreens<string, Row>({
    objects: () => world.db.tables.names,
    rows: (object) => world.db.rows(object),
    find: (object, id) => findRow(world, open(object)[1], id),
    show(object) {
      const [call, set] = open(object);
      return (row) => shown(call, set, row);
    },
    insert: (object, fields) => insert(...open(object), fields),
    change: (object, row, fields) => change(...open(object), row, fields),
    remove: (object, row) => deleteRow(...open(object), row),
    atomically: (work) => world.db.unit(work),
  });
}

export function elementsOf(screens: Screens): Elements {
  const below = (object: string, owner: string): ReturnType<typeof asRecords> =>
    asRecords({ screens, object, link: (id) => ({ [owner]: id }) });
  return createElements({
    MaintenanceOrder: {
      tasks: below('MaintenanceOrderOperation', 'MaintenanceOrder'),
      planned_parts: below('MaintOrderOpComponent', 'MaintenanceOrder'),
      labour: below('MaintOrderConfirmation', 'MaintenanceOrder'),
    },
  });
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
