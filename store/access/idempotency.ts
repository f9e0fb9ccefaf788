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

/** Claims the key; null when it was free, else what is known under it. Rows older than `keptS` count as free. */
export async function claimRequest(
  tx: Tx,
  { tenantId, caller, key }: RequestKey,
  hash: Buffer,
  keptS: number,
): Promise<StoredRequest | null> {
  const claimed = await sql<{ one: number }>`
    insert into idempotency as i (tenant_id, caller, key, request_hash, state)
    values (${tenantId}, ${caller}, ${key}, ${hash}, 'running')
    on conflict (tenant_id, caller, key) do update set request_hash = excluded.request_hash, state = 'running',
      status = null, headers = null, body = null, created_at = now()
      where i.created_at < now() - make_interval(secs => ${keptS})
    returning 1 as one`.execute(tx);
  if (claimed.rows.length > 0) return null;
  const found = await sql<StoredRequest>`
    select request_hash, state, status, headers, body from idempotency where caller = ${caller} and key = ${key}`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

/** Part of the transaction that carries the request out: from then on a repeat must not do it again. */
export async function markRequestApplied(tx: Tx, { caller, key }: RequestKey): Promise<void> {
  await sql`update idempotency set state = 'applied' where caller = ${caller} and key = ${key} and state = 'running'`.execute(
    tx,
  );
}

export async function storeAnswer(
  tx: Tx,
  { caller, key }: RequestKey,
  answer: { status: number; headers: JsonObject; body: string },
): Promise<void> {
  await sql`
    update idempotency set state = 'done', status = ${answer.status}, headers = ${JSON.stringify(answer.headers)}::jsonb,
      body = ${answer.body} where caller = ${caller} and key = ${key}`.execute(tx);
}

/** The request may be tried again under the same key; with `onlyUnapplied` only if nothing was committed for it. */
export async function releaseRequest(
  tx: Tx,
  { caller, key }: RequestKey,
  onlyUnapplied: boolean,
): Promise<void> {
  await sql`
    delete from idempotency where caller = ${caller} and key = ${key}
      and (state = 'running' or (state = 'applied' and not ${onlyUnapplied}))`.execute(tx);
}

export async function forgetOldRequests(tx: Tx, keptS: number): Promise<void> {
  await sql`delete from idempotency where created_at < now() - make_interval(secs => ${keptS})`.execute(tx);
}
