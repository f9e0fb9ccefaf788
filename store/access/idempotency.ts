/** Requests that carried an Idempotency-Key, and their answers, for a day. */
import { sql } from 'kysely';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface StoredRequest {
  requestHash: Buffer;
  state: 'running' | 'applied' | 'done';
  status: number | null;
  headers: JsonObject | null;
  body: string | null;
}

export interface RequestKey {
  tenantId: string;
  caller: string;
  key: string;
}

/** A request under way: only its holder may mark, answer or release it. */
export interface RequestClaim extends RequestKey {
  holder: string;
}

/**
 * Claims the key; null when it was free, else what is known under it. A running request whose lease has ended is nobody's any
 * more, because its process is dead; rows older than `keptS` count as free.
 */
export async function claimRequest(
  tx: Tx,
  { tenantId, caller, key, holder }: RequestClaim,
  hash: Buffer,
  { keptS, leaseS }: { keptS: number; leaseS: number },
): Promise<StoredRequest | null> {
  const claimed = await sql<{ one: number }>`
    insert into idempotency as i (tenant_id, caller, key, request_hash, state, holder, lease_until)
    values (${tenantId}, ${caller}, ${key}, ${hash}, 'running', ${holder}, now() + make_interval(secs => ${leaseS}))
    on conflict (tenant_id, caller, key) do update set request_hash = excluded.request_hash, state = 'running',
      status = null, headers = null, body = null, created_at = now(), holder = excluded.holder, lease_until = excluded.lease_until
      where i.created_at < now() - make_interval(secs => ${keptS})
        or (i.state = 'running' and i.lease_until < now() and i.request_hash = excluded.request_hash)
    returning 1 as one`.execute(tx);
  if (claimed.rows.length > 0) return null;
  const found = await sql<StoredRequest>`
    select request_hash, state, status, headers, body from idempotency where caller = ${caller} and key = ${key}`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

/** A sign of life. */
export async function keepRequest(
  tx: Tx,
  { caller, key, holder }: RequestClaim,
  leaseS: number,
): Promise<void> {
  await sql`update idempotency set lease_until = now() + make_interval(secs => ${leaseS})
    where caller = ${caller} and key = ${key} and holder = ${holder} and state = 'running'`.execute(tx);
}

/**
 * Part of the transaction that carries the request out: from then on a repeat must not do it again. `untouched`: the
 * transaction has written nothing, so nothing is marked. `lost`: another has taken the request over, and this one must not commit.
 */
export async function markRequestApplied(
  tx: Tx,
  { caller, key, holder }: RequestClaim,
): Promise<'applied' | 'untouched' | 'lost'> {
  const wrote = await sql<{
    wrote: boolean;
  }>`select pg_current_xact_id_if_assigned() is not null as wrote`.execute(tx);
  if (wrote.rows[0]?.wrote !== true) return 'untouched';
  const marked = await sql`
    update idempotency set state = 'applied'
    where caller = ${caller} and key = ${key} and holder = ${holder} and state in ('running', 'applied')`.execute(
    tx,
  );
  return marked.numAffectedRows === 1n ? 'applied' : 'lost';
}

export async function storeAnswer(
  tx: Tx,
  { caller, key, holder }: RequestClaim,
  answer: { status: number; headers: JsonObject; body: string },
): Promise<void> {
  await sql`
    update idempotency set state = 'done', status = ${answer.status}, headers = ${JSON.stringify(answer.headers)}::jsonb,
      body = ${answer.body} where caller = ${caller} and key = ${key} and holder = ${holder}`.execute(tx);
}

/** The request may be tried again under the same key; with `onlyUnapplied` only if nothing was committed for it. */
export async function releaseRequest(
  tx: Tx,
  { caller, key, holder }: RequestClaim,
  onlyUnapplied: boolean,
): Promise<void> {
  await sql`
    delete from idempotency where caller = ${caller} and key = ${key} and holder = ${holder}
      and (state = 'running' or (state = 'applied' and not ${onlyUnapplied}))`.execute(tx);
}

/** Bounded, so that the request that does it is not held up. */
export async function forgetOldRequests(tx: Tx, keptS: number): Promise<void> {
  await sql`
    delete from idempotency where (tenant_id, caller, key) in (
      select tenant_id, caller, key from idempotency where created_at < now() - make_interval(secs => ${keptS})
      order by created_at limit 1000 for update skip locked)`.execute(tx);
}
