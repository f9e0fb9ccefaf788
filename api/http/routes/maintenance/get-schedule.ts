import { readSchedule } from '../../../../plant/maintenance/schedules.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { schedule, shownSchedule } from './shapes.ts';

export const getSchedule = route({
  method: 'GET',
  url: '/maintenance/schedules/:id',
  id: 'getMaintenanceSchedule',
  tag: 'Maintenance',
  summary: 'Get a maintenance schedule',
  description: 'Includes the date it was last carried out and the next date it is due.',
  permission: 'maintenance:read',
  params: recordParams,
  responses: { 200: envelope({ schedule }) },
  example: { params: { id: EXAMPLE.schedule } },
  async handle({ person, params }) {
    const found = await readSchedule(person, params.id);
    return { version: found.version, body: { success: true, schedule: shownSchedule(found) } };
  },
});
