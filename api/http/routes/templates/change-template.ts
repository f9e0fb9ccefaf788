import { z } from 'zod';
import { changeTemplate as change } from '../../../../plant/work-orders/templates.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { shownTemplate, template, templateFields, templateInput } from './shapes.ts';

export const changeTemplate = route({
  method: 'PATCH',
  url: '/work-order-templates/:id',
  id: 'changeWorkOrderTemplate',
  tag: 'Templates',
  summary: 'Change a work order template',
  description: 'Work orders already made from it stay as they are.',
  permission: 'templates:update',
  wakes: false,
  params: idParams,
  body: z
    .strictObject(templateFields)
    .partial()
    .refine((body) => Object.keys(body).length > 0, 'Say at least one field to change'),
  responses: { 200: envelope({ template }) },
  example: { params: { id: EXAMPLE.template }, body: { is_active: false } },
  async handle({ person, params, body, ifMatch }) {
    const changed = await change(person, params.id, templateInput(body), (version) =>
      assertVersion(ifMatch, version),
    );
    return { version: changed.version, body: { success: true, template: shownTemplate(changed) } };
  },
});
