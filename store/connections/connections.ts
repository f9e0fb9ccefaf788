/** Connections: settings, state, and the fence that makes one writer per connection true even for a writer that came back from the dead. */
import { sql, type RawBuilder } from 'kysely';
import type { HeldRules } from '../../domain/merge/held-fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { AbsentEntity } from './absent-entities.ts';
import type { Database, Tx } from '../database.ts';

export type DeletePolicy = 'ignore' | 'archive' | 'delete';

/** Which system a connection reaches: `SystemIdentity` of the connectors' contract, as it is kept. */
export interface ConnectionIdentity {
  system: string;
  scopes: readonly string[] | null;
  account: string | null;
}

export interface ConnectionRow {
  id: string;
  tenantId: string;
  system: string;
  name: string;
  config: JsonObject;
  state: 'active' | 'paused';
  stateReason: string | null;
  deletePolicy: DeletePolicy;
  pollSeconds: number;
  requestsPerSecond: number | null;
  unauthorizedRuns: number;
  /** What the system does not have at all. */
  absent: Partial<Record<Entity, AbsentEntity>>;
  /** What the system told of itself; `cannot_tell` where its connector has no way to ask, null before it was asked. */
  identity: ConnectionIdentity | 'cannot_tell' | null;
  /** The plant's changes to shipped mappings, by entity. */
  overrides: Record<string, JsonObject>;
  /** Rules that wait because the vendor's schema drifted under them, by entity. */
  held: Record<string, HeldRules>;
  /** Entities to be read from the start once more before anything is written there: a field came back. */
  reread: Record<string, 'wanted' | 'reading'>;
}

/** Over a connection's id: what is held there, and what is read once more. */
export function heldColumns(id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  coalesce((select jsonb_object_agg(d.entity, jsonb_build_object('pull', d.pull, 'push', d.push)) from (
    select entity,
      coalesce(jsonb_agg(distinct rule) filter (where direction = 'pull'), '[]') as pull,
      coalesce(jsonb_agg(distinct rule) filter (where direction = 'push'), '[]') as push
    from schema_drift where connection_id = ${id} and resolved_at is null and effect = 'held' group by entity) d), '{}') as held,
  coalesce((select s.reread from schema_look s where s.connection_id = ${id}), '{}') as reread`;
}

const COLUMNS = sql`id, tenant_id, system, name, config, state, state_reason, delete_policy, poll_seconds,
  requests_per_second, unauthorized_runs, absent,
  case jsonb_typeof(identity) when 'null' then '"cannot_tell"' else identity end as identity,
  coalesce((select jsonb_object_agg(m.entity, m.document) from mapping_override m
    where m.connection_id = connection.id and m.active), '{}') as overrides,
  ${heldColumns(sql`connection.id`)}`;

export async function insertConnection(
  tx: Tx,
  row: Pick<ConnectionRow, 'id' | 'tenantId' | 'system' | 'name' | 'config'> &
    Partial<Pick<ConnectionRow, 'deletePolicy' | 'pollSeconds' | 'requestsPerSecond'>>,
): Promise<void> {
  const clash = await sql`select 1 from connection where name = ${row.name}`.execute(tx);
  if (clash.rows.length > 0) {
    throw new Failure('conflict', `A connection named "${row.name}" exists already; choose another name.`);
  }
  await sql`
    insert into connection (id, tenant_id, system, name, config, delete_policy, poll_seconds, requests_per_second)
    values (${row.id}, ${row.tenantId}, ${row.system}, ${row.name}, ${JSON.stringify(row.config)}::jsonb,
      ${row.deletePolicy ?? 'ignore'}, ${row.pollSeconds ?? 60}, ${row.requestsPerSecond ?? null})`.execute(
    tx,
  );
}

export async function loadConnection(tx: Tx, id: string): Promise<ConnectionRow> {
  const found = await sql<ConnectionRow>`select ${COLUMNS} from connection where id = ${id}`.execute(tx);
  const row = found.rows[0];
  if (row === undefined) throw new Failure('not_found', `There is no connection ${id}.`);
  return row;
}

export async function listConnections(tx: Tx): Promise<ConnectionRow[]> {
  return (await sql<ConnectionRow>`select ${COLUMNS} from connection order by name`.execute(tx)).rows;
}

export async function setConnectionState(
  tx: Tx,
  id: string,
  state: ConnectionRow['state'],
  reason: string | null,
): Promise<void> {
  await sql`update connection set state = ${state}, state_reason = ${reason}, unauthorized_runs = 0, updated_at = now()
    where id = ${id}`.execute(tx);
}

/** Counts runs in a row that ended `unauthorized`; any other end sets the count back. */
export async function countUnauthorized(tx: Tx, id: string, unauthorized: boolean): Promise<number> {
  const result = await sql<{ unauthorizedRuns: number }>`
    update connection set unauthorized_runs = case when ${unauthorized} then unauthorized_runs + 1 else 0 end
    where id = ${id} returning unauthorized_runs`.execute(tx);
  return result.rows[0]?.unauthorizedRuns ?? 0;
}

/** Becomes the connection's writer: whoever held it before can commit nothing more. */
export async function takeFence(tx: Tx, id: string): Promise<number> {
  const result = await sql<{ fence: number }>`
    update connection set fence = fence + 1 where id = ${id} returning fence`.execute(tx);
  const row = result.rows[0];
  if (row === undefined) throw new Failure('not_found', `There is no connection ${id}.`);
  return row.fence;
}

/** Refuses the transaction of a writer that was replaced. */
export async function assertFence(tx: Tx, id: string, fence: number): Promise<void> {
  const held = await sql`select 1 from connection where id = ${id} and fence = ${fence} for share`.execute(
    tx,
  );
  if (held.rows.length === 0) {
    throw new Failure(
      'cancelled',
      'Another worker took over this connection; this attempt stops without writing.',
    );
  }
}

/** The vendor's subscriptions to our webhook, and the hash of the token in its URL. */
export async function setWebhook(
  tx: Tx,
  id: string,
  tokenHash: Buffer,
  subscriptionIds: readonly string[],
): Promise<void> {
  await sql`update connection set webhook_token_hash = ${tokenHash}, webhook_ids = ${subscriptionIds}::text[]
    where id = ${id}`.execute(tx);
}

export interface WebhookTarget {
  tenantId: string;
  connectionId: string;
  system: string;
}

/** Whom a delivery is for. The caller knows no tenant yet, so the look-up is a function that needs the right token. */
export async function findWebhookTarget(
  db: Database,
  connectionId: string,
  tokenHash: Buffer,
): Promise<WebhookTarget | null> {
  const found = await sql<WebhookTarget>`
    select tenant_id, connection_id, system from webhook_target(${connectionId}::uuid, ${tokenHash}::bytea)`.execute(
    db,
  );
  return found.rows[0] ?? null;
}

export async function webhookIds(tx: Tx, id: string): Promise<string[]> {
  const found = await sql<{
    webhookIds: string[];
  }>`select webhook_ids from connection where id = ${id}`.execute(tx);
  return found.rows[0]?.webhookIds ?? [];
}

/** Replaces the settings, e.g. when the system moved to another address. */
export async function setConnectionConfig(tx: Tx, id: string, config: JsonObject): Promise<void> {
  await sql`update connection set config = ${JSON.stringify(config)}::jsonb, updated_at = now() where id = ${id}`.execute(
    tx,
  );
}
