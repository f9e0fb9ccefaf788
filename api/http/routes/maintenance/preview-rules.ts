import { z } from 'zod';
import { previewRules } from '../../../../plant/maintenance/plan-rules.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { affectedOrder, comparedDate, rulesBody } from './rules-shapes.ts';

const COUNT = 12;

export const previewScheduleRules = route({
  method: 'POST',
  url: '/maintenance/schedules/:id/preview',
  id: 'previewMaintenanceScheduleRules',
  tag: 'Maintenance',
  summary: 'Preview the dates under other rules',
  description:
    'Shows the next dates under the rules given beside those of today, and the open orders whose date would move. Nothing is stored.',
  permission: 'maintenance:read',
  wakes: false,
  params: idParams,
  body: rulesBody.extend({ count: z.int().min(1).max(500).optional() }),
  responses: {
    200: envelope({
      occurrences: z.array(comparedDate),
      affected_orders: z.array(affectedOrder),
      tzdb: z.string(),
    }),
  },
  example: {
    params: { id: EXAMPLE.schedule },
    body: { rules: { non_working: 'next' }, calendar_id: EXAMPLE.calendar, count: 3 },
  },
  async handle({ person, params, body }) {
    const input = { rules: body.rules, calendarId: body.calendar_id ?? null };
    const shown = await previewRules(person, params.id, input, body.count ?? COUNT);
    return {
      body: {
        success: true,
        occurrences: shown.occurrences,
        affected_orders: shown.affectedOrders.map(({ orderId, planned, wouldBe }) => ({
          work_order_id: orderId,
          planned,
          would_be: wouldBe,
        })),
        tzdb: shown.tzdb,
      },
    };
  },
});
