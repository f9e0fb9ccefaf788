/** Intents: to tell a person of an event by a channel, once. Taken under a lease; every try leaves evidence. */
import { sql } from 'kysely';
import { recordset } from '../bulk.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Channel, NoticeSeverity } from '../../domain/notifications/notice.ts';
import type { Tx } from '../database.ts';

export type IntentState =
  'waiting' | 'collected' | 'sending' | 'accepted' | 'delivered' | 'failed' | 'cancelled' | 'dropped';

export interface NewIntent {
  id: string;
  key: string;
  eventId: string;
  type: string;
  subject: string;
  severity: string;
  personId: string;
  channel: string;
  address: string;
  /** Channel and address, in the order in which they are tried. */
  fallback: readonly { channel: string; address: string }[];
  dueAt: string;
  fallbackAt: string | null;
  replyCode: string;
  createdAt: string;
}

export interface IntentRow {
  id: string;
  key: string;
  eventId: string;
  type: string;
  subject: string;
  severity: NoticeSeverity;
  personId: string;
  channel: Channel;
  address: string;
  fallback: { channel: Channel; address: string }[];
  state: IntentState;
  reason: string | null;
  deferred: boolean;
  dueAt: Date;
  attempts: number;
  providerId: string | null;
  replyCode: string;
  createdAt: Date;
  acceptedAt: Date | null;
  shown: string | null;
}

const COLUMNS = sql`id, key, event_id, type, subject, severity, person_id, channel, address, fallback, state, reason, deferred,
  due_at, attempts, provider_id, reply_code, created_at, accepted_at, shown`;

/** Those whose key is there already are left as they are. Returns how many are new. */
export async function insertIntents(
  tx: Tx,
  tenantId: string,
  intents: readonly NewIntent[],
): Promise<number> {
  if (intents.length === 0) return 0;
  const made = await sql<{ id: string }>`
    insert into notice_intent (tenant_id, id, key, event_id, type, subject, severity, person_id, channel, address, fallback,
      due_at, fallback_at, reply_code, created_at)
    select ${tenantId}::uuid, id, key, event_id, type, subject, severity, person_id, channel, address, fallback,
      due_at, fallback_at, reply_code, created_at
    from ${recordset(intents, {
      id: 'uuid',
      key: 'text',
      event_id: 'uuid',
      type: 'text',
      subject: 'text',
      severity: 'text',
      person_id: 'uuid',
      channel: 'text',
      address: 'text',
      fallback: 'jsonb',
      due_at: 'timestamptz',
      fallback_at: 'timestamptz',
      reply_code: 'text',
      created_at: 'timestamptz',
    })}
    on conflict (tenant_id, key) do nothing returning id`.execute(tx);
  return made.rows.length;
}

/** The next that is due and that nobody works on, locked. One whose sender died is due again when its lease is over. */
export async function lockDueIntent(tx: Tx, tenantId: string, now: string): Promise<IntentRow | null> {
  const found = await sql<IntentRow>`
    select ${COLUMNS} from notice_intent
    where tenant_id = ${tenantId} and state in ('waiting', 'sending') and due_at <= ${now}::timestamptz
      and (lease_until is null or lease_until < ${now}::timestamptz)
    order by due_at, id limit 1 for update skip locked`.execute(tx);
  return found.rows[0] ?? null;
}

export async function lockIntents(tx: Tx, ids: readonly string[]): Promise<IntentRow[]> {
  const found = await sql<IntentRow>`
    select ${COLUMNS} from notice_intent where id = any(${ids}::uuid[]) order by created_at, id for update`.execute(
    tx,
  );
  return found.rows;
}

export interface IntentChange {
  state: IntentState;
  reason?: string | null;
  dueAt?: string;
  leaseUntil?: string | null;
  deferred?: boolean;
  attempts?: number;
  providerId?: string | null;
  acceptedAt?: string;
  shown?: string;
  /** Nothing more is tried by another channel. */
  settled?: boolean;
}

export async function changeIntents(tx: Tx, ids: readonly string[], change: IntentChange): Promise<void> {
  if (ids.length === 0) return;
  const sets = [
    sql`state = ${change.state}`,
    sql`lease_until = ${change.leaseUntil ?? null}::timestamptz`,
    ...(change.reason === undefined ? [] : [sql`reason = ${change.reason}`]),
    ...(change.dueAt === undefined ? [] : [sql`due_at = ${change.dueAt}::timestamptz`]),
    ...(change.deferred === undefined ? [] : [sql`deferred = ${change.deferred}`]),
    ...(change.attempts === undefined ? [] : [sql`attempts = ${change.attempts}`]),
    ...(change.providerId === undefined ? [] : [sql`provider_id = ${change.providerId}`]),
    ...(change.acceptedAt === undefined ? [] : [sql`accepted_at = ${change.acceptedAt}::timestamptz`]),
    ...(change.shown === undefined ? [] : [sql`shown = ${change.shown}`]),
    ...(change.settled === true ? [sql`fallback_at = null`] : []),
  ];
  await sql`update notice_intent set ${sql.join(sets)} where id = any(${ids}::uuid[])`.execute(tx);
}

export async function setFallback(tx: Tx, id: string, at: string): Promise<void> {
  await sql`update notice_intent set fallback_at = ${at}::timestamptz where id = ${id}::uuid`.execute(tx);
}

/** Takes back what has not gone out; returns how many. */
export async function cancelIntents(
  tx: Tx,
  tenantId: string,
  subject: string,
  reason: string,
): Promise<number> {
  const done = await sql<{ id: string }>`
    update notice_intent set state = 'cancelled', reason = ${reason}, lease_until = null, fallback_at = null
    where tenant_id = ${tenantId} and subject = ${subject} and state in ('waiting', 'collected')
      and type in ('alert_raised', 'alert_escalated') returning id`.execute(tx);
  await sql`update notice_intent set fallback_at = null
    where tenant_id = ${tenantId} and subject = ${subject} and fallback_at is not null`.execute(tx);
  return done.rows.length;
}

/** Accepted messages of the last week, by channels that can change them, which show another state than their alert has. */
export async function staleMessages(tx: Tx, tenantId: string, now: string): Promise<IntentRow[]> {
  const found = await sql<IntentRow>`
    select i.id, i.key, i.event_id, i.type, i.subject, i.severity, i.person_id, i.channel, i.address, i.fallback, i.state,
      i.reason, i.deferred, i.due_at, i.attempts, i.provider_id, i.reply_code, i.created_at, i.accepted_at, i.shown
    from notice_intent i join asset_alert a on a.id = substr(i.subject, 7)::uuid
    where i.tenant_id = ${tenantId} and i.channel = 'slack' and i.provider_id is not null
      and i.type in ('alert_raised', 'alert_escalated') and i.state in ('accepted', 'delivered')
      and i.created_at > ${now}::timestamptz - interval '7 days'
      and i.shown is distinct from case when a.resolved_at is not null then 'resolved'
        when a.acknowledged_at is not null then 'acknowledged' else 'open' end
    order by i.created_at limit 50`.execute(tx);
  return found.rows;
}

/** Not accepted in their time: the next channel is to be tried. Locked. */
export async function lockFallbacks(tx: Tx, tenantId: string, now: string): Promise<IntentRow[]> {
  const found = await sql<IntentRow>`
    select ${COLUMNS} from notice_intent
    where tenant_id = ${tenantId} and fallback_at <= ${now}::timestamptz
    order by fallback_at limit 100 for update skip locked`.execute(tx);
  return found.rows;
}

/** Everybody a provider took a message for. */
export async function peopleTold(tx: Tx, tenantId: string, subject: string): Promise<string[]> {
  const found = await sql<{ personId: string }>`
    select distinct person_id from notice_intent
    where tenant_id = ${tenantId} and subject = ${subject} and accepted_at is not null`.execute(tx);
  return found.rows.map(({ personId }) => personId);
}

export async function addEvidence(
  tx: Tx,
  tenantId: string,
  intentIds: readonly string[],
  one: { what: string; detail: JsonObject; at: string },
): Promise<void> {
  await sql`insert into notice_evidence (tenant_id, intent_id, what, detail, at)
    select ${tenantId}::uuid, id, ${one.what}, ${JSON.stringify(one.detail)}::jsonb, ${one.at}::timestamptz
    from unnest(${intentIds}::uuid[]) as t (id)`.execute(tx);
}

export async function findByProviderId(
  tx: Tx,
  tenantId: string,
  channel: Channel,
  providerId: string,
): Promise<IntentRow | null> {
  const found = await sql<IntentRow>`select ${COLUMNS} from notice_intent
    where tenant_id = ${tenantId} and channel = ${channel} and provider_id = ${providerId} limit 1 for update`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

/** The newest message to this number with this code. */
export async function findByReplyCode(
  tx: Tx,
  tenantId: string,
  reply: { address: string; code: string },
): Promise<IntentRow | null> {
  const found = await sql<IntentRow>`select ${COLUMNS} from notice_intent
    where tenant_id = ${tenantId} and channel = 'sms' and address = ${reply.address} and reply_code = ${reply.code}
    order by created_at desc limit 1`.execute(tx);
  return found.rows[0] ?? null;
}

export async function loadIntent(tx: Tx, tenantId: string, id: string): Promise<IntentRow | null> {
  const found = await sql<IntentRow>`
    select ${COLUMNS} from notice_intent where tenant_id = ${tenantId} and id = ${id}::uuid`.execute(tx);
  return found.rows[0] ?? null;
}

export interface LoggedIntent extends IntentRow {
  person: string;
  evidence: { what: string; at: string; detail: JsonObject }[];
}

/** Newest first, with everything that is known of their delivery. */
export async function listIntents(
  tx: Tx,
  tenantId: string,
  filter: { subject: string | null },
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<LoggedIntent[]> {
  const { subject } = filter;
  const { before, limit } = page;
  const conditions = [
    sql`i.tenant_id = ${tenantId}`,
    ...(subject === null ? [] : [sql`i.subject = ${subject}`]),
    ...(before === null ? [] : [sql`(i.created_at, i.id) < (${before.at}::timestamptz, ${before.id}::uuid)`]),
  ];
  const found = await sql<LoggedIntent>`
    select i.id, i.key, i.event_id, i.type, i.subject, i.severity, i.person_id, i.channel, i.address, i.fallback, i.state,
      i.reason, i.deferred, i.due_at, i.attempts, i.provider_id, i.reply_code, i.created_at, i.accepted_at, i.shown,
      coalesce(p.listed_name, p.number, i.person_id::text) as person,
      coalesce((select jsonb_agg(jsonb_build_object('what', e.what, 'at', e.at, 'detail', e.detail) order by e.seq)
        from notice_evidence e where e.intent_id = i.id), '[]') as evidence
    from notice_intent i left join hub_record p on p.id = i.person_id
    where ${sql.join(conditions, sql` and `)}
    order by i.created_at desc, i.id desc limit ${limit}`.execute(tx);
  return found.rows;
}

/** When something is due next by itself; null when nothing is. */
export async function nextDue(tx: Tx, tenantId: string): Promise<Date | null> {
  const found = await sql<{ at: Date | null }>`
    select least(
      (select min(greatest(due_at, coalesce(lease_until, due_at))) from notice_intent
        where tenant_id = ${tenantId} and state in ('waiting', 'sending')),
      (select min(fallback_at) from notice_intent where tenant_id = ${tenantId} and fallback_at is not null),
      (select min(closes_at) from notice_digest where tenant_id = ${tenantId} and closes_at is not null)) as at`.execute(
    tx,
  );
  return found.rows[0]?.at ?? null;
}
