/** Keeps a connection's writer out for the length of one transaction, without taking its fence: the writer waits and goes on. */
import { sql } from 'kysely';
import type { Store, Tx } from '../database.ts';

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

/**
 * Lets one process at a time log in at a connection's system. The transaction holds nothing but this lock and takes no
 * transaction id, so it does not hold back the change feed however long the login takes.
 */
export async function withConnectionLogin<T>(
  store: Store,
  connectionId: string,
  work: () => Promise<T>,
): Promise<T> {
  return store.db.transaction().execute(async (tx) => {
    await sql`begin`.execute(tx);
    await sql`select pg_advisory_xact_lock(hashtextextended(${`login/${connectionId}`}, 0))`.execute(tx);
    return work();
  });
}
