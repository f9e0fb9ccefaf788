/**
 * One step through a list, in whichever style the document names, so that nothing is lost while rows move: offsets and
 * pages meet the row delivered last again, and step back when it is not where it was; lists without pages are walked
 * by key. Knows nothing of entities and changes.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Client, Listed } from './client.ts';
import type { Position } from './cursor.ts';
import type { Paging, Resource } from './definition.ts';
import { at, textAt } from './place.ts';

export interface Step {
  /** What was not delivered before. */
  rows: JsonObject[];
  /** Where the next step starts; null at the end. */
  next: Pick<Position, 'at' | 'last'> | null;
  servedAt: number;
}

export interface WalkRequest {
  resource: Resource;
  query: Record<string, string>;
  from: Pick<Position, 'at' | 'last'>;
  pageSize: number;
  keyOf: (row: JsonObject) => string;
}

export type Walker = ReturnType<typeof createWalker>;

export function createWalker(client: Client) {
  /** A whole list kept for the steps that follow in this session; another worker asks for it again. */
  let kept: { mark: string; listed: Listed } | null = null;

  async function step(request: WalkRequest): Promise<Step> {
    const { paging } = request.resource.list;
    switch (paging.style) {
      case 'none':
        return byKey(request);
      case 'offset':
        return byOffset(request, paging);
      case 'page':
        return byPage(request, paging);
      default:
        return byPointer(request, paging);
    }
  }

  /** Everything comes at once; it is handed on in pages, in the order of the keys. */
  async function byKey({ resource, query, from, pageSize, keyOf }: WalkRequest): Promise<Step> {
    const after = from.at === null ? null : String(from.at);
    const mark = (key: string | null): string => JSON.stringify([resource.list.path, query, key]);
    const listed =
      after !== null && kept?.mark === mark(after) ? kept.listed : await client.list(resource, query, null);
    const sorted = listed.rows
      .map((row) => ({ row, key: keyOf(row) }))
      .filter(({ key }) => after === null || key > after)
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const page = sorted.slice(0, pageSize);
    const last = page.at(-1)?.key ?? null;
    const more = sorted.length > page.length && last !== null;
    kept = more ? { mark: mark(last), listed } : null;
    return {
      rows: page.map(({ row }) => row),
      next: more ? { at: last, last } : null,
      servedAt: listed.servedAt,
    };
  }

  /** Each step begins one row early, with the one delivered last. */
  async function byOffset(request: WalkRequest, paging: Extract<Paging, { style: 'offset' }>): Promise<Step> {
    const { resource, query, from, keyOf } = request;
    const size = Math.min(request.pageSize, resource.list.pageSizeMax - 1);
    let offset = typeof from.at === 'number' ? from.at : 0;
    for (;;) {
      const early = offset === 0 ? 0 : 1;
      const listed = await client.list(
        resource,
        { ...query, [paging.offsetParam]: String(offset - early), [paging.sizeParam]: String(size + early) },
        null,
      );
      const [first] = listed.rows;
      if (early === 1 && (first === undefined || keyOf(first) !== from.last)) {
        offset = Math.max(0, offset - size);
        continue;
      }
      const rows = listed.rows.slice(early);
      const end = offset + rows.length;
      const done = rows.length === 0 || end >= totalOf(listed.body, paging.total);
      return { rows, next: nextStep(done, end, rows, keyOf), servedAt: listed.servedAt };
    }
  }

  /** Pages cannot begin a row early, so the row before the page is asked for on its own, after the page was read. */
  async function byPage(request: WalkRequest, paging: Extract<Paging, { style: 'page' }>): Promise<Step> {
    const { resource, query, from, keyOf } = request;
    const size = Math.min(request.pageSize, resource.list.pageSizeMax);
    const ask = (page: number, pageSize: number): Promise<Listed> =>
      client.list(
        resource,
        {
          ...query,
          [paging.pageParam]: String(paging.first + page),
          [paging.sizeParam]: String(pageSize),
        },
        null,
      );
    let page = typeof from.at === 'number' ? from.at : 0;
    for (;;) {
      const listed = await ask(page, size);
      if (listed.rows.length > size) throw ignored(client.host, resource, paging.sizeParam);
      if (page > 0) {
        const [before] = (await ask(page * size - 1, 1)).rows;
        if (before === undefined || keyOf(before) !== from.last) {
          page -= 1;
          continue;
        }
      }
      const { rows } = listed;
      const end = page * size + rows.length;
      const total = totalOf(listed.body, paging.total);
      const done = rows.length === 0 || end >= total;
      // More behind a short page: the system gives less than it is asked for, and page numbers mean something else there.
      const short =
        rows.length < size && !done && (total < Infinity || (await ask(page + 1, size)).rows.length > 0);
      if (short) throw tooLong(client.host, resource, rows.length);
      return {
        rows,
        next: nextStep(done || rows.length < size, page + 1, rows, keyOf),
        servedAt: listed.servedAt,
      };
    }
  }

  /** The system itself says where to go on. */
  async function byPointer(
    { resource, query, from, pageSize, keyOf }: WalkRequest,
    paging: Extract<Paging, { style: 'cursor' | 'link' | 'next_url' }>,
  ): Promise<Step> {
    const size = String(Math.min(pageSize, resource.list.pageSizeMax));
    const pointer = from.at === null ? null : String(from.at);
    const sized = paging.sizeParam === undefined ? query : { ...query, [paging.sizeParam]: size };
    const listed =
      paging.style === 'cursor'
        ? await client.list(
            resource,
            pointer === null ? sized : { ...sized, [paging.cursorParam]: pointer },
            null,
          )
        : await client.list(resource, sized, pointer);
    const said =
      paging.style === 'link' ? linkOf(listed.headers['link'] ?? '') : textAt(listed.body, paging.next);
    const next = said === null || paging.style === 'cursor' ? said : client.follow(resource, said);
    if (next !== null && next === pointer) {
      const message = `${client.host} names the page it just gave as the next one of ${resource.list.path}; correct list.paging in the definition.`;
      throw new Failure('unexpected_response', message, { path: 'list.paging' });
    }
    return {
      rows: listed.rows,
      next: nextStep(next === null, next ?? '', listed.rows, keyOf),
      servedAt: listed.servedAt,
    };
  }

  return { step };
}

function nextStep(
  done: boolean,
  next: number | string,
  rows: JsonObject[],
  keyOf: (row: JsonObject) => string,
): Step['next'] {
  const last = rows.at(-1);
  return done ? null : { at: next, last: last === undefined ? null : keyOf(last) };
}

function totalOf(body: unknown, place: string | undefined): number {
  const total = place === undefined ? undefined : at(body, place);
  return typeof total === 'number' ? total : Infinity;
}

/** `<https://host/x?page=2>; rel="next"` (RFC 8288). */
function linkOf(header: string): string | null {
  for (const [, url = '', parameters = ''] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:\s[^";]*)?"?/i.test(parameters)) return url;
  }
  return null;
}

function tooLong(host: string, { list }: Resource, given: number): Failure {
  const message = `${host} gives only ${given} records a page at ${list.path}; set list.pageSizeMax in the definition to what it gives.`;
  return new Failure('invalid_config', message, { path: 'list.pageSizeMax' });
}

function ignored(host: string, { list }: Resource, param: string): Failure {
  const message = `${host} gives more records than asked for with "${param}" at ${list.path}; correct list.paging in the definition.`;
  return new Failure('unexpected_response', message, { path: 'list.paging' });
}
