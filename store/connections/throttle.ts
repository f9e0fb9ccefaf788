/**
 * The row that all workers share about one connection's rate: when the next request may go, and until when nobody may. Times
 * are the database's; answers are milliseconds from now, because the workers' clocks play no part.
 */
import { sql } from 'kysely';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../database.ts';

/** Milliseconds from now to an instant; 0 when it is past. The inner greatest() keeps -infinity out of the subtraction. */
const msUntil = (instant: string) =>
  sql.raw(
    `(extract(epoch from greatest(${instant}, clock_timestamp()) - clock_timestamp()) * 1000)::double precision`,
  );

const ms = (value: number) => sql`${value}::double precision * interval '1 millisecond'`;

interface RowOf {
  tenantId: string;
  connectionId: string;
}

/** Nobody waits longer: the activity fails and Temporal repeats it. */
export const WAIT_MAX_MS = 120_000;

/**
 * Moves `next_at` by `count` slots, unless the first would be too far away. clock_timestamp() and not now(): the statement
 * may have waited for the row. The commit does not wait for the disk, which would hold the row and with it every
 * worker; a crash of the database loses the last moments of this row, and lasts longer than they did.
 */
export async function reserve(
  tx: Tx,
  row: RowOf,
  count: number,
  gapMs: number,
): Promise<{ waitMs: number; pausedMs: number }> {
  const span = ms(count * gapMs);
  const reserved = await sql<{ waitMs: number; pausedMs: number }>`
    insert into throttle (connection_id, tenant_id, next_at)
    select id, tenant_id, clock_timestamp() + ${span} from connection where id = ${row.connectionId}
    on conflict (connection_id) do update
      set next_at = greatest(throttle.next_at, throttle.paused_until, clock_timestamp()) + ${span}
      where greatest(throttle.next_at, throttle.paused_until) <= clock_timestamp() + ${ms(WAIT_MAX_MS)}
    returning extract(epoch from next_at - ${span} - clock_timestamp())::double precision * 1000 as wait_ms,
      ${msUntil('paused_until')} as paused_ms, set_config('synchronous_commit', 'off', true)`.execute(tx);
  const taken = reserved.rows[0];
  if (taken !== undefined) return { waitMs: Math.max(0, taken.waitMs), pausedMs: taken.pausedMs };
  const refused = await sql<{ waitMs: number }>`
    select ${msUntil('greatest(next_at, paused_until)')} as wait_ms from throttle
    where connection_id = ${row.connectionId}`.execute(tx);
  const full = refused.rows[0];
  if (full === undefined) throw noConnection(row.connectionId);
  throw tooLong(full.waitMs);
}

/** Milliseconds of pause that are left. */
export async function readPause(tx: Tx, connectionId: string): Promise<number> {
  const found = await sql<{ pausedMs: number }>`
    select ${msUntil('paused_until')} as paused_ms from throttle where connection_id = ${connectionId}`.execute(
    tx,
  );
  return found.rows[0]?.pausedMs ?? 0;
}

/** A longer pause stands against a shorter one. Returns the milliseconds left. */
export async function storePause(tx: Tx, row: RowOf, forMs: number): Promise<number> {
  const stored = await sql<{ pausedMs: number }>`
    insert into throttle (connection_id, tenant_id, paused_until)
    select id, tenant_id, clock_timestamp() + ${ms(forMs)} from connection where id = ${row.connectionId}
    on conflict (connection_id) do update set paused_until = greatest(throttle.paused_until, excluded.paused_until)
    returning ${msUntil('paused_until')} as paused_ms`.execute(tx);
  const pause = stored.rows[0];
  if (pause === undefined) throw noConnection(row.connectionId);
  return pause.pausedMs;
}

function noConnection(id: string): Failure {
  return new Failure('not_found', `There is no connection ${id}.`);
}

export function tooLong(waitMs: number): Failure {
  return new Failure(
    'rate_limited',
    `The vendor's budget is taken for the next ${Math.ceil(waitMs / 1_000)} s; the request is put off.`,
    { retryAfterMs: Math.ceil(waitMs) },
  );
}

/** Ends a pause; returns until when it would have lasted, null when there was none. */
export async function liftPause(tx: Tx, connectionId: string): Promise<Date | null> {
  const found = await sql<{ pausedUntil: Date | null }>`
    update throttle t set paused_until = '-infinity', next_at = least(t.next_at, clock_timestamp())
    from (select connection_id, nullif(greatest(paused_until, now()), now()) as was from throttle
      where connection_id = ${connectionId} for update) old
    where t.connection_id = old.connection_id returning old.was as paused_until`.execute(tx);
  return found.rows[0]?.pausedUntil ?? null;
}
