import { z } from 'zod';
import { explainPlanDate } from '../../../../plant/maintenance/occurrences.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { dayInput, dayOf } from './rules-shapes.ts';

export const explainScheduleDate = route({
  method: 'GET',
  url: '/maintenance/schedules/:id/explain',
  id: 'explainMaintenanceDate',
  tag: 'Maintenance',
  summary: 'Explain a planned date',
  description:
    'One sentence for each step that had a say in the date: the rhythm, exceptions, season, calendar, zone and merging. The date is the nominal one, as the list of occurrences shows it.',
  permission: 'maintenance:read',
  params: idParams,
  query: z.strictObject({ date: dayInput }),
  responses: {
    200: envelope({
      explanation: z.object({
        nominal: z.string(),
        due: z.array(z.string()),
        tzdb: z.string(),
        sentences: z.array(z.object({ step: z.string(), text: z.string() })),
      }),
    }),
  },
  example: { params: { id: EXAMPLE.schedule }, query: { date: '2026-03-08' } },
  async handle({ person, params, query }) {
    const { nominal, due, tzdb, sentences } = await explainPlanDate(person, params.id, dayOf(query.date));
    return { body: { success: true, explanation: { nominal, due, tzdb, sentences } } };
  },
});
