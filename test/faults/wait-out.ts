/** Time passes for the hub: throttles end and postponed pushes are due, without anybody sleeping. */
import { sql } from 'kysely';
import type { Tx } from '../../store/index.ts';

export async function waitOut(tx: Tx): Promise<void> {
  await sql`update push_queue set not_before = '-infinity' where not_before > '-infinity'`.execute(tx);
  await sql`update throttle set paused_until = '-infinity'`.execute(tx);
}
