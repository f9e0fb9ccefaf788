/** What follows from an event: who is told, whether an escalation begins, what is taken back. */
import { compareSeverity } from '../../domain/alarms/severity.ts';
import { reachedBy } from '../../domain/escalation/duty.ts';
import { NOT_ESCALATED } from '../../domain/escalation/escalation.ts';
import { onCallSchedule, type OnCallSchedule } from '../../domain/escalation/on-call.ts';
import type { EscalationTarget } from '../../domain/escalation/policy.ts';
import type { JsonObject } from '../../domain/json.ts';
import { NOTICE_TYPES, type NoticeType } from '../../domain/notifications/notice.ts';
import { listDocuments, type NoticeDocument } from '../../store/notifications/documents.ts';
import { insertEscalation, isEscalated } from '../../store/notifications/escalations.ts';
import { claimEvent, finishEvent, type NoticeEvent } from '../../store/notifications/events.ts';
import { cancelIntents, peopleTold } from '../../store/notifications/intents.ts';
import { loadAlertSubject, loadOrderSubject, type AlertSubject } from '../../store/notifications/subjects.ts';
import { covers, knownTeams } from './documents.ts';
import { instant, partsOf, type NoticeDeps, type Tx } from './notice-deps.ts';
import { ruleOf, tellPeople } from './tell.ts';

/** Whoever takes an event has this long; then another one may. */
const LEASE_MS = 30_000;
/** Teams that are told when a plant says nothing else. */
const SHIPPED_AUDIENCE: Readonly<Record<string, readonly EscalationTarget[]>> = {
  alert: [{ team: 'alerts' }],
  connection: [{ team: 'operations' }],
};

/** Takes the oldest event and carries it on; false when there is none. */
export async function spreadNext(deps: NoticeDeps, tenantId: string): Promise<boolean> {
  const now = deps.now();
  const event = await deps.store.inTenant(tenantId, (tx) =>
    claimEvent(tx, tenantId, { now: instant(now), leaseUntil: instant(now + LEASE_MS) }),
  );
  if (event === null) return false;
  const alertId = partsOf(event.subject).kind === 'alert' ? partsOf(event.subject).id : null;
  // The workflow is woken before the event is done: after a crash between the two it is woken once more, which changes nothing.
  if (
    alertId !== null &&
    (await deps.store.inTenant(tenantId, (tx) => escalates(deps, tx, tenantId, event, alertId)))
  )
    await deps.escalate(tenantId, alertId);
  await deps.store.inTenant(tenantId, async (tx) => {
    if (await finishEvent(tx, event.id, {})) await carryOn(deps, tx, tenantId, event);
  });
  return true;
}

async function carryOn(deps: NoticeDeps, tx: Tx, tenantId: string, event: NoticeEvent): Promise<void> {
  if (event.type === 'alert_acknowledged' || event.type === 'alert_resolved')
    await cancelIntents(tx, tenantId, event.subject, event.type);
  const people = await audienceOf(deps, tx, tenantId, event);
  const type = NOTICE_TYPES.find(
    (one) => one === (event.type === 'alert_worse' ? 'alert_raised' : event.type),
  );
  if (type === undefined || people.length === 0) return;
  const { id: eventId, subject, severity } = event;
  await tellPeople(deps, tx, tenantId, { eventId, type, subject, severity }, people);
}

/** Whether the alert has an escalation, begun here when a policy is for it. */
async function escalates(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  event: NoticeEvent,
  alertId: string,
): Promise<boolean> {
  if (await isEscalated(tx, tenantId, alertId)) return true;
  if (event.type !== 'alert_raised' && event.type !== 'alert_worse') return false;
  const alert = await loadAlertSubject(tx, tenantId, alertId);
  if (alert === null || alert.resolvedAt !== null || alert.acknowledgedAt !== null) return false;
  const policy = choosePolicy(await listDocuments(tx, tenantId, 'escalation_policy'), alert);
  if (policy === null) return false;
  await insertEscalation(tx, tenantId, { alertId, policy, state: NOT_ESCALATED, at: instant(deps.now()) });
  return true;
}

/** The policy that is for an alert: one for its type before one for all, then the one for the most severe, then by name. */
export function choosePolicy(
  policies: readonly Pick<NoticeDocument, 'name' | 'document'>[],
  alert: Pick<AlertSubject, 'alertType' | 'severity'>,
): JsonObject | null {
  const [best] = policies
    .map(({ name, document }) => ({ name, document, range: covers.parse(document['covers'] ?? {}) }))
    .filter(
      ({ range }) =>
        compareSeverity(alert.severity, range.from) >= 0 &&
        (range.alertTypes.length === 0 || range.alertTypes.includes(alert.alertType)),
    )
    .sort(
      (a, b) =>
        Math.sign(b.range.alertTypes.length) - Math.sign(a.range.alertTypes.length) ||
        compareSeverity(b.range.from, a.range.from) ||
        (a.name < b.name ? -1 : 1),
    );
  return best?.document ?? null;
}

async function audienceOf(deps: NoticeDeps, tx: Tx, tenantId: string, event: NoticeEvent): Promise<string[]> {
  const { kind, id } = partsOf(event.subject);
  if (event.type === 'alert_acknowledged') return [];
  if (event.type === 'alert_resolved') return peopleTold(tx, tenantId, event.subject);
  // Whom an escalated alert reaches is said by the steps of its policy.
  if (kind === 'alert' && (await isEscalated(tx, tenantId, id))) return [];
  if (kind === 'work_order') {
    const order = await loadOrderSubject(tx, tenantId, id);
    return order?.assignee == null ? [] : [order.assignee];
  }
  const type = (event.type === 'alert_worse' ? 'alert_raised' : event.type) as NoticeType;
  const { audience } = await ruleOf(tx, tenantId, type);
  const targets = audience ?? SHIPPED_AUDIENCE[kind] ?? [];
  return reachedBy(targets, await dutyFacts(deps, tx, tenantId), deps.now()).people;
}

/** Teams and schedules as they are now. */
export async function dutyFacts(deps: Pick<NoticeDeps, 'zones'>, tx: Tx, tenantId: string) {
  return {
    zones: deps.zones,
    teams: await knownTeams(tx, tenantId),
    onCallSchedules: await knownSchedules(tx, tenantId),
  };
}

export async function knownSchedules(tx: Tx, tenantId: string): Promise<Map<string, OnCallSchedule>> {
  const rows = await listDocuments(tx, tenantId, 'on_call_schedule');
  return new Map(rows.map(({ name, document }) => [name, onCallSchedule.parse(document)]));
}
