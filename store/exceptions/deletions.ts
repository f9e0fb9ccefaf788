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
      and exists (select 1 from raw_record r where r.connection_id = l.connection_id and r.entity = l.entity
        and r.external_id = l.external_id and r.fetched_at < ${startedAt}::timestamptz)
    returning external_id, hub_id, missing_sweeps`.execute(tx);
  const total = await sql<{ n: number }>`
    select count(*) as n from link where connection_id = ${connectionId} and entity = ${entity} and gone_at is null`.execute(
    tx,
  );
  return { missing: missing.rows, total: total.rows[0]?.n ?? 0 };
}

export async function openBreaker(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity; at: string },
  externalIds: readonly string[],
  total: number,
): Promise<void> {
  await sql`
    insert into delete_breaker (tenant_id, connection_id, entity, external_ids, total, opened_at)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, ${externalIds}::text[], ${total}, ${scope.at})
    on conflict (connection_id, entity) do update set external_ids = excluded.external_ids, total = excluded.total`.execute(
    tx,
  );
}
