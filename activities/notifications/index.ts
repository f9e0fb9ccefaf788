/** What an escalation asks for: one step, in one transaction of our own store. */
import { stepEscalation, type EscalationStand } from '../../plant/escalation/step.ts';
import type { NoticeDeps } from '../../plant/notifications/notice-deps.ts';
import { quickly } from '../boundary.ts';

export interface NoticeActivities {
  escalationStep(ref: { tenantId: string; alertId: string }): Promise<EscalationStand>;
}

export function createNoticeActivities(deps: NoticeDeps): NoticeActivities {
  return { escalationStep: (ref) => quickly(() => stepEscalation(deps, ref)) };
}
