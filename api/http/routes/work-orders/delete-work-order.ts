import { deleteWorkOrder as remove } from '../../../../plant/work-orders/work-orders.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';

export const deleteWorkOrder = route({
  method: 'DELETE',
  url: '/work-orders/:id',
  id: 'deleteWorkOrder',
  tag: 'Work orders',
  summary: 'Delete a work order',
  description:
    'Refused while it is in progress and once it is completed. Each connected system follows by the delete policy of its connection.',
  permission: 'work_orders:delete',
  params: recordParams,
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.workOrder } },
  async handle({ person, params, ifMatch }) {
    await remove(person, params.id, (version) => assertVersion(ifMatch, version));
    return { body: { success: true, message: 'The work order is deleted.' } };
  },
});
