/** List reads: exact filters, inclusive date ranges, one order field, limit and offset (contract 2.4, 2.5). */
import { lowerBound, type Page } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import { ApiError } from './api-error.ts';
import { readDate } from './field-values.ts';
import { SCHEMA, type ObjectDef, type ObjectName } from './schema.ts';
import { orderBy, sortValue, type Row } from './store.ts';

const LIMIT_DEFAULT = 25;
const LIMIT_MAX = 5_000;

type Match = (row: Row) => boolean;
interface Range {
  from: string | null;
  to: string | null;
}

function whole(text: string | null, otherwise: number): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : otherwise;
}

/** `orderBy=updatedAt ASC`; a field this resource cannot order by is ignored, as unknown parameters are. */
function readOrder(def: ObjectDef, query: URLSearchParams): { field: string; descending: boolean } {
  const [field = '', direction = 'ASC'] = (query.get('orderBy') ?? '').trim().split(/[\s+]+/);
  if (!def.orderBy.includes(field)) return { field: 'createdAt', descending: true };
  return { field, descending: direction.toUpperCase() === 'DESC' };
}

function readBound(query: URLSearchParams, name: string): string | null {
  const value = query.get(name);
  if (value === null || value === '') return null;
  const date = readDate(value);
  if (date === null) throw new ApiError(400, `${name} must be a date in milliseconds`);
  return date;
}

function readRange(query: URLSearchParams, field: string): Range | null {
  const from = readBound(query, `${field}GreaterThanOrEqualTo`);
  const to = readBound(query, `${field}LessThanOrEqualTo`);
  return from === null && to === null ? null : { from, to };
}

function inRange(field: string, { from, to }: Range): Match {
  return (row) => {
    const value = sortValue(row, field);
    return value !== '' && (from === null || value >= from) && (to === null || value <= to);
  };
}

/** A stored value as a query would spell it; what is not there matches nothing. */
function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : '\0';
}

function flag(value: string | null): boolean | null {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : null;
}

function workOrderMatches(query: URLSearchParams): Match[] {
  const archived = flag(query.get('archived')) ?? false;
  const complete = flag(query.get('isComplete'));
  const matches: Match[] = [(row) => (row.fields['archived'] === true) === archived];
  if (complete !== null) matches.push((row) => (row.fields['status'] === 'complete') === complete);
  return matches;
}

function readMatches(object: ObjectName, query: URLSearchParams, ordered: string): Match[] {
  const def = SCHEMA[object];
  const matches = object === 'work-orders' ? workOrderMatches(query) : [];
  for (const field of def.filters) {
    const wanted = [...query.getAll(field), ...query.getAll(`${field}[]`)];
    if (wanted.length === 0) continue;
    const several = field === 'downtimeStatus' ? wanted.flatMap((value) => value.split(',')) : wanted;
    matches.push((row) => several.includes(asText(row.fields[field])));
  }
  for (const field of def.ranges) {
    const range = field === ordered ? null : readRange(query, field);
    if (range !== null) matches.push(inRange(field, range));
  }
  return matches;
}

/** The rows in order as lists see them, which may lag behind. */
function visible(account: Account, object: ObjectName, field: string): readonly Row[] {
  const { tables, past } = account.store;
  const order = orderBy(field);
  return past.seen(object, tables.ordered(object, field, order), order);
}

export function readWindow(query: URLSearchParams): { limit: number; offset: number } {
  const limit = Math.min(whole(query.get('limit'), LIMIT_DEFAULT), LIMIT_MAX);
  return { limit, offset: whole(query.get('offset'), 0) };
}

export function listRows(account: Account, object: ObjectName, query: URLSearchParams): Page<Row> {
  const def = SCHEMA[object];
  const { field, descending } = readOrder(def, query);
  const matches = readMatches(object, query, field);
  let rows = visible(account, object, field);
  const range = def.ranges.includes(field) ? readRange(query, field) : null;
  if (range !== null) {
    const { from, to } = range;
    // Rows without the field are sorted first, and are in no range.
    const start = lowerBound(
      rows,
      (row) => sortValue(row, field) === '' || (from !== null && sortValue(row, field) < from),
    );
    const end = to === null ? rows.length : lowerBound(rows, (row) => sortValue(row, field) <= to);
    rows = rows.slice(start, Math.max(start, end));
  }
  if (matches.length > 0) rows = rows.filter((row) => matches.every((match) => match(row)));
  const { limit, offset } = readWindow(query);
  return account.paging.cut(object, descending ? rows.toReversed() : rows, { start: offset, size: limit });
}
