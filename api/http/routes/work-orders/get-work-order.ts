import { readWorkOrder } from '../../../../plant/work-orders/work-orders.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { shownOrder, workOrder } from './shapes.ts';

export const getWorkOrder = route({
  method: 'GET',
  url: '/work-orders/:id',
  id: 'getWorkOrder',
  tag: 'Work orders',
  summary: 'Get a work order',
  description: 'Includes its steps, parts and labour.',
  permission: 'work_orders:read',
  params: recordParams,
  responses: { 200: envelope({ work_order: workOrder }) },
  example: { params: { id: EXAMPLE.workOrder } },
  async handle({ person, params }) {
    const found = await readWorkOrder(person, params.id);
    return { version: found.version, body: { success: true, work_order: shownOrder(found) } };
  },
});
