import { readTemplate } from '../../../../plant/work-orders/templates.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { shownTemplate, template } from './shapes.ts';

export const getTemplate = route({
  method: 'GET',
  url: '/work-order-templates/:id',
  id: 'getWorkOrderTemplate',
  tag: 'Templates',
  summary: 'Get a work order template',
  description: 'Includes the steps that a work order made from it receives.',
  permission: 'templates:read',
  params: idParams,
  responses: { 200: envelope({ template }) },
  example: { params: { id: EXAMPLE.template } },
  async handle({ person, params }) {
    const found = await readTemplate(person, params.id);
    return { version: found.version, body: { success: true, template: shownTemplate(found) } };
  },
});
