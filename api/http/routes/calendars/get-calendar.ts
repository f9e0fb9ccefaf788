import { readCalendar } from '../../../../plant/maintenance/calendars.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { calendar, shownCalendar } from './shapes.ts';

export const getCalendar = route({
  method: 'GET',
  url: '/calendars/:id',
  id: 'getCalendar',
  tag: 'Calendars',
  summary: 'Get a working calendar',
  description: 'Shows one calendar by its id.',
  permission: 'calendars:read',
  params: idParams,
  responses: { 200: envelope({ calendar }) },
  example: { params: { id: EXAMPLE.calendar } },
  async handle({ person, params }) {
    const found = await readCalendar(person, params.id);
    return { version: found.version, body: { success: true, calendar: shownCalendar(found) } };
  },
});
