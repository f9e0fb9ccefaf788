import { z } from 'zod';
import { HOLD_REASONS } from '../../../../domain/entities/vocabulary.ts';
import { setWorkOrderStatus as setStatus } from '../../../../plant/work-orders/work-orders.ts';
import { SETTABLE_STATUSES } from '../../../../plant/work-orders/status.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { hours, money, shownOrder, text, workOrder } from './shapes.ts';

export const setWorkOrderStatus = route({
  method: 'PUT',
  url: '/work-orders/:id/status',
  id: 'setWorkOrderStatus',
  tag: 'Work orders',
  summary: 'Change the status of a work order',
  description:
    'From scheduled to in_progress, on_hold, completed or cancelled; from in_progress to on_hold, completed or cancelled; from on_hold to scheduled, in_progress or cancelled. Setting the current status again changes nothing. Completing a work order computes its actual hours from steps and labour unless they are given.',
  permission: 'work_orders:update',
  params: recordParams,
  queryAsBody: true,
  body: z.strictObject({
    status: z.enum(SETTABLE_STATUSES),
    hold_reason: z.enum(HOLD_REASONS).nullish(),
    actual_hours: hours.nullish(),
    actual_cost: money.nullish(),
    notes: text.nullish(),
  }),
  responses: { 200: envelope({ work_order: workOrder }) },
  example: { params: { id: EXAMPLE.workOrder }, body: { status: 'in_progress' } },
  async handle({ person, params, body, ifMatch }) {
    const moved = await setStatus(
      person,
      params.id,
      {
        to: body.status,
        holdReason: body.hold_reason,
        actualHours: body.actual_hours,
        actualCost: body.actual_cost,
        notes: body.notes,
      },
      (version) => assertVersion(ifMatch, version),
    );
    return {
      version: moved.version,
      body: {
        success: true,
        work_order: shownOrder(moved),
        message: `Work order ${moved.number} is ${moved.status}.`,
      },
    };
  },
});
