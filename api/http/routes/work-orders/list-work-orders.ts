import { z } from 'zod';
import { listWorkOrders as list } from '../../../../plant/work-orders/work-orders.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { instantInput, listEnvelope } from '../../frame/shapes.ts';
import { bySort, sortedPageQuery } from './pages.ts';
import { assetId, line, priority, publicStatus, shownOrder, workOrder } from './shapes.ts';

export const listWorkOrders = route({
  method: 'GET',
  url: '/work-orders',
  id: 'listWorkOrders',
  tag: 'Work orders',
  summary: 'List work orders',
  description:
    'A work order is listed when it matches every filter exactly. `scheduled` leaves out those that are `overdue`.',
  permission: 'work_orders:read',
  query: z.strictObject({
    ...sortedPageQuery,
    status: publicStatus.optional(),
    asset_id: assetId.optional(),
    assigned_to: line.optional(),
    priority: priority.optional(),
    updated_since: instantInput.optional(),
  }),
  responses: { 200: listEnvelope('work_orders', workOrder) },
  example: { query: { status: 'scheduled', asset_id: EXAMPLE.assetTag, limit: '10' } },
  async handle({ person, query }) {
    const filter = {
      status: query.status,
      assetId: query.asset_id,
      assignedTo: query.assigned_to,
      priority: query.priority,
      updatedSince: query.updated_since,
    };
    const { sort } = query;
    const page = await readPage(query, bySort(sort), (after, limit) =>
      list(person, filter, { sort, after, limit }),
    );
    return pageAnswer('work_orders', page, shownOrder);
  },
});
