import { z } from 'zod';
import { listWorkOrders } from '../../../../plant/work-orders/work-orders.ts';
import { pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { instantInput, listEnvelope, recordId } from '../../frame/shapes.ts';
import { bySort, sortedPageQuery } from '../work-orders/pages.ts';
import { assetId, line, priority, publicStatus } from '../work-orders/shapes.ts';
import { inOrder, OUT_OF_ORDER, rangeQuery, shownTask, task } from './shapes.ts';

export const listTasks = route({
  method: 'GET',
  url: '/maintenance/tasks',
  id: 'listMaintenanceTasks',
  tag: 'Maintenance',
  summary: 'List maintenance tasks',
  description:
    'A task is listed when it matches every filter exactly. The dates limit the planned start; both are inclusive.',
  permission: 'maintenance:read',
  query: z
    .strictObject({
      ...sortedPageQuery,
      ...rangeQuery,
      status: publicStatus.optional(),
      asset_id: assetId.optional(),
      assigned_to: line.optional(),
      schedule_id: recordId.optional(),
      priority: priority.optional(),
      updated_since: instantInput.optional(),
    })
    .refine(inOrder, OUT_OF_ORDER),
  responses: { 200: listEnvelope('tasks', task) },
  example: { query: { status: 'in_progress', limit: '10' } },
  async handle({ person, query }) {
    const filter = {
      tasksOnly: true,
      status: query.status,
      assetId: query.asset_id,
      assignedTo: query.assigned_to,
      scheduleId: query.schedule_id,
      priority: query.priority,
      updatedSince: query.updated_since,
      startFrom: query.start_date,
      startTo: query.end_date,
    };
    const { sort } = query;
    const page = await readPage(query, bySort(sort), (after, limit) =>
      listWorkOrders(person, filter, { sort, after, limit }),
    );
    return pageAnswer('tasks', page, shownTask);
  },
});
