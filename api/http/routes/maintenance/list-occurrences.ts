import { z } from 'zod';
import { occurrencesOfPlan } from '../../../../plant/maintenance/occurrences.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { dayInput, dayOf, plannedDate } from './rules-shapes.ts';

export const listOccurrences = route({
  method: 'GET',
  url: '/maintenance/schedules/:id/occurrences',
  id: 'listMaintenanceOccurrences',
  tag: 'Maintenance',
  summary: 'List the planned dates of a schedule',
  description:
    'Each nominal date of the range with what became of it, or will: work was made, it was merged, skipped or missed, and why. Both bounds are nominal dates and are included.',
  permission: 'maintenance:read',
  params: idParams,
  query: z.strictObject({ from: dayInput, to: dayInput }),
  responses: { 200: envelope({ occurrences: z.array(plannedDate), count: z.number().int() }) },
  example: { params: { id: EXAMPLE.schedule }, query: { from: '2026-03-01', to: '2026-04-30' } },
  async handle({ person, params, query }) {
    const found = await occurrencesOfPlan(person, params.id, {
      fromDay: dayOf(query.from),
      toDay: dayOf(query.to),
    });
    const occurrences = found.map(({ nominal, dueAt, outcome, reason, assetId, workOrderId, tzdb }) => ({
      nominal,
      due_at: dueAt,
      outcome,
      reason,
      asset_id: assetId,
      work_order_id: workOrderId,
      tzdb,
    }));
    return { body: { success: true, occurrences, count: occurrences.length } };
  },
});
