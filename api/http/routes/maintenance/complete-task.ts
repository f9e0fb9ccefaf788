import { z } from 'zod';
import { completeTask as complete } from '../../../../plant/maintenance/tasks.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams } from '../../frame/shapes.ts';
import { money, text } from '../work-orders/shapes.ts';
import { shownTask, task, wholeMinutes } from './shapes.ts';

export const completeTask = route({
  method: 'POST',
  url: '/maintenance/tasks/:id/complete',
  id: 'completeMaintenanceTask',
  tag: 'Maintenance',
  summary: 'Complete a maintenance task',
  description:
    'Refused unless the task was started. Fields left out keep their values; a duration that was neither given nor recorded is the time since the start. The last maintenance and cost of the asset and the dates of the schedule are updated.',
  permission: 'maintenance:execute',
  params: recordParams,
  queryAsBody: true,
  body: z.strictObject({
    actual_duration: wholeMinutes.nullish(),
    actual_cost: money.nullish(),
    notes: text.nullish(),
    findings: text.nullish(),
    recommendations: text.nullish(),
  }),
  responses: { 200: envelope({ task }) },
  example: {
    params: { id: EXAMPLE.startedTask },
    body: { actual_duration: 110, actual_cost: 180, findings: 'One hose is worn.' },
  },
  async handle({ person, params, body, ifMatch }) {
    const done = await complete(
      person,
      params.id,
      {
        actualDuration: body.actual_duration,
        actualCost: body.actual_cost,
        notes: body.notes,
        findings: body.findings,
        recommendations: body.recommendations,
      },
      (version) => assertVersion(ifMatch, version),
    );
    return {
      version: done.version,
      body: { success: true, task: shownTask(done), message: `Task ${done.number} is completed.` },
    };
  },
});
