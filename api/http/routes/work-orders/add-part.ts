import { z } from 'zod';
import { addPart as add } from '../../../../plant/work-orders/parts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams, numberInput } from '../../frame/shapes.ts';
import { line, money, part, shownOrder, shownPart, text, workOrder } from './shapes.ts';

export const addPart = route({
  method: 'POST',
  url: '/work-orders/:id/parts',
  id: 'addWorkOrderPart',
  tag: 'Work orders',
  summary: 'Plan a part for a work order',
  description:
    'The cost of the part is added to the estimated cost of the work order. Refused for finished work.',
  permission: 'work_orders:update',
  params: recordParams,
  body: z.strictObject({
    part_number: line.optional().meta({ description: 'A part of the hub is recognised by it.' }),
    part_id: line.optional().meta({ description: 'Hub id or hub number of a part, instead of part_number.' }),
    description: text.nullish(),
    quantity: numberInput.pipe(z.number().positive().max(1e6)).default(1),
    unit_cost: money.nullish().meta({ description: 'That of the part in the hub when absent.' }),
  }),
  responses: { 201: envelope({ part_id: z.string(), part, work_order: workOrder }) },
  example: {
    params: { id: EXAMPLE.workOrder },
    body: { part_number: 'HOSE-12', description: 'Hydraulic hose 12 mm', quantity: 2, unit_cost: 35.5 },
  },
  async handle({ person, params, body }) {
    const { order, part: made } = await add(person, params.id, {
      partNumber: body.part_number,
      partId: body.part_id,
      description: body.description,
      quantity: body.quantity,
      unitCost: body.unit_cost,
    });
    const shown = shownPart(made);
    return {
      status: 201,
      version: order.version,
      body: { success: true, part_id: shown.id, part: shown, work_order: shownOrder(order) },
    };
  },
});
