/** Figures over maintenance tasks. One cohort for all of them: the tasks whose planned start lies within the bounds. */
import { taskFigures } from '../../store/maintenance/maintenance.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { rounded } from '../work-orders/fields.ts';

export interface MaintenanceStatistics {
  totalTasks: number;
  scheduledTasks: number;
  inProgressTasks: number;
  onHoldTasks: number;
  completedTasks: number;
  cancelledTasks: number;
  overdueTasks: number;
  /** Percent. */
  completionRate: number;
  totalCost: number;
  totalDurationHours: number;
  /** Over the completed tasks that have a cost. */
  averageCostPerTask: number;
  /** Minutes, over the completed tasks that have a duration. */
  averageDurationPerTask: number;
}

export async function maintenanceStatistics(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  range: { from?: string | undefined; to?: string | undefined },
): Promise<MaintenanceStatistics> {
  const f = await deps.store.inTenant(deps.tenantId, (tx) =>
    taskFigures(tx, deps.tenantId, { ...range, now: instantOf(deps) }),
  );
  return {
    totalTasks: f.total,
    scheduledTasks: f.scheduled,
    inProgressTasks: f.inProgress,
    onHoldTasks: f.onHold,
    completedTasks: f.completed,
    cancelledTasks: f.cancelled,
    overdueTasks: f.overdue,
    completionRate: share(f.completed * 100, f.total),
    totalCost: rounded(f.totalCost),
    totalDurationHours: rounded(f.totalMinutes / 60),
    averageCostPerTask: share(f.totalCost, f.withCost),
    averageDurationPerTask: share(f.totalMinutes, f.withMinutes),
  };
}

function share(sum: number, of: number): number {
  return of === 0 ? 0 : rounded(sum / of);
}
