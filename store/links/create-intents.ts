/** Intents to create: stored before the vendor is asked, gone when the link exists. What is left after a crash is asked for first. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface CreateIntent {
  hubId: string;
  reference: string;
  payload: JsonObject;
  state: 'sending' | 'unknown' | 'ambiguous';
  intendedAt: string;
  /** When the vendor was last asked to create it. */
  triedAt: string;
}

const instant = (column: string) =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
const COLUMNS = sql`hub_id, reference, payload, state, ${instant('intended_at')} as intended_at,
  ${instant('tried_at')} as tried_at`;

export async function loadIntents(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, CreateIntent>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<CreateIntent>`
    select ${COLUMNS} from create_intent where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(
    tx,
  );
  return new Map(found.rows.map((row) => [row.hubId, row]));
}

export async function storeIntents(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  intents: readonly Pick<CreateIntent, 'hubId' | 'reference' | 'payload' | 'intendedAt'>[],
): Promise<void> {
  if (intents.length === 0) return;
  await sql`
    insert into create_intent (tenant_id, connection_id, entity, hub_id, reference, payload, state, intended_at, tried_at)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, hub_id, reference, payload, 'sending', intended_at, intended_at
    from ${recordset(intents, { hub_id: 'uuid', reference: 'text', payload: 'jsonb', intended_at: 'timestamptz' })}`.execute(
    tx,
  );
}

/** Creates of this entity of which nobody knows yet what became of them. */
export async function openIntents(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  page: { after: Pick<CreateIntent, 'intendedAt' | 'hubId'> | null; limit: number },
): Promise<CreateIntent[]> {
  const { after, limit } = page;
  const found = await sql<CreateIntent>`
    select ${COLUMNS} from create_intent
    where connection_id = ${connectionId} and entity = ${entity} and state <> 'ambiguous'
      and (${after?.hubId ?? null}::uuid is null or (date_trunc('milliseconds', create_intent.intended_at), hub_id)
        > (${after?.intendedAt ?? null}::timestamptz, ${after?.hubId ?? null}::uuid))
    order by date_trunc('milliseconds', create_intent.intended_at), hub_id limit ${limit}`.execute(tx);
  return found.rows;
}

/** The vendor is about to be asked once more, for what the records are by now. */
export async function renewIntents(
  tx: Tx,
  connectionId: string,
  renewed: readonly Pick<CreateIntent, 'hubId' | 'payload'>[],
  at: string,
): Promise<void> {
  if (renewed.length === 0) return;
  await sql`update create_intent i set tried_at = ${at}::timestamptz, payload = t.payload
    from ${recordset(renewed, { hub_id: 'uuid', payload: 'jsonb' })}
    where i.connection_id = ${connectionId} and i.hub_id = t.hub_id`.execute(tx);
}

export async function markIntents(
  tx: Tx,
  connectionId: string,
  marks: readonly { hubId: string; state: CreateIntent['state']; candidates: Json }[],
): Promise<void> {
  if (marks.length === 0) return;
  await sql`
    update create_intent i set state = t.state, candidates = t.candidates
    from ${recordset(marks, { hub_id: 'uuid', state: 'text', candidates: 'jsonb' })}
    where i.connection_id = ${connectionId} and i.hub_id = t.hub_id`.execute(tx);
}

export async function dropIntents(tx: Tx, connectionId: string, hubIds: readonly string[]): Promise<void> {
  if (hubIds.length === 0) return;
  await sql`delete from create_intent
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
}
