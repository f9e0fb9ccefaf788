/**
 * Walking a class of Fiix by id (contract 4.1): a page may be cut by a limit nobody has documented, so a short page is no
 * end. It is one only when the server has shown a longer page of the same class before; otherwise the walk goes on until
 * a page is empty.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Client, Find } from './client.ts';
import { manifest } from './manifest.ts';
import { idOf, intOf } from './wire.ts';
import type { Filter } from './wire.ts';

/** Ids in one `IN (...)`: how long a condition may be is unknown. */
const IDS_MAX = 200;

export interface Query {
  className: string;
  fields: string;
  filters?: Filter[];
}

export interface Page {
  rows: JsonObject[];
  last: boolean;
}

/** A first look at a list. */
export interface Look {
  query: Query;
  limit: number;
  /** Nothing is expected. */
  quiet: boolean;
}

export interface Glimpse {
  rows: JsonObject[];
  /** Nothing follows. */
  whole: boolean;
}

export type Pages = ReturnType<typeof createPages>;

export function createPages(client: Client) {
  /** Longest page seen by class: no limit below it can exist. */
  const longest = new Map<string, number>();

  /** The page after an id. */
  async function page(query: Query, after: number, limit: number): Promise<Page> {
    const { className, fields, filters = [] } = query;
    const rows = await client.find({
      className,
      fields,
      filters: after === 0 ? filters : [...filters, where('id > ?', [after])],
      maxObjects: limit,
    });
    assertInOrder(client.host, className, rows, after);
    const proven = longest.get(className) ?? 0;
    longest.set(className, Math.max(proven, rows.length));
    return { rows, last: rows.length === 0 || (rows.length < limit && rows.length < proven) };
  }

  /** Everything that fits. */
  async function all(query: Query, from = 0): Promise<JsonObject[]> {
    const rows: JsonObject[] = [];
    for (let after = from; ;) {
      const next = await page(query, after, manifest.limits.pageSizeMax);
      rows.push(...next.rows);
      if (next.last) return rows;
      after = lastId(next.rows, after);
    }
  }

  /**
   * The first page of each list, in one call. `whole` says whether that is all: told by the list's last row, which is asked
   * for in the same call, or afterwards for lists of which nothing is expected (`quiet`) and something comes.
   */
  async function glance(looks: readonly Look[]): Promise<Glimpse[]> {
    const asked = looks.flatMap(({ query, limit, quiet }) => [
      findOf(query, 'id', limit),
      ...(quiet ? [] : [{ ...findOf(query, 'id DESC', 1), fields: 'id' }]),
    ]);
    const answers = await each(asked);
    const firsts = looks.map(({ quiet, query: { className } }) => {
      const rows = answers.shift() ?? [];
      const [end] = quiet ? [] : (answers.shift() ?? []);
      assertInOrder(client.host, className, rows);
      const told = !quiet && (end === undefined || idOf(end) <= lastId(rows, 0));
      return { rows, whole: rows.length === 0 || told };
    });
    const open = firsts.flatMap((first, i) => {
      const look = looks[i];
      return look?.quiet === true && !first.whole ? [{ first, look }] : [];
    });
    if (open.length === 0) return firsts;
    const behind = await each(
      open.map(({ first, look: { query } }) => {
        const filters = [...(query.filters ?? []), where('id > ?', [lastId(first.rows, 0)])];
        return { ...findOf({ ...query, filters }, 'id', 1), fields: 'id' };
      }),
    );
    for (const [i, { first }] of open.entries()) first.whole = behind[i]?.length === 0;
    return firsts;
  }

  /** Everything of several lists; of short ones in one call. */
  async function together(queries: readonly Query[]): Promise<JsonObject[][]> {
    const limit = manifest.limits.pageSizeMax;
    const firsts = await glance(queries.map((query) => ({ query, limit, quiet: false })));
    const lists: JsonObject[][] = [];
    for (const [i, { rows, whole }] of firsts.entries()) {
      const query = queries[i];
      lists.push(whole || query === undefined ? rows : [...rows, ...(await all(query, lastId(rows, 0)))]);
    }
    return lists;
  }

  function each(finds: readonly Find[]): Promise<JsonObject[][]> {
    const [only] = finds;
    return only !== undefined && finds.length === 1
      ? client.find(only).then((rows) => [rows])
      : client.findEach(finds);
  }

  /** Everything whose `field` is one of these. */
  async function allOf(query: Query, field: string, ids: readonly number[]): Promise<JsonObject[]> {
    const rows: JsonObject[] = [];
    for (let from = 0; from < ids.length; from += IDS_MAX) {
      const filters = [...(query.filters ?? []), oneOf(field, ids.slice(from, from + IDS_MAX))];
      rows.push(...(await all({ ...query, filters })));
    }
    return rows;
  }

  /** The rows with these ids, in no promised order; of ids, so many rows as were asked for are all. */
  async function byIds(query: Query, ids: readonly number[]): Promise<JsonObject[]> {
    const rows: JsonObject[] = [];
    for (let from = 0; from < ids.length; from += IDS_MAX) {
      let open = ids.slice(from, from + IDS_MAX);
      while (open.length > 0) {
        const filters = [...(query.filters ?? []), oneOf('id', open)];
        const { rows: some, last } = await page({ ...query, filters }, 0, IDS_MAX);
        rows.push(...some);
        const seen = new Set(some.map(idOf));
        const rest = open.filter((id) => !seen.has(id));
        if (last || rest.length === open.length) break;
        open = rest;
      }
    }
    return rows;
  }

  /** The newest `intUpdated` of each list; 0 of an empty one. */
  async function newest(queries: readonly Query[]): Promise<number[]> {
    const answers = await each(
      queries.map((query) => ({ ...findOf(query, 'intUpdated DESC', 1), fields: 'id, intUpdated' })),
    );
    return answers.map(([row]) => intOf(row?.['intUpdated']) ?? 0);
  }

  return { page, glance, together, all, allOf, byIds, newest };
}

function findOf({ className, fields, filters = [] }: Query, orderBy: string, maxObjects: number): Find {
  return { className, fields, filters, orderBy, maxObjects };
}

export function where(ql: string, parameters: (string | number)[]): Filter {
  return { ql, parameters };
}

export function oneOf(field: string, values: readonly number[]): Filter {
  return where(`${field} IN (${values.map(() => '?').join(', ')})`, [...values]);
}

export function lastId(rows: readonly JsonObject[], otherwise: number): number {
  const last = rows.at(-1);
  return last === undefined ? otherwise : idOf(last);
}

function assertInOrder(host: string, className: string, rows: readonly JsonObject[], after = 0): void {
  let at = after;
  for (const row of rows) {
    const id = idOf(row);
    if (id <= at) throw notInOrder(host, className);
    at = id;
  }
}

function notInOrder(host: string, className: string): Failure {
  const message = `${host} lists ${className} out of the order asked for, so that records could be missed; report it to the vendor.`;
  return new Failure('unexpected_response', message, { code: 'ORDER' });
}
