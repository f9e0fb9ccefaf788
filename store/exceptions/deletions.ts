/** Deletions at a vendor: found by two complete sweeps, carried out by policy, stopped by the breaker, undoable. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

export interface MissingLink {
  externalId: string;
  hubId: string;
  missingSweeps: number;
}

/** Compares a complete list of keys with the links: absent ones count one sweep more, present ones start anew. */
export async function countSweep(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  present: readonly string[],
  startedAt: string,
): Promise<{ missing: MissingLink[]; total: number }> {
  await sql`
    update link l set missing_sweeps = 0
    where connection_id = ${connectionId} and entity = ${entity} and missing_sweeps > 0
      and external_id = any(${present})`.execute(tx);
  // A link made while the sweep was walking is not missing: its record may be younger than the page it belongs on.
  const missing = await sql<MissingLink>`
    update link l set missing_sweeps = missing_sweeps + 1
    where connection_id = ${connectionId} and entity = ${entity} and gone_at is null
      and not exists (select 1 from unnest(${present}::text[]) p(id) where p.id = l.external_id)
      and exists (select 1 from raw_page p where p.id = l.raw_page and p.fetched_at < ${startedAt}::timestamptz)
    returning external_id, hub_id, missing_sweeps`.execute(tx);
  const total = await sql<{ n: number }>`
    select count(*) as n from link where connection_id = ${connectionId} and entity = ${entity} and gone_at is null`.execute(
    tx,
  );
  return { missing: missing.rows, total: total.rows[0]?.n ?? 0 };
}

export interface StoppedDeletions {
  direction: 'in' | 'out';
  externalIds: readonly string[];
  /** Links of the entity, of which these are too large a share. */
  total: number;
}

export async function openBreaker(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity; at: string },
  { direction, externalIds, total }: StoppedDeletions,
): Promise<void> {
  await sql`
    insert into delete_breaker (tenant_id, connection_id, entity, direction, external_ids, total, opened_at)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, ${direction}, ${externalIds}::text[], ${total}, ${scope.at})
    on conflict (connection_id, entity, direction) do update
      set external_ids = excluded.external_ids, total = excluded.total, approved_at = null`.execute(tx);
}

/** Deletions of the hub that are due at this system, and how many records it has. */
export async function dueOutward(
  tx: Tx,
  connectionId: string,
  entity: Entity,
): Promise<{ externalIds: string[]; total: number }> {
  const due = await sql<{ externalId: string }>`
    select l.external_id from push_queue q
    join hub_record h on h.id = q.hub_id and h.deleted_at is not null
    join link l on l.connection_id = q.connection_id and l.hub_id = q.hub_id and l.gone_at is null and l.retired_at is null
    where q.connection_id = ${connectionId} and q.entity = ${entity} order by l.external_id`.execute(tx);
  const total = await sql<{ n: number }>`
    select count(*) as n from link where connection_id = ${connectionId} and entity = ${entity} and gone_at is null`.execute(
    tx,
  );
  return { externalIds: due.rows.map((row) => row.externalId), total: total.rows[0]?.n ?? 0 };
}

/** What a person said of deletions that were too many: which were stopped, and whether they may go. */
export async function loadOutward(
  tx: Tx,
  connectionId: string,
  entity: Entity,
): Promise<{ externalIds: ReadonlySet<string>; approved: boolean } | null> {
  const found = await sql<{ externalIds: string[]; approvedAt: Date | null }>`
    select external_ids, approved_at from delete_breaker
    where connection_id = ${connectionId} and entity = ${entity} and direction = 'out'`.execute(tx);
  const row = found.rows[0];
  return row === undefined
    ? null
    : { externalIds: new Set(row.externalIds), approved: row.approvedAt !== null };
}

/** An approval is used up when nothing is left of it. */
export async function closeOutward(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`delete from delete_breaker
    where connection_id = ${connectionId} and entity = ${entity} and direction = 'out'`.execute(tx);
}
