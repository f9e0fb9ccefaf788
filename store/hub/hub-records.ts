/** The hub's canonical records and the numbers it gives them. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface HubRecord {
  id: string;
  entity: Entity;
  number: string;
  fields: JsonObject;
  /** Field to RFC 3339 instant of its last change, where that is later than the record's creation. */
  fieldAt: Record<string, string>;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** These records and all above them, each with what it stands below; what has nothing above it is left out. Ends in a circle, too. */
export async function loadAncestors(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; parent: string }[]> {
  if (ids.length === 0) return [];
  const found = await sql<{ id: string; parent: string }>`
    with recursive above as (
      select id, fields->>'parent' as parent from hub_record where id = any(${ids}::uuid[])
      union select h.id, h.fields->>'parent' from above a join hub_record h on h.id = a.parent::uuid
    ) select id, parent from above where parent is not null`.execute(tx);
  return found.rows;
}

export interface NewHubRecord {
  id: string;
  fields: JsonObject;
  /** `*` is the instant that holds for every field without one of its own. */
  fieldAt?: Record<string, string>;
}

export interface ChangedHubRecord {
  id: string;
  fields: JsonObject;
  fieldAt: Record<string, string>;
  version: number;
}

/** Rows come in id order and locked, so that two transactions never wait for each other in a circle. */
export async function lockHubRecords(tx: Tx, ids: readonly string[]): Promise<Map<string, HubRecord>> {
  if (ids.length === 0) return new Map();
  const found = await sql<HubRecord>`
    select id, entity, number, fields, field_at, version, created_at, updated_at, deleted_at
    from hub_record where id = any(${ids}::uuid[]) order by id for update`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row]));
}

export async function loadHubRecords(tx: Tx, ids: readonly string[]): Promise<Map<string, HubRecord>> {
  if (ids.length === 0) return new Map();
  const found = await sql<HubRecord>`
    select id, entity, number, fields, field_at, version, created_at, updated_at, deleted_at
    from hub_record where id = any(${ids}::uuid[])`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row]));
}

export async function insertHubRecords(
  tx: Tx,
  scope: { tenantId: string; entity: Entity; originConnectionId: string | null; at: string },
  records: readonly NewHubRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const first = await takeNumbers(tx, scope.tenantId, scope.entity, records.length);
  const prefix = ENTITY_DEFINITIONS[scope.entity].numberPrefix;
  const rows = records.map((record, index) => ({
    id: record.id,
    number: `${prefix}-${String(first + index).padStart(6, '0')}`,
    fields: record.fields,
    fieldAt: record.fieldAt ?? {},
  }));
  await sql`
    insert into hub_record (id, tenant_id, entity, number, fields, field_at, origin_connection_id, created_at, updated_at)
    select id, ${scope.tenantId}::uuid, ${scope.entity}, number, fields, field_at, ${scope.originConnectionId}::uuid,
      ${scope.at}::timestamptz, ${scope.at}::timestamptz
    from ${recordset(rows, { id: 'uuid', number: 'text', fields: 'jsonb', field_at: 'jsonb' })}`.execute(tx);
}

export async function updateHubRecords(
  tx: Tx,
  at: string,
  records: readonly ChangedHubRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await sql`
    update hub_record h set fields = t.fields, field_at = t.field_at, version = t.version, updated_at = ${at}::timestamptz
    from ${recordset(records, { id: 'uuid', fields: 'jsonb', field_at: 'jsonb', version: 'bigint' })}
    where h.id = t.id`.execute(tx);
}

/** Marks records deleted (or brings them back) and raises their version. */
export async function setHubDeleted(
  tx: Tx,
  ids: readonly string[],
  deletedAt: string | null,
): Promise<HubRecord[]> {
  const changed = await sql<HubRecord>`
    update hub_record set deleted_at = ${deletedAt}::timestamptz, version = version + 1,
      updated_at = date_trunc('milliseconds', now())
    where id = any(${ids}::uuid[]) and (deleted_at is null) <> (${deletedAt}::timestamptz is null)
    returning id, entity, number, fields, field_at, version, created_at, updated_at, deleted_at`.execute(tx);
  return changed.rows;
}

/** Takes the next `count` numbers of an entity and returns the first. */
export async function takeNumbers(tx: Tx, tenantId: string, entity: Entity, count: number): Promise<number> {
  const result = await sql<{ next: number }>`
    insert into number_counter (tenant_id, entity, next) values (${tenantId}, ${entity}, ${count + 1})
    on conflict (tenant_id, entity) do update set next = number_counter.next + ${count}
    returning next`.execute(tx);
  return (result.rows[0]?.next ?? count + 1) - count;
}

/** Records of an entity that are not deleted. */
export async function countLiveRecords(tx: Tx, tenantId: string, entity: Entity): Promise<number> {
  const found = await sql<{ n: number }>`select count(*) as n from hub_record
    where tenant_id = ${tenantId} and entity = ${entity} and deleted_at is null`.execute(tx);
  return found.rows[0]?.n ?? 0;
}
