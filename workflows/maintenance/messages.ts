/** Names and types of everything one can say to a planner workflow. Senders and workflow import this one file. */
import { defineSignal } from '@temporalio/workflow';

export const PLANNER_WORKFLOW = 'plannerWorkflow';

/** One planner a tenant: the id keeps a second one away. */
export function plannerWorkflowId(tenantId: string): string {
  return `planner/${tenantId}`;
}

export interface PlannerInput {
  tenantId: string;
}

/** A plan, its calendar, or work of it changed: the time to wait until may be another one. */
export const planChangedSignal = defineSignal('planChanged');
