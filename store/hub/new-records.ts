/**
 * New hub records with their numbers and links in one statement. The base of such a link is the record itself, so none is stored. A first
 * sync is nothing but these, and one document read once costs PostgreSQL less than statements that each read their own.
 */
import { sql } from 'kysely';
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';
import type { RecordMeta } from '../links/staging.ts';

export interface NewLinkedRecord {
  id: string;
  fields: JsonObject;
  meta: RecordMeta;
  /** The content is not fully known yet: no hash is kept, so that the next pull looks again. */
  incomplete: boolean;
}

export interface NewRecordScope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
  at: string;
}

export async function insertLinkedRecords(
  tx: Tx,
  scope: NewRecordScope,
  mappingVersion: string,
  records: readonly NewLinkedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const prefix = ENTITY_DEFINITIONS[scope.entity].numberPrefix;
  const rows = records.map(({ id, fields, meta, incomplete }, index) => ({
    id,
    place: index,
    fields,
    fieldAt: meta.updatedAt === null ? {} : { '*': meta.updatedAt },
    externalId: meta.externalId,
    address: meta.address,
    externalVersion: meta.version,
    externalNumber: meta.number,
    externalUpdatedAt: meta.updatedAt,
    rawHash: incomplete ? null : meta.hash,
    rawPage: meta.kept?.page,
    rawAt: meta.kept?.at,
    readOnly: meta.readOnly === true,
    scope: meta.scope ?? null,
  }));
  await sql`
    with t as materialized (
      select * from ${recordset(rows, {
        id: 'uuid',
        place: 'int',
        fields: 'jsonb',
        field_at: 'jsonb',
        external_id: 'text',
        address: 'text',
        external_version: 'text',
        external_number: 'text',
        external_updated_at: 'timestamptz',
        raw_hash: 'uuid',
        raw_page: 'uuid',
        raw_at: 'int',
        read_only: 'boolean',
        scope: 'text',
      })}
    ), numbered as (
      insert into number_counter (tenant_id, entity, next) values (${scope.tenantId}, ${scope.entity}, ${records.length + 1})
      on conflict (tenant_id, entity) do update set next = number_counter.next + ${records.length}
      returning next - ${records.length} as first
    ), hub as (
      insert into hub_record (id, tenant_id, entity, number, fields, field_at, origin_connection_id, created_at, updated_at)
      select id, ${scope.tenantId}::uuid, ${scope.entity}, ${sql.lit(`${prefix}-`)} || lpad(n, greatest(6, length(n)), '0'), fields, field_at,
        ${scope.connectionId}::uuid, ${scope.at}::timestamptz, ${scope.at}::timestamptz
      from t, numbered, lateral (select (first + place)::text as n) number
    )
    insert into link (tenant_id, connection_id, entity, external_id, hub_id, address, external_version, external_number,
      external_updated_at, raw_hash, raw_page, raw_at, mapping_version, base_hub, base_external, hub_version, read_only, scope)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, external_id, id, address,
      external_version, external_number, external_updated_at, raw_hash, raw_page, raw_at, ${mappingVersion}, null, null, 1, read_only, scope from t`.execute(
    tx,
  );
}
