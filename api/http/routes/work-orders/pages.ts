/** Records by creation or by change: what the lists of work orders, tasks and schedules share. */
import { z } from 'zod';
import { RECORD_SORTS, type RecordSort } from '../../../../plant/work-orders/work-orders.ts';
import { timeAndId } from '../../frame/pages.ts';
import { pageQuery } from '../../frame/shapes.ts';

export const sortedPageQuery = {
  ...pageQuery,
  sort: z
    .enum(RECORD_SORTS)
    .default('created_at')
    .meta({ description: 'A minus sign turns the order round.' }),
} as const;

/** A cursor says where, not in which order: it goes with the query that it was given for. */
export function bySort(sort: RecordSort) {
  const time = sort.endsWith('updated_at') ? 'updatedAt' : 'createdAt';
  return {
    position: timeAndId,
    cells: (row: { id: string; createdAt: string; updatedAt: string }) => [row[time], row.id],
  };
}
