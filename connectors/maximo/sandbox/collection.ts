/** GET of a collection (contract 3.2, 3.3, 3.5, 5.2): pages, counts, stable paging, distinct values, delta mode. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { flag, selectedTexts, wholeNumber, type Call } from './call.ts';
import type { Row } from './database.ts';
import { plainValue } from './emit.ts';
import type { ObjectStructure } from './model.ts';
import { OslcError } from './oslc-error.ts';
import type { QuerySpec } from './query.ts';
import { schemaOf } from './schema.ts';

const STABLE_IDLE_MS = 5 * 60_000;
const DEFAULT_PAGE = 20;
const PREFIXES = JSON.stringify({
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  oslc: 'http://open-services.net/ns/core#',
  spi: 'http://jazz.net/ns/ism/asset/smarter_physical_infrastructure#',
});

function querySpec(call: Call, structure: ObjectStructure): QuerySpec {
  const { query } = call.request;
  const text = (name: string): string | null => {
    const value = query.get(name);
    return value === null || value === '' ? null : value;
  };
  const delta = flag(query, 'fetchmodedelta');
  return {
    structure,
    where: text('oslc.where'),
    orderBy: text('oslc.orderBy'),
    any: flag(query, 'opmodeor'),
    internalWhere: text('domaininternalwhere'),
    searchTerms: text('oslc.searchTerms'),
    searchAttributes: text('searchAttributes'),
    afterRowstamp: delta ? wholeNumber(query, 'lastfetchts') : null,
  };
}

interface Page {
  rows: readonly Row[];
  total: number | string;
  size: number | null;
  number: number;
  /** The number of the next page; null on the last one. */
  next: number | null;
  silent: boolean;
  stableId: string | null;
}

function pageSize(call: Call): number | null {
  const { query } = call.request;
  const { dials } = call.services.world;
  const asked = wholeNumber(query, 'oslc.pageSize');
  if (asked !== null && dials.maxPageSize !== null && asked > dials.maxPageSize) {
    throw new OslcError(
      400,
      null,
      `The requested page size ${asked} exceeds the maximum page size ${dials.maxPageSize}.`,
    );
  }
  if (asked !== null && asked > 0) return asked;
  if (query.get('oslc.paging') === 'true' || query.has('pageno')) return dials.autoPageSize ?? DEFAULT_PAGE;
  return dials.autoPageSize;
}

/** Stable paging: the set is kept in memory, forward only, a page cannot be read again, gone after five idle minutes. */
function stablePage(call: Call, structure: ObjectStructure, size: number): Page {
  const { services, request } = call;
  const { stable, world } = services;
  const now = world.stamp.now();
  const id = request.query.get('stableId');
  const number = wholeNumber(request.query, 'pageno') ?? 1;
  let stableId = id;
  if (stableId === null) {
    stableId = services.nextToken();
    stable.set(stableId, {
      rows: services.queries.rows(querySpec(call, structure), call.caller.user),
      next: 1,
      expiresAt: now + STABLE_IDLE_MS,
    });
  }
  const set = stable.get(stableId);
  if (set === undefined || set.expiresAt < now || set.next !== number) {
    stable.delete(stableId);
    throw new OslcError(
      400,
      null,
      'The stable page cannot be read: the result set expired or the page was read before.',
    );
  }
  set.next += 1;
  set.expiresAt = now + STABLE_IDLE_MS;
  const more = number * size < set.rows.length;
  if (!more) stable.delete(stableId);
  return {
    rows: set.rows.slice((number - 1) * size, number * size),
    total: set.rows.length,
    size,
    number,
    next: more ? number + 1 : null,
    silent: false,
    stableId,
  };
}

function readPage(call: Call, structure: ObjectStructure): Page {
  const { query } = call.request;
  const size = pageSize(call);
  if (size !== null && flag(query, 'stablepaging')) return stablePage(call, structure, size);
  const all = call.services.queries.rows(querySpec(call, structure), call.caller.user);
  const number = wholeNumber(query, 'pageno') ?? 1;
  const start = size === null ? 0 : (number - 1) * size;
  const page = call.services.paging.cut(structure.name, all, { start, size });
  const next = page.next === null || page.size === null ? null : page.next / page.size + 1;
  return { ...page, number: size === null ? 1 : number, next, stableId: null };
}

/** The same query with another page number in front, as the server writes it. */
function pageHref(call: Call, structure: ObjectStructure, number: number, stableId: string | null): string {
  const query = new URLSearchParams(call.request.query);
  query.delete('pageno');
  query.delete('stableId');
  query.delete('');
  const stable = stableId === null ? '' : `&stableId=${stableId}`;
  return `${call.root}/os/${structure.name}?pageno=${number}${stable}&${query.toString()}`;
}

function responseInfo(call: Call, structure: ObjectStructure, page: Page): Record<string, unknown> {
  const { query } = call.request;
  const prefix = call.lean ? '' : 'oslc:';
  const link = (href: string): unknown => (call.lean ? { href } : { 'rdf:resource': href });
  const asked = query.toString();
  const self = `${call.root}/os/${structure.name}${asked === '' ? '' : `?${asked}`}`;
  const info: Record<string, unknown> = call.lean ? { href: self } : { 'rdf:about': self };
  const counted = flag(query, 'collectioncount');
  if (page.size !== null && (page.rows.length > 0 || page.number > 1)) {
    info[`${prefix}pagenum`] = page.number;
    if (page.next !== null) {
      const href = pageHref(call, structure, page.next, page.stableId);
      info[`${prefix}nextPage`] = link(call.services.paging.link(structure.name, href));
    }
    if (page.number > 1 && page.stableId === null) {
      info[`${prefix}previousPage`] = link(pageHref(call, structure, page.number - 1, null));
    }
  }
  if (counted) {
    info[`${prefix}totalCount`] = page.total;
    info[`${prefix}totalPages`] = page.size === null ? 1 : Math.ceil(Number(page.total) / page.size);
  }
  if (flag(query, 'addschema') && page.number === 1) info.schema = schemaOf(structure);
  return info;
}

function distinctValues(call: Call, structure: ObjectStructure, name: string): SandboxResponse {
  const attribute = structure.mbo.attributes.get(name);
  const { world, queries } = call.services;
  const rows = queries.rows(querySpec(call, structure), call.caller.user);
  const values = new Set(rows.map((row) => row.values[name] ?? null));
  values.delete(null);
  return { status: 200, body: [...values].map((value) => plainValue(world, attribute, value)) };
}

function maxRowstamp(rows: readonly Row[]): number | null {
  let max: number | null = null;
  for (const row of rows) if (max === null || row.rowstamp > max) max = row.rowstamp;
  return max;
}

function deltaHeaders(call: Call, structure: ObjectStructure): Record<string, string> {
  if (!flag(call.request.query, 'fetchmodedelta')) return {};
  const max = maxRowstamp(call.services.queries.rows(querySpec(call, structure), call.caller.user));
  return max === null ? {} : { maxrowstamp: String(max) };
}

export function readCollection(call: Call, structure: ObjectStructure): SandboxResponse {
  const { query } = call.request;
  const { services, caller } = call;
  const asked = query.toString();
  const distinct = query.get('distinct');
  if (distinct !== null) return distinctValues(call, structure, distinct);
  if (flag(query, 'count')) {
    const total = services.queries.rows(querySpec(call, structure), caller.user).length;
    services.world.past.answered();
    return { status: 200, body: call.lean ? { totalCount: total } : { 'oslc:totalCount': total } };
  }
  const select = query.get('oslc.select');
  const texts = selectedTexts(call, structure, select === '' ? null : select);
  const page = readPage(call, structure);
  const members = texts.list(page.rows);
  const headers = deltaHeaders(call, structure);
  const info = responseInfo(call, structure, page);
  services.world.past.answered();
  services.paging.served(structure.name, asked);
  if (page.silent) return { status: 204 };
  const address = JSON.stringify(`${call.root}/os/${structure.name}`);
  const more = JSON.stringify(info);
  const [head, tail] = call.lean
    ? ['{"member":[', `],"href":${address},"responseInfo":${more}}`]
    : ['{"rdfs:member":[', `],"rdf:about":${address},"oslc:responseInfo":${more},"prefixes":${PREFIXES}}`];
  return { status: 200, headers, body: [Buffer.from(head), ...members, Buffer.from(tail)] };
}
