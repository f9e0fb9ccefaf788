/** Runs, their counters, and the log of what was decided for each record. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { arrayLiteral, recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export type RunKind = 'pass' | 'backfill' | 'sweep';
export type RunState = 'running' | 'completed' | 'failed' | 'cancelled';
/** Counter name to number, for one entity of one run. */
export type Counts = Record<string, number>;

export interface RunRow {
  id: string;
  connectionId: string;
  kind: RunKind;
  state: RunState;
  counts: Record<string, Counts>;
  failure: JsonObject | null;
  startedAt: Date;
  finishedAt: Date | null;
}

export async function startRun(
  tx: Tx,
  run: {
    id: string;
    tenantId: string;
    connectionId: string;
    kind: RunKind;
    at: string;
    mappingVersions: Record<string, string>;
  },
): Promise<void> {
  await sql`
    insert into run (id, tenant_id, connection_id, kind, started_at, mapping_versions)
    values (${run.id}, ${run.tenantId}, ${run.connectionId}, ${run.kind}, ${run.at}, ${JSON.stringify(run.mappingVersions)}::jsonb)
    on conflict (id) do update set state = 'running', started_at = excluded.started_at,
      mapping_versions = excluded.mapping_versions where run.state = 'queued'`.execute(tx);
}

/** Adds to the counters of one entity; commits with the effects it counts. */
export async function addCounts(tx: Tx, runId: string, entity: Entity, counts: Counts): Promise<void> {
  const kept = Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0));
  if (Object.keys(kept).length === 0) return;
  await sql`
    update run set counts = jsonb_set(counts, array[${entity}], (
      select jsonb_object_agg(key, value) from (
        select key, sum(value::bigint) as value from (
          select key, value from jsonb_each_text(coalesce(counts -> ${entity}, '{}'))
          union all select key, value from jsonb_each_text(${JSON.stringify(kept)}::jsonb)
        ) both_sides group by key
      ) summed)) where id = ${runId}`.execute(tx);
}

export async function finishRun(
  tx: Tx,
  runId: string,
  state: Exclude<RunState, 'running'>,
  failure: JsonObject | null,
  at: string,
): Promise<void> {
  await sql`
    update run set state = ${state}, failure = ${failure === null ? null : JSON.stringify(failure)}::jsonb, finished_at = ${at}
    where id = ${runId}`.execute(tx);
}

/**
 * Forgets the runs before this one that found nothing and that nobody asked for: a connection that is read every minute
 * would leave half a million a year. The newest stays, it says when the system was read last; so do those of the last minute,
 * which somebody may be about to ask for.
 */
export async function forgetEmptyRuns(tx: Tx, connectionId: string, newestId: string): Promise<void> {
  await sql`
    delete from run r where r.connection_id = ${connectionId} and r.id <> ${newestId}
      and r.state = 'completed' and r.kind = 'pass' and r.failure is null
      and r.started_at < (select started_at from run where id = ${newestId}) - interval '1 minute'
      and exists (select from run later where later.connection_id = r.connection_id and later.state = 'completed'
        and later.started_at > r.started_at)
      and not exists (select from jsonb_each(r.counts) entity, jsonb_object_keys(entity.value) name
        where name not in ('in', 'unchanged'))
      and not exists (select from audit_log where subject = 'run/' || r.id and action = 'sync.start')`.execute(
    tx,
  );
}

export async function loadRun(tx: Tx, runId: string): Promise<RunRow | null> {
  const found = await sql<RunRow>`
    select id, connection_id, kind, state, counts, failure, started_at, finished_at from run where id = ${runId}`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

export async function listRuns(tx: Tx, connectionId: string, limit: number): Promise<RunRow[]> {
  const found = await sql<RunRow>`
    select id, connection_id, kind, state, counts, failure, started_at, finished_at from run
    where connection_id = ${connectionId} order by started_at desc limit ${limit}`.execute(tx);
  return found.rows;
}

export interface LogWrite {
  externalId: string | null;
  hubId: string | null;
  action: string;
  decisions: Json;
}

export async function logRecords(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity; runId: string; at: string },
  direction: 'pull' | 'push',
  rows: readonly LogWrite[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into record_log (tenant_id, run_id, connection_id, entity, external_id, hub_id, direction, action, decisions, at)
    select ${scope.tenantId}::uuid, ${scope.runId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, external_id, hub_id,
      ${direction}, action, decisions, ${scope.at}::timestamptz
    from ${recordset(rows, { external_id: 'text', hub_id: 'uuid', action: 'text', decisions: 'jsonb' })}`.execute(
    tx,
  );
}

/** How far the numbers of the log are apart (0019-pages): a page of records takes one and owns those up to the next. */
export const LOG_PAGE_MAX = 1_000;

/** Logs what happened alike to many records, and was no decision: a row a page of them. */
export async function logAlike(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity; runId: string; at: string },
  what: { direction: 'pull' | 'push'; action: string },
  records: readonly { externalId: string; hubId: string }[],
): Promise<void> {
  const pages: Promise<unknown>[] = [];
  for (let at = 0; at < records.length; at += LOG_PAGE_MAX) {
    const page = records.slice(at, at + LOG_PAGE_MAX);
    pages.push(
      sql`
        insert into log_page (seq, tenant_id, run_id, connection_id, entity, direction, action, external_ids, hub_ids, at)
        values (nextval('record_log_seq_seq'), ${scope.tenantId}, ${scope.runId}, ${scope.connectionId}, ${scope.entity}, ${what.direction},
          ${what.action}, ${page.map(({ externalId }) => externalId)}::text[],
          ${arrayLiteral(page.map(({ hubId }) => hubId))}::uuid[], ${scope.at})`.execute(tx),
    );
  }
  await Promise.all(pages);
}

/** Counters of all runs of a connection together, by entity. */
export async function totalCounts(tx: Tx, connectionId: string): Promise<Record<string, Counts>> {
  const found = await sql<{ entity: string; name: string; n: number }>`
    select e.key as entity, c.key as name, sum(c.value::bigint)::bigint as n
    from run r, jsonb_each(r.counts) e, jsonb_each_text(e.value) c
    where r.connection_id = ${connectionId} group by 1, 2`.execute(tx);
  const totals: Record<string, Counts> = {};
  for (const { entity, name, n } of found.rows) (totals[entity] ??= {})[name] = n;
  return totals;
}

/** The mappings of a run that found out at its beginning which rules have to wait. */
export async function setRunMappings(tx: Tx, id: string, versions: Record<string, string>): Promise<void> {
  await sql`update run set mapping_versions = ${JSON.stringify(versions)}::jsonb where id = ${id}`.execute(
    tx,
  );
}
