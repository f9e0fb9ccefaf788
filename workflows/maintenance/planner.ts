/**
 * The planner of a tenant: makes the work of maintenance plans when it is due. It sleeps until the next date, and looks at once
 * when it is told of a change. It knows no dates itself: they are computed in the activity, and the ledger there makes sure that a
 * tick that is repeated makes nothing twice.
 */
import {
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { MaintenanceActivities } from '../../activities/maintenance/index.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { nextPlannerAction, type PlannerState } from './decide.ts';
import { planChangedSignal, type PlannerInput } from './messages.ts';

/** Repeated for as long as it takes: an outage of the database ends none of the plans. */
const { planTick } = proxyActivities<MaintenanceActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: LIMITS.heartbeatTimeoutMs,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  priority: { priorityKey: 3 },
});

export async function plannerWorkflow(input: PlannerInput): Promise<void> {
  const state: PlannerState = { ticks: 0, changed: false, last: null };
  setHandler(planChangedSignal, () => {
    state.changed = true;
  });
  for (;;) {
    const action = nextPlannerAction(state, Date.now(), workflowInfo().continueAsNewSuggested);
    if (action.do === 'continue_as_new') break;
    if (action.do === 'sleep') {
      const woken = await condition(() => state.changed, action.forMs);
      if (!woken) state.last = null;
      continue;
    }
    state.changed = false;
    state.ticks += 1;
    state.last = await tick(input);
  }
  await continueAsNew<typeof plannerWorkflow>(input);
}

/** A fault of our own is logged by the activity; the planner lives on and looks again after its longest sleep. */
async function tick({ tenantId }: PlannerInput): Promise<PlannerState['last']> {
  try {
    return await planTick({ tenantId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { tasks: 0, missed: 0, failed: 1, more: false, nextAt: null };
  }
}
