/** The delete breaker as people see and settle it: deletions that a sweep found and did not dare to carry out. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { DeletePolicy } from '../connections/connections.ts';
import type { Tx } from '../database.ts';

export interface BreakerRow {
  connectionId: string;
  connection: string;
  entity: Entity;
  /** `in`: gone at the system; `out`: deleted in the hub. */
  direction: 'in' | 'out';
  deletePolicy: DeletePolicy;
  externalIds: string[];
  total: number;
  openedAt: Date;
}

const SELECT = sql`
  select b.connection_id, k.name as connection, b.entity, b.direction, k.delete_policy, b.external_ids, b.total, b.opened_at
  from delete_breaker b join connection k on k.id = b.connection_id`;

export async function listBreakers(tx: Tx): Promise<BreakerRow[]> {
  return (
    await sql<BreakerRow>`${SELECT} where b.approved_at is null order by b.opened_at, b.entity`.execute(tx)
  ).rows;
}

export async function loadBreaker(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  direction: BreakerRow['direction'],
): Promise<BreakerRow | null> {
  const found = await sql<BreakerRow>`
    ${SELECT} where b.connection_id = ${connectionId} and b.entity = ${entity} and b.direction = ${direction}
      and b.approved_at is null`.execute(tx);
  return found.rows[0] ?? null;
}

export async function closeBreaker(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  direction: BreakerRow['direction'],
): Promise<void> {
  await sql`delete from delete_breaker
    where connection_id = ${connectionId} and entity = ${entity} and direction = ${direction}`.execute(tx);
}

/** They may go: the next push carries exactly these out. Their pushes are due again. */
export async function approveOutward(tx: Tx, breaker: BreakerRow, at: string): Promise<string[]> {
  await sql`update delete_breaker set approved_at = ${at}::timestamptz
    where connection_id = ${breaker.connectionId} and entity = ${breaker.entity} and direction = 'out'`.execute(
    tx,
  );
  const queued = await sql<{ externalId: string }>`
    with due as (
      insert into push_queue (tenant_id, connection_id, entity, hub_id)
      select l.tenant_id, l.connection_id, l.entity, l.hub_id from link l
      join hub_record h on h.id = l.hub_id and h.deleted_at is not null
      where l.connection_id = ${breaker.connectionId} and l.entity = ${breaker.entity}
        and l.external_id = any(${breaker.externalIds}) and l.gone_at is null and l.retired_at is null
      on conflict (connection_id, hub_id) do update set not_before = '-infinity', attempts = 0 returning hub_id
    )
    select l.external_id from due join link l on l.connection_id = ${breaker.connectionId} and l.hub_id = due.hub_id
    order by l.external_id`.execute(tx);
  return queued.rows.map((row) => row.externalId);
}

/** Of these, the links that the sweeps still miss; one that was seen since is there again. */
export async function stillMissing(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalIds: readonly string[],
): Promise<{ externalId: string; hubId: string; number: string }[]> {
  const found = await sql<{ externalId: string; hubId: string; number: string }>`
    select l.external_id, l.hub_id, h.number from link l join hub_record h on h.id = l.hub_id
    where l.connection_id = ${connectionId} and l.entity = ${entity} and l.gone_at is null and l.missing_sweeps >= 2
      and l.external_id = any(${externalIds})
    order by l.external_id`.execute(tx);
  return found.rows;
}

/** Starts the count of missed sweeps anew. */
export async function forgetMissed(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalIds: readonly string[],
): Promise<void> {
  await sql`update link set missing_sweeps = 0
    where connection_id = ${connectionId} and entity = ${entity} and external_id = any(${externalIds})`.execute(
    tx,
  );
}
