/** What waits for a person or for another record: conflicts, quarantine, parked references, ambiguous matches. */
import { UNIDENTIFIED } from '../../domain/entities/unidentified.ts';
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json } from '../../domain/json.ts';
import type { ClosedConflict } from '../../domain/merge/held-values.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';
import type { RecordMeta } from '../links/staging.ts';

export interface Scope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
  runId: string;
  at: string;
}

/** Which kinds of open exceptions an entity of a connection has at all. */
export interface ExceptionKinds {
  parked: boolean;
  quarantined: boolean;
  reviewed: boolean;
  /** An ambiguous create: some vendor records may be what it made. */
  contested: boolean;
  /** Updates under way: what some records show may be ours. */
  intended: boolean;
}

/**
 * Asked once a page: nearly all pages have none, and four statements with a thousand ids each cost a first sync a
 * tenth of its time.
 */
export async function exceptionKinds(tx: Tx, connectionId: string, entity: Entity): Promise<ExceptionKinds> {
  const found = await sql<ExceptionKinds>`
    select exists(select from parked where connection_id = ${connectionId} and entity = ${entity}) as parked,
      exists(select from quarantine where connection_id = ${connectionId} and entity = ${entity}
        and direction = 'pull' and closed_at is null) as quarantined,
      exists(select from match_review where connection_id = ${connectionId} and entity = ${entity}) as reviewed,
      exists(select from create_intent where connection_id = ${connectionId} and entity = ${entity}
        and state = 'ambiguous') as contested,
      exists(select from update_intent where connection_id = ${connectionId} and entity = ${entity}) as intended`.execute(
    tx,
  );
  return (
    found.rows[0] ?? { parked: true, quarantined: true, reviewed: true, contested: true, intended: true }
  );
}

export interface ConflictWrite {
  id: string;
  hubId: string;
  externalId: string;
  field: string;
  policy: string;
  hubValue: Json;
  externalValue: Json;
  winner: 'hub' | 'external' | null;
}

/** Decided conflicts are kept as history; an open one of the same field is brought up to date. Returns how many rows are new. */
export async function recordConflicts(
  tx: Tx,
  scope: Scope,
  conflicts: readonly ConflictWrite[],
): Promise<number> {
  if (conflicts.length === 0) return 0;
  const result = await sql<{ fresh: boolean }>`
    insert into conflict (id, tenant_id, connection_id, entity, hub_id, external_id, field, policy, hub_value,
      external_value, winner, run_id, created_at, resolved_at, resolved_by)
    select id, ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, hub_id, external_id, field, policy,
      hub_value, external_value, winner, ${scope.runId}::uuid, ${scope.at}::timestamptz,
      case when winner is null then null else ${scope.at}::timestamptz end,
      case when winner is null then null else 'policy' end
    from ${recordset(conflicts, {
      id: 'uuid',
      hub_id: 'uuid',
      external_id: 'text',
      field: 'text',
      policy: 'text',
      hub_value: 'jsonb',
      external_value: 'jsonb',
      winner: 'text',
    })}
    on conflict (connection_id, hub_id, field) where resolved_at is null
      do update set hub_value = excluded.hub_value, external_value = excluded.external_value, run_id = excluded.run_id
    returning (xmax = 0) as fresh`.execute(tx);
  return result.rows.filter((row) => row.fresh).length;
}

/**
 * What a person has to decide, by hub record: the path of each open conflict with the vendor's value. The merge leaves these
 * values alone, the push carries the vendor's.
 */
export async function openConflictValues(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, Map<string, Json>>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<{ hubId: string; field: string; externalValue: Json }>`
    select hub_id, field, external_value from conflict
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[]) and resolved_at is null`.execute(
    tx,
  );
  const values = new Map<string, Map<string, Json>>();
  for (const { hubId, field, externalValue } of found.rows)
    values.set(hubId, (values.get(hubId) ?? new Map<string, Json>()).set(field, externalValue));
  return values;
}

/** Closes open conflicts that ended without a person: by agreement, by a policy, or because another took their place. */
export async function closeOpenConflicts(
  tx: Tx,
  connectionId: string,
  closed: readonly ({ hubId: string } & ClosedConflict)[],
  at: string,
): Promise<void> {
  if (closed.length === 0) return;
  await sql`
    update conflict c set resolved_at = ${at}::timestamptz, resolved_by = t."by", winner = t.winner
    from ${recordset(closed, { hub_id: 'uuid', field: 'text', by: 'text', winner: 'text' })}
    where c.connection_id = ${connectionId} and c.hub_id = t.hub_id and c.field = t.field and c.resolved_at is null`.execute(
    tx,
  );
}

export interface QuarantineWrite {
  id: string;
  subject: string;
  rawHash: string | null;
  data: Json;
  problems: Json;
}

export async function quarantine(
  tx: Tx,
  scope: Scope,
  direction: 'pull' | 'push',
  rows: readonly QuarantineWrite[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into quarantine (id, tenant_id, connection_id, entity, direction, subject, raw_hash, data, problems, run_id, created_at)
    select id, ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, ${direction}, subject, raw_hash, data,
      problems, ${scope.runId}::uuid, ${scope.at}::timestamptz
    from ${recordset(rows, { id: 'uuid', subject: 'text', raw_hash: 'uuid', data: 'jsonb', problems: 'jsonb' })}
    on conflict (connection_id, entity, direction, subject) where closed_at is null
      do update set raw_hash = excluded.raw_hash, data = excluded.data, problems = excluded.problems, run_id = excluded.run_id`.execute(
    tx,
  );
}

/** Which of these writes a person has given up as they are: they are not put into quarantine again. */
export async function discardedPushes(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  writes: readonly { subject: string; data: Json }[],
): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const found = await sql<{ subject: string }>`
    select q.subject from quarantine q
    join ${recordset(writes, { subject: 'text', data: 'jsonb' })} on t.subject = q.subject and t.data = q.data
    where q.connection_id = ${connectionId} and q.entity = ${entity} and q.direction = 'push' and q.closed_as = 'discarded'`.execute(
    tx,
  );
  return new Set(found.rows.map((row) => row.subject));
}

/** A record that went through after all leaves quarantine. */
export async function closeQuarantine(
  tx: Tx,
  scope: Scope,
  direction: 'pull' | 'push',
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  await sql`
    update quarantine set closed_at = ${scope.at}::timestamptz, closed_as = 'replayed'
    where connection_id = ${scope.connectionId} and entity = ${scope.entity} and direction = ${direction}
      and closed_at is null and subject = any(${subjects})`.execute(tx);
}

/** A complete reading in this run showed everything there is: rows without an id that it did not show were repaired or are gone. */
export async function closeUnidentified(tx: Tx, scope: Scope): Promise<void> {
  await sql`
    update quarantine set closed_at = ${scope.at}::timestamptz, closed_as = 'superseded'
    where connection_id = ${scope.connectionId} and entity = ${scope.entity} and direction = 'pull' and closed_at is null
      and run_id <> ${scope.runId} and starts_with(subject, ${UNIDENTIFIED})`.execute(tx);
}

/** Records that the system does not have any more need nobody; `present` is a complete list of its keys, of all that was there at `settledBy`. */
export async function closeVanished(
  tx: Tx,
  scope: Scope,
  { present, settledBy }: { present: readonly string[]; settledBy: string },
): Promise<void> {
  await sql`
    update quarantine q set closed_at = ${scope.at}::timestamptz, closed_as = 'superseded'
    where q.connection_id = ${scope.connectionId} and q.entity = ${scope.entity} and q.direction = 'pull'
      and q.closed_at is null and q.created_at < ${settledBy}::timestamptz
      and not starts_with(q.subject, ${UNIDENTIFIED})
      and not exists (select 1 from unnest(${present}::text[]) p(id) where p.id = q.subject)`.execute(tx);
}

export interface ParkedWrite {
  externalId: string;
  waitsEntity: Entity;
  waitsExternalId: string;
  record: RecordMeta;
}

export async function park(tx: Tx, scope: Scope, rows: readonly ParkedWrite[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into parked (tenant_id, connection_id, entity, external_id, waits_entity, waits_external_id, record, run_id, since)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, external_id, waits_entity, waits_external_id,
      record, ${scope.runId}::uuid, ${scope.at}::timestamptz
    from ${recordset(rows, { external_id: 'text', waits_entity: 'text', waits_external_id: 'text', record: 'json' })}
    on conflict (connection_id, entity, external_id) do update set
      waits_entity = excluded.waits_entity, waits_external_id = excluded.waits_external_id, record = excluded.record`.execute(
    tx,
  );
}

export async function unpark(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`delete from parked
    where connection_id = ${connectionId} and entity = ${entity} and external_id = any(${externalIds})`.execute(
    tx,
  );
}

/**
 * Writes into a run how many records of the entity are parked, and returns it: a state, not a sum, so that a step that is
 * repeated does not count them twice.
 */
export async function noteParked(
  tx: Tx,
  scope: Pick<Scope, 'connectionId' | 'entity' | 'runId'>,
): Promise<number> {
  const found = await sql<{ n: number }>`
    with waiting as (
      select count(*) as n from parked where connection_id = ${scope.connectionId} and entity = ${scope.entity}
    ), noted as (
      update run set counts = jsonb_set(counts, array[${scope.entity}],
        coalesce(counts -> ${scope.entity}, '{}') || jsonb_build_object('parked_waiting', n))
      from waiting where id = ${scope.runId} and (n > 0 or counts -> ${scope.entity} ? 'parked_waiting')
    )
    select n from waiting`.execute(tx);
  return found.rows[0]?.n ?? 0;
}

export interface ResumableRecord {
  record: RecordMeta;
  /** What it waited for, as `entity:external id`. */
  waitedFor: string;
}

/** Parked records of an entity whose missing reference is linked now, by external id. */
export async function resumableParked(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  page: { after: string | null; limit: number },
): Promise<ResumableRecord[]> {
  const found = await sql<ResumableRecord>`
    select p.record, p.waits_entity || ':' || p.waits_external_id as waited_for from parked p
    where p.connection_id = ${connectionId} and p.entity = ${entity}
      and (${page.after}::text is null or p.external_id > ${page.after})
      and exists (select 1 from link l where l.connection_id = p.connection_id and l.entity = p.waits_entity
        and l.external_id = p.waits_external_id)
    order by p.external_id limit ${page.limit}`.execute(tx);
  return found.rows;
}

/** Parked records that wait for another record of the same entity which is parked, too. */
export async function parkedAmongThemselves(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  limit: number,
): Promise<{ record: RecordMeta; waitsFor: string }[]> {
  const found = await sql<{ record: RecordMeta; waitsFor: string }>`
    select p.record, p.waits_external_id as waits_for from parked p
    where p.connection_id = ${connectionId} and p.entity = ${entity} and p.waits_entity = ${entity}
      and exists (select 1 from parked q where q.connection_id = p.connection_id and q.entity = p.entity
        and q.external_id = p.waits_external_id)
    order by p.external_id limit ${limit}`.execute(tx);
  return found.rows;
}

export async function reviewMatches(
  tx: Tx,
  scope: Scope,
  rows: readonly { externalId: string; candidates: readonly string[]; record: RecordMeta }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into match_review (tenant_id, connection_id, entity, external_id, candidates, record, since)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, external_id,
      array(select json_array_elements_text(candidates)::uuid), record, ${scope.at}::timestamptz
    from ${recordset(rows, { external_id: 'text', candidates: 'json', record: 'json' })}
    on conflict (connection_id, entity, external_id) do update set candidates = excluded.candidates, record = excluded.record`.execute(
    tx,
  );
}

export async function closeMatchReviews(tx: Tx, scope: Scope, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`delete from match_review where connection_id = ${scope.connectionId} and entity = ${scope.entity}
    and external_id = any(${externalIds})`.execute(tx);
}

/** Hub records that a person may still link to a vendor record: nothing is created for them meanwhile. */
export async function underReview(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Set<string>> {
  if (hubIds.length === 0) return new Set();
  const found = await sql<{ hubId: string }>`
    select distinct c as hub_id from match_review m, unnest(m.candidates) c
    where m.connection_id = ${connectionId} and c = any(${hubIds}::uuid[])`.execute(tx);
  return new Set(found.rows.map((row) => row.hubId));
}

/** How many things wait for a person, by what they are. */
export async function openExceptions(tx: Tx): Promise<Record<string, number>> {
  const found = await sql<Record<string, number>>`
    select (select count(*) from conflict where resolved_at is null) as "conflicts",
      (select count(*) from quarantine where closed_at is null) as "quarantined records",
      (select count(*) from match_review) as "ambiguous matches",
      (select count(*) from create_intent where state = 'ambiguous') as "ambiguous creates",
      (select count(*) from parked) as "parked records",
      (select count(*) from delete_breaker) as "stopped deletions",
      (select count(*) from stopped_creates where allowed is null) as "stopped creates"`.execute(tx);
  return found.rows[0] ?? {};
}
