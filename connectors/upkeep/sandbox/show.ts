/** How records look from outside: references as ids or expanded, statuses as the account labels them (contract 2.3, 6). */
import type { Account } from './account.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import type { Row } from './store.ts';

/** Quirk 8 of the contract: what an account sees that may not see the order. */
export const PLACEHOLDER_TITLE = 'You need elevated admin permissions to view this work order';

const COMPUTED_INCLUDES = ['ancestors', 'numTotalChildren', 'numTotalDescendants'] as const;

/** `?includes=a&includes=b`, `?includes[]=a`, `?includes=a,b`. Unknown values are ignored. */
export function readIncludes(query: URLSearchParams): ReadonlySet<string> {
  const given = [...query.getAll('includes'), ...query.getAll('includes[]')];
  return new Set(
    given
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter(Boolean),
  );
}

function childrenOf(account: Account, id: string): Row[] {
  return account.store.tables.where('locations', ['parentLocation'], [id]);
}

function descendantCount(account: Account, id: string): number {
  return childrenOf(account, id).reduce((sum, child) => sum + 1 + descendantCount(account, child.id), 0);
}

function ancestorsOf(account: Account, row: Row): object[] {
  const parent = account.store.tables.get('locations', String(row.fields['parentLocation']));
  return parent === undefined ? [] : [...ancestorsOf(account, parent), parent.fields];
}

function computed(account: Account, row: Row, name: (typeof COMPUTED_INCLUDES)[number]): unknown {
  if (name === 'ancestors') return ancestorsOf(account, row);
  return name === 'numTotalChildren' ? childrenOf(account, row.id).length : descendantCount(account, row.id);
}

function isPlaceholder(account: Account, id: string): boolean {
  const dial = account.dials.permissionPlaceholderTitle;
  return typeof dial === 'boolean' ? dial : dial.includes(id);
}

function shape(account: Account, object: ObjectName, row: Row): Record<string, unknown> {
  const shown = { ...row.fields };
  if (object !== 'work-orders') return shown;
  const labels = account.dials.statusLabels;
  if (labels !== null) shown['status'] = labels[String(shown['status'])] ?? shown['status'];
  if (isPlaceholder(account, row.id)) shown['title'] = PLACEHOLDER_TITLE;
  return shown;
}

/** Of a work order's files the lists say nothing (contract 3.1). */
export function showWhole(
  account: Account,
  object: ObjectName,
  row: Row,
  includes: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  const shown = show(account, object, row, includes);
  return object === 'work-orders' ? { ...shown, files: row.hidden['files'] ?? [] } : shown;
}

/** The record as lists show it. */
export function show(
  account: Account,
  object: ObjectName,
  row: Row,
  includes: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  const shown = shape(account, object, row);
  for (const [field, target] of Object.entries(SCHEMA[object].includes)) {
    if (!account.dials.expandWithoutAsking && !includes.has(field)) continue;
    const found = account.store.tables.get(target, String(row.fields[field]));
    if (found !== undefined) shown[field] = found.fields;
  }
  if (object === 'locations') {
    for (const name of COMPUTED_INCLUDES) if (includes.has(name)) shown[name] = computed(account, row, name);
  }
  return shown;
}

/** JSON of rows in their plain form, made on first use. */
const TEXTS = new WeakMap<Row, string>();

/** The same as JSON text. */
export function showText(
  account: Account,
  object: ObjectName,
  row: Row,
  includes: ReadonlySet<string>,
): string {
  const { dials } = account;
  const plain =
    includes.size === 0 &&
    !dials.expandWithoutAsking &&
    (object !== 'work-orders' || (dials.statusLabels === null && dials.permissionPlaceholderTitle === false));
  if (!plain) return JSON.stringify(show(account, object, row, includes));
  let text = TEXTS.get(row);
  if (text === undefined) {
    text = JSON.stringify(row.fields);
    TEXTS.set(row, text);
  }
  return text;
}
