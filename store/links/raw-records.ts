/** Raw vendor records, kept by content: the same content of a record is stored once, however often it is fetched. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { arrayLiteral, recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface RawRecord {
  externalId: string;
  /** First 128 bits of the SHA-256 of the serialised body, written as a uuid. */
  hash: string;
  /** JSON text, as the connector gave it. */
  body: string;
}

const RECORD_SEPARATOR = '\u001e';

export async function keepRaw(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity; at: string },
  records: readonly RawRecord[],
): Promise<void> {
  if (records.length === 0) return;
  // All bodies in one text, parted by a character that JSON text cannot hold unescaped: nothing is escaped here or read there.
  await sql`
    insert into raw_record (tenant_id, connection_id, entity, external_id, hash, body, fetched_at)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, external_id, hash, body, ${scope.at}::timestamptz
    from unnest(${records.map((r) => r.externalId)}::text[], ${arrayLiteral(records.map((r) => r.hash))}::uuid[],
      string_to_array(${records.map((r) => r.body).join(RECORD_SEPARATOR)}::text, ${RECORD_SEPARATOR}::text)) as t(external_id, hash, body)
    on conflict do nothing`.execute(tx);
}

/** Bodies by `external_id` and hash. */
export async function loadRaw(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  wanted: readonly { externalId: string; hash: string }[],
): Promise<Map<string, JsonObject>> {
  if (wanted.length === 0) return new Map();
  const found = await sql<{ externalId: string; body: string }>`
    select r.external_id, r.body
    from raw_record r join ${recordset(wanted, { external_id: 'text', hash: 'uuid' })}
      on r.external_id = t.external_id and r.hash = t.hash
    where r.connection_id = ${connectionId} and r.entity = ${entity}`.execute(tx);
  return new Map(found.rows.map((row) => [row.externalId, JSON.parse(row.body) as JsonObject]));
}
