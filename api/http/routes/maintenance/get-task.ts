import { readTask } from '../../../../plant/maintenance/tasks.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { shownTask, task } from './shapes.ts';

export const getTask = route({
  method: 'GET',
  url: '/maintenance/tasks/:id',
  id: 'getMaintenanceTask',
  tag: 'Maintenance',
  summary: 'Get a maintenance task',
  description: 'A work order without a schedule is not a task and is not found here.',
  permission: 'maintenance:read',
  params: recordParams,
  responses: { 200: envelope({ task }) },
  example: { params: { id: EXAMPLE.task } },
  async handle({ person, params }) {
    const found = await readTask(person, params.id);
    return { version: found.version, body: { success: true, task: shownTask(found) } };
  },
});
