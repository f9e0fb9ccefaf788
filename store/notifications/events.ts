/** What happened that people may be told of. Triggers write it with the change; a deliverer takes it under a lease and marks it done. */
import { sql } from 'kysely';
import type { NoticeSeverity } from '../../domain/notifications/notice.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface NoticeEvent {
  id: string;
  type: string;
  subject: string;
  severity: NoticeSeverity;
  facts: JsonObject;
  at: Date;
}

/** The oldest that nobody works on, under a lease that ends by itself when its holder dies. */
export async function claimEvent(
  tx: Tx,
  tenantId: string,
  { now, leaseUntil }: { now: string; leaseUntil: string },
): Promise<NoticeEvent | null> {
  const found = await sql<NoticeEvent>`
    update notice_event set lease_until = ${leaseUntil}::timestamptz where id = (
      select id from notice_event
      where tenant_id = ${tenantId} and state = 'waiting'
        and (lease_until is null or lease_until < ${now}::timestamptz)
      order by seq limit 1 for update skip locked)
    returning id, type, subject, severity, facts, at`.execute(tx);
  return found.rows[0] ?? null;
}

/** False when another holder was quicker. */
export async function finishEvent(tx: Tx, id: string, outcome: Json): Promise<boolean> {
  const done = await sql<{ id: string }>`
    update notice_event set state = 'done', lease_until = null, outcome = ${JSON.stringify(outcome)}::jsonb
    where id = ${id}::uuid and state = 'waiting' returning id`.execute(tx);
  return done.rows.length > 0;
}

/** An event that needs no spreading; null when one of this key is there. */
export async function insertDoneEvent(
  tx: Tx,
  tenantId: string,
  event: {
    id: string;
    type: string;
    subject: string;
    severity: string;
    key: string;
    at: string;
    outcome: Json;
  },
): Promise<string | null> {
  const made = await sql<{ id: string }>`
    insert into notice_event (id, tenant_id, type, subject, severity, facts, key, at, state, outcome)
    values (${event.id}, ${tenantId}, ${event.type}, ${event.subject}, ${event.severity}, '{}', ${event.key},
      ${event.at}::timestamptz, 'done', ${JSON.stringify(event.outcome)}::jsonb)
    on conflict (tenant_id, key) where key is not null do nothing returning id`.execute(tx);
  return made.rows[0]?.id ?? null;
}

/** When an alert last became worse; null when it never did. */
export async function lastWorse(tx: Tx, tenantId: string, subject: string): Promise<Date | null> {
  const found = await sql<{ at: Date | null }>`select max(at) as at from notice_event
    where tenant_id = ${tenantId} and subject = ${subject} and type = 'alert_worse'`.execute(tx);
  return found.rows[0]?.at ?? null;
}

/** Work orders of an assignee that come due within a day or are overdue: one event each for a due time. */
export async function noteDueOrders(tx: Tx, tenantId: string, now: string): Promise<void> {
  await sql`
    insert into notice_event (tenant_id, type, subject, severity, facts, key, at)
    select h.tenant_id, case when due.at <= ${now}::timestamptz then 'work_order_overdue' else 'work_order_due' end,
      'work_order/' || h.id, case when due.at <= ${now}::timestamptz then 'medium' else 'info' end, '{}',
      case when due.at <= ${now}::timestamptz then 'overdue/' else 'due/' end || h.id || '/' || (h.fields->>'dueAt'),
      ${now}::timestamptz
    from hub_record h cross join lateral (select (h.fields->>'dueAt')::timestamptz as at) due
    where h.tenant_id = ${tenantId} and h.entity = 'work_order' and h.deleted_at is null
      and h.fields->>'assignee' is not null and h.fields->>'dueAt' is not null
      and h.fields->>'status' in ('scheduled', 'in_progress', 'on_hold')
      and due.at between ${now}::timestamptz - interval '1 day' and ${now}::timestamptz + interval '1 day'
    limit 1000
    on conflict (tenant_id, key) where key is not null do nothing`.execute(tx);
}

export async function factsOfEvent(tx: Tx, id: string): Promise<JsonObject> {
  const found = await sql<{
    facts: JsonObject;
  }>`select facts from notice_event where id = ${id}::uuid`.execute(tx);
  return found.rows[0]?.facts ?? {};
}
