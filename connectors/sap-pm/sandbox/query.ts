/** System query options on a collection (contract 3.1): filter, order, paging by client and by server, projection. */
import { compareValues, readLiteral } from './edm.ts';
import { SapError } from './sap-error.ts';
import { compileFilter, compileOrder, type FilterContext } from './filter.ts';
import { fieldByName } from './metadata-dials.ts';
import type { Projection } from './emit.ts';
import type { EntitySet } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const V2_OPTIONS = /^\$(filter|orderby|top|skip|skiptoken|inlinecount|select|expand|format)$/;
const V4_OPTIONS = /^\$(filter|orderby|top|skip|skiptoken|count|select|expand|format)$/;

function bad(text: string): SapError {
  return new SapError(400, '/IWBEP/CM_MGW_RT/176', text);
}

function whole(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d+$/.test(text)) throw bad(`Invalid value '${text}' for the query option '${name}'`);
  return Number(text);
}

export function checkOptions(call: Call, query: URLSearchParams): void {
  const known = call.service.protocol === 2 ? V2_OPTIONS : V4_OPTIONS;
  for (const name of query.keys()) {
    if (name.startsWith('$') && !known.test(name)) throw bad(`The query option '${name}' is not supported`);
  }
}

export interface Page {
  rows: readonly Row[];
  /** Of all that match, as the server tells it. */
  count: number | string;
  /** Where the next page starts; null on the last. */
  next: number | null;
  /** The answer has no body. */
  silent: boolean;
}

interface Kept {
  revision: number;
  rows: readonly Row[];
}

const SELECTIONS_MAX = 16;
const selections = new WeakMap<object, Map<string, Kept>>();

/** Paging by key (contract 4.2) in a big table: everything behind a key lies together. Null for any other filter. */
function behindKey(set: EntitySet, rows: readonly Row[], filter: string): readonly Row[] | null {
  const [, name, operator, literal] = /^(\w+) (gt|ge) ('[^']*')$/.exec(filter.trim()) ?? [];
  const [key, ...more] = set.keys;
  if (key === undefined || more.length > 0 || key.name !== name || literal === undefined) return null;
  const value = readLiteral(key, literal);
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const order = compareValues(rows[middle]?.values[key.name] ?? key.initial, value, key.alpha);
    if (order < 0 || (order === 0 && operator === 'gt')) from = middle + 1;
    else to = middle;
  }
  return rows.slice(from);
}

/** Rows lie in the order of their keys already. */
function isKeyOrder(set: EntitySet, order: string): boolean {
  if (order.trim() === '') return true;
  const names = order.split(',').map((part) => part.trim().replace(/ asc$/, ''));
  return names.every((name, at) => set.keys[at]?.name === name);
}

/** Rows that match, in order. Pages of one query share the work while the table stands still. */
function selected(
  call: Call,
  set: EntitySet,
  source: readonly Row[] | null,
  query: URLSearchParams,
): readonly Row[] {
  const filter = query.get('$filter') ?? '';
  const order = query.get('$orderby') ?? '';
  const { db, dials, past } = call.world;
  const context: FilterContext = {
    set,
    find: (name) => fieldByName(dials, set, name),
    nulls: !dials.refuseEqNull,
  };
  const compute = (): readonly Row[] => {
    const all = source ?? past.seen(set.table, db.rows(set.table), db.orderOf(set.table));
    const behind = source === null ? behindKey(set, all, filter) : null;
    if (behind !== null && isKeyOrder(set, order)) return behind;
    const matching = filter.trim() === '' ? all : all.filter(compileFilter(context, filter));
    if (isKeyOrder(set, order)) return matching;
    return [...matching].sort(compileOrder(context, order));
  };
  const lags = past.undone(set.table) !== null;
  if (source !== null || lags || (filter === '' && order === '')) return compute();
  const revision = db.tables.version(set.table);
  let own = selections.get(db);
  if (own === undefined) {
    own = new Map();
    selections.set(db, own);
  }
  const key = `${set.name}|${filter}|${order}|${dials.refuseEqNull}`;
  const kept = own.get(key);
  if (kept?.revision === revision) return kept.rows;
  const rows = compute();
  own.delete(key);
  if (own.size >= SELECTIONS_MAX) own.clear();
  own.set(key, { revision, rows });
  return rows;
}

export function pageOf(
  call: Call,
  set: EntitySet,
  source: readonly Row[] | null,
  query: URLSearchParams,
): Page {
  const { dials } = call.world;
  const rows = dials.hiddenSets.includes(set.name) ? [] : selected(call, set, source, query);
  const preferred = /odata\.maxpagesize=(\d+)/.exec(call.request.headers['prefer'] ?? '')?.[1];
  const most = call.service.protocol === 4 && preferred !== undefined ? Number(preferred) : dials.pageSize;
  const skip = whole(query, '$skip') ?? 0;
  const token = whole(query, '$skiptoken') ?? 0;
  const left = (whole(query, '$top') ?? Infinity) - token;
  const size = Math.max(0, Math.min(most > 0 ? most : Infinity, left));
  const start = skip + token;
  const page = call.world.paging.cut(set.name, rows, { start, size: Number.isFinite(size) ? size : null });
  const ended = page.next === null || (page.next === start + size && size === left);
  return { ...page, count: page.total, next: ended ? null : Math.max(0, (page.next ?? 0) - skip) };
}

function projectionOf(
  call: Call,
  set: EntitySet,
  selects: readonly string[],
  expands: readonly string[],
): Projection {
  const own = new Set<string>();
  const below = new Map<string, { selects: string[]; expands: string[] }>();
  for (const path of expands) {
    const [name = '', ...rest] = path.split('/');
    if (!set.navs.has(name))
      throw bad(`The navigation property '${name}' does not exist in type '${set.type}'`);
    const entry = below.get(name) ?? { selects: [], expands: [] };
    if (rest.length > 0) entry.expands.push(rest.join('/'));
    below.set(name, entry);
  }
  for (const path of selects) {
    const [name = '', ...rest] = path.split('/');
    const nested = below.get(name);
    if (rest.length > 0 && nested !== undefined) nested.selects.push(rest.join('/'));
    else if (name === '*' || set.navs.has(name)) own.add(name);
    else {
      const field = fieldByName(call.world.dials, set, name);
      if (field === undefined) throw bad(`Property '${name}' does not exist in type '${set.type}'`);
      own.add(field.name);
    }
  }
  const nested = [...below].map(([name, entry]): [string, Projection] => {
    const target = call.service.sets.get(set.navs.get(name)?.target ?? '');
    if (target === undefined) throw bad(`The navigation property '${name}' leads nowhere`);
    return [name, projectionOf(call, target, entry.selects, entry.expands)];
  });
  return { select: selects.length === 0 || own.size === 0 ? null : own, expand: new Map(nested) };
}

function listOption(query: URLSearchParams, name: string): string[] {
  return (query.get(name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function readProjection(call: Call, set: EntitySet, query: URLSearchParams): Projection {
  return projectionOf(call, set, listOption(query, '$select'), listOption(query, '$expand'));
}
