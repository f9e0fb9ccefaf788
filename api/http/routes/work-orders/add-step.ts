import { z } from 'zod';
import { addStep as add } from '../../../../plant/work-orders/steps.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { shownOrder, shownStep, step, stepFrom, stepInput, workOrder } from './shapes.ts';

export const addStep = route({
  method: 'POST',
  url: '/work-orders/:id/steps',
  id: 'addWorkOrderStep',
  tag: 'Work orders',
  summary: 'Add a step to a work order',
  description:
    'The estimate of the step is added to the estimated hours of the work order. Refused for finished work.',
  permission: 'work_orders:update',
  params: recordParams,
  body: stepInput,
  responses: { 201: envelope({ step_id: z.string(), step, work_order: workOrder }) },
  example: {
    params: { id: EXAMPLE.workOrder },
    body: { name: 'Drain the oil', description: 'Into the waste tank.', estimated_duration: 30 },
  },
  async handle({ person, params, body }) {
    const { order, step: made } = await add(person, params.id, stepFrom(body));
    const shown = shownStep(made);
    return {
      status: 201,
      version: order.version,
      body: { success: true, step_id: shown.id, step: shown, work_order: shownOrder(order) },
    };
  },
});
