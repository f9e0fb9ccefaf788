import { deleteTemplate as remove } from '../../../../plant/work-orders/templates.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const deleteTemplate = route({
  method: 'DELETE',
  url: '/work-order-templates/:id',
  id: 'deleteWorkOrderTemplate',
  tag: 'Templates',
  summary: 'Delete a work order template',
  description: 'Work orders already made from it stay.',
  permission: 'templates:delete',
  wakes: false,
  params: idParams,
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.template } },
  async handle({ person, params, ifMatch }) {
    await remove(person, params.id, (version) => assertVersion(ifMatch, version));
    return { body: { success: true, message: 'The template is deleted.' } };
  },
});
