import { z } from 'zod';
import { scheduleRecurring as generate } from '../../../../plant/maintenance/recurring.ts';
import { route } from '../../frame/route.ts';
import { envelope, uuid } from '../../frame/shapes.ts';

export const scheduleRecurring = route({
  method: 'POST',
  url: '/maintenance/schedule-recurring',
  id: 'scheduleRecurringMaintenance',
  tag: 'Maintenance',
  summary: 'Create the tasks of all schedules that are due',
  description:
    'Creates one task for each asset of a due schedule, planned for the due date; dates missed since then are counted on it. Repeating the call creates nothing for the same date. Schedules that belong to a connected system are left to that system.',
  permission: 'maintenance:create',
  responses: {
    200: envelope({
      new_tasks_count: z.number().int(),
      task_ids: z.array(uuid),
      schedules_served: z.number().int(),
      more: z.boolean().meta({ description: 'More schedules are due than one call serves; call again.' }),
    }),
  },
  example: {},
  async handle({ person }) {
    const { taskIds, schedulesServed, more } = await generate(person);
    return {
      body: {
        success: true,
        new_tasks_count: taskIds.length,
        task_ids: taskIds,
        schedules_served: schedulesServed,
        more,
        message: `${String(taskIds.length)} tasks are planned.`,
      },
    };
  },
});
