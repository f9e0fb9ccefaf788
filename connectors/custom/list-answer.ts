/**
 * What an answer to a list holds: rows, nothing in one of its many spellings, or something that is no list, which is
 * refused with the place to correct. Facts in, a decision out.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { totalOf } from '../kit/walk/style.ts';
import type { Resource } from './definition.ts';
import { at, isObject, textAt } from './place.ts';

export interface ListFacts {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  host: string;
}

export interface ListContent {
  rows: readonly unknown[];
  /** Keys of the rows in an object that holds them by id. */
  keys: readonly string[] | null;
  total: number | null;
  /** Why it may not be all there is. */
  doubt: string | null;
}

/** Usual names of a count beside a list. */
const TOTALS = [
  'total',
  'totalCount',
  'total_count',
  'totalElements',
  'recordsTotal',
  'count',
  '@odata.count',
];
/** Usual ways to say that more follows. */
const NEXTS = [
  'next',
  'nextLink',
  '@odata.nextLink',
  'next_page',
  'nextPage',
  'links.next',
  '_links.next.href',
];
const MORES = ['has_more', 'hasMore', 'hasNext', 'has_next', 'more', 'moreRecords'];

export function readList(resource: Resource, facts: ListFacts): ListContent {
  const { list } = resource;
  const { body } = facts;
  const total = totalIn(resource, facts);
  if (body === null) return empty(total);
  for (const place of list.records ?? []) {
    const found = at(body, place);
    if (Array.isArray(found)) return { rows: found, keys: null, total, doubt: null };
    if (found === null) return empty(total);
    const byId = rowsById(resource, found);
    if (byId !== null) return { ...byId, total, doubt: null };
  }
  // A bare list is understood even where a key is expected.
  if (Array.isArray(body)) return { rows: body, keys: null, total, doubt: null };
  const bare = list.records === undefined ? rowsById(resource, body) : null;
  if (bare !== null) return { ...bare, total, doubt: null };
  if (isNothing(body, total)) return empty(total, saysNothing(body, total));
  throw noList(resource, facts.host);
}

/** Signs in an answer beside its rows that more follow, for lists that are asked for without pages. */
export function signOfMore(resource: Resource, { headers, body }: ListFacts, rows: number): string | null {
  if (/;\s*rel\s*=\s*"?[^";]*\bnext\b/i.test(headers['link'] ?? ''))
    return 'its Link header names a next page';
  const header = totalOf(headers['x-total-count']);
  if (header !== null && header > rows) return `its header tells of ${String(header)} records`;
  if (!isObject(body)) return null;
  const next = NEXTS.find((place) => typeof at(body, place) === 'string' && at(body, place) !== '');
  if (next !== undefined) return `its body names a next page at "${next}"`;
  const more = MORES.find((place) => at(body, place) === true);
  if (more !== undefined) return `its body says "${more}"`;
  const counted = TOTALS.find((place) => (totalOf(at(body, place)) ?? 0) > rows);
  if (counted === undefined || resource.list.paging.total !== undefined) return null;
  return `its body tells of ${String(totalOf(at(body, counted)))} records at "${counted}"`;
}

function totalIn({ list }: Resource, { body }: ListFacts): number | null {
  const place = list.paging.total;
  return place === undefined ? null : totalOf(at(body, place));
}

/** `{"17": {...}, "18": {...}}`: an object that holds its records by their ids. */
function rowsById(resource: Resource, found: unknown): { rows: unknown[]; keys: string[] | null } | null {
  if (!isObject(found)) return null;
  const entries = Object.entries(found);
  if (entries.length === 0) return { rows: [], keys: [] };
  if (!entries.every(([, value]) => isObject(value))) return null;
  const named = entries.filter(([, value]) => resource.id.every((place) => textAt(value, place) !== null));
  if (named.length === entries.length) return { rows: entries.map(([, value]) => value), keys: null };
  const [own] = resource.id;
  if (named.length > 0 || own === undefined || resource.id.length > 1 || resource.list.records === undefined)
    return null;
  return { rows: entries.map(([, value]) => value), keys: entries.map(([key]) => key) };
}

/** No list, and nothing that could be one: `{}`, `{"total":0}`, `{"page":1,"pages":0}`. */
function isNothing(body: unknown, total: number | null): boolean {
  if (!isObject(body)) return false;
  if (total === 0) return true;
  return Object.values(body).every((value) => typeof value !== 'object' || value === null);
}

function saysNothing(body: unknown, total: number | null): string | null {
  if (total === 0 || (isObject(body) && Object.keys(body).length === 0)) return null;
  if (isObject(body) && TOTALS.some((place) => totalOf(at(body, place)) === 0)) return null;
  return 'its answer holds no list at all';
}

function empty(total: number | null, doubt: string | null = null): ListContent {
  return { rows: [], keys: null, total, doubt };
}

function noList({ list }: Resource, host: string): Failure {
  const where = list.records === undefined ? '' : ` at "${list.records.join('" or "')}"`;
  const message = `${host} answered ${list.path} without a list${where}; correct list.records in the definition.`;
  return new Failure('unexpected_response', message, { path: 'list.records' });
}
