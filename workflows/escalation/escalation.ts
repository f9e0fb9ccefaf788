/**
 * The escalation workflow: one an alert that needs it. It holds no state of the escalation: each step reads and writes that in one
 * transaction. What it adds is that a step comes when it is due, whatever dies in between, and at once when the alert changes.
 */
import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { NoticeActivities } from '../../activities/notifications/index.ts';
import { nextEscalationAction } from './decide.ts';
import { lookAtAlertSignal, type EscalationRef } from './messages.ts';

const { escalationStep } = proxyActivities<NoticeActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

export async function escalationWorkflow(ref: EscalationRef): Promise<void> {
  let woken = true;
  let nextAt: number | null = null;
  let steps = 0;
  setHandler(lookAtAlertSignal, () => {
    woken = true;
  });
  for (;;) {
    const { continueAsNewSuggested } = workflowInfo();
    const action = nextEscalationAction({ now: Date.now(), nextAt, woken, steps, continueAsNewSuggested });
    switch (action.do) {
      case 'end':
        return;
      case 'continue_as_new':
        await continueAsNew<typeof escalationWorkflow>(ref);
        return;
      case 'wait':
        await condition(() => woken, action.forMs);
        woken = true;
        break;
      case 'step':
        woken = false;
        steps += 1;
        ({ nextAt } = await escalationStep(ref));
        break;
    }
  }
}
