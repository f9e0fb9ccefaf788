/**
 * One step of an escalation: what the alert's record says now goes into the engine, and its new state, its records and the intents of
 * those it tells commit together. A step has a key that no other has: repeated after a kill, it tells nobody twice.
 */
import { dutyOf } from '../../domain/escalation/duty.ts';
import {
  escalate,
  nextStepAt,
  type EscalationInput,
  type EscalationRecord,
  type EscalationState,
} from '../../domain/escalation/escalation.ts';
import { escalationPolicy, planOf } from '../../domain/escalation/policy.ts';
import { lockEscalation, saveEscalation } from '../../store/notifications/escalations.ts';
import { insertDoneEvent, lastWorse } from '../../store/notifications/events.ts';
import { loadAlertSubject, type AlertSubject } from '../../store/notifications/subjects.ts';
import { instant, type NoticeDeps, type Tx } from '../notifications/notice-deps.ts';
import { dutyFacts } from '../notifications/spread.ts';
import { tellPeople } from '../notifications/tell.ts';

export interface EscalationStand {
  /** When the next timer ends, epoch milliseconds; null when none runs: the escalation rests until it is woken. */
  nextAt: number | null;
  phase: EscalationState['phase'];
}

export async function stepEscalation(
  deps: NoticeDeps,
  { tenantId, alertId }: { tenantId: string; alertId: string },
): Promise<EscalationStand> {
  return deps.store.inTenant(tenantId, async (tx) => {
    const row = await lockEscalation(tx, tenantId, alertId);
    const alert = await loadAlertSubject(tx, tenantId, alertId);
    if (row === null || alert === null) return { nextAt: null, phase: null };
    const { covers: _covers, ...document } = row.policy;
    const policy = escalationPolicy.parse(document);
    const plan = planOf(policy);
    const now = deps.now();
    const duty = dutyOf(policy, await dutyFacts(deps, tx, tenantId), now);
    let { state } = row;
    const records: EscalationRecord[] = [];
    for (const input of inputsOf(
      row.startedAt,
      alert,
      await lastWorse(tx, tenantId, `alert/${alertId}`),
      now,
    )) {
      const outcome = escalate(plan, duty, state, input);
      state = outcome.state;
      records.push(...outcome.records);
    }
    const nextAt = nextStepAt(plan, state);
    await saveEscalation(tx, tenantId, alertId, {
      state,
      nextAt: nextAt === null ? null : instant(nextAt),
      records,
      at: instant(now),
    });
    for (const record of records)
      if (record.kind === 'notify') await tellStep(deps, tx, tenantId, alert, record);
    return { nextAt, phase: state.phase };
  });
}

/** What happened to the alert, in its order; what the engine knows already changes nothing. */
export function inputsOf(
  startedAt: Date,
  alert: Pick<AlertSubject, 'acknowledgedAt' | 'resolvedAt'>,
  worseAt: Date | null,
  now: number,
): EscalationInput[] {
  // The alert's own time is its sample's, which may be old; an escalation begins when the alert is known here.
  const begin = startedAt.getTime();
  const raise: EscalationInput = { kind: 'action', at: begin, action: 'raise' };
  const later = (
    [
      [worseAt, 'restart'],
      [alert.acknowledgedAt, 'ack'],
      [alert.resolvedAt, 'resolve'],
    ] as const
  ).flatMap(([at, action]): Extract<EscalationInput, { kind: 'action' }>[] =>
    at === null ? [] : [{ kind: 'action', at: Math.max(begin, Math.min(now, at.getTime())), action }],
  );
  return [raise, ...later.sort((a, b) => a.at - b.at), { kind: 'time', at: now }];
}

async function tellStep(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  alert: AlertSubject,
  { run, round, step, to }: Extract<EscalationRecord, { kind: 'notify' }>,
): Promise<void> {
  const type = run === 1 && round === 1 && step === 0 ? 'alert_raised' : 'alert_escalated';
  const subject = `alert/${alert.id}`;
  const eventId = await insertDoneEvent(tx, tenantId, {
    id: deps.newId(),
    type,
    subject,
    severity: alert.severity,
    key: `escalation/${alert.id}/${String(run)}/${String(round)}/${String(step)}`,
    at: instant(deps.now()),
    outcome: { people: [...to] },
  });
  if (eventId === null) return;
  await tellPeople(deps, tx, tenantId, { eventId, type, subject, severity: alert.severity }, to);
}
