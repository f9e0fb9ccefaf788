import { z } from 'zod';
import { completeTask as complete } from '../../../../plant/maintenance/tasks.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { money, text } from '../work-orders/shapes.ts';
import { shownTask, task, wholeMinutes } from './shapes.ts';

export const completeTask = route({
  method: 'POST',
  url: '/maintenance/tasks/:id/complete',
  id: 'completeMaintenanceTask',
  tag: 'Maintenance',
  summary: 'Completes a task that was started',
  description:
    "What is left out stays as it was; a duration that nobody gave or recorded is the time since the start. The asset's last maintenance and cost and the schedule's dates follow.",
  permission: 'maintenance:execute',
  params: idParams,
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
