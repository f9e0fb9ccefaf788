/**
 * The change feed for readers outside: from a position on, in the order of commits as far as they are final, record by record. A
 * reader keeps its own position; nothing is written here.
 */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

/** Behind the record at `place` of the feed's row. */
export interface FeedPoint {
  xid: string;
  seq: number;
  place: number;
}

export interface FeedChange {
  entity: Entity;
  recordId: string;
  version: number;
  originConnectionId: string | null;
  runId: string | null;
  at: FeedPoint;
}

/** Where changes that are not final yet begin: everything below is committed or never will be. */
export async function feedHorizon(tx: Tx): Promise<FeedPoint> {
  const { rows } = await sql<{ xid: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as xid`.execute(tx);
  return { xid: rows[0]?.xid ?? '0', seq: 0, place: 0 };
}

/** A point of another server's numbering is ahead of everything that this server gave. */
export async function isAheadOfFeed(tx: Tx, { xid }: FeedPoint): Promise<boolean> {
  const { rows } = await sql<{ ahead: boolean }>`
    select ${xid}::xid8 > pg_snapshot_xmax(pg_current_snapshot()) as ahead`.execute(tx);
  return rows[0]?.ahead === true;
}

/** Rows of the feed in one statement, and the records from which on a further row is left for the next. */
const ROWS_MAX = 1_000;
const RECORDS_MAX = 1_000;

interface FeedRow {
  entity: Entity;
  xid: string;
  seq: number;
  hubIds: string[];
  versions: number[];
  originConnectionId: string | null;
  runId: string | null;
}

/** What follows `from`, at most about 2,000 records; `hidden` when something is committed that is not final yet. */
export async function readFeed(
  tx: Tx,
  scope: { tenantId: string; entities: readonly Entity[] },
  from: FeedPoint,
): Promise<{ changes: FeedChange[]; hidden: boolean }> {
  const unread = sql`c.tenant_id = ${scope.tenantId} and c.entity = e.entity
    and c.xid >= ${from.xid}::xid8 and (c.xid > ${from.xid}::xid8 or c.seq >= ${from.seq})`;
  // Of one moment for both: a row that the first leaves out as not final would be final for the second, and nobody would come back.
  const horizon = sql`${(await feedHorizon(tx)).xid}::xid8`;
  const entities = sql`unnest(${scope.entities}::text[]) e(entity)`;
  const { rows } = await sql<FeedRow>`
    select entity, xid::text as xid, seq, hub_ids, versions, origin_connection_id, run_id from (
      select *, sum(cardinality(hub_ids)) over (order by xid, seq) - cardinality(hub_ids) as earlier from (
        select c.* from ${entities} cross join lateral (
          select * from change c where ${unread} and c.xid < ${horizon} order by c.xid, c.seq limit ${ROWS_MAX}
        ) c order by c.xid, c.seq limit ${ROWS_MAX}
      ) unread
    ) counted where earlier < ${RECORDS_MAX} order by counted.xid, counted.seq`.execute(tx);
  const hidden = await sql`
    select 1 from ${entities} where exists (select 1 from change c where ${unread} and c.xid >= ${horizon})`.execute(
    tx,
  );
  return { changes: rows.flatMap((row) => recordsOf(row, from)), hidden: hidden.rows.length > 0 };
}

function recordsOf(row: FeedRow, from: FeedPoint): FeedChange[] {
  const done = row.xid === from.xid && row.seq === from.seq ? from.place : 0;
  return row.hubIds.slice(done).map((recordId, index) => ({
    entity: row.entity,
    recordId,
    version: Number(row.versions[done + index]),
    originConnectionId: row.originConnectionId,
    runId: row.runId,
    at: { xid: row.xid, seq: row.seq, place: done + index + 1 },
  }));
}

export interface PresentRecord {
  entity: Entity;
  recordId: string;
  number: string;
  version: number;
}

/** The records that are there, by their numbers, for who begins at the beginning. */
export async function presentRecords(
  tx: Tx,
  scope: { tenantId: string; entities: readonly Entity[] },
  after: string,
): Promise<PresentRecord[]> {
  const { rows } = await sql<PresentRecord>`
    select entity, id as record_id, number, version from hub_record
    where tenant_id = ${scope.tenantId} and number > ${after} and entity = any(${scope.entities}::text[]) and deleted_at is null
    order by number limit ${RECORDS_MAX}`.execute(tx);
  return rows;
}
