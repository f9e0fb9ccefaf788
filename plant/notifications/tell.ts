/** From people to intents: by which channel each is told first, and which follow when that one does not take it. */
import { randomInt } from 'node:crypto';
import {
  CHANNELS,
  intentKey,
  type Channel,
  type NoticeSeverity,
  type NoticeType,
} from '../../domain/notifications/notice.ts';
import { shippedNoticePolicy, type NoticePolicy } from '../../domain/notifications/policy.ts';
import { chooseChannels, preferences, type Preferences } from '../../domain/notifications/preferences.ts';
import type { JsonObject } from '../../domain/json.ts';
import { listDocuments } from '../../store/notifications/documents.ts';
import { addEvidence, insertIntents, type NewIntent } from '../../store/notifications/intents.ts';
import { loadNoticePeople, type NoticePerson } from '../../store/notifications/subjects.ts';
import { contact, noticeRule, type NoticeRule } from './documents.ts';
import { instant, type NoticeDeps, type Tx } from './notice-deps.ts';

const E164 = /^\+[1-9]\d{6,14}$/;

export interface Notice {
  eventId: string;
  type: NoticeType;
  subject: string;
  severity: NoticeSeverity;
}

/** What the plant wrote about this type of notice. */
export async function ruleOf(
  tx: Tx,
  tenantId: string,
  type: NoticeType,
): Promise<NoticeRule & { policy: NoticePolicy }> {
  const own = (await listDocuments(tx, tenantId, 'notice_policy')).find(({ name }) => name === type);
  const rule = own === undefined ? {} : noticeRule.parse(own.document);
  return { ...rule, policy: rule.policy ?? shippedNoticePolicy(type) };
}

export function preferencesOf(person: NoticePerson | undefined): Preferences {
  const written = contact.safeParse(person?.contact ?? {}).data?.preferences;
  return preferences.safeParse(written ?? {}).data ?? preferences.parse({ zone: 'UTC' });
}

/** The person's addresses by channel; what is written for notices comes before what the person's record says. */
export function addressesOf(person: NoticePerson): Partial<Record<Channel, string>> {
  const own = contact.safeParse(person.contact ?? {}).data?.addresses ?? {};
  const phone = person.phone?.replace(/[\s()/-]/g, '') ?? '';
  const email = own.email ?? person.email ?? undefined;
  const sms = own.sms ?? (E164.test(phone) ? phone : undefined);
  return {
    ...own,
    ...(email === undefined ? {} : { email }),
    ...(sms === undefined ? {} : { sms }),
  } as Partial<Record<Channel, string>>;
}

/** Writes the intents and says what became of each person: the channel, or why there is none. */
export async function tellPeople(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  notice: Notice,
  people: readonly string[],
): Promise<JsonObject> {
  const { policy } = await ruleOf(tx, tenantId, notice.type);
  const configured = new Set((await listDocuments(tx, tenantId, 'channel')).map(({ name }) => name));
  const outcome: JsonObject = {};
  const intents: NewIntent[] = [];
  for (const person of await loadNoticePeople(tx, tenantId, people)) {
    const known = addressesOf(person);
    const addresses = CHANNELS.filter((one) => configured.has(one) && known[one] !== undefined);
    const choice = chooseChannels({
      type: notice.type,
      severity: notice.severity,
      policy,
      preferences: preferencesOf(person),
      addresses,
    });
    const ways = choice.channels.map((channel) => ({ channel, address: known[channel] ?? '' }));
    const [first, ...rest] = ways;
    outcome[person.id] = first === undefined ? (choice.silent ?? 'no_address') : first.channel;
    if (first !== undefined) intents.push(intentOf(deps, notice, person.id, policy, [first, ...rest]));
  }
  await insertIntents(tx, tenantId, intents);
  return outcome;
}

type Way = NewIntent['fallback'][number];

function intentOf(
  deps: NoticeDeps,
  notice: Notice,
  personId: string,
  policy: NoticePolicy,
  [first, ...rest]: readonly [Way, ...Way[]],
): NewIntent {
  const now = deps.now();
  const waits = policy.fallbackS !== undefined && rest.length > 0;
  return {
    ...notice,
    id: deps.newId(),
    key: intentKey({ event: notice.eventId, person: personId, channel: first.channel as Channel }),
    personId,
    ...first,
    fallback: rest,
    dueAt: instant(now),
    fallbackAt: waits ? instant(now + (policy.fallbackS ?? 0) * 1_000) : null,
    replyCode: String(randomInt(1_000, 10_000)),
    createdAt: instant(now),
  };
}

/** The next channel of one that did not take it; null when there is none. */
export async function tellByNextChannel(
  deps: NoticeDeps,
  tx: Tx,
  tenantId: string,
  intent: Notice & { id: string; personId: string; fallback: readonly Way[] },
): Promise<string | null> {
  const [next, ...rest] = intent.fallback;
  if (next === undefined) return null;
  const { policy } = await ruleOf(tx, tenantId, intent.type);
  const made = intentOf(deps, noticeOf(intent), intent.personId, policy, [next, ...rest]);
  await insertIntents(tx, tenantId, [made]);
  await addEvidence(tx, tenantId, [intent.id], {
    what: 'fallback',
    detail: { channel: next.channel },
    at: instant(deps.now()),
  });
  return next.channel;
}

function noticeOf({ eventId, type, subject, severity }: Notice): Notice {
  return { eventId, type, subject, severity };
}
