/** Meter readings as rows of their own; the key (meter, event time, source) makes ingest idempotent. */
import { sql } from 'kysely';
import type { Json } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export async function insertReadings(
  tx: Tx,
  tenantId: string,
  readings: readonly { hubId: string; at: string; value: Json; source: string }[],
): Promise<void> {
  if (readings.length === 0) return;
  await sql`
    insert into meter_reading (tenant_id, hub_id, at, value, source)
    select ${tenantId}::uuid, hub_id, at, value, source
    from ${recordset(readings, { hub_id: 'uuid', at: 'timestamptz', value: 'jsonb', source: 'text' })}
    on conflict do nothing`.execute(tx);
}
