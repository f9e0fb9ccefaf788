import { z } from 'zod';
import { changeWorkOrder as change } from '../../../../plant/work-orders/work-orders.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import {
  assetId,
  hours,
  line,
  money,
  optionalFields,
  orderInput,
  priority,
  shownOrder,
  text,
  workOrder,
} from './shapes.ts';

export const changeWorkOrder = route({
  method: 'PATCH',
  url: '/work-orders/:id',
  id: 'changeWorkOrder',
  tag: 'Work orders',
  summary: 'Change a work order',
  description:
    'Null clears a field. Finished work accepts changes to notes, findings, recommendations, custom fields and actual figures only. To change the status, use PUT /work-orders/{id}/status.',
  permission: 'work_orders:update',
  params: recordParams,
  body: z
    .strictObject({
      asset_id: assetId.nullish(),
      title: line.optional(),
      description: text.nullish(),
      priority: priority.optional(),
      estimated_hours: hours.nullish(),
      actual_hours: hours.nullish(),
      actual_cost: money.nullish(),
      findings: text.nullish(),
      recommendations: text.nullish(),
      ...optionalFields,
    })
    .refine((body) => Object.keys(body).length > 0, 'Say at least one field to change'),
  responses: { 200: envelope({ work_order: workOrder }) },
  example: { params: { id: EXAMPLE.workOrder }, body: { priority: 'critical', assigned_to: 'technician_2' } },
  async handle({ person, params, body, ifMatch }) {
    const changed = await change(person, params.id, orderInput(body), (version) =>
      assertVersion(ifMatch, version),
    );
    return { version: changed.version, body: { success: true, work_order: shownOrder(changed) } };
  },
});
