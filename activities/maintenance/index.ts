/** The activities of the planner as Temporal sees them: a tenant in, counts out. Dates are computed here, never in workflow code. */
import { log } from '@temporalio/activity';
import { nextServing, scheduleRecurring } from '../../plant/maintenance/recurring.ts';
import type { PersonDeps } from '../../plant/person.ts';
import { withHeartbeat } from '../boundary.ts';
import type { TickResult } from './tick.ts';

export interface MaintenanceDeps {
  /** The operations' dependencies in a tenant, with the planner as the actor. */
  person: (tenantId: string) => PersonDeps;
  /** Tells the connections of a tenant that the hub changed. */
  wake: (tenantId: string) => Promise<void>;
}

export type MaintenanceActivities = ReturnType<typeof createMaintenanceActivities>;

export function createMaintenanceActivities({ person, wake }: MaintenanceDeps) {
  return {
    /** Serves the plans that are due. A repeat makes nothing twice: each plan is one transaction, and its ledger knows. */
    planTick: ({ tenantId }: { tenantId: string }): Promise<TickResult> =>
      withHeartbeat(async ({ number, beat }) => {
        const deps = person(tenantId);
        const { taskIds, missed, failed, more } = await scheduleRecurring(deps, beat);
        const result = { tasks: taskIds.length, missed, failed: failed.length, more };
        if (result.tasks + missed > 0) log.info('maintenance planned', { detail: { tenantId, ...result } });
        if (failed.length > 0)
          log.warn('schedules could not be served', { detail: { tenantId, failed: failed.slice(0, 20) } });
        // A try that was killed after its commits told nobody, so the next one does.
        if (result.tasks > 0 || number > 1) await wake(tenantId);
        return { ...result, nextAt: await nextServing(deps) };
      }),
  };
}
