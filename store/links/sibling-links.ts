/** What other connections to the same external system have linked: evidence of what a hub record is there already. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface SiblingLink {
  hubId: string;
  connection: string;
  externalId: string;
  /** Within which its numbers mean one thing; null: not known. */
  scope: string | null;
}

/** Links of these hub records at other connections whose system is the same as this one's; none when that is not known. */
export async function siblingLinks(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<SiblingLink[]> {
  if (hubIds.length === 0) return [];
  const found = await sql<SiblingLink>`
    select l.hub_id, k.name as connection, l.external_id, l.scope
    from connection own
    join connection k on k.id <> own.id and k.identity->>'system' = own.identity->>'system'
    join lateral unnest(${hubIds}::uuid[]) w(id) on true
    cross join lateral (select hub_id, external_id, scope from link
      where connection_id = k.id and hub_id = w.id and gone_at is null limit 1) l
    where own.id = ${connectionId}`.execute(tx);
  return found.rows;
}
