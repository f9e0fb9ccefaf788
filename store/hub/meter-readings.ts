/**
 * Readings of meters in bulk: the meters are found and held in one statement, everything is written in a second. The
 * newest reading becomes a field of the meter's record, so that it reaches the other systems as any change does.
 */
import { sql } from 'kysely';
import type { Json } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface MeterFacts {
  id: string;
  number: string;
  code: string | null;
  kind: string | null;
  /** RFC 3339 instant of its newest reading. */
  lastAt: string | null;
}

/** Live meters with these hub ids, numbers or codes, in id order and held: two batches never wait for each other in a circle. */
export async function lockMeters(tx: Tx, tenantId: string, texts: readonly string[]): Promise<MeterFacts[]> {
  const ids = texts.filter((text) => UUID.test(text));
  const names = texts.filter((text) => !UUID.test(text));
  const live = sql`tenant_id = ${tenantId} and entity = 'meter' and deleted_at is null`;
  const wanted =
    names.length === 0
      ? sql`id = any(${ids}::uuid[])`
      : sql`id in (select id from hub_record where id = any(${ids}::uuid[])
          union all select id from hub_record where tenant_id = ${tenantId} and number = any(${names}::text[])
          union all select id from hub_record where ${live} and listed_code = any(${names}::text[]))`;
  const found = await sql<MeterFacts>`
    select id, number, listed_code as code, fields->>'kind' as kind, fields->'lastReading'->>'at' as last_at
    from hub_record where ${wanted} and ${live} order by id for no key update`.execute(tx);
  return found.rows;
}

export interface NewReading {
  hubId: string;
  /** RFC 3339 instant, with milliseconds. */
  at: string;
  value: Json;
  source: string;
  /** It becomes the last reading of its meter; of one meter one at most. */
  newest: boolean;
}

/**
 * Adds readings, of one meter, time and source the first, and makes the newest ones the last readings of their meters.
 * The caller holds the meters. Returns how many were new. Match keys stay: no rule looks at readings.
 */
export async function addReadings(
  tx: Tx,
  scope: { tenantId: string; at: string },
  readings: readonly NewReading[],
): Promise<number> {
  const { tenantId, at } = scope;
  const done = await sql<{ added: number }>`
    with t as materialized (
      select * from ${recordset(readings, { hub_id: 'uuid', at: 'text', value: 'jsonb', source: 'text', newest: 'boolean' })}
    ), added as (
      insert into meter_reading (tenant_id, hub_id, at, value, source)
      select ${tenantId}::uuid, hub_id, at::timestamptz, value, source from t
      on conflict do nothing returning 1
    ), changed as (
      update hub_record h set version = h.version + 1, updated_at = ${at}::timestamptz,
        fields = h.fields || jsonb_build_object('lastReading', jsonb_build_object('value', t.value, 'at', t.at)),
        field_at = h.field_at || jsonb_build_object('lastReading', ${at}::text)
      from t where t.newest and h.id = t.hub_id returning h.id, h.version
    ), fed as (
      insert into change (tenant_id, entity, hub_ids, versions)
      select ${tenantId}::uuid, 'meter', array_agg(id), array_agg(version) from changed having count(*) > 0
    )
    select count(*) as added from added`.execute(tx);
  return done.rows[0]?.added ?? 0;
}

export interface ReadingRow {
  at: Date;
  value: Json;
  source: string;
  receivedAt: Date;
}

export interface ReadingPage {
  /** Inclusive; null is open. */
  from: string | null;
  to: string | null;
  newestFirst: boolean;
  after: { at: string; source: string } | null;
  limit: number;
}

export async function loadReadings(tx: Tx, hubId: string, page: ReadingPage): Promise<ReadingRow[]> {
  const { from, to, newestFirst, after, limit } = page;
  const beyond = sql.raw(newestFirst ? '<' : '>');
  const direction = sql.raw(newestFirst ? 'desc' : 'asc');
  const conditions = [
    sql`hub_id = ${hubId}`,
    ...(from === null ? [] : [sql`at >= ${from}::timestamptz`]),
    ...(to === null ? [] : [sql`at <= ${to}::timestamptz`]),
    ...(after === null ? [] : [sql`(at, source) ${beyond} (${after.at}::timestamptz, ${after.source})`]),
  ];
  const found = await sql<ReadingRow>`
    select at, value, source, received_at from meter_reading where ${sql.join(conditions, sql` and `)}
    order by at ${direction}, source ${direction} limit ${limit}`.execute(tx);
  return found.rows;
}
