/** Names and types of everything one can say to an escalation. Senders and workflow import this one file. */
import { defineSignal } from '@temporalio/workflow';

export const ESCALATION_WORKFLOW = 'escalationWorkflow';

/** One an alert, so the id keeps two of them from running. */
export function escalationWorkflowId(alertId: string): string {
  return `escalation/${alertId}`;
}

export interface EscalationRef {
  tenantId: string;
  alertId: string;
}

/** The alert says something else: worse, acknowledged, resolved. */
export const lookAtAlertSignal = defineSignal('look');
