/** What a message says: the state of its subject now, its text by template, how it is answered. */
import type { JsonObject } from '../../domain/json.ts';
import { factsOfEvent } from '../../store/notifications/events.ts';
import { changeIntents, staleMessages, type IntentRow } from '../../store/notifications/intents.ts';
import { loadAlertSubject, loadOrderSubject } from '../../store/notifications/subjects.ts';
import { instant, partsOf, type NoticeDeps, type NoticeMessage, type Tx } from './notice-deps.ts';

export interface Described {
  /** Nothing is left to do about it; null when it never is over. */
  over: boolean | null;
  /** As a message shows it: open, acknowledged, resolved. */
  state: string;
  fields: JsonObject;
}

/** The subject of an intent as it is now; what is gone is over. */
export async function describe(
  tx: Tx,
  tenantId: string,
  { subject, type, eventId }: Pick<IntentRow, 'subject' | 'type' | 'eventId'>,
): Promise<Described> {
  const { kind, id } = partsOf(subject);
  if (kind === 'alert') {
    const alert = await loadAlertSubject(tx, tenantId, id);
    if (alert === null) return { over: true, state: 'gone', fields: {} };
    const state =
      alert.resolvedAt !== null ? 'resolved' : alert.acknowledgedAt !== null ? 'acknowledged' : 'open';
    return {
      over: type === 'alert_resolved' ? null : state !== 'open',
      state,
      fields: {
        alert_id: alert.id,
        alert_type: alert.alertType,
        asset: alert.asset,
        asset_name: alert.assetName ?? alert.asset,
        message: alert.message,
        severity: alert.severity,
        since: alert.at.toISOString(),
        by: alert.acknowledgedBy ?? '',
        state,
      },
    };
  }
  if (kind === 'work_order') {
    const order = await loadOrderSubject(tx, tenantId, id);
    if (order === null) return { over: true, state: 'gone', fields: {} };
    const done = order.status === 'completed' || order.status === 'cancelled';
    return {
      over: type === 'work_order_completed' ? null : done,
      state: order.status ?? '',
      fields: { number: order.number, title: order.title, status: order.status ?? '', due: order.due ?? '' },
    };
  }
  return { over: null, state: '', fields: await factsOfEvent(tx, eventId) };
}

const LABEL = 'Acknowledge';

/** One message for one intent, or for those of a digest. */
export async function writeMessage(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  intents: readonly IntentRow[],
  over: boolean,
): Promise<{ message: NoticeMessage; shown: string }> {
  const [first, ...more] = intents as [IntentRow, ...IntentRow[]];
  const described = await describe(tx, tenantId, first);
  const one = deps.render(first.type, described.fields);
  const others = [];
  for (const intent of more)
    others.push(deps.render(intent.type, (await describe(tx, tenantId, intent)).fields).title);
  const isAlert = first.type === 'alert_raised' || first.type === 'alert_escalated';
  const token = isAlert && described.state === 'open' && !over ? deps.tokenOf(tenantId, first.id) : null;
  const title = over ? `Over: ${one.title}` : titleOf(one.title, described.state, isAlert);
  return {
    shown: described.state,
    message: {
      reference: first.id,
      title: others.length === 0 ? title : `${title} (and ${String(others.length)} more)`,
      text: [one.text, ...others].join('\n'),
      language: 'en',
      severity: first.severity,
      link: token === null ? null : deps.linkOf(token),
      actions:
        token === null ? [] : [{ kind: 'acknowledge', label: LABEL, token, replyCode: first.replyCode }],
      data: { event: first.type, subject: first.subject, ...described.fields },
    },
  };
}

function titleOf(title: string, state: string, isAlert: boolean): string {
  if (!isAlert || state === 'open') return title;
  return `${state === 'resolved' ? 'Resolved' : 'Acknowledged'}: ${title}`;
}

/** Messages that can be changed show their alert as it is now. */
export async function refreshMessages(deps: NoticeDeps, tenantId: string): Promise<void> {
  const jobs = await deps.store.inTenant(tenantId, async (tx) => {
    const written = [];
    for (const intent of await staleMessages(tx, tenantId, instant(deps.now())))
      written.push({ intent, ...(await writeMessage(deps, tx, tenantId, [intent], false)) });
    return written;
  });
  for (const { intent, message, shown } of jobs) {
    const sent = { to: intent.address, providerId: intent.providerId ?? '' };
    const delivery = await deps.update(tenantId, intent.channel, sent, message);
    // One that cannot be changed any more stays as it is; it is not asked for again.
    if (delivery.kind !== 'later')
      await deps.store.inTenant(tenantId, (tx) =>
        changeIntents(tx, [intent.id], { state: intent.state, shown }),
      );
  }
}
