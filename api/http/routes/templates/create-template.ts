import { z } from 'zod';
import { createTemplate as create } from '../../../../plant/work-orders/templates.ts';
import { route } from '../../frame/route.ts';
import { envelope, uuid } from '../../frame/shapes.ts';
import { shownTemplate, template, templateFields, templateInput } from './shapes.ts';

export const createTemplate = route({
  method: 'POST',
  url: '/work-order-templates',
  id: 'createWorkOrderTemplate',
  tag: 'Templates',
  summary: 'Create a work order template',
  description: 'The template supplies values for work orders that name it when they are created.',
  permission: 'templates:create',
  wakes: false,
  body: z.strictObject(templateFields),
  responses: { 201: envelope({ template_id: uuid, template }) },
  example: {
    body: {
      name: 'Oil change',
      description: 'Engine oil and filter.',
      work_order_type: 'preventive',
      steps: [
        { name: 'Drain the oil', estimated_duration: 30 },
        { name: 'Fill and check', estimated_duration: 45 },
      ],
      estimated_hours: 1.25,
      estimated_cost: 150,
    },
  },
  async handle({ person, body }) {
    const made = await create(person, { ...templateInput(body), name: body.name });
    return {
      status: 201,
      version: made.version,
      location: `/work-order-templates/${made.id}`,
      body: { success: true, template_id: made.id, template: shownTemplate(made) },
    };
  },
});
