/** First-link matches and ambiguous creates that wait for a person. What the sync writes about them is in `exceptions.ts` and `create-intents.ts`. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';
import { loadRaw } from '../links/raw-pages.ts';
import type { RecordMeta } from '../links/staging.ts';

export interface ReviewRow {
  connectionId: string;
  connection: string;
  system: string;
  entity: Entity;
  externalId: string;
  /** Hub ids. */
  candidates: string[];
  record: RecordMeta;
  raw: JsonObject | null;
  since: Date;
}

const REVIEW = sql`
  select m.connection_id, k.name as connection, k.system, m.entity, m.external_id, m.candidates, m.record, m.since
  from match_review m join connection k on k.id = m.connection_id`;

async function withBodies(tx: Tx, rows: readonly Omit<ReviewRow, 'raw'>[]): Promise<ReviewRow[]> {
  // External ids are unique within one entity of a connection, places everywhere.
  const wanted = rows.map(({ record: { kept } }, index) => ({ externalId: String(index), kept }));
  const bodies = await loadRaw(tx, wanted);
  return rows.map((row, index) => ({ ...row, raw: bodies.get(String(index)) ?? null }));
}

/** Vendor records that may be one of several hub records, oldest first. */
export async function listReviews(
  tx: Tx,
  filter: {
    connectionId?: string;
    entity?: Entity;
    /** Connection, entity and external id of the last row of the page before. */
    after?: readonly [string, string, string];
    limit: number;
  },
): Promise<ReviewRow[]> {
  const found = await sql<Omit<ReviewRow, 'raw'>>`
    ${REVIEW}
    where (${filter.connectionId ?? null}::uuid is null or m.connection_id = ${filter.connectionId ?? null}::uuid)
      and (${filter.entity ?? null}::text is null or m.entity = ${filter.entity ?? null}::text)
      and (${filter.after?.[0] ?? null}::uuid is null or (m.connection_id, m.entity, m.external_id)
        > (${filter.after?.[0] ?? null}::uuid, ${filter.after?.[1] ?? null}::text, ${filter.after?.[2] ?? null}::text))
    order by m.connection_id, m.entity, m.external_id limit ${filter.limit}`.execute(tx);
  return withBodies(tx, found.rows);
}

/** An external id is unique within one entity of a connection, so several rows are possible here. */
export async function loadReviews(
  tx: Tx,
  connectionId: string,
  externalIds: readonly string[],
): Promise<ReviewRow[]> {
  const found = await sql<Omit<ReviewRow, 'raw'>>`
    ${REVIEW} where m.connection_id = ${connectionId} and m.external_id = any(${externalIds}) order by m.since`.execute(
    tx,
  );
  return withBodies(tx, found.rows);
}

/** The reviews of a connection that wait because of one hub record. */
export async function reviewsNaming(tx: Tx, connectionId: string, hubId: string): Promise<ReviewRow[]> {
  const found = await sql<Omit<ReviewRow, 'raw'>>`
    ${REVIEW} where m.connection_id = ${connectionId} and ${hubId}::uuid = any(m.candidates) order by m.since`.execute(
    tx,
  );
  return withBodies(tx, found.rows);
}

export interface AmbiguousCreateRow {
  connectionId: string;
  connection: string;
  system: string;
  entity: Entity;
  hubId: string;
  number: string;
  reference: string;
  payload: JsonObject;
  candidates: { externalId: string; number: string | null }[];
  intendedAt: Date;
}

const AMBIGUOUS = sql`
  select i.connection_id, k.name as connection, k.system, i.entity, i.hub_id, h.number, i.reference, i.payload,
    coalesce(i.candidates, '[]') as candidates, i.intended_at
  from create_intent i join connection k on k.id = i.connection_id join hub_record h on h.id = i.hub_id
  where i.state = 'ambiguous'`;

/** Creates of which nobody knows which vendor record they became. */
export async function listAmbiguousCreates(tx: Tx, limit: number): Promise<AmbiguousCreateRow[]> {
  return (
    await sql<AmbiguousCreateRow>`${AMBIGUOUS} order by i.intended_at, i.hub_id limit ${limit}`.execute(tx)
  ).rows;
}

export async function loadAmbiguousCreate(
  tx: Tx,
  connectionId: string,
  hubId: string,
): Promise<AmbiguousCreateRow | null> {
  const found = await sql<AmbiguousCreateRow>`
    ${AMBIGUOUS} and i.connection_id = ${connectionId} and i.hub_id = ${hubId}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Vendor records that may be what an ambiguous create made, with the hub record in question: no rule may decide them. */
export async function contestedRecords(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalIds: readonly string[],
): Promise<Map<string, string[]>> {
  const contested = new Map<string, string[]>();
  if (externalIds.length === 0) return contested;
  const found = await sql<{ externalId: string; hubId: string }>`
    select c ->> 'externalId' as external_id, i.hub_id
    from create_intent i, jsonb_array_elements(i.candidates) c
    where i.connection_id = ${connectionId} and i.entity = ${entity} and i.state = 'ambiguous'
      and c ->> 'externalId' = any(${externalIds})`.execute(tx);
  for (const { externalId, hubId } of found.rows) {
    contested.set(externalId, [...(contested.get(externalId) ?? []), hubId]);
  }
  return contested;
}
