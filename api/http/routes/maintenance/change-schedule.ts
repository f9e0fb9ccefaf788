import { z } from 'zod';
import { changeSchedule as change } from '../../../../plant/maintenance/schedules.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { schedule, scheduleInput, scheduleNeeded, scheduleOptional, shownSchedule } from './shapes.ts';

export const changeSchedule = route({
  method: 'PATCH',
  url: '/maintenance/schedules/:id',
  id: 'changeMaintenanceSchedule',
  tag: 'Maintenance',
  summary: 'Change a maintenance schedule',
  description:
    'Tasks already created stay as they are. A new frequency or trigger recomputes the next date from the last execution, or from now, unless next_scheduled is given.',
  permission: 'maintenance:update',
  params: recordParams,
  body: z
    .strictObject({ ...scheduleNeeded, ...scheduleOptional })
    .partial()
    .refine((body) => Object.keys(body).length > 0, 'Say at least one field to change'),
  responses: { 200: envelope({ schedule }) },
  example: { params: { id: EXAMPLE.schedule }, body: { frequency: 'monthly', estimated_cost: 90 } },
  async handle({ person, params, body, ifMatch }) {
    const changed = await change(person, params.id, scheduleInput(body), (version) =>
      assertVersion(ifMatch, version),
    );
    return { version: changed.version, body: { success: true, schedule: shownSchedule(changed) } };
  },
});
