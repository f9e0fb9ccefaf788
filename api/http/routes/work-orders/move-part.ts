/** Issue, use and return: three endpoints of one shape. */
import { z } from 'zod';
import { movePart, type PartMove } from '../../../../plant/work-orders/parts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route, type Route } from '../../frame/route.ts';
import { envelope, integerInput, uuid } from '../../frame/shapes.ts';
import { line, part, shownOrder, shownPart, workOrder } from './shapes.ts';

export const issuePart = moveRoute('issue', 'issueWorkOrderPart', 'Issue a planned part');
export const usePart = moveRoute('use', 'useWorkOrderPart', 'Record that a part was used');
export const returnPart = moveRoute('return', 'returnWorkOrderPart', 'Return a part');

function moveRoute(move: PartMove, id: string, summary: string): Route {
  return route({
    method: 'POST',
    url: `/work-orders/:id/parts/:line/${move}`,
    id,
    tag: 'Work orders',
    summary,
    description:
      'A required part can be issued or used, an issued one used or returned, a used one returned; any other move is refused. Using a part adds its cost to the actual cost, returning a used one subtracts it again.',
    permission: 'work_orders:update',
    params: z.strictObject({
      id: uuid,
      line: integerInput.meta({ description: 'Number of the part line.' }),
    }),
    queryAsBody: true,
    body: z.strictObject({ by: line.nullish().meta({ description: 'Who did it; the caller when absent.' }) }),
    responses: { 200: envelope({ part, work_order: workOrder }) },
    example: {
      params: { id: EXAMPLE.workOrder, line: move === 'return' ? '2' : '1' },
      body: { by: 'technician_1' },
    },
    async handle({ person, params, body }) {
      const { order, part: moved } = await movePart(person, params.id, params.line, { move, by: body.by });
      return {
        version: order.version,
        body: { success: true, part: shownPart(moved), work_order: shownOrder(order) },
      };
    },
  });
}
