/** Which rows a find brings: in what order, from which index, which slice of them (contract 2.2, 4.1). */
import { lowerBound, type Page } from '../../kit/sandbox/index.ts';
import { refused, unreadable } from './fiix-error.ts';
import { readFilters, type Test } from './filters.ts';
import { createMatch, narrow, type Narrowing } from './ql-match.ts';
import { visible } from './rights.ts';
import { schemaOf, type ClassName, type Column } from './schema.ts';
import { byId, stampOf, type OrderName, type Row } from './store.ts';
import type { Call, Tenant } from './tenant.ts';

export type Body = Readonly<Record<string, unknown>>;

interface OrderKey {
  column: string;
  descending: boolean;
}

function readOrder(className: ClassName, orderBy: unknown): OrderKey[] {
  if (orderBy === undefined || orderBy === null || orderBy === '') return [];
  if (typeof orderBy !== 'string') throw unreadable('"orderBy" must be text.');
  return orderBy.split(',').map((part) => {
    const [, name = '', direction = ''] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? [];
    const column: Column | undefined = schemaOf(className).folded.get(name.toLowerCase());
    if (column === undefined) throw refused(`${className} cannot be ordered by "${part.trim()}".`);
    return { column: column.name, descending: direction.toLowerCase() === 'desc' };
  });
}

function readCount(body: Body, key: string): number | null {
  const value = body[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw unreadable(`"${key}" must be a whole number.`);
  }
  return value;
}

/** Empty fields come first, as in most databases. */
function compareBy(keys: readonly OrderKey[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { column, descending } of keys) {
      const [left, right] = [a.fields[column], b.fields[column]];
      if (left === right) continue;
      const less = left === undefined || (right !== undefined && left < right);
      return less === descending ? 1 : -1;
    }
    return a.id - b.id;
  };
}

/** The same mixture for the same rows, and another one as soon as there are other rows. */
function shuffled(rows: readonly Row[]): Row[] {
  const rank = (row: Row): number => Math.imul(row.id ^ (rows.length << 8), 0x9e3779b1) >>> 0;
  return [...rows].sort((a, b) => rank(a) - rank(b));
}

/** The index that brings the rows in the wanted order already, if there is one. */
function indexFor(keys: readonly OrderKey[]): OrderName | null {
  const [first, second, third] = keys;
  if (first === undefined || (first.column === 'id' && second === undefined)) return 'id';
  if (first.column !== 'intUpdated' || third !== undefined) return null;
  return second === undefined || (second.column === 'id' && second.descending === first.descending)
    ? 'intUpdated'
    : null;
}

/** The rows an index finds by a reference; null when they are so many that looking at all of them is quicker. */
function fewRows(
  { store }: Tenant,
  className: ClassName,
  { column, values }: NonNullable<Narrowing['among']>,
): Row[] | null {
  if (column === 'id') return values.flatMap((value) => store.get(className, value) ?? []);
  const count = values.reduce<number>(
    (sum, value) => sum + store.tables.countWhere(className, [column], [value]),
    0,
  );
  return count * 8 > store.tables.size(className)
    ? null
    : values.flatMap((value) => store.referring(className, column, value));
}

/** Every test holds. */
function allOf(tests: readonly Test[]): Test {
  const [first, second, ...more] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  const rest = allOf([second, ...more]);
  return (row) => first(row) && rest(row);
}

/** Candidate rows: few by a reference, or the tail of an index; `by` names the order they come in. */
function candidates(
  tenant: Tenant,
  className: ClassName,
  { from, among }: Narrowing,
  wanted: OrderName | null,
): { rows: readonly Row[]; by: OrderName | null } {
  const { store } = tenant;
  const { tables, past } = store;
  if (past.undone(className) !== null) {
    return { rows: past.seen(className, tables.rows(className), byId), by: null };
  }
  const few = among === null ? null : fewRows(tenant, className, among);
  if (few !== null) return { rows: few, by: null };
  const tail = (by: OrderName): readonly Row[] => {
    const rows = store.ordered(className, by);
    const start = lowerBound(rows, (row) => (by === 'id' ? row.id : stampOf(row)) < from[by]);
    return start === 0 ? rows : rows.slice(start);
  };
  if (wanted === 'intUpdated' || from.intUpdated === -Infinity) {
    const by = wanted ?? 'id';
    return { rows: tail(by), by };
  }
  const recent = tail('intUpdated');
  return recent.length * 4 < tables.size(className)
    ? { rows: recent, by: 'intUpdated' }
    : { rows: tail('id'), by: 'id' };
}

export function readPage(call: Call, className: ClassName, body: Body): Page<Row> {
  const { tenant } = call;
  const { dials } = tenant;
  const filter = readFilters(className, body['filters']);
  const keys = readOrder(className, body['orderBy']);
  const start = readCount(body, 'startIndex') ?? 0;
  const asked = readCount(body, 'maxObjects') ?? Infinity;
  const size = asked === Infinity ? asked : Math.min(asked, dials.pageCap ?? asked);
  const seen = visible(call, className);
  const tests: Test[] = [
    ...filter.conditions.map((condition) => createMatch(condition, dials.likeIgnoresCase)),
    ...filter.tests,
    ...(seen === null ? [] : [seen]),
  ];
  const narrowing = narrow(filter.conditions);
  const wanted = indexFor(keys);
  const found = candidates(tenant, className, narrowing, wanted);
  const descending = keys[0]?.descending === true;
  const sorted = found.by !== null && found.by === wanted;
  const covered = narrowing.complete && filter.tests.length === 0 && seen === null && found.by !== null;
  // The one bound there may be must be the index's own.
  const bound = wanted === 'id' ? narrowing.from.intUpdated : narrowing.from.id;
  let rows: readonly Row[] =
    covered && sorted && bound === -Infinity ? found.rows : found.rows.filter(allOf(tests));
  if (!sorted) rows = [...rows].sort(compareBy(keys));
  if (keys.length === 0 && dials.unordered === 'shuffled') rows = shuffled(rows);
  if (sorted && descending) rows = rows.toReversed();
  return tenant.paging.cut(className, rows, { start, size: size === Infinity ? null : size });
}
