/** Updates under way: stored before the vendor is asked, gone when the outcome is known. What is left says which values there are ours. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { UpdateIntent } from '../../domain/merge/update-intent.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface StoredUpdateIntent extends UpdateIntent {
  hubId: string;
  /**
   * `sending`: under way, or nobody knows what became of it; `refused`: the vendor refused it when part of it was there;
   * `taking_back`: the next push writes what was before.
   */
  state: 'sending' | 'refused' | 'taking_back';
}

const SHAPE = {
  hub_id: 'uuid',
  state: 'text',
  fields: 'jsonb',
  touched: 'jsonb',
  wanted: 'jsonb',
  before: 'jsonb',
  payload: 'jsonb',
  steps: 'jsonb',
  refused: 'jsonb',
  begun_at: 'timestamptz',
  attempt: 'int',
};

export async function loadUpdateIntents(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, StoredUpdateIntent>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<StoredUpdateIntent>`
    select hub_id, state, fields, touched, wanted, before, payload, steps, refused, attempt,
      to_char(begun_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as begun_at
    from update_intent where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
  return new Map(found.rows.map((row) => [row.hubId, row]));
}

/** A later try of the same record takes the place of the one before. */
export async function storeUpdateIntents(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  intents: readonly StoredUpdateIntent[],
): Promise<void> {
  if (intents.length === 0) return;
  await sql`
    insert into update_intent (tenant_id, connection_id, entity, hub_id, state, fields, touched, wanted, before, payload,
      steps, refused, begun_at, attempt)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, hub_id, state, fields, touched, wanted, before,
      payload, steps, nullif(refused, 'null'), begun_at, attempt
    from ${recordset(intents, SHAPE)}
    on conflict (connection_id, hub_id) do update set state = excluded.state, fields = excluded.fields,
      touched = excluded.touched, wanted = excluded.wanted, before = excluded.before, payload = excluded.payload,
      steps = excluded.steps, refused = excluded.refused, begun_at = excluded.begun_at, attempt = excluded.attempt`.execute(
    tx,
  );
}

export async function dropUpdateIntents(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<void> {
  if (hubIds.length === 0) return;
  await sql`delete from update_intent
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
}
