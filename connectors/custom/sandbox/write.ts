/** Creating, changing and removing records, for clients and for people at the control port. */
import { refuseForeign } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import { ApiError } from './api-error.ts';
import { takeBody } from './field-values.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import type { Row, Values } from './store.ts';

/** Gone for a client: not there, or marked as deleted. */
export function find(account: Account, object: ObjectName, id: string): Row {
  const row = account.store.tables.get(object, id);
  if (row === undefined || row.deletedAt !== null) {
    throw new ApiError(404, 'not_found', `There is no ${object} ${id}.`);
  }
  return row;
}

export function create({ store, dials }: Account, object: ObjectName, body: Values): Row {
  const { values, ...taken } = takeBody({ store, dials, object, before: null, leaving: null }, body);
  // The number people know an order by is the system's to give, unless the client brings one.
  const numbered = object === 'work-orders' && values['work_order_number'] === null;
  const number = (id: string): string => id.replace('W-', 'WO-2026-');
  return store.add(object, {
    ...taken,
    values: numbered ? (id) => ({ ...values, work_order_number: number(id) }) : values,
  });
}

/** `whole`: what the body does not name goes back to its fallback. */
export function update(
  { store, dials }: Account,
  object: ObjectName,
  row: Row,
  body: Values,
  whole: boolean,
): Row {
  const before = whole ? null : row.values;
  const { values, reference } = takeBody(
    { store, dials, object, before, leaving: row.values['status'] },
    body,
  );
  const kept = reference === undefined ? {} : { reference };
  return store.replace(object, row, { values, ...kept });
}

export function remove(account: Account, object: ObjectName, row: Row): void {
  const { store, dials, files, world } = account;
  files.dropAll(`${object}/${row.id}`);
  if (dials.deletes === 'soft') store.replace(object, row, { deletedAt: world.clock.now() });
  else store.tables.drop(object, row.id);
}

/** A reading moves the meter when it is newer than the last one. */
export function addReading(account: Account, meter: Row, body: Values): Row {
  const { value, at } = body;
  if (typeof value !== 'number') {
    throw new ApiError(422, 'validation_failed', 'value must be a number.', {
      fields: { value: 'must be a number' },
    });
  }
  const time = typeof at === 'string' ? at : new Date(account.world.clock.now()).toISOString();
  const last = meter.values['last_reading_at'];
  if (typeof last === 'string' && Date.parse(time) <= Date.parse(last)) return meter;
  return update(account, 'meters', meter, { last_reading: value, last_reading_at: time }, false);
}

/** A field the object does not have is refused: an edit that leaves no trace helps no test. */
export function checkKnown(account: Account, object: ObjectName, fields: Values): Values {
  refuseForeign(object, fields, [...Object.keys(SCHEMA[object].columns), account.dials.referenceField]);
  return fields;
}
