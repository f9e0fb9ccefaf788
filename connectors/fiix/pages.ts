/**
 * Walking a class of Fiix by id (contract 4.1): a page may be cut by a limit nobody has documented, so a short page is no
 * end. It is one only when the server has shown a longer page of the same class before; otherwise the walk goes on until
 * a page is empty.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Client } from './client.ts';
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
    let at = after;
    for (const row of rows) {
      const id = idOf(row);
      if (id <= at) throw notInOrder(client.host, className);
      at = id;
    }
    const proven = longest.get(className) ?? 0;
    longest.set(className, Math.max(proven, rows.length));
    return { rows, last: rows.length === 0 || (rows.length < limit && rows.length < proven) };
  }

  /** Everything that fits. */
  async function all(query: Query): Promise<JsonObject[]> {
    const rows: JsonObject[] = [];
    for (let after = 0; ;) {
      const next = await page(query, after, manifest.limits.pageSizeMax);
      rows.push(...next.rows);
      if (next.last) return rows;
      after = lastId(next.rows, after);
    }
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

  /** The newest `intUpdated` of a class; 0 when it is empty. */
  async function newest(query: Query): Promise<number> {
    const [row] = await client.find({
      className: query.className,
      fields: 'id, intUpdated',
      filters: query.filters ?? [],
      orderBy: 'intUpdated DESC',
      maxObjects: 1,
    });
    return intOf(row?.['intUpdated']) ?? 0;
  }

  return { page, all, allOf, byIds, newest };
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

function notInOrder(host: string, className: string): Failure {
  const message = `${host} lists ${className} out of the order asked for, so that records could be missed; report it to the vendor.`;
  return new Failure('unexpected_response', message, { code: 'ORDER' });
}
