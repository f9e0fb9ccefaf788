import { z } from 'zod';
import { completeStep as complete } from '../../../../plant/work-orders/steps.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, integerInput, recordId } from '../../frame/shapes.ts';
import { line, minutes, shownOrder, shownStep, step, text, workOrder } from './shapes.ts';

export const completeStep = route({
  method: 'POST',
  url: '/work-orders/:id/steps/:step/complete',
  id: 'completeWorkOrderStep',
  tag: 'Work orders',
  summary: 'Complete or skip a step',
  description: 'Records that the step is done or was skipped. Refused for finished work.',
  permission: 'work_orders:update',
  params: z.strictObject({ id: recordId, step: integerInput.meta({ description: 'Its sequence_order.' }) }),
  queryAsBody: true,
  body: z.strictObject({
    status: z.enum(['completed', 'skipped']).default('completed'),
    completed_by: line.nullish().meta({ description: 'The caller when absent.' }),
    actual_duration: minutes.nullish(),
    notes: text.nullish(),
  }),
  responses: { 200: envelope({ step, work_order: workOrder }) },
  example: {
    params: { id: EXAMPLE.workOrder, step: '1' },
    body: { completed_by: 'technician_1', actual_duration: 25 },
  },
  async handle({ person, params, body }) {
    const { order, step: done } = await complete(person, params.id, params.step, {
      outcome: body.status,
      completedBy: body.completed_by,
      actualDuration: body.actual_duration,
      notes: body.notes,
    });
    return {
      version: order.version,
      body: { success: true, step: shownStep(done), work_order: shownOrder(order) },
    };
  },
});
