/**
 * Delivery of intents: one is taken under a lease and decided by what holds now, sent, and what the provider said is recorded. A sender
 * that dies leaves a lease that ends; the message is then sent again under the same reference, and the evidence says so.
 */
import { closeDigest } from '../../domain/notifications/digest.ts';
import { decideDelivery } from '../../domain/notifications/delivery.ts';
import type { NoticeType } from '../../domain/notifications/notice.ts';
import type { ThrottlePolicy } from '../../domain/notifications/throttle.ts';
import {
  addEvidence,
  changeIntents,
  lockDueIntent,
  lockFallbacks,
  lockIntents,
  setFallback,
  type IntentRow,
} from '../../store/notifications/intents.ts';
import { loadNoticePeople } from '../../store/notifications/subjects.ts';
import {
  closeBreaker,
  countChannelFailure,
  loadBreakers,
  lockClosingDigest,
  lockDigest,
  saveDigest,
} from '../../store/notifications/windows.ts';
import { instant, partsOf, type NoticeDelivery, type NoticeDeps, type Tx } from './notice-deps.ts';
import { describe, writeMessage } from './message.ts';
import { preferencesOf, ruleOf, tellByNextChannel } from './tell.ts';

/** Longer than a send may take. */
const LEASE_MS = 60_000;
/** Tries of one message at one channel, over about half an hour. */
export const TRIES_MAX = 8;
const FIRST_PAUSE_MS = 5_000;
/** Failures in a row that open a channel's breaker, and for how long. */
const BREAKER_FAILURES = 5;
const BREAKER_OPEN_MS = 60_000;
/** Messages a person gets by a channel in an hour, the urgent ones beside. */
const THROTTLE: ThrottlePolicy = { max: 30, windowMs: 3_600_000 };

interface Job {
  intents: IntentRow[];
  over: boolean;
}

/** Takes one due intent as far as it goes now; false when none is due. */
export async function deliverNext(deps: NoticeDeps, tenantId: string): Promise<boolean> {
  const taken = await deps.store.inTenant(tenantId, (tx) => takeNext(deps, tx, tenantId));
  if (taken === null) return false;
  if (taken !== 'settled') await send(deps, tenantId, taken);
  return true;
}

async function takeNext(deps: NoticeDeps, tx: Tx, tenantId: string): Promise<Job | 'settled' | null> {
  const now = deps.now();
  const intent = await lockDueIntent(tx, tenantId, instant(now));
  if (intent === null) return null;
  if (intent.attempts >= TRIES_MAX) {
    await fail(deps, tx, tenantId, [intent], 'tried too often');
    return 'settled';
  }
  const open =
    (await loadBreakers(tx, tenantId)).find(({ channel }) => channel === intent.channel)?.openUntil ?? null;
  if (open !== null && open.getTime() > now) {
    if ((await tellByNextChannel(deps, tx, tenantId, noticeOf(intent))) === null)
      await changeIntents(tx, [intent.id], {
        state: 'waiting',
        dueAt: open.toISOString(),
        reason: 'the channel fails',
      });
    else
      await changeIntents(tx, [intent.id], { state: 'failed', reason: 'the channel fails', settled: true });
    return 'settled';
  }
  // After a crash it is not decided again: it was on its way.
  if (intent.state === 'sending') return begin(deps, tx, tenantId, [intent], false);
  return decide(deps, tx, tenantId, intent);
}

async function decide(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  intent: IntentRow,
): Promise<Job | 'settled'> {
  const now = deps.now();
  const [person] = await loadNoticePeople(tx, tenantId, [intent.personId]);
  const preferences = preferencesOf(person);
  const { policy } = await ruleOf(tx, tenantId, intent.type as NoticeType);
  const key = digestKey(intent);
  const { window: known, sentAt } = await lockDigest(tx, tenantId, key);
  // One whose time is over and that holds nothing is none any more.
  const window = known !== null && known.closesAt <= now && known.collected.length === 0 ? null : known;
  const { over } = await describe(tx, tenantId, intent);
  const decision = decideDelivery({
    now,
    createdAt: intent.createdAt.getTime(),
    severity: intent.severity,
    policy,
    preferences,
    zone: deps.zones.zone(preferences.zone),
    over,
    wasDeferred: intent.deferred,
    intent: intent.id,
    digest: window,
    throttle: { state: { sentAt }, policy: THROTTLE },
  });
  switch (decision.kind) {
    case 'send':
      await saveDigest(tx, tenantId, key, {
        window: decision.digest,
        sentAt: decision.throttle?.sentAt ?? sentAt,
      });
      return begin(deps, tx, tenantId, [intent], false);
    case 'summary':
      return begin(deps, tx, tenantId, [intent], true);
    case 'collect':
      await saveDigest(tx, tenantId, key, { window: decision.digest, sentAt });
      await changeIntents(tx, [intent.id], { state: 'collected', settled: true });
      return 'settled';
    case 'wait':
      await changeIntents(tx, [intent.id], {
        state: 'waiting',
        dueAt: instant(decision.until),
        deferred: decision.reason === 'quiet_hours',
        reason: decision.reason,
        settled: true,
      });
      return 'settled';
    case 'drop':
      await changeIntents(tx, [intent.id], { state: 'dropped', reason: decision.reason, settled: true });
      return 'settled';
  }
}

/** A digest whose time is over goes out as one message; false when none is. */
export async function closeNextDigest(deps: NoticeDeps, tenantId: string): Promise<boolean> {
  const taken = await deps.store.inTenant(tenantId, async (tx): Promise<Job | 'settled' | null> => {
    const now = deps.now();
    const found = await lockClosingDigest(tx, tenantId, instant(now));
    if (found === null) return null;
    const intents = (await lockIntents(tx, found.window.collected)).filter(
      ({ state }) => state === 'collected',
    );
    const { policy } = await ruleOf(tx, tenantId, (intents[0]?.type ?? 'alert_raised') as NoticeType);
    const closed = closeDigest(found.window, { at: now, windowMs: policy.digestS * 1_000 });
    await saveDigest(tx, tenantId, found.key, {
      window: intents.length === 0 ? null : closed.window,
      sentAt: found.sentAt,
    });
    return intents.length === 0 ? 'settled' : begin(deps, tx, tenantId, intents, false);
  });
  if (taken === null) return false;
  if (taken !== 'settled') await send(deps, tenantId, taken);
  return true;
}

/** Intents that no provider took in their time go to the next channel. */
export async function fallBack(deps: NoticeDeps, tenantId: string): Promise<void> {
  await deps.store.inTenant(tenantId, async (tx) => {
    for (const intent of await lockFallbacks(tx, tenantId, instant(deps.now()))) {
      await tellByNextChannel(deps, tx, tenantId, noticeOf(intent));
      await changeIntents(tx, [intent.id], {
        state: intent.state,
        settled: true,
        leaseUntil: leaseOf(deps, intent),
      });
    }
  });
}

function leaseOf(deps: NoticeDeps, { state }: IntentRow): string | null {
  return state === 'sending' ? instant(deps.now() + LEASE_MS) : null;
}

async function begin(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  intents: IntentRow[],
  over: boolean,
): Promise<Job> {
  const at = instant(deps.now());
  const [first] = intents;
  const attempts = (first?.attempts ?? 0) + 1;
  const ids = intents.map(({ id }) => id);
  await changeIntents(tx, ids, { state: 'sending', leaseUntil: instant(deps.now() + LEASE_MS), attempts });
  if (attempts === 1) await awaitFallback(deps, tx, intents, tenantId);
  await addEvidence(tx, tenantId, ids, {
    what: first?.state === 'sending' ? 'sent_again' : 'sent',
    detail: { attempt: attempts },
    at,
  });
  return { intents: intents.map((one) => ({ ...one, attempts })), over };
}

/** From now on its channel has so long; one that waited for something else has not begun before. */
async function awaitFallback(
  deps: NoticeDeps,
  tx: Tx,
  intents: readonly IntentRow[],
  tenantId: string,
): Promise<void> {
  for (const { id, type, fallback } of intents) {
    const { policy } = await ruleOf(tx, tenantId, type as NoticeType);
    if (policy.fallbackS === undefined || fallback.length === 0) continue;
    await setFallback(tx, id, instant(deps.now() + policy.fallbackS * 1_000));
  }
}

async function send(deps: NoticeDeps, tenantId: string, { intents, over }: Job): Promise<void> {
  const [first] = intents;
  if (first === undefined) return;
  const written = await deps.store.inTenant(tenantId, (tx) =>
    writeMessage(deps, tx, tenantId, intents, over),
  );
  const delivery = await deps.send(tenantId, first.channel, first.address, written.message);
  await deps.store.inTenant(tenantId, (tx) =>
    record(deps, tx, tenantId, { intents, delivery, shown: written.shown }),
  );
}

async function record(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  { intents, delivery, shown }: { intents: IntentRow[]; delivery: NoticeDelivery; shown: string },
): Promise<void> {
  const now = deps.now();
  const at = instant(now);
  const ids = intents.map(({ id }) => id);
  const [first] = intents;
  if (first === undefined) return;
  if (delivery.kind === 'accepted') {
    await changeIntents(tx, ids, {
      state: 'accepted',
      acceptedAt: at,
      providerId: delivery.providerId,
      shown,
      reason: null,
      settled: true,
    });
    await addEvidence(tx, tenantId, ids, { what: 'accepted', detail: delivery.detail, at });
    await closeBreaker(tx, tenantId, first.channel);
    return;
  }
  await addEvidence(tx, tenantId, ids, { what: delivery.kind, detail: { reason: delivery.reason }, at });
  if (delivery.kind === 'refused') {
    await fail(deps, tx, tenantId, intents, delivery.reason);
    return;
  }
  await countChannelFailure(tx, tenantId, {
    channel: first.channel,
    reason: delivery.reason,
    failuresMax: BREAKER_FAILURES,
    openUntil: instant(now + BREAKER_OPEN_MS),
    at,
  });
  const pause = Math.max(delivery.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (first.attempts - 1));
  await changeIntents(tx, ids, { state: 'waiting', dueAt: instant(now + pause), reason: delivery.reason });
}

async function fail(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  intents: IntentRow[],
  reason: string,
): Promise<void> {
  for (const intent of intents) {
    await changeIntents(tx, [intent.id], { state: 'failed', reason, settled: true });
    await tellByNextChannel(deps, tx, tenantId, noticeOf(intent));
  }
}

/** One key is a person, a channel and a kind of subject. */
function digestKey({ personId, channel, subject }: IntentRow): string {
  return `${personId}/${channel}/${partsOf(subject).kind}`;
}

function noticeOf(intent: IntentRow) {
  return { ...intent, type: intent.type as NoticeType };
}
