/** The planner of maintenance as the program runs it: what its activities are given, and how it is woken. */
import type { Client } from '@temporalio/client';
import type { MaintenanceDeps } from '../activities/maintenance/index.ts';
import type { SyncDeps } from '../activities/sync/context.ts';
import { Failure } from '../domain/kernel/failure.ts';
import {
  PLANNER_WORKFLOW,
  planChangedSignal,
  plannerWorkflowId,
  type PlannerInput,
} from '../workflows/maintenance/messages.ts';
import { SYNC_TASK_QUEUE } from '../workflows/sync/messages.ts';
import { personDeps } from './person-deps.ts';

/** Who made the planner's entries in the audit log. */
const ACTOR = 'planner';

export function maintenanceDeps({ sync }: { sync: SyncDeps }): MaintenanceDeps {
  return {
    person: (tenantId) => ({ ...personDeps(sync, tenantId), actor: ACTOR }),
    // No connection made the change, so none is left out.
    wake: (tenantId) => sync.pokeOthers(tenantId, ''),
  };
}

/** Starts it where it does not run yet. */
export async function wakePlanner({ temporal }: { temporal: Client }, tenantId: string): Promise<void> {
  const input: PlannerInput = { tenantId };
  try {
    await temporal.workflow.signalWithStart(PLANNER_WORKFLOW, {
      workflowId: plannerWorkflowId(tenantId),
      taskQueue: SYNC_TASK_QUEUE,
      args: [input],
      signal: planChangedSignal,
      // Tenants share workers fairly, however many plans each has.
      priority: { priorityKey: 3, fairnessKey: tenantId },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('unavailable', `Temporal did not wake the planner (${message}).`, { cause });
  }
}
