/**
 * The records whose files a connection has to look at or to send. One row per record and connection, however often it is due;
 * after a first reading the queue is filled from the links, a step's worth at a time.
 */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

const QUEUED_AGAIN = sql`on conflict (connection_id, hub_id) do update set look = file_queue.look or excluded.look,
  slow = file_queue.slow and excluded.slow, attempts = 0, not_before = '-infinity', version = file_queue.version + 1`;

export interface QueuedFiles {
  hubId: string;
  /** Read the vendor's list; otherwise the row is kept only for a record that has files to send. */
  look: boolean;
  slow: boolean;
}

export interface FileScope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
}

export async function enqueueFiles(tx: Tx, scope: FileScope, rows: readonly QueuedFiles[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into file_queue (tenant_id, connection_id, entity, hub_id, look, slow)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, hub_id, look, slow
    from unnest(${rows.map((row) => row.hubId)}::uuid[], ${rows.map((row) => row.look)}::boolean[],
      ${rows.map((row) => row.slow)}::boolean[]) as t(hub_id, look, slow)
    where look or exists (select 1 from hub_attachment a where a.hub_id = t.hub_id)
    ${QUEUED_AGAIN}`.execute(tx);
}

/** Every record of the entity that the connection has is to be looked at, after what changed meanwhile. */
export async function beginFirstLook(tx: Tx, scope: FileScope): Promise<void> {
  await sql`
    insert into file_first_look (tenant_id, connection_id, entity)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity})
    on conflict (connection_id, entity) do update set after_external_id = ''`.execute(tx);
}

/** Queues the next records of the first look, as many as make `limit` due ones. */
export async function continueFirstLook(tx: Tx, scope: FileScope, limit: number): Promise<void> {
  const { connectionId, entity } = scope;
  const found = await sql<{ afterExternalId: string }>`
    select after_external_id from file_first_look
    where connection_id = ${connectionId} and entity = ${entity} for update`.execute(tx);
  const [walk] = found.rows;
  if (walk === undefined) return;
  const waiting = await sql<{ n: number }>`
    select count(*) as n from (select from file_queue
      where connection_id = ${connectionId} and entity = ${entity} and not_before <= now() limit ${limit}) due`.execute(
    tx,
  );
  const room = limit - (waiting.rows[0]?.n ?? 0);
  if (room <= 0) return;
  const next = await sql<{ externalId: string; hubId: string; gone: boolean }>`
    select external_id, hub_id, gone_at is not null as gone from link
    where connection_id = ${connectionId} and entity = ${entity} and external_id > ${walk.afterExternalId}
    order by external_id limit ${room}`.execute(tx);
  await enqueueFiles(
    tx,
    scope,
    next.rows.filter(({ gone }) => !gone).map(({ hubId }) => ({ hubId, look: true, slow: true })),
  );
  const last = next.rows.at(-1);
  await (
    last === undefined || next.rows.length < room
      ? sql`delete from file_first_look where connection_id = ${connectionId} and entity = ${entity}`
      : sql`update file_first_look set after_external_id = ${last.externalId}
        where connection_id = ${connectionId} and entity = ${entity}`
  ).execute(tx);
}

/** A record got a file: every other connection that has the record is to get it. */
export async function enqueueFilesElsewhere(
  tx: Tx,
  tenantId: string,
  hubId: string,
  exceptConnectionId: string | null,
): Promise<void> {
  await sql`
    insert into file_queue (tenant_id, connection_id, entity, hub_id, look, slow)
    select ${tenantId}::uuid, connection_id, entity, hub_id, false, false from link
    where hub_id = ${hubId} and gone_at is null and connection_id is distinct from ${exceptConnectionId}::uuid
    ${QUEUED_AGAIN}`.execute(tx);
}

/** The daily look: a system need not move a record when somebody adds a file to it. Closed and old records are left out. */
export async function enqueueDailyLook(
  tx: Tx,
  scope: { tenantId: string; connectionId: string },
  entities: readonly Entity[],
  lookBackDays: number,
): Promise<void> {
  if (entities.length === 0) return;
  await sql`
    insert into file_queue (tenant_id, connection_id, entity, hub_id, look, slow)
    select ${scope.tenantId}::uuid, l.connection_id, l.entity, l.hub_id, true, true
    from link l join hub_record h on h.id = l.hub_id
    where l.connection_id = ${scope.connectionId} and l.entity = any(${entities}::text[]) and l.gone_at is null
      and not l.read_only and h.deleted_at is null and h.updated_at > now() - ${lookBackDays} * interval '1 day'
    on conflict (connection_id, hub_id) do update set look = true, version = file_queue.version + 1`.execute(
    tx,
  );
}

/** Entities with files that are due now. */
export async function entitiesWithFiles(tx: Tx, connectionId: string): Promise<Set<Entity>> {
  const found = await sql<{ entity: Entity }>`
    select entity from file_queue where connection_id = ${connectionId} and not_before <= now()
    union select entity from file_first_look where connection_id = ${connectionId}`.execute(tx);
  return new Set(found.rows.map((row) => row.entity));
}

export async function hasFilesDue(tx: Tx, connectionId: string, entity: Entity): Promise<boolean> {
  const found = await sql`
    (select 1 from file_queue
      where connection_id = ${connectionId} and entity = ${entity} and not_before <= now() limit 1)
    union all select 1 from file_first_look where connection_id = ${connectionId} and entity = ${entity}`.execute(
    tx,
  );
  return found.rows.length > 0;
}

/** Milliseconds until files are due again, 0 when they are; null when none are queued. */
export async function nextFilesInMs(tx: Tx, connectionId: string): Promise<number | null> {
  const found = await sql<{ ms: number | null }>`
    select (extract(epoch from min(greatest(not_before, now())) - now()) * 1000)::float8 as ms from (
      select not_before from file_queue where connection_id = ${connectionId}
      union all select now() from file_first_look where connection_id = ${connectionId}) waiting`.execute(tx);
  const ms = found.rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, Math.ceil(ms));
}

export interface DueFiles {
  hubId: string;
  look: boolean;
  attempts: number;
  version: number;
  /** Null: the record is not there (any more), so there is nothing to do. */
  externalId: string | null;
  address: string | null;
  readOnly: boolean | null;
  deleted: boolean;
}

export async function dueFiles(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  limit: number,
): Promise<DueFiles[]> {
  const found = await sql<DueFiles>`
    select q.hub_id, q.look, q.attempts, q.version, l.external_id, l.address, l.read_only,
      h.id is null or h.deleted_at is not null as deleted
    from file_queue q
    left join link l on l.connection_id = q.connection_id and l.hub_id = q.hub_id and l.gone_at is null
    left join hub_record h on h.id = q.hub_id
    where q.connection_id = ${connectionId} and q.entity = ${entity} and q.not_before <= now()
    order by q.slow, q.since, q.hub_id limit ${limit}`.execute(tx);
  return found.rows;
}

/** The record's files are in order; a row that was queued again meanwhile stays. */
export async function settleFiles(
  tx: Tx,
  connectionId: string,
  taken: Pick<DueFiles, 'hubId' | 'version'>,
): Promise<void> {
  await sql`delete from file_queue
    where connection_id = ${connectionId} and hub_id = ${taken.hubId} and version = ${taken.version}`.execute(
    tx,
  );
}

/** Again after a pause: that of the vendor, or 2, 4, 8 ... seconds, half an hour at most. */
export async function postponeFiles(
  tx: Tx,
  connectionId: string,
  hubId: string,
  pauseMs: number | null,
): Promise<void> {
  await sql`
    update file_queue set attempts = attempts + 1, not_before = now() + case
      when ${pauseMs}::float8 is null then least(interval '1 second' * power(2, attempts + 1), interval '30 minutes')
      else ${pauseMs}::float8 * interval '1 millisecond' end
    where connection_id = ${connectionId} and hub_id = ${hubId}`.execute(tx);
}

/** Rows of entities that this connection has no files for: a file came to the record from another system. */
export async function dropFileQueue(
  tx: Tx,
  connectionId: string,
  entities: readonly Entity[],
): Promise<void> {
  if (entities.length === 0) return;
  for (const table of ['file_queue', 'file_first_look']) {
    await sql`delete from ${sql.table(table)}
      where connection_id = ${connectionId} and entity = any(${entities}::text[])`.execute(tx);
  }
}
