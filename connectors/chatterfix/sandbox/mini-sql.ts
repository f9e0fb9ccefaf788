/**
 * As much SQL as a client of the raw query doors can reasonably send (contract 4.8, 5): one SELECT, INSERT, UPDATE or DELETE on
 * one table with simple conditions. Anything else answers with a syntax error, as a real database would.
 */
import type { FieldValues, ObjectName, Tenant } from './generation.ts';
import type { Row } from './table.ts';
import { textOf } from './text-of.ts';

export interface SqlResult {
  error: string | null;
  rows: FieldValues[];
  affected: number;
  lastRowId: number;
  write: boolean;
}

class SqlError extends Error {}

const TABLES: Readonly<Record<string, ObjectName>> = {
  work_orders: 'work-orders',
  assets: 'assets',
  parts: 'parts',
  pm_schedules: 'pm-schedules',
  users: 'users',
  attachments: 'attachments',
};

/** Gives the value of one placeholder or literal; placeholders of `%s` and `?` are taken in order. */
type Take = (token: string) => unknown;

function taker(params: unknown, now: string): Take {
  const list = Array.isArray(params) ? (params as unknown[]) : [];
  const named = typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {};
  let next = 0;
  return (token) => {
    if (token === '%s' || token === '?') {
      if (next >= list.length) throw new SqlError('Incorrect number of bindings supplied.');
      next += 1;
      return list[next - 1] ?? null;
    }
    if (token.startsWith(':')) {
      const name = token.slice(1);
      if (!Object.hasOwn(named, name)) throw new SqlError(`You did not supply a value for binding ${name}.`);
      return named[name];
    }
    if (/^null$/i.test(token)) return null;
    if (/^current_timestamp$/i.test(token)) return now;
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    if (/^'.*'$/s.test(token)) return token.slice(1, -1).replaceAll("''", "'");
    throw new SqlError(`near "${token}": syntax error`);
  };
}

/** Splits at commas outside of quotes. */
function listed(text: string): string[] {
  return (text.match(/(?:'(?:[^']|'')*'|[^,'])+/g) ?? []).map((part) => part.trim());
}

function tableOf(tenant: Tenant, name: string): ObjectName {
  const object = TABLES[name.toLowerCase()];
  if (object === undefined || tenant.generation().tables[object] === undefined) {
    throw new SqlError(`no such table: ${name}`);
  }
  return object;
}

function checkColumn(tenant: Tenant, object: ObjectName, column: string): string {
  const def = tenant.generation().tables[object];
  const known = ['id', def?.created, def?.updated, ...Object.keys(def?.columns ?? {})];
  if (!known.includes(column)) throw new SqlError(`no such column: ${column}`);
  return column;
}

/** NULL equals nothing; numbers and their texts are one, as a column's affinity makes them. */
function same(left: unknown, right: unknown): boolean {
  return left !== null && right !== null && left !== undefined && textOf(left) === textOf(right);
}

function conditions(tenant: Tenant, object: ObjectName, where: string | undefined, take: Take) {
  if (where === undefined) return () => true;
  const checks = where.split(/\s+and\s+/i).map((part) => {
    const match = /^([\w.]+)\s*(=|!=|<>|<=|>=|<|>|like)\s*(.+)$/is.exec(part.trim());
    if (match === null) throw new SqlError(`near "${part.trim().split(/\s/)[0] ?? ''}": syntax error`);
    const [, name = '', sign = '=', token = ''] = match;
    const column = checkColumn(tenant, object, name.split('.').at(-1) ?? name);
    const wanted = take(token.trim());
    return (row: Row): boolean => compare(row.fields[column], sign.toLowerCase(), wanted);
  });
  return (row: Row): boolean => checks.every((check) => check(row));
}

function compare(value: unknown, sign: string, wanted: unknown): boolean {
  if (sign === '=') return same(value, wanted);
  if (value === null || value === undefined || wanted === null) return false;
  if (sign === '!=' || sign === '<>') return !same(value, wanted);
  if (sign === 'like') {
    const parts = textOf(wanted)
      .split('%')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'is').test(textOf(value));
  }
  const order =
    typeof value === 'number' && typeof wanted === 'number'
      ? value - wanted
      : textOf(value) < textOf(wanted)
        ? -1
        : Number(textOf(value) !== textOf(wanted));
  if (sign === '<') return order < 0;
  if (sign === '<=') return order <= 0;
  return sign === '>' ? order > 0 : order >= 0;
}

const SELECT =
  /^select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+(.+?))?(?:\s+order\s+by\s+(\w+)(\s+desc|\s+asc)?)?(?:\s+limit\s+(\S+))?(?:\s+offset\s+(\S+))?$/is;
const UPDATE = /^update\s+(\w+)\s+set\s+(.+?)(?:\s+where\s+(.+))?$/is;
const INSERT = /^insert\s+into\s+(\w+)\s*\(([^)]*)\)\s*values\s*\((.*)\)(?:\s+returning\s+id)?$/is;
const DELETE = /^delete\s+from\s+(\w+)(?:\s+where\s+(.+))?$/is;

function nothing(): SqlResult {
  return { error: null, rows: [], affected: 0, lastRowId: 0, write: false };
}

function select(tenant: Tenant, parts: readonly (string | undefined)[], take: Take): SqlResult {
  const [, columns = '*', table = '', where, sort, direction = '', limit, offset] = parts;
  const object = tableOf(tenant, table);
  let rows = tenant.rows(object).filter(conditions(tenant, object, where, take));
  if (/^count\(\*\)/i.test(columns)) return { ...nothing(), rows: [{ count: rows.length }] };
  if (sort !== undefined) {
    const column = checkColumn(tenant, object, sort);
    const sign = /desc/i.test(direction) ? -1 : 1;
    const at = (row: Row): string => textOf(row.fields[column]);
    rows = rows.toSorted((a, b) => sign * (at(a) < at(b) ? -1 : Number(at(a) !== at(b))));
  }
  const count = limit === undefined ? -1 : Number(take(limit));
  const from = offset === undefined ? 0 : Number(take(offset));
  const page = rows.slice(from, count < 0 ? undefined : from + count);
  if (columns.trim() === '*') return { ...nothing(), rows: page.map((row) => row.fields) };
  const names = listed(columns).map((name) => checkColumn(tenant, object, name));
  const shown = page.map((row) => Object.fromEntries(names.map((name) => [name, row.fields[name] ?? null])));
  return { ...nothing(), rows: shown };
}

function update(tenant: Tenant, parts: readonly (string | undefined)[], take: Take): SqlResult {
  const [, table = '', assignments = '', where] = parts;
  const object = tableOf(tenant, table);
  const fields = Object.fromEntries(
    listed(assignments).map((part) => {
      const [name = '', value = ''] = part.split(/\s*=\s*(.*)/s);
      return [checkColumn(tenant, object, name.trim()), take(value)];
    }),
  );
  const rows = tenant.rows(object).filter(conditions(tenant, object, where, take));
  // The change time moves only when the statement names it (contract 9).
  for (const row of rows) tenant.update(object, row, fields, true);
  if (rows.length > 0) tenant.wrote('updated', object);
  return { ...nothing(), affected: rows.length, write: true };
}

function insert(tenant: Tenant, parts: readonly (string | undefined)[], take: Take): SqlResult {
  const [, table = '', columns = '', values = ''] = parts;
  const object = tableOf(tenant, table);
  const names = listed(columns).map((name) => checkColumn(tenant, object, name));
  const given = listed(values).map(take);
  if (names.length !== given.length) throw new SqlError(`${given.length} values for ${names.length} columns`);
  const fields = Object.fromEntries(names.map((name, i) => [name, given[i]]));
  const row = tenant.insert(object, fields);
  tenant.wrote('created', object);
  return { ...nothing(), affected: 1, lastRowId: Number(row.fields['id']), write: true };
}

function remove(tenant: Tenant, parts: readonly (string | undefined)[], take: Take): SqlResult {
  const [, table = '', where] = parts;
  const object = tableOf(tenant, table);
  const rows = tenant.rows(object).filter(conditions(tenant, object, where, take));
  for (const row of rows) {
    tenant.remove(object, row);
    tenant.wrote('deleted', object);
  }
  return { ...nothing(), affected: rows.length, write: true };
}

const STATEMENTS = [
  [SELECT, select],
  [UPDATE, update],
  [INSERT, insert],
  [DELETE, remove],
] as const;

export function runSql(tenant: Tenant, query: string, params: unknown): SqlResult {
  const text = query.trim().replace(/;$/, '').trim();
  const take = taker(params, tenant.stamp());
  try {
    for (const [pattern, run] of STATEMENTS) {
      const match = pattern.exec(text);
      if (match !== null) return run(tenant, [...match], take);
    }
    throw new SqlError(`near "${text.split(/\s/)[0] ?? ''}": syntax error`);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { ...nothing(), error: error.message };
  }
}
