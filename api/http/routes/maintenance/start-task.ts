import { z } from 'zod';
import { startTask as start } from '../../../../plant/maintenance/tasks.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { line } from '../work-orders/shapes.ts';
import { shownTask, task } from './shapes.ts';

export const startTask = route({
  method: 'POST',
  url: '/maintenance/tasks/:id/start',
  id: 'startMaintenanceTask',
  tag: 'Maintenance',
  summary: 'Start a maintenance task',
  description: 'The performer becomes its assignee. Refused unless the task is scheduled or overdue.',
  permission: 'maintenance:execute',
  params: recordParams,
  queryAsBody: true,
  body: z.strictObject({
    performer: line
      .optional()
      .meta({ description: 'The signed-in person when absent; an API key has none.' }),
  }),
  responses: { 200: envelope({ task }) },
  example: { params: { id: EXAMPLE.task }, body: { performer: 'technician_1' } },
  async handle({ person, params, body, ifMatch }) {
    const started = await start(person, params.id, body.performer, (version) =>
      assertVersion(ifMatch, version),
    );
    return {
      version: started.version,
      body: { success: true, task: shownTask(started), message: `Task ${started.number} is started.` },
    };
  },
});
