/** What people and providers answer to a message: an acknowledgement from wherever it comes, and what became of a message afterwards. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Channel } from '../../domain/notifications/notice.ts';
import {
  addEvidence,
  changeIntents,
  findByProviderId,
  findByReplyCode,
  loadIntent,
  type IntentRow,
} from '../../store/notifications/intents.ts';
import { loadAlertSubject, loadNoticePeople } from '../../store/notifications/subjects.ts';
import { acknowledgeAssetAlert } from '../assets/alerts.ts';
import type { PersonDeps } from '../person.ts';
import { TRIES_MAX } from './deliver.ts';
import { partsOf } from './notice-deps.ts';

/** What the answered message was about. */
export interface Answered {
  title: string;
  state: 'open' | 'acknowledged' | 'resolved';
}

type AnswerDeps = Omit<PersonDeps, 'actor'>;

/** Shows what would be acknowledged, and changes nothing: mail programs open links by themselves. */
export async function lookAtIntent(deps: AnswerDeps, intentId: string): Promise<Answered> {
  const { alert } = await loadAsked(deps, intentId);
  return answeredOf(alert);
}

/** Whoever was sent the message acknowledges its alert; a second time changes nothing. */
export async function acknowledgeIntent(deps: AnswerDeps, intentId: string, via: Channel): Promise<Answered> {
  const { intent, alert, person } = await loadAsked(deps, intentId);
  if (alert.resolvedAt === null)
    await acknowledgeAssetAlert({ ...deps, actor: `${via}:${person}` }, alert.hubId, alert.id, person);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await addEvidence(tx, deps.tenantId, [intent.id], {
      what: 'acknowledged',
      detail: { via },
      at: new Date(deps.now()).toISOString(),
    });
    const after = await loadAlertSubject(tx, deps.tenantId, alert.id);
    return answeredOf(after ?? alert);
  });
}

/** A reply such as `ACK 4821`; null when it names no message that this number was sent. */
export async function acknowledgeReply(
  deps: AnswerDeps,
  reply: { from: string; text: string },
): Promise<Answered | null> {
  const [, code] = /^\s*ack\w*\s+(\d{4})\b/i.exec(reply.text) ?? [];
  if (code === undefined) return null;
  const intent = await deps.store.inTenant(deps.tenantId, (tx) =>
    findByReplyCode(tx, deps.tenantId, { address: reply.from, code }),
  );
  return intent === null ? null : acknowledgeIntent(deps, intent.id, 'sms');
}

/** A provider's word about a message it took: delivered, or not after all. Unknown messages are somebody else's. */
export async function recordCallback(
  deps: AnswerDeps,
  channel: Channel,
  said: { providerId: string; status: 'delivered' | 'failed' | 'other'; detail: JsonObject },
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const intent = await findByProviderId(tx, deps.tenantId, channel, said.providerId);
    if (intent === null) return;
    const at = new Date(deps.now()).toISOString();
    await addEvidence(tx, deps.tenantId, [intent.id], {
      what: `provider_${said.status}`,
      detail: said.detail,
      at,
    });
    if (said.status === 'delivered')
      await changeIntents(tx, [intent.id], { state: 'delivered', settled: true });
    // Bounced: the next channel is tried at once.
    if (said.status === 'failed' && intent.state === 'accepted')
      await changeIntents(tx, [intent.id], { state: 'waiting', attempts: TRIES_MAX, dueAt: at });
  });
}

async function loadAsked(deps: AnswerDeps, intentId: string) {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const intent: IntentRow | null = await loadIntent(tx, deps.tenantId, intentId);
    const subject = intent === null ? null : partsOf(intent.subject);
    const alert = subject?.kind === 'alert' ? await loadAlertSubject(tx, deps.tenantId, subject.id) : null;
    if (intent === null || alert === null)
      throw new Failure('not_found', 'There is no alert to acknowledge here.');
    const [person] = await loadNoticePeople(tx, deps.tenantId, [intent.personId]);
    return { intent, alert, person: person?.name ?? intent.personId };
  });
}

function answeredOf(alert: {
  asset: string;
  message: string;
  acknowledgedAt: Date | null;
  resolvedAt: Date | null;
}): Answered {
  return {
    title: `${alert.asset}: ${alert.message}`,
    state: alert.resolvedAt !== null ? 'resolved' : alert.acknowledgedAt !== null ? 'acknowledged' : 'open',
  };
}
