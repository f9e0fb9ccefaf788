/**
 * The pages of a list. A list is walked by a key that has an index; a cursor holds the key of the last row that was shown.
 * What a list holds, and that it is read in that order, is its operation's.
 */
import { z } from 'zod';
import type { Answer } from './route.ts';
import { decodeCursor, encodeCursor } from './shapes.ts';

type Cells = readonly (string | number)[];

/** By what a list is walked. */
export interface Order<Row, Position> {
  /** Of the cells, as the operation takes them. */
  position: z.ZodType<Position>;
  cells(row: Row): Cells;
}

/** The order by one column. */
export function orderBy<Row, Value extends string | number>(
  value: z.ZodType<Value>,
  valueOf: (row: Row) => Value,
): Order<Row, Value> {
  return { position: z.tuple([value]).transform(([one]) => one), cells: (row) => [valueOf(row)] };
}

export const BY_ID = orderBy(z.uuid(), (row: { id: string }) => row.id);
export const BY_SEQ = orderBy(z.number().int(), (row: { seq: number }) => row.seq);

/** A point in time, and among the rows of the same one their id. */
export const timeAndId = z.tuple([z.iso.datetime(), z.uuid()]).transform(([at, id]) => ({ at, id }));

export interface Page<Row> {
  rows: readonly Row[];
  /** Cursor of the next page; null when this is the last. */
  next: string | null;
}

/** The rows of a page and the cursor of the next, for operations that give as many rows as they are asked for. */
export async function readPage<Row, Position>(
  query: { limit: number; cursor?: string | undefined },
  order: Order<NoInfer<Row>, Position>,
  read: (after: Position | null, limit: number) => Promise<readonly Row[]>,
): Promise<Page<Row>> {
  // One more says whether there is a next page.
  const found = await read(decodeCursor(query.cursor, order.position), query.limit + 1);
  const rows = found.slice(0, query.limit);
  const last = found.length > query.limit ? rows.at(-1) : undefined;
  return { rows, next: last === undefined ? null : encodeCursor(order.cells(last)) };
}

/** In the form of `listEnvelope`; rows are shown as they are where there is no `shown`. */
export function pageAnswer<Row>(
  name: string,
  { rows, next }: Page<Row>,
  shown: (row: Row) => unknown = (row) => row,
): Answer {
  return {
    body: { success: true, [name]: rows.map((row) => shown(row)), count: rows.length, next_cursor: next },
  };
}
