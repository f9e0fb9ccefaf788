/**
 * The change feed is ordered by transaction ids, and those count from the making of a server. A dump that is restored into another
 * one, or a logical copy, brings ids that the new server has not reached: its own changes would stand behind every reader, and
 * nobody would see them. This finds such a feed and renumbers it, so that it goes on where it was. A physical restore (point in
 * time, a promoted replica) keeps its server's count and is left alone.
 */
import { sql } from 'kysely';
import { ENTITIES } from '../../domain/entities/index.ts';
import { appendAudit } from '../access/audit.ts';
import type { Tx } from '../database.ts';

/** Every id that is committed and visible is below this one; what is not was given by another server. */
const NEXT_ID = sql`pg_snapshot_xmax(pg_current_snapshot())`;

/** Renumbers the tenant's feed when it is another server's; says whether it was. Costs one look at an index when it is not. */
export async function adoptFeed(tx: Tx, tenantId: string): Promise<boolean> {
  if (!(await isOfAnotherServer(tx, tenantId))) return false;
  // Waits for every reader that has read its position and keeps others from reading theirs: each would write it back afterwards.
  await sql`lock table cursor in access exclusive mode`.execute(tx);
  if (!(await isOfAnotherServer(tx, tenantId))) return false;
  const { cursors, changes } = await renumber(tx, tenantId);
  await appendAudit(tx, tenantId, {
    actor: 'system',
    action: 'feed.renumber',
    subject: 'feed',
    before: null,
    after: { changes, cursors },
    at: new Date().toISOString(),
  });
  return true;
}

async function isOfAnotherServer(tx: Tx, tenantId: string): Promise<boolean> {
  const found = await sql<{ foreign: boolean }>`
    select exists(
      select from change where tenant_id = ${tenantId} and entity = any(${ENTITIES}::text[]) and xid >= ${NEXT_ID}
        and xid is distinct from pg_current_xact_id_if_assigned()
    ) or exists(
      select from cursor where tenant_id = ${tenantId} and kind = 'feed' and split_part(value, ':', 1)::xid8 >= ${NEXT_ID}
    ) as foreign`.execute(tx);
  return found.rows[0]?.foreign === true;
}

/**
 * Rows of the other server get id 0, which no transaction has, and their rank as the sequence; readers move to the rank they
 * had reached. Rows below the next id stay as they are, behind which readers then stand: they may be of either server, and one
 * that is read again does nothing, while one that is not read would be lost. One statement, because it needs one snapshot: what
 * commits meanwhile is this server's.
 */
async function renumber(tx: Tx, tenantId: string): Promise<{ cursors: number; changes: number }> {
  const done = await sql<{ cursors: number; changes: number }>`
    with moved as (
      delete from change where tenant_id = ${tenantId} and xid >= ${NEXT_ID}
        and xid is distinct from pg_current_xact_id_if_assigned() returning *
    ), reader as (
      select connection_id, entity, split_part(value, ':', 1)::xid8 as xid, split_part(value, ':', 2)::bigint as seq
      from cursor where tenant_id = ${tenantId} and kind = 'feed'
    ), merged as (
      select xid, seq, 1 as step, null::uuid as connection_id, null as entity from moved
      union all select xid, seq, 0, connection_id, entity from reader
    ), ranked as (
      select *, sum(step) over (order by xid, seq, step desc rows unbounded preceding) as rank from merged
    ), placed as (
      update cursor k set value = '0:' || r.rank from ranked r
      where k.connection_id = r.connection_id and k.entity = r.entity and k.kind = 'feed' returning 1
    ), kept as (
      insert into change (seq, xid, tenant_id, entity, hub_ids, versions, origin_connection_id, run_id)
      overriding system value
      select row_number() over (order by xid, seq), '0'::xid8, tenant_id, entity, hub_ids, versions, origin_connection_id, run_id
      from moved returning cardinality(hub_ids) as records
    )
    select (select count(*) from placed) as cursors, (select coalesce(sum(records), 0) from kept)::bigint as changes`.execute(
    tx,
  );
  return done.rows[0] ?? { cursors: 0, changes: 0 };
}
