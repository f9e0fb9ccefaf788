/** What deliveries remember between messages: open digests, what a person got lately, channels that fail. */
import { sql } from 'kysely';
import type { DigestWindow } from '../../domain/notifications/digest.ts';
import type { Tx } from '../database.ts';

/** The window of a key, locked; made when there is none yet. */
export async function lockDigest(
  tx: Tx,
  tenantId: string,
  key: string,
): Promise<{ window: DigestWindow | null; sentAt: number[] }> {
  await sql`insert into notice_digest (tenant_id, key) values (${tenantId}, ${key})
    on conflict (tenant_id, key) do nothing`.execute(tx);
  const found = await sql<{ period: DigestWindow | null; sentAt: number[] }>`
    select period, sent_at from notice_digest where tenant_id = ${tenantId} and key = ${key} for update`.execute(
    tx,
  );
  return { window: found.rows[0]?.period ?? null, sentAt: found.rows[0]?.sentAt ?? [] };
}

export async function saveDigest(
  tx: Tx,
  tenantId: string,
  key: string,
  { window, sentAt }: { window: DigestWindow | null; sentAt: readonly number[] },
): Promise<void> {
  const period = window === null ? null : JSON.stringify(window);
  const closes = window === null ? null : new Date(window.closesAt).toISOString();
  await sql`update notice_digest set period = ${period}::jsonb, closes_at = ${closes}::timestamptz,
      sent_at = ${JSON.stringify(sentAt)}::jsonb
    where tenant_id = ${tenantId} and key = ${key}`.execute(tx);
}

/** A window whose end has come, locked; null when there is none. */
export async function lockClosingDigest(
  tx: Tx,
  tenantId: string,
  now: string,
): Promise<{ key: string; window: DigestWindow; sentAt: number[] } | null> {
  const found = await sql<{ key: string; period: DigestWindow; sentAt: number[] }>`
    select key, period, sent_at from notice_digest
    where tenant_id = ${tenantId} and closes_at <= ${now}::timestamptz
    order by closes_at limit 1 for update skip locked`.execute(tx);
  const [row] = found.rows;
  return row === undefined ? null : { key: row.key, window: row.period, sentAt: row.sentAt };
}

export interface Breaker {
  channel: string;
  failures: number;
  openUntil: Date | null;
  reason: string | null;
}

export async function loadBreakers(tx: Tx, tenantId: string): Promise<Breaker[]> {
  const found = await sql<Breaker>`select channel, failures, open_until, reason from notice_breaker
    where tenant_id = ${tenantId}`.execute(tx);
  return found.rows;
}

/** Counts a failure; from `failuresMax` on the channel is left alone until `openUntil`. */
export async function countChannelFailure(
  tx: Tx,
  tenantId: string,
  one: { channel: string; reason: string; failuresMax: number; openUntil: string; at: string },
): Promise<void> {
  await sql`insert into notice_breaker as b (tenant_id, channel, failures, reason, changed_at)
    values (${tenantId}, ${one.channel}, 1, ${one.reason}, ${one.at}::timestamptz)
    on conflict (tenant_id, channel) do update set failures = b.failures + 1, reason = excluded.reason,
      changed_at = excluded.changed_at,
      open_until = case when b.failures + 1 >= ${one.failuresMax} then ${one.openUntil}::timestamptz else b.open_until end`.execute(
    tx,
  );
}

export async function closeBreaker(tx: Tx, tenantId: string, channel: string): Promise<void> {
  await sql`delete from notice_breaker where tenant_id = ${tenantId} and channel = ${channel}`.execute(tx);
}
