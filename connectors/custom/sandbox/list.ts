/** Lists: filters by any column, changes since a time, and one of six ways to page. */
import type { Page, PageWish, SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import { ApiError } from './api-error.ts';
import { readTime } from './field-values.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import { show } from './show.ts';
import { byCreation, type Row } from './store.ts';

const SIZE_PARAMS = ['limit', 'page_size', 'per_page', 'size'] as const;

function whole(query: URLSearchParams, name: string, otherwise: number, least: number): number {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  if (!/^\d+$/.test(text) || Number(text) < least) {
    throw new ApiError(
      400,
      'bad_request',
      `${name} must be a whole number of ${least} or more, not "${text}".`,
    );
  }
  return Number(text);
}

function sizeOf({ dials }: Account, query: URLSearchParams): number {
  const name = SIZE_PARAMS.find((param) => query.has(param));
  const wanted = name === undefined ? dials.pageSize : whole(query, name, dials.pageSize, 1);
  return Math.min(wanted, dials.pageSizeMax);
}

/** Every filter the query names; other parameters are ignored. */
function filtersOf(
  { dials }: Account,
  object: ObjectName,
  query: URLSearchParams,
): ((row: Row) => boolean)[] {
  const filters = Object.keys(SCHEMA[object].columns)
    .filter((name) => query.has(name))
    .map((name) => {
      const wanted = query.get(name);
      return ({ values }: Row): boolean => {
        const value = values[name];
        if (Array.isArray(value)) return value.includes(wanted);
        const scalar = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
        return (scalar ?? '') === wanted;
      };
    });
  const reference = query.get(dials.referenceField);
  if (reference !== null) filters.push((row) => row.reference === reference);
  const since = query.get('updated_since');
  if (since !== null && dials.updatedSince) {
    const from = readTime(since);
    if (from === null) {
      throw new ApiError(
        400,
        'bad_request',
        `updated_since must be a time such as 2026-02-03T08:14:02Z, not "${since}".`,
      );
    }
    filters.push((row) => row.updatedAt >= from);
  }
  return filters;
}

function sorted(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  const wanted = query.get('sort') ?? (query.has('updated_since') ? 'updated_at' : '');
  const sign = wanted.startsWith('-') ? -1 : 1;
  switch (wanted.replace(/^-/, '')) {
    case 'updated_at':
      return rows.toSorted((a, b) => sign * (a.updatedAt - b.updatedAt) || a.seq - b.seq);
    case 'created_at':
      return rows.toSorted((a, b) => sign * (a.createdAt - b.createdAt) || a.seq - b.seq);
    default:
      return rows;
  }
}

/** Where the page starts that a client asks for, in the style of the dial. */
function wishOf(account: Account, rows: readonly Row[], query: URLSearchParams): PageWish {
  const size = sizeOf(account, query);
  switch (account.dials.paging) {
    case 'none':
      return { start: 0, size: null };
    case 'page':
    case 'link':
      return { start: (whole(query, 'page', 1, 1) - 1) * size, size };
    case 'offset':
      return { start: whole(query, 'offset', 0, 0), size };
    case 'cursor':
    case 'next_url':
      return { start: positionOf(rows, query.get('cursor')), size };
  }
}

/** Parameters of the next page; null on the last one, and where clients count by themselves. */
function nextParams(
  { dials }: Account,
  rows: readonly Row[],
  { next, size }: Page<Row>,
): [string, string] | null {
  if (next === null || size === null || dials.paging === 'offset') return null;
  if (dials.paging === 'page' || dials.paging === 'link') return ['page', String(next / size + 1)];
  return ['cursor', cursorOf(rows[next - 1])];
}

/** A cursor is opaque to clients: the last record's place in creation. Rows inserted behind it do not shift it. */
function cursorOf(row: Row | undefined): string {
  return Buffer.from(`after ${row?.seq ?? 0}`).toString('base64url');
}

function positionOf(rows: readonly Row[], cursor: string | null): number {
  if (cursor === null || cursor === '') return 0;
  const [, seq] = /^after (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (seq === undefined)
    throw new ApiError(400, 'bad_cursor', 'The cursor is none of ours; start again without one.');
  const at = rows.findIndex((row) => row.seq > Number(seq));
  const exact = rows.findIndex((row) => row.seq === Number(seq));
  if (exact !== -1) return exact + 1;
  return at === -1 ? rows.length : at;
}

function textsOf(account: Account, object: ObjectName, page: readonly Row[], query: URLSearchParams): string {
  const fields = query.get('fields')?.split(',').filter(Boolean);
  if (fields === undefined || fields.length === 0)
    return page.map((row) => account.text(object, row)).join(',');
  return page
    .map((row) => {
      const shown = Object.entries(show(object, row, account.dials));
      return JSON.stringify(
        Object.fromEntries(shown.filter(([name]) => name === 'id' || fields.includes(name))),
      );
    })
    .join(',');
}

/** A path, as the system writes it; with its host only when something about that is wrong. */
function linkTo({ paging }: Account, object: ObjectName, host: string, path: string): string {
  const link = paging.link(object, `${host}${path}`);
  return link.startsWith(host) ? path : link;
}

export function listRecords(account: Account, object: ObjectName, request: SandboxRequest): SandboxResponse {
  const { dials, store, paging } = account;
  const { query, path } = request;
  const filters = filtersOf(account, object, query);
  const all = store.past.seen(object, store.tables.rows(object), byCreation);
  const rows = sorted(
    filters.length === 0 ? all : all.filter((row) => filters.every((fits) => fits(row))),
    query,
  );
  const page = paging.cut(object, rows, wishOf(account, rows, query));
  const list = `[${textsOf(account, object, page.rows, query)}]`;
  store.past.answered();
  paging.served(object, query.toString());
  if (page.silent) return { status: 204 };
  const { total } = page;
  const host = `http://${request.headers['host'] ?? 'localhost'}`;
  const next = nextParams(account, rows, page);
  const nextQuery = new URLSearchParams(query);
  if (next !== null) nextQuery.set(...next);
  const nextPath = next === null ? null : `${path}?${nextQuery.toString()}`;
  const headers: Record<string, string> = {};
  if (dials.paging === 'link') {
    const first = `<${host}${path}>; rel="first"`;
    headers['link'] =
      nextPath === null ? first : `${first}, <${paging.link(object, `${host}${nextPath}`)}>; rel="next"`;
  }
  const marks: Record<string, unknown> = {};
  if (dials.paging === 'page' || dials.paging === 'offset') marks['total'] = total;
  if (dials.paging === 'cursor') marks['next_cursor'] = next?.[1] ?? null;
  if (dials.paging === 'next_url')
    marks['next'] = nextPath === null ? null : linkTo(account, object, host, nextPath);
  // A cursor has no place in a bare list.
  const bare = dials.envelope === 'bare' && dials.paging !== 'cursor' && dials.paging !== 'next_url';
  if (bare) return { status: 200, headers: { ...headers, 'x-total-count': String(total) }, body: list };
  const key = dials.envelope === 'data' ? 'data' : SCHEMA[object].many;
  const rest = Object.entries(marks).map(([name, value]) => `,"${name}":${JSON.stringify(value)}`);
  return { status: 200, headers, body: `{"${key}":${list}${rest.join('')}}` };
}
