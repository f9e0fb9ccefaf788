/** A described list as a walk of the kit: which call brings a page, in whichever style the document names. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Oddity } from '../kit/parsed-json.ts';
import type { Walk, WalkAnswer, WalkStyle } from '../kit/walk/style.ts';
import type { Client, ListAnswer, ListQuery } from './client.ts';
import type { Resource } from './definition.ts';
import { isEmptyAnswer } from './failures.ts';
import { readList, signOfMore } from './list-answer.ts';
import { isObject, pointerAt } from './place.ts';
import { keyOf } from './record.ts';
import type { ListedRow } from './record.ts';

export interface ListWalk {
  walk: Walk<ListedRow>;
  /** The system's clock when it first answered, epoch milliseconds. */
  servedAt(): number | null;
}

/** `query` goes with every call of this walk, beside what the document says. */
export function listWalk(client: Client, resource: Resource, query: ListQuery, purpose: string): ListWalk {
  const { list } = resource;
  let servedAt: number | null = null;

  async function ask(
    page: JsonObject,
    url: string | null,
  ): Promise<{ rows: ListedRow[]; answer: ListAnswer } & Doubt> {
    let answer: ListAnswer;
    try {
      answer = await client.list(resource, { ...query, params: { ...query.params, ...page } }, url);
    } catch (error) {
      const nothing = isEmptyAnswer(error, list.empty);
      if (nothing === null) throw error;
      servedAt ??= client.now();
      return { rows: [], answer: NOTHING, total: null, doubt: nothing.doubt };
    }
    servedAt ??= answer.servedAt;
    const content = readList(resource, { ...answer, host: client.host });
    return {
      rows: listedRows(resource, content.rows, content.keys, answer),
      answer,
      total: content.total,
      doubt: content.doubt,
    };
  }

  const walk: Walk<ListedRow> = {
    id: JSON.stringify([purpose, list.path, query]),
    list: `The list ${list.path} of ${client.host}`,
    setting: 'list.paging in the definition',
    style: styleOf(resource, ask, client),
    keyOf: ({ key, value }) => key ?? `\u0000${JSON.stringify(value)}`,
  };
  return { walk, servedAt: () => servedAt };
}

interface Doubt {
  total: number | null;
  doubt: string | null;
}
type Ask = (
  page: JsonObject,
  url: string | null,
) => Promise<{ rows: ListedRow[]; answer: ListAnswer } & Doubt>;

const NOTHING: ListAnswer = { status: 200, body: null, headers: {}, oddities: [], servedAt: 0 };

function styleOf(resource: Resource, ask: Ask, client: Client): WalkStyle<ListedRow> {
  const { paging, pageSizeMax } = resource.list;
  const sizeMax = pageSizeMax;
  switch (paging.style) {
    case 'none':
      return {
        by: 'whole',
        ask: async () => {
          const { rows, answer, total, doubt } = await ask({}, null);
          return { rows, total, doubt: doubt ?? more(resource, answer, client, rows.length) };
        },
      };
    case 'offset':
      return {
        by: 'offset',
        sizeMax,
        ask: (offset, size) => ask({ [paging.offsetParam]: offset, [paging.sizeParam]: size }, null),
      };
    case 'page':
      return {
        by: 'page',
        sizeMax,
        ask: (page, size) => ask({ [paging.pageParam]: paging.first + page, [paging.sizeParam]: size }, null),
      };
    default:
      return {
        by: 'pointer',
        sizeMax,
        emptyEnds: paging.ends === 'empty',
        ask: async (pointer, size): Promise<WalkAnswer<ListedRow>> => {
          const sized: JsonObject = paging.sizeParam === undefined ? {} : { [paging.sizeParam]: size };
          const { rows, answer, total, doubt } =
            paging.style === 'cursor'
              ? await ask(pointer === null ? sized : { ...sized, [paging.cursorParam]: pointer }, null)
              : await ask(sized, pointer);
          const said =
            paging.style === 'link'
              ? linkOf(answer.headers['link'] ?? '')
              : pointerAt(answer.body, paging.next);
          const next = said === null || paging.style === 'cursor' ? said : client.follow(resource, said);
          return {
            rows,
            total,
            next,
            doubt: doubt ?? (next === null ? more(resource, answer, client, Infinity) : null),
          };
        },
      };
  }
}

function more(resource: Resource, answer: ListAnswer, { host }: Client, rows: number): string | null {
  return answer === NOTHING ? null : signOfMore(resource, { ...answer, host }, rows);
}

/** Rows with their keys. When not a single one is what a list of records holds, the document is wrong, not the rows. */
function listedRows(
  resource: Resource,
  rows: readonly unknown[],
  keys: readonly string[] | null,
  { body, oddities }: ListAnswer,
): ListedRow[] {
  const odd = oddRows(body, oddities);
  const [own = ''] = resource.id;
  const listed = rows.map((value, index): ListedRow => {
    const named = keys === null || !isObject(value) ? value : { ...value, [own]: keys[index] ?? null };
    return {
      value: named,
      key: isObject(named) ? keyOf(resource, named) : null,
      oddity: isObject(value) ? (odd.get(value) ?? null) : null,
    };
  });
  if (listed.length > 1 && listed.every(({ key }) => key === null)) throw noRecords(resource, listed);
  return listed;
}

function noRecords({ list, id }: Resource, listed: readonly ListedRow[]): Failure {
  const objects = listed.some(({ value }) => isObject(value));
  const message = objects
    ? `No record of ${list.path} has anything at "${id.join('" and "')}"; correct id in the definition.`
    : `${list.path} holds a list whose elements are no objects; correct list.records in the definition.`;
  return new Failure('unexpected_response', message, { path: objects ? 'id' : 'list.records' });
}

/** Which objects of the body hold something that is no JSON, and what. */
function oddRows(body: unknown, oddities: readonly Oddity[]): Map<object, string> {
  const odd = new Map<object, string>();
  for (const { steps, what } of oddities) {
    let found: unknown = body;
    for (const [depth, step] of steps.entries()) {
      if (typeof found !== 'object' || found === null) break;
      const rest = steps.slice(depth).join('.');
      if (!odd.has(found)) odd.set(found, `${what} at ${rest}`);
      found = (found as Record<string | number, Json>)[step];
    }
  }
  return odd;
}

/** `<https://host/x?page=2>; rel="next"` (RFC 8288). */
function linkOf(header: string): string | null {
  for (const [, url = '', parameters = ''] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:\s[^";]*)?"?/i.test(parameters)) return url;
  }
  return null;
}
