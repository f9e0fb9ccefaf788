import { z } from 'zod';
import { maintenanceStatistics } from '../../../../plant/maintenance/statistics.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { inOrder, OUT_OF_ORDER, rangeQuery } from './shapes.ts';

const count = z.number().int();

export const getMaintenanceStatistics = route({
  method: 'GET',
  url: '/maintenance/statistics',
  id: 'getMaintenanceStatistics',
  tag: 'Maintenance',
  summary: 'Get maintenance statistics',
  description:
    'All figures are about the same tasks: those whose planned start lies between the dates, both inclusive.',
  permission: 'maintenance:read',
  query: z.strictObject(rangeQuery).refine(inOrder, OUT_OF_ORDER),
  responses: {
    200: envelope({
      statistics: z.object({
        total_tasks: count,
        scheduled_tasks: count,
        in_progress_tasks: count,
        on_hold_tasks: count,
        completed_tasks: count,
        cancelled_tasks: count,
        overdue_tasks: count,
        completion_rate: z.number().meta({ description: 'Percent of total_tasks; 0 without tasks.' }),
        total_cost: z.number().meta({ description: 'Of the completed tasks.' }),
        total_duration_hours: z.number().meta({ description: 'Hours, of the completed tasks.' }),
        average_cost_per_task: z.number().meta({ description: 'Over completed tasks that have a cost.' }),
        average_duration_per_task: z
          .number()
          .meta({ description: 'Minutes, over completed tasks that have a duration.' }),
      }),
    }),
  },
  example: { query: { start_date: '2026-01-01', end_date: '2026-12-31T23:59:59Z' } },
  async handle({ person, query }) {
    const s = await maintenanceStatistics(person, { from: query.start_date, to: query.end_date });
    return {
      body: {
        success: true,
        statistics: {
          total_tasks: s.totalTasks,
          scheduled_tasks: s.scheduledTasks,
          in_progress_tasks: s.inProgressTasks,
          on_hold_tasks: s.onHoldTasks,
          completed_tasks: s.completedTasks,
          cancelled_tasks: s.cancelledTasks,
          overdue_tasks: s.overdueTasks,
          completion_rate: s.completionRate,
          total_cost: s.totalCost,
          total_duration_hours: s.totalDurationHours,
          average_cost_per_task: s.averageCostPerTask,
          average_duration_per_task: s.averageDurationPerTask,
        },
      },
    };
  },
});
