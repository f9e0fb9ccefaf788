/**
 * Creates, changes and deletes rows through a service (contract 3.4, 1.5): rights, lengths, deep insert, locks. What an object
 * means by it is in the `rules-*` files.
 */
import { englishUnit } from './language.ts';
import { present, type Draft } from './draft.ts';
import { readJson } from './edm.ts';
import { fieldByName } from './metadata-dials.ts';
import { checkLock } from './locks.ts';
import { rulesOf } from './rules.ts';
import { SapError } from './sap-error.ts';
import type { EntitySet, Field, Nav, Value, Values } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

export type Payload = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function noProperty(set: EntitySet, name: string): SapError {
  return new SapError(
    400,
    '005056A509B11EE1B9A8FEC11C21D78E',
    `Property '${name}' does not exist in type '${set.type}'`,
    { target: name },
  );
}

interface Parsed {
  fields: Map<string, Value>;
  children: { nav: Nav; items: Payload[] }[];
}

function childrenOf(nav: Nav, value: unknown): Payload[] {
  const wrapped =
    isObject(value) && Array.isArray(value['results']) ? (value['results'] as unknown[]) : value;
  const list = Array.isArray(wrapped) ? (wrapped as unknown[]) : [wrapped];
  return list.map((item) => {
    if (isObject(item)) return item;
    throw new SapError(
      400,
      'CX_SXML_PARSE_ERROR',
      `The navigation property '${nav.name}' must hold entities`,
    );
  });
}

function parsePayload(
  call: Call,
  set: EntitySet,
  payload: Payload,
  allowed: (field: Field) => boolean,
): Parsed {
  const { dials } = call.world;
  const parsed: Parsed = { fields: new Map(), children: [] };
  for (const [name, value] of Object.entries(payload)) {
    if (name === '__metadata' || name.startsWith('@odata.') || name === 'SAP__Messages') continue;
    const nav = set.navs.get(name);
    if (nav !== undefined) {
      if (value === null || (isObject(value) && '__deferred' in value)) continue;
      parsed.children.push({ nav, items: childrenOf(nav, value) });
      continue;
    }
    const field = fieldByName(dials, set, name);
    if (field === undefined) throw noProperty(set, name);
    const read = englishUnit(field, readJson(field, value));
    const key = set.keys.some((own) => own.name === field.name);
    if (key || allowed(field)) parsed.fields.set(field.name, read);
    else if (!dials.ignoreReadOnly && !call.person) {
      throw new SapError(400, 'SADL_GW/047', `Property '${name}' is read-only`, { target: name });
    }
  }
  return parsed;
}

function report(call: Call, kind: 'created' | 'updated' | 'deleted', set: EntitySet): void {
  call.written.push({ kind, object: set.table });
}

/** `above` holds what a child gets from its parent. `numbered` fills what only SAP may set (seeds, other objects). */
export function createRow(call: Call, set: EntitySet, payload: Payload, above: Values = {}): Row {
  const parsed = parsePayload(call, set, payload, (field) => field.creatable);
  const draft: Draft = {};
  for (const [name, value] of parsed.fields) draft[name] = value;
  Object.assign(draft, above);
  for (const field of set.fields.values()) {
    const value = draft[field.name];
    if (field.required && (value === undefined || value === '' || value === null)) {
      throw new SapError(400, 'SADL_GW/042', `Property '${field.name}' is mandatory`, { target: field.name });
    }
  }
  checkLock(call, set, draft);
  const { db } = call.world;
  const rules = rulesOf(set.table);
  rules.create?.(call, draft, new Set(parsed.fields.keys()));
  for (const key of set.keys) draft[key.name] ??= key.initial;
  const row = db.put(set.table, present(draft));
  report(call, 'created', set);
  for (const { nav, items } of parsed.children) createChildren(call, set, row, nav, items);
  rules.created?.(call, row, new Set(parsed.children.map(({ nav }) => nav.name)));
  return db.get(set.table, row.id) ?? row;
}

function createChildren(call: Call, set: EntitySet, row: Row, nav: Nav, items: readonly Payload[]): void {
  for (const item of items) createBelow(call, set, row, nav.name, item);
}

/** POST to a navigation property: the parent hears of it. */
export function createUnder(call: Call, set: EntitySet, parent: Row, navName: string, payload: Payload): Row {
  const row = createBelow(call, set, parent, navName, payload);
  const target = call.service.sets.get(set.navs.get(navName)?.target ?? '');
  if (target !== undefined) rulesOf(target.table).belowChanged?.(call, row);
  return row;
}

function createBelow(call: Call, set: EntitySet, parent: Row, navName: string, payload: Payload): Row {
  const nav = set.navs.get(navName);
  const target = call.service.sets.get(nav?.target ?? '');
  if (nav === undefined || target === undefined) throw noProperty(set, navName);
  if (!/[CN]/.test(target.may)) throw notAllowed('Create', target);
  const above: Draft = {};
  for (const name of nav.join) above[name] = parent.values[name] ?? '';
  const own = Object.fromEntries(Object.entries(payload).filter(([name]) => !(name in above)));
  return createRow(call, target, own, above);
}

export function notAllowed(what: string, set: EntitySet): SapError {
  return new SapError(405, '/IWBEP/CM_MGW_RT/021', `${what} is not allowed for entity set '${set.name}'`);
}

export interface UpdateOptions {
  /** PUT: what is not sent becomes initial. */
  replace?: boolean;
}

export function updateRow(
  call: Call,
  set: EntitySet,
  row: Row,
  payload: Payload,
  options: UpdateOptions = {},
): Row {
  const parsed = parsePayload(call, set, payload, (field) => field.updatable);
  const [child] = parsed.children;
  if (child !== undefined) {
    throw new SapError(400, 'SADL_GW/048', `Navigation property '${child.nav.name}' cannot be updated`, {
      target: child.nav.name,
    });
  }
  const draft: Draft = { ...row.values };
  if (options.replace === true) {
    for (const field of set.fields.values()) if (field.updatable) draft[field.name] = field.initial;
  }
  const changed = new Set<string>();
  for (const [name, value] of parsed.fields) {
    if (set.keys.some((key) => key.name === name)) continue;
    draft[name] = value;
    changed.add(name);
  }
  checkLock(call, set, row.values);
  const rules = rulesOf(set.table);
  rules.update?.(call, row, draft, changed);
  const next = call.world.db.put(set.table, present(draft));
  report(call, 'updated', set);
  rules.belowChanged?.(call, next);
  return next;
}

export function deleteRow(call: Call, set: EntitySet, row: Row): void {
  checkLock(call, set, row.values);
  const rules = rulesOf(set.table);
  rules.remove?.(call, row);
  removeBelow(call, set, row);
  call.world.db.drop(set.table, row.id);
  report(call, 'deleted', set);
  rules.belowChanged?.(call, row);
}

/** What hangs below a row goes with it. */
function removeBelow(call: Call, set: EntitySet, row: Row): void {
  const { db } = call.world;
  for (const nav of set.navs.values()) {
    const target = call.service.sets.get(nav.target);
    if (target === undefined || !nav.many) continue;
    const below = db.where(
      target.table,
      nav.join,
      nav.join.map((name) => row.values[name] ?? ''),
    );
    for (const child of below) {
      removeBelow(call, target, child);
      db.drop(target.table, child.id);
    }
  }
}
