import { deleteCalendar as remove } from '../../../../plant/maintenance/calendars.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const deleteCalendar = route({
  method: 'DELETE',
  url: '/calendars/:id',
  id: 'deleteCalendar',
  tag: 'Calendars',
  summary: 'Delete a working calendar',
  description: 'Removes the calendar from the plant.',
  permission: 'calendars:delete',
  wakes: false,
  params: idParams,
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.calendar } },
  async handle({ person, params, ifMatch }) {
    await remove(person, params.id, (version) => assertVersion(ifMatch, version));
    return { body: { success: true, message: 'The calendar is deleted.' } };
  },
});
