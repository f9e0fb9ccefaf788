/** FindRequest and FindByIdRequest: filters, order, page, projection (contract 2.2 to 2.4). */
import { refused, unreadable } from './fiix-error.ts';
import { readProjection, show } from './projection.ts';
import { createMatch, narrow, type Narrowing } from './ql-match.ts';
import { parseCondition, type Condition } from './ql-parse.ts';
import { checkClass, checkRecord, visible } from './rights.ts';
import { insertForeign } from './screens.ts';
import { schemaOf, type ClassName, type Column } from './schema.ts';
import { lowerBound, stampOf, type Row } from './table.ts';
import type { Call, Tenant } from './tenant.ts';

type Test = (row: Row) => boolean;
type Body = Readonly<Record<string, unknown>>;

interface Filter {
  conditions: Condition[];
  /** Tests no index helps with. */
  tests: Test[];
}

interface OrderKey {
  column: string;
  descending: boolean;
}

function fullTextTest(className: ClassName, fields: unknown, text: unknown): Test {
  if (typeof fields !== 'string' || typeof text !== 'string') {
    throw refused('A full-text filter needs "fields" and "fullText" as text.');
  }
  const names = fields.split(',').map((field) => field.trim());
  for (const name of names) {
    if (!schemaOf(className).folded.has(name.toLowerCase()))
      throw refused(`${className} has no field "${name}".`);
  }
  const columns = names.map((name) => schemaOf(className).folded.get(name.toLowerCase())?.name ?? name);
  const sought = text.toLowerCase();
  return (row) =>
    columns.some((column) =>
      String(row.fields[column] ?? '')
        .toLowerCase()
        .includes(sought),
    );
}

function siteTest(className: ClassName, sites: readonly unknown[]): Test {
  const ids = new Set(sites);
  return (row) => ids.has(row.fields['intSiteID']) || (className === 'Asset' && ids.has(row.id));
}

/** All entries must hold. */
function readFilters(className: ClassName, filters: unknown): Filter {
  const out: Filter = { conditions: [], tests: [] };
  if (filters === undefined || filters === null) return out;
  if (!Array.isArray(filters)) throw unreadable('"filters" must be a list.');
  for (const entry of filters as unknown[]) {
    if (typeof entry !== 'object' || entry === null) throw unreadable('A filter must be an object.');
    const { ql, parameters, fields, fullText, name, selectedSites } = entry as Record<string, unknown>;
    if (parameters !== undefined && parameters !== null && !Array.isArray(parameters)) {
      throw unreadable('"parameters" must be a list.');
    }
    if (typeof ql === 'string') {
      const values = (parameters ?? []) as unknown[];
      if (ql.trim() !== '') out.conditions.push(parseCondition(schemaOf(className), ql, values));
    } else if (fullText !== undefined) out.tests.push(fullTextTest(className, fields, fullText));
    else if (name !== undefined) throw refused(`There is no filter named "${String(name)}".`);
    else if (selectedSites === undefined) throw refused('A filter needs "ql", "fullText" or "name".');
    if (Array.isArray(selectedSites)) out.tests.push(siteTest(className, selectedSites));
  }
  return out;
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
function indexFor(keys: readonly OrderKey[]): 'id' | 'intUpdated' | null {
  const [first, second, third] = keys;
  if (first === undefined || (first.column === 'id' && second === undefined)) return 'id';
  if (first.column !== 'intUpdated' || third !== undefined) return null;
  return second === undefined || (second.column === 'id' && second.descending === first.descending)
    ? 'intUpdated'
    : null;
}

/** Candidate rows: few by a reference, or the tail of an index; `by` names the order they come in. */
function candidates(
  tenant: Tenant,
  className: ClassName,
  { from, among }: Narrowing,
  wanted: 'id' | 'intUpdated' | null,
): { rows: readonly Row[]; by: 'id' | 'intUpdated' | null } {
  const past = tenant.past?.get(className);
  if (past !== undefined) return { rows: past, by: null };
  const table = tenant.store.table(className);
  if (among !== null) {
    const { column, values } = among;
    const rows =
      column === 'id'
        ? values.flatMap((value) => tenant.store.get(className, value) ?? [])
        : values.flatMap((value) => table.referring(column, value));
    return { rows, by: null };
  }
  const tail = (by: 'id' | 'intUpdated'): readonly Row[] => {
    const rows = table.ordered(by);
    const start = lowerBound(rows, (row) => (by === 'id' ? row.id : stampOf(row)) < from[by]);
    return start === 0 ? rows : rows.slice(start);
  };
  if (wanted === 'intUpdated' || from.intUpdated === -Infinity) {
    const by = wanted ?? 'id';
    return { rows: tail(by), by };
  }
  const recent = tail('intUpdated');
  return recent.length * 4 < table.size()
    ? { rows: recent, by: 'intUpdated' }
    : { rows: tail('id'), by: 'id' };
}

interface Page {
  rows: readonly Row[];
  matches: number;
}

function page(call: Call, className: ClassName, body: Body): Page {
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
  const covered = narrowing.complete && filter.tests.length === 0 && seen === null && tenant.past === null;
  // The one bound there may be must be the index's own.
  const bound = wanted === 'id' ? narrowing.from.intUpdated : narrowing.from.id;
  let rows: readonly Row[] =
    covered && sorted && bound === -Infinity
      ? found.rows
      : found.rows.filter((row) => tests.every((test) => test(row)));
  if (!sorted) rows = [...rows].sort(compareBy(keys));
  if (keys.length === 0 && dials.unordered === 'shuffled') rows = shuffled(rows);
  const matches = rows.length;
  if (sorted && descending) {
    const end = Math.max(0, matches - start);
    return { rows: rows.slice(Math.max(0, end - size), end).reverse(), matches };
  }
  return { rows: rows.slice(start, start + size), matches };
}

/** A read that lags takes one from the dial; the last one lets go of the past. */
function agePast(tenant: Tenant): void {
  if (tenant.dials.staleReads > 0) tenant.dials.staleReads -= 1;
  if (tenant.dials.staleReads === 0) tenant.past = null;
}

export function find(call: Call, className: ClassName, body: Body): object {
  const { tenant } = call;
  checkClass(call, 'find', className);
  const projection = readProjection(tenant, className, body['fields']);
  const { rows, matches } = page(call, className, body);
  const { filters, orderBy, startIndex, maxObjects } = body;
  tenant.world.stats.page(className, JSON.stringify({ filters, orderBy, startIndex, maxObjects }));
  const objects = rows.map((row) => show(tenant, projection, row));
  agePast(tenant);
  insertForeign(tenant, className);
  const totalObjects = tenant.dials.totalObjects === 'matches' ? matches : objects.length;
  return objects.length === 0 && tenant.dials.objectsMissing ? { totalObjects } : { totalObjects, objects };
}

/** An unknown id is no error: the answer has no object. */
export function findById(call: Call, className: ClassName, body: Body): object {
  checkClass(call, 'find', className);
  const projection = readProjection(call.tenant, className, body['fields']);
  const id = body['id'];
  if (typeof id !== 'number') throw unreadable('"id" must be a whole number.');
  const row = call.tenant.store.get(className, call.temporary.get(id) ?? id);
  if (row === undefined) return {};
  checkRecord(call, 'find', className, row.fields);
  return { object: show(call.tenant, projection, row) };
}
