/** Pages of records by creation or by change: what the lists of work orders, tasks and schedules share. */
import { z } from 'zod';
import { RECORD_SORTS, type RecordPosition, type RecordSort } from '../../../operations/work-orders.ts';
import { decodeCursor, encodeCursor, pageQuery } from '../../frame/shapes.ts';

export const sortedPageQuery = {
  ...pageQuery,
  sort: z
    .enum(RECORD_SORTS)
    .default('created_at')
    .meta({ description: 'A minus sign turns the order round.' }),
} as const;

const cursorShape = z.tuple([z.iso.datetime(), z.uuid()]);

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
  sort: RecordSort;
}

export function pageOf(query: PageQuery): { sort: RecordSort; after: RecordPosition | null; limit: number } {
  const position = decodeCursor(query.cursor, cursorShape);
  return {
    sort: query.sort,
    after: position === null ? null : { at: position[0], id: position[1] },
    // One more says whether there is a next page.
    limit: query.limit + 1,
  };
}

/** The page itself and where the next one starts. */
export function pageAnswer<T extends { id: string; createdAt: string; updatedAt: string }>(
  query: PageQuery,
  found: readonly T[],
): { page: T[]; next_cursor: string | null } {
  const page = found.slice(0, query.limit);
  const last = found.length > query.limit ? page.at(-1) : undefined;
  if (last === undefined) return { page, next_cursor: null };
  const at = query.sort.endsWith('updated_at') ? last.updatedAt : last.createdAt;
  return { page, next_cursor: encodeCursor([at, last.id]) };
}
