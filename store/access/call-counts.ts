/** How often callers came, summed over all processes (0011). Of no tenant: an address that fails to log in belongs to none. */
import { sql } from 'kysely';
import type { Database } from '../database.ts';

export interface CallCount {
  /** What is counted and whose it is, e.g. `guess/10.0.0.7`. */
  caller: string;
  calls: number;
  /** Milliseconds until the caller's window ends. */
  endsInMs: number;
}

/** Adds the calls of this process and gives the sums of all. One caller at most once in a batch. */
export async function addCallCounts(
  db: Database,
  added: readonly { caller: string; calls: number }[],
  windowS: number,
): Promise<CallCount[]> {
  const found = await sql<CallCount>`
    select caller, calls, ends_in_ms from count_calls(
      ${added.map(({ caller }) => caller)}::text[], ${added.map(({ calls }) => calls)}::bigint[], ${windowS})`.execute(
    db,
  );
  return found.rows;
}

/** Removes callers whose window ended long ago. */
export async function forgetCallCounts(db: Database, olderThanS: number): Promise<void> {
  await sql`select forget_calls(${olderThanS})`.execute(db);
}
