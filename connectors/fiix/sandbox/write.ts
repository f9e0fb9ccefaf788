/** Adds, changes and removes records: reads the values, checks rights and references, applies the class's rules, stores. */
import { readProjection, show } from './projection.ts';
import { refused, unreadable } from './fiix-error.ts';
import { checkRecord } from './rights.ts';
import { follow, settle } from './rules.ts';
import { REFERRERS, schemaOf, type ClassName, type Column } from './schema.ts';
import type { Row } from './store.ts';
import type { Call } from './tenant.ts';
import { readValue } from './values.ts';
import type { Values } from './writing.ts';

type Body = Readonly<Record<string, unknown>>;

/** What answers carry beside the columns; it may come back. */
const IGNORED: ReadonlySet<string> = new Set([
  'id',
  'className',
  'extraFields',
  'dirty',
  'new',
  'uideleted',
  'strUuid',
]);
/** History: only the server writes it. Triggers need calls whose parameters nobody knows (contract 3.8). */
const SERVER_ONLY: readonly ClassName[] = [
  'WorkOrderStatusTransition',
  'CalendarEvent',
  'StockHistory',
  'InventoryTransaction',
];
/** Read-only for programs, not for people. */
const SERVER_MADE: ReadonlySet<string> = new Set(['id', 'intUpdated', 'strUuid']);

function checkWritable({ tenant, actor }: Call, className: ClassName): void {
  if (actor.person) return;
  const triggers = className === 'ScheduleTrigger' && !tenant.dials.writeTriggers;
  if (triggers || SERVER_ONLY.includes(className)) throw refused(`${className} cannot be written.`);
}

function writable({ tenant, actor }: Call, column: Column): boolean {
  if (actor.person) return !SERVER_MADE.has(column.name);
  return !column.readOnly || (column.name === 'bolIsSite' && tenant.dials.createSites);
}

function readOne(call: Call, column: Column, raw: unknown): Values[string] {
  const value = readValue(column, raw, call.tenant.dials.keepEmptyText);
  if (column.ref === null || typeof value !== 'number') return value;
  const id = call.temporary.get(value) ?? value;
  if (call.tenant.store.get(column.ref, id) === undefined) {
    throw refused(`${column.name} refers to ${column.ref} ${value}, which does not exist.`);
  }
  return id;
}

/** `names` are the fields to write; those only the server writes are passed over. */
function readValues(call: Call, className: ClassName, names: readonly string[], object: Body): Values {
  const { columns } = schemaOf(className);
  const values: Values = {};
  for (const name of names) {
    if (IGNORED.has(name)) continue;
    const column = columns.get(name);
    if (column === undefined) {
      if (call.tenant.dials.unknownFields === 'ignore') continue;
      throw refused(`${className} has no field "${name}".`);
    }
    if (writable(call, column)) values[name] = readOne(call, column, object[name]);
  }
  return values;
}

function objectOf(body: Body, className: ClassName): Body {
  const object = body['object'];
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw unreadable('"object" must be an object.');
  }
  const own = (object as Body)['className'];
  if (own !== undefined && own !== className) throw unreadable(`The object must be of class ${className}.`);
  return object as Body;
}

export function addRecord(call: Call, className: ClassName, object: Body): Row {
  checkWritable(call, className);
  const given = readValues(call, className, Object.keys(object), object);
  checkRecord(call, 'add', className, given);
  for (const { name, required } of schemaOf(className).columns.values()) {
    if (required && (given[name] ?? null) === null) throw refused(`${className} needs ${name}.`);
  }
  const row = call.tenant.store.add(className, settle(className, { call, values: given, before: null }));
  const temporary = object['id'];
  if (typeof temporary === 'number' && temporary < 0) call.temporary.set(temporary, row.id);
  follow(call, className, null, row);
  call.wrote.push({ kind: 'created', className });
  return call.tenant.store.get(className, row.id) ?? row;
}

export function changeRecord(
  call: Call,
  className: ClassName,
  before: Row,
  names: readonly string[],
  object: Body,
): Row {
  checkWritable(call, className);
  checkRecord(call, 'change', className, before.fields);
  const given = readValues(call, className, names, object);
  checkRecord(call, 'change', className, { ...before.fields, ...given });
  for (const [name, value] of Object.entries(given)) {
    const column = schemaOf(className).columns.get(name);
    if (value === null && column?.required === true) throw refused(`${className} needs ${name}.`);
  }
  const settled = settle(className, { call, values: given, before });
  const row = call.tenant.store.replace(className, before, settled);
  follow(call, className, before, row);
  call.wrote.push({ kind: 'updated', className });
  return call.tenant.store.get(className, row.id) ?? row;
}

/** What belongs to the record goes with it; what needs it keeps it; other references to it become empty. */
export function removeRecord(call: Call, className: ClassName, row: Row): void {
  const { store } = call.tenant;
  for (const { className: from, column } of REFERRERS.get(className) ?? []) {
    for (const other of store.referring(from, column.name, row.id)) {
      if (column.owned) removeRecord(call, from, other);
      else if (column.required) throw refused(`${className} ${row.id} is used by ${from} ${other.id}.`);
      else store.replace(from, other, { [column.name]: null });
    }
  }
  store.tables.drop(className, row.id);
  follow(call, className, row, null);
}

export function add(call: Call, className: ClassName, body: Body): object {
  const projection = readProjection(call.tenant, className, body['fields']);
  const row = addRecord(call, className, objectOf(body, className));
  return { count: 1, object: show(call.tenant, projection, row) };
}

/** An unknown id is no error: nothing is counted and no object comes. */
export function change(call: Call, className: ClassName, body: Body): object {
  const { changeFields } = body;
  const projection = readProjection(call.tenant, className, body['fields']);
  const object = objectOf(body, className);
  if (typeof changeFields !== 'string') throw refused('"changeFields" must name the fields to change.');
  const { id } = object;
  if (typeof id !== 'number') throw refused('"object" must have the "id" of the record.');
  const before = call.tenant.store.get(className, call.temporary.get(id) ?? id);
  if (before === undefined) return { count: 0 };
  const names = changeFields.split(',').map((name) => name.trim());
  const row = changeRecord(call, className, before, names.filter(Boolean), object);
  return { count: 1, object: show(call.tenant, projection, row) };
}

export function remove(call: Call, className: ClassName, body: Body): object {
  const { id } = body;
  if (typeof id !== 'number') throw unreadable('"id" must be a whole number.');
  const row = call.tenant.store.get(className, call.temporary.get(id) ?? id);
  if (row === undefined) return { count: 0 };
  checkWritable(call, className);
  checkRecord(call, 'remove', className, row.fields);
  removeRecord(call, className, row);
  call.wrote.push({ kind: 'deleted', className });
  return { count: 1 };
}
