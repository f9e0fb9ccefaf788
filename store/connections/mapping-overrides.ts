/** A plant's changes to shipped mappings, with every version, and the simple field mappings that made some of them. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface OverrideRow {
  entity: Entity;
  version: number;
  document: JsonObject;
  active: boolean;
  note: string | null;
  createdBy: string;
  createdAt: Date;
}

const COLUMNS = sql`entity, version, document, active, note, created_by, created_at`;

export async function listOverrides(
  tx: Tx,
  connectionId: string,
  entity: Entity | null,
  limit: number,
): Promise<OverrideRow[]> {
  const found = await sql<OverrideRow>`
    select ${COLUMNS} from mapping_override
    where connection_id = ${connectionId} and (${entity}::text is null or entity = ${entity})
    order by entity, version desc limit ${limit}`.execute(tx);
  return found.rows;
}

export async function loadOverride(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  version: number | 'active',
): Promise<OverrideRow | null> {
  const which = version === 'active' ? sql`active` : sql`version = ${version}`;
  const found = await sql<OverrideRow>`
    select ${COLUMNS} from mapping_override
    where connection_id = ${connectionId} and entity = ${entity} and ${which}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Stores a document as the next version and makes it the active one. */
export async function addOverride(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  row: { document: JsonObject; note: string | null; createdBy: string; at: string },
): Promise<number> {
  await deactivateOverride(tx, scope.connectionId, scope.entity);
  const made = await sql<{ version: number }>`
    insert into mapping_override (tenant_id, connection_id, entity, version, document, active, note, created_by, created_at)
    select ${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, coalesce(max(version), 0) + 1,
      ${JSON.stringify(row.document)}::jsonb, true, ${row.note}, ${row.createdBy}, ${row.at}
    from mapping_override where connection_id = ${scope.connectionId} and entity = ${scope.entity}
    returning version`.execute(tx);
  return made.rows[0]?.version ?? 1;
}

/** Back to the shipped mapping; the versions stay. */
export async function deactivateOverride(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`update mapping_override set active = false
    where connection_id = ${connectionId} and entity = ${entity} and active`.execute(tx);
}

export interface FieldMappingRow {
  id: string;
  connectionId: string;
  entity: Entity;
  sourceField: string;
  targetField: string;
  transformationRule: Json;
  isRequired: boolean;
  defaultValue: Json;
  createdAt: Date;
}

const FIELD_COLUMNS = sql`id, connection_id, entity, source_field, target_field, transformation_rule, is_required,
  default_value, created_at`;

/** False when the target is mapped already. */
export async function insertFieldMapping(
  tx: Tx,
  tenantId: string,
  row: Omit<FieldMappingRow, 'createdAt'> & { at: string },
): Promise<boolean> {
  const made = await sql`
    insert into field_mapping (id, tenant_id, connection_id, entity, source_field, target_field, transformation_rule,
      is_required, default_value, created_at)
    values (${row.id}, ${tenantId}, ${row.connectionId}, ${row.entity}, ${row.sourceField}, ${row.targetField},
      ${JSON.stringify(row.transformationRule)}::jsonb, ${row.isRequired}, ${JSON.stringify(row.defaultValue)}::jsonb, ${row.at})
    on conflict (connection_id, entity, target_field) do nothing returning 1`.execute(tx);
  return made.rows.length > 0;
}

export async function listFieldMappings(
  tx: Tx,
  connectionId: string | null,
  page: { after: string | null; limit: number },
): Promise<FieldMappingRow[]> {
  const found = await sql<FieldMappingRow>`
    select ${FIELD_COLUMNS} from field_mapping
    where (${connectionId}::uuid is null or connection_id = ${connectionId}::uuid)
      and (${page.after}::uuid is null or id > ${page.after}::uuid)
    order by id limit ${page.limit}`.execute(tx);
  return found.rows;
}

export async function loadFieldMapping(tx: Tx, id: string): Promise<FieldMappingRow | null> {
  const found =
    await sql<FieldMappingRow>`select ${FIELD_COLUMNS} from field_mapping where id = ${id}`.execute(tx);
  return found.rows[0] ?? null;
}

export async function deleteFieldMapping(tx: Tx, id: string): Promise<void> {
  await sql`delete from field_mapping where id = ${id}`.execute(tx);
}
