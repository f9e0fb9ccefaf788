import { z } from 'zod';
import { changeCalendar as change } from '../../../../plant/maintenance/calendars.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { calendar, calendarFields, calendarInput, shownCalendar } from './shapes.ts';

export const changeCalendar = route({
  method: 'PATCH',
  url: '/calendars/:id',
  id: 'changeCalendar',
  tag: 'Calendars',
  summary: 'Change a working calendar',
  description:
    'Fields left out keep their values. The next dates of schedules that follow it follow at once.',
  permission: 'calendars:update',
  params: idParams,
  body: z
    .strictObject(calendarFields)
    .partial()
    .refine((body) => Object.keys(body).length > 0, 'Say at least one field to change'),
  responses: { 200: envelope({ calendar }) },
  example: { params: { id: EXAMPLE.calendar }, body: { working_hours_end: 18 } },
  async handle({ person, params, body, ifMatch }) {
    const changed = await change(person, params.id, calendarInput(body), (version) =>
      assertVersion(ifMatch, version),
    );
    return { version: changed.version, body: { success: true, calendar: shownCalendar(changed) } };
  },
});
