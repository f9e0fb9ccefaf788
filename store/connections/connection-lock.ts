/** Keeps a connection's writer out for the length of one transaction, without taking its fence: the writer waits and goes on. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Locks connections in id order. A page holds its connection `for share` while it merges, so what is read after
 * this lock cannot be overwritten by a merge that began before it. Take it before any hub record is locked.
 */
export async function lockConnections(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`select 1 from connection where id = any(${ids}::uuid[]) order by id for no key update`.execute(
    tx,
  );
}
