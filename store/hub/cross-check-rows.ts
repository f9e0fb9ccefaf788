/** What a comparison of the hub with one connection asks of the store, beside records and links. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

/** Records of an entity that are not deleted, by id. */
export async function liveHubIds(
  tx: Tx,
  {
    tenantId,
    entity,
    after,
    limit,
  }: { tenantId: string; entity: Entity; after: string | null; limit: number },
): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select id from hub_record where tenant_id = ${tenantId} and entity = ${entity} and deleted_at is null
      and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${limit}`.execute(tx);
  return found.rows.map(({ id }) => id);
}

/** Of these records those whose write waits for a person, or for another record. */
export async function waitingPushes(tx: Tx, connectionId: string, ids: readonly string[]): Promise<string[]> {
  const waiting = await sql<{ id: string }>`
    select subject as id from quarantine
      where connection_id = ${connectionId} and direction = 'push' and closed_at is null
        and subject = any(${ids}::text[])
    union select hub_id::text from create_intent
      where connection_id = ${connectionId} and state = 'ambiguous' and hub_id = any(${ids}::uuid[])
    union select hub_id::text from push_queue
      where connection_id = ${connectionId} and waits_hub_id is not null and hub_id = any(${ids}::uuid[])`.execute(
    tx,
  );
  return waiting.rows.map(({ id }) => id);
}
