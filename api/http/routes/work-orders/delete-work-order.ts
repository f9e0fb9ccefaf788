import { deleteWorkOrder as remove } from '../../../../plant/work-orders/work-orders.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const deleteWorkOrder = route({
  method: 'DELETE',
  url: '/work-orders/:id',
  id: 'deleteWorkOrder',
  tag: 'Work orders',
  summary: 'Deletes a work order that is not under way and not done',
  description: 'Connected systems are told by the delete policy of their connection.',
  permission: 'work_orders:delete',
  params: idParams,
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.workOrder } },
  async handle({ person, params, ifMatch }) {
    await remove(person, params.id, (version) => assertVersion(ifMatch, version));
    return { body: { success: true, message: 'The work order is deleted.' } };
  },
});
