import { z } from 'zod';
import { createWorkOrder as create } from '../../../../plant/work-orders/work-orders.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, notRead, uuid } from '../../frame/shapes.ts';
import {
  assetId,
  hours,
  line,
  optionalFields,
  orderInput,
  priority,
  shownOrder,
  stepFrom,
  stepsInput,
  text,
  workOrder,
} from './shapes.ts';

const NEEDED = ['title', 'description', 'priority', 'estimated_hours'] as const;

const body = z
  .strictObject({
    asset_id: assetId,
    title: line.optional(),
    description: text.optional(),
    priority: priority.optional(),
    estimated_hours: hours.optional(),
    template_id: uuid.nullish(),
    steps: stepsInput.optional(),
    ...optionalFields,
    status: z.enum(['scheduled', '']).optional().meta({ description: 'New orders are scheduled.' }),
    ...notRead('id', 'work_order_number', 'created_at', 'updated_at'),
  })
  .superRefine((value, context) => {
    if ((value.template_id ?? null) !== null) return;
    for (const field of NEEDED) {
      if (value[field] === undefined) {
        context.addIssue({
          code: 'custom',
          path: [field],
          message: 'Is required, unless a template_id is given',
        });
      }
    }
  });

export const createWorkOrder = route({
  method: 'POST',
  url: '/work-orders',
  id: 'createWorkOrder',
  tag: 'Work orders',
  summary: 'Create a work order',
  description:
    'With a template, its title, description, priority, hours, cost and steps apply wherever the body says nothing. Without one, title, description, priority and estimated_hours are required.',
  permission: 'work_orders:create',
  body,
  responses: {
    201: envelope({ work_order_id: uuid, work_order_number: z.string(), work_order: workOrder }),
  },
  example: {
    body: {
      asset_id: EXAMPLE.assetTag,
      title: 'Replace the hydraulic hose',
      description: 'The hose at the boom leaks.',
      priority: 'high',
      estimated_hours: 4,
      assigned_to: 'technician_1',
      scheduled_start: '2026-03-02T08:00:00Z',
      scheduled_end: '2026-03-02T12:00:00Z',
    },
  },
  async handle({ person, body: asked }) {
    const made = await create(person, {
      ...orderInput(asked),
      templateId: asked.template_id ?? undefined,
      steps: asked.steps?.map((step) => stepFrom(step)),
    });
    return {
      status: 201,
      version: made.version,
      location: `/work-orders/${made.id}`,
      body: {
        success: true,
        work_order_id: made.id,
        work_order_number: made.number,
        work_order: shownOrder(made),
        message: `Work order ${made.number} is made.`,
      },
    };
  },
});
