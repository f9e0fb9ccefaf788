import { z } from 'zod';
import { addLabour as add } from '../../../../plant/work-orders/labour.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams, instantInput, numberInput } from '../../frame/shapes.ts';
import { labour, line, money, shownLabour, shownOrder, workOrder } from './shapes.ts';

export const addLabour = route({
  method: 'POST',
  url: '/work-orders/:id/labour',
  id: 'addWorkOrderLabour',
  tag: 'Work orders',
  summary: 'Record labour on a work order',
  description: 'Names one person by id, code, e-mail address or exact name. Refused when no one person fits.',
  permission: 'work_orders:update',
  params: recordParams,
  body: z.strictObject({
    person: line.meta({
      description: 'Hub id, number, code, e-mail address or exact name of a person of the hub.',
    }),
    minutes: numberInput.pipe(z.number().positive().max(100_000)),
    started_at: instantInput.optional(),
    hourly_rate: money
      .optional()
      .meta({ description: 'Money for an hour: adds the cost to the actual cost.' }),
  }),
  responses: { 201: envelope({ labour, work_order: workOrder }) },
  example: {
    params: { id: EXAMPLE.workOrder },
    body: { person: 'MARIA', minutes: 90, started_at: '2026-03-02T08:00:00Z' },
  },
  async handle({ person, params, body }) {
    const { order, labour: made } = await add(person, params.id, {
      person: body.person,
      minutes: body.minutes,
      startedAt: body.started_at,
      hourlyRate: body.hourly_rate,
    });
    return {
      status: 201,
      version: order.version,
      body: { success: true, labour: shownLabour(made, order.names), work_order: shownOrder(order) },
    };
  },
});
