/** The delete breaker as people see and settle it: deletions that a sweep found and did not dare to carry out. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { DeletePolicy } from '../connections/connections.ts';
import type { Tx } from '../database.ts';

export interface BreakerRow {
  connectionId: string;
  connection: string;
  entity: Entity;
  deletePolicy: DeletePolicy;
  externalIds: string[];
  total: number;
  openedAt: Date;
}

const SELECT = sql`
  select b.connection_id, k.name as connection, b.entity, k.delete_policy, b.external_ids, b.total, b.opened_at
  from delete_breaker b join connection k on k.id = b.connection_id`;

export async function listBreakers(tx: Tx): Promise<BreakerRow[]> {
  return (await sql<BreakerRow>`${SELECT} order by b.opened_at, b.entity`.execute(tx)).rows;
}

export async function loadBreaker(tx: Tx, connectionId: string, entity: Entity): Promise<BreakerRow | null> {
  const found = await sql<BreakerRow>`
    ${SELECT} where b.connection_id = ${connectionId} and b.entity = ${entity}`.execute(tx);
  return found.rows[0] ?? null;
}

export async function closeBreaker(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`delete from delete_breaker where connection_id = ${connectionId} and entity = ${entity}`.execute(
    tx,
  );
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
