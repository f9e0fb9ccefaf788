/**
 * The change feed and the queue of pushes it fills, with what a push that came too late leaves behind. The feed is read
 * in the order (transaction, sequence) and never past the oldest transaction still running, so a transaction that commits
 * late is never skipped.
 */
import { sql, type RawBuilder } from 'kysely';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { arrayLiteral, recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';
import { loadCursor, saveCursor } from '../links/staging.ts';
import { adoptFeed } from './feed-life.ts';

export async function appendChanges(
  tx: Tx,
  scope: { tenantId: string; entity: Entity; originConnectionId: string | null; runId: string | null },
  changes: readonly { hubId: string; version: number }[],
): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    insert into change (tenant_id, entity, hub_ids, versions, origin_connection_id, run_id)
    values (${scope.tenantId}, ${scope.entity}, ${arrayLiteral(changes.map(({ hubId }) => hubId))}::uuid[],
      ${arrayLiteral(changes.map(({ version }) => String(version)))}::bigint[], ${scope.originConnectionId}, ${scope.runId})`.execute(
    tx,
  );
}

interface FeedPosition {
  xid: string;
  seq: number;
}

/** Transactions, by number, whose committed changes are hidden behind one that still runs. */
export interface HiddenFeed {
  oldest: bigint;
  newest: bigint;
}

export interface DrainedFeed {
  /** Rows put into the queue. */
  queued: number;
  hidden: HiddenFeed | null;
}

/**
 * Moves what is new in the feed into the connection's push queue, and the feed cursor with it. What a link already
 * agrees with is left out: a change that came from this very system is not queued.
 */
export async function drainFeed(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
): Promise<DrainedFeed> {
  await adoptFeed(tx, scope.tenantId);
  const from = parsePosition(await loadCursor(tx, scope.connectionId, scope.entity, 'feed'));
  const { to, hidden } = await endOfFeed(tx, scope, from);
  if (to === null) return { queued: 0, hidden };
  const queued = await sql`
    insert into push_queue (tenant_id, connection_id, entity, hub_id)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, c.hub_id
    from (
      select u.hub_id, max(u.version) as version from change cross join lateral unnest(hub_ids, versions) as u(hub_id, version)
      where tenant_id = ${scope.tenantId} and entity = ${scope.entity}
        and xid >= ${from.xid}::xid8 and (xid > ${from.xid}::xid8 or seq > ${from.seq})
        and (xid < ${to.xid}::xid8 or (xid = ${to.xid}::xid8 and seq <= ${to.seq}))
      group by u.hub_id
    ) c
    left join link l on l.connection_id = ${scope.connectionId} and l.hub_id = c.hub_id
    where l.hub_id is null or l.hub_version < c.version
    on conflict (connection_id, hub_id) do update set not_before = '-infinity', attempts = 0, waits_hub_id = null`.execute(
    tx,
  );
  await saveCursor(tx, scope, 'feed', `${to.xid}:${String(to.seq)}`);
  return { queued: Number(queued.numAffectedRows ?? 0), hidden };
}

/** How far the feed can be read now, and what lies behind that; one snapshot for both. */
async function endOfFeed(
  tx: Tx,
  scope: { tenantId: string; entity: Entity },
  from: FeedPosition,
): Promise<{ to: FeedPosition | null; hidden: HiddenFeed | null }> {
  const unread = sql`select xid, seq from change
    where tenant_id = ${scope.tenantId} and entity = ${scope.entity}
      and xid >= ${from.xid}::xid8 and (xid > ${from.xid}::xid8 or seq > ${from.seq})`;
  const found = await sql<{ part: 'readable' | 'oldest' | 'newest'; xid: string; seq: number }>`
    with horizon as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xid)
    (select 'readable' as part, c.xid::text as xid, c.seq from (${unread}) c
      where c.xid < (select xid from horizon) order by c.xid desc, c.seq desc limit 1)
    union all
    (select 'oldest', c.xid::text, c.seq from (${unread}) c
      where c.xid >= (select xid from horizon) order by c.xid, c.seq limit 1)
    union all
    (select 'newest', c.xid::text, c.seq from (${unread}) c
      where c.xid >= (select xid from horizon) order by c.xid desc, c.seq desc limit 1)`.execute(tx);
  const at = new Map(found.rows.map((row) => [row.part, row]));
  const [to, oldest, newest] = [at.get('readable'), at.get('oldest'), at.get('newest')];
  return {
    to: to === undefined ? null : { xid: to.xid, seq: to.seq },
    hidden:
      oldest === undefined || newest === undefined
        ? null
        : { oldest: BigInt(oldest.xid), newest: BigInt(newest.xid) },
  };
}

function parsePosition(value: string | null): FeedPosition {
  const [xid, seq] = (value ?? '0:0').split(':');
  return { xid: xid ?? '0', seq: Number(seq ?? 0) };
}

export interface QueuedPush {
  hubId: string;
  attempts: number;
}

/** The pushes that are due, oldest first. */
export async function duePushes(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  limit: number,
  exclude: readonly string[],
): Promise<QueuedPush[]> {
  const found = await sql<QueuedPush>`
    select hub_id, attempts from push_queue
    where connection_id = ${connectionId} and entity = ${entity} and waits_hub_id is null and not_before <= now()
      and hub_id <> all(${exclude}::uuid[])
    order by since, hub_id limit ${limit}`.execute(tx);
  return found.rows;
}

export async function enqueuePushes(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  hubIds: readonly string[],
): Promise<void> {
  if (hubIds.length === 0) return;
  await sql`
    insert into push_queue (tenant_id, connection_id, entity, hub_id)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, unnest(${hubIds}::uuid[])
    on conflict (connection_id, hub_id) do update set not_before = '-infinity', attempts = 0, waits_hub_id = null`.execute(
    tx,
  );
}

export async function dropPushes(tx: Tx, connectionId: string, hubIds: readonly string[]): Promise<void> {
  if (hubIds.length === 0) return;
  await sql`delete from push_queue
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
}

/** Holds pushes until another record is linked at this connection. */
export async function holdPushes(
  tx: Tx,
  connectionId: string,
  held: readonly { hubId: string; waitsHubId: string }[],
): Promise<void> {
  if (held.length === 0) return;
  await sql`
    update push_queue q set waits_hub_id = t.waits_hub_id
    from ${recordset(held, { hub_id: 'uuid', waits_hub_id: 'uuid' })}
    where q.connection_id = ${connectionId} and q.hub_id = t.hub_id`.execute(tx);
}

/**
 * 2, 4, 8 ... seconds, five minutes at most. Bounded before the power is taken: an interval holds no more than 2^43
 * seconds, and a vendor that is away for some hours brings a push to more tries than that.
 */
const pauseAfter = (tries: RawBuilder<number>): RawBuilder<string> =>
  sql`interval '1 second' * least(power(2, least(${tries}, 10) + 1), 300)`;

/** Tries again later. */
export async function postponePushes(tx: Tx, connectionId: string, hubIds: readonly string[]): Promise<void> {
  if (hubIds.length === 0) return;
  await sql`
    update push_queue set attempts = attempts + 1, not_before = now() + ${pauseAfter(sql`attempts`)}
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
}

/**
 * Tries again later what a whole pass found changed each time, and says how many such passes there were in a row. The
 * pause grows with them, because a merge that queues the record anew begins its attempts again; the row goes, and the
 * count with it, when the record is written or needs no write any more.
 */
export async function postponeStalePushes(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, number>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<{ hubId: string; stalePasses: number }>`
    update push_queue set attempts = attempts + 1, stale_passes = stale_passes + 1,
      not_before = now() + ${pauseAfter(sql`greatest(attempts, stale_passes)`)}
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])
    returning hub_id, stale_passes`.execute(tx);
  return new Map(found.rows.map((row) => [row.hubId, row.stalePasses]));
}

/**
 * The version a stale write was told, where the link knows that very content: the next write goes by it. The merge passes
 * over what did not change, and the push would be stale for ever. What could not be merged keeps the version it had, so
 * that no write overrules what was not seen.
 */
export async function renewVersions(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  records: readonly { externalId: string; externalVersion: string | null; rawHash: string }[],
): Promise<void> {
  if (records.length === 0) return;
  await sql`
    update link l set external_version = t.external_version
    from ${recordset(records, { external_id: 'text', external_version: 'text', raw_hash: 'uuid' })}
    where l.connection_id = ${connectionId} and l.entity = ${entity} and l.external_id = t.external_id
      and l.raw_hash = t.raw_hash`.execute(tx);
}

/** All pushes of a connection that were put off are due at once; returns how many. */
export async function releaseAllPushes(tx: Tx, connectionId: string): Promise<number> {
  const released = await sql`update push_queue set not_before = '-infinity', attempts = 0
    where connection_id = ${connectionId} and not_before > now()`.execute(tx);
  return Number(released.numAffectedRows ?? 0);
}

/** Whatever these pushes waited for is there: they are due at once. */
export async function releasePushes(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`update push_queue set not_before = '-infinity', attempts = 0
    where connection_id = ${connectionId} and entity = ${entity} and not_before > '-infinity'`.execute(tx);
}

export async function pushBacklog(
  tx: Tx,
  connectionId: string,
  entity: Entity,
): Promise<{ waiting: number; due: number }> {
  const found = await sql<{ waiting: number; due: number }>`
    select count(*) filter (where waits_hub_id is not null) as waiting, count(*) filter (where waits_hub_id is null) as due
    from push_queue where connection_id = ${connectionId} and entity = ${entity}`.execute(tx);
  return found.rows[0] ?? { waiting: 0, due: 0 };
}

/** Which entities have something to push at this connection: unread feed rows or due queue rows. */
export async function entitiesToPush(tx: Tx, tenantId: string, connectionId: string): Promise<Set<Entity>> {
  await adoptFeed(tx, tenantId);
  const found = await sql<{ entity: Entity }>`
    select distinct entity from push_queue
    where connection_id = ${connectionId} and waits_hub_id is null and not_before <= now()
    union
    select e.entity from unnest(${ENTITIES}::text[]) e(entity)
    left join cursor k on k.connection_id = ${connectionId} and k.entity = e.entity and k.kind = 'feed'
    where exists (
      select 1 from change c where c.tenant_id = ${tenantId} and c.entity = e.entity
        and c.xid >= coalesce(split_part(k.value, ':', 1), '0')::xid8
        and (c.xid > coalesce(split_part(k.value, ':', 1), '0')::xid8 or c.seq > coalesce(split_part(k.value, ':', 2), '0')::bigint)
    )`.execute(tx);
  return new Set(found.rows.map((row) => row.entity));
}

/** Milliseconds until the next postponed push may be tried; null when none waits for time. */
export async function nextPushInMs(tx: Tx, connectionId: string): Promise<number | null> {
  const found = await sql<{ ms: number | null }>`
    select (extract(epoch from min(not_before) - now()) * 1000)::float8 as ms from push_queue
    where connection_id = ${connectionId} and waits_hub_id is null and not_before > '-infinity'`.execute(tx);
  const ms = found.rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, Math.ceil(ms));
}

/** Pushes of a connection that could be tried now or after their pause; those that wait for another record do not count. */
export async function duePushCount(tx: Tx, connectionId: string): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from push_queue where connection_id = ${connectionId} and waits_hub_id is null`.execute(
    tx,
  );
  return found.rows[0]?.n ?? 0;
}
