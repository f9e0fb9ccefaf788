import { deleteSchedule as remove } from '../../../../plant/maintenance/schedules.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';

export const deleteSchedule = route({
  method: 'DELETE',
  url: '/maintenance/schedules/:id',
  id: 'deleteMaintenanceSchedule',
  tag: 'Maintenance',
  summary: 'Delete a maintenance schedule',
  description: 'Refused while it has open tasks: complete or cancel them first, or set is_active to false.',
  permission: 'maintenance:delete',
  params: recordParams,
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.unusedSchedule } },
  async handle({ person, params, ifMatch }) {
    await remove(person, params.id, (version) => assertVersion(ifMatch, version));
    return { body: { success: true, message: 'The maintenance schedule is deleted.' } };
  },
});
