/** Runs as people look at them: in pages, one whole, and what one did with each record. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';
import { LOG_PAGE_MAX, type Counts, type RunKind, type RunState } from './runs.ts';

export interface RunDetails {
  id: string;
  connectionId: string;
  kind: RunKind;
  state: RunState | 'queued';
  counts: Record<string, Counts>;
  mappingVersions: Record<string, string>;
  failure: JsonObject | null;
  startedAt: Date;
  finishedAt: Date | null;
}

const COLUMNS = sql`id, connection_id, kind, state, counts, mapping_versions, failure, started_at, finished_at`;

/** A run that was asked for and has not begun; one that has begun stays as it is. */
export async function queueRun(
  tx: Tx,
  run: { id: string; tenantId: string; connectionId: string; kind: RunKind; at: string },
): Promise<void> {
  await sql`
    insert into run (id, tenant_id, connection_id, kind, state, started_at)
    values (${run.id}, ${run.tenantId}, ${run.connectionId}, ${run.kind}, 'queued', ${run.at})
    on conflict (id) do nothing`.execute(tx);
}

/** One that has not begun is over at once; one under way ends itself. */
export async function cancelQueuedRun(tx: Tx, id: string, at: string): Promise<void> {
  await sql`update run set state = 'cancelled', finished_at = ${at} where id = ${id} and state = 'queued'`.execute(
    tx,
  );
}

export async function loadRunDetails(tx: Tx, id: string): Promise<RunDetails | null> {
  return (await sql<RunDetails>`select ${COLUMNS} from run where id = ${id}`.execute(tx)).rows[0] ?? null;
}

/** Newest first; positions are `started_at` and id. */
export async function listRunPage(
  tx: Tx,
  tenantId: string,
  filter: { connectionId?: string | undefined; state?: string | undefined },
  page: { before: string | null; limit: number },
): Promise<RunDetails[]> {
  const { connectionId = null, state = null } = filter;
  const [at = null, id = null] = page.before?.split('|') ?? [];
  const found = await sql<RunDetails>`
    select ${COLUMNS} from run
    where tenant_id = ${tenantId} and (${connectionId}::uuid is null or connection_id = ${connectionId}::uuid)
      and (${state}::text is null or state = ${state})
      and (${at}::timestamptz is null or (started_at, id) < (${at}::timestamptz, ${id}::uuid))
    order by started_at desc, id desc limit ${page.limit}`.execute(tx);
  return found.rows;
}

export interface RunLogRow {
  seq: number;
  entity: Entity;
  direction: 'pull' | 'push';
  action: string;
  externalId: string | null;
  hubId: string | null;
  decisions: Json;
  at: Date;
}

export async function logOfRun(
  tx: Tx,
  runId: string,
  filter: { entity?: string | undefined; action?: string | undefined },
  page: { after: number; limit: number },
): Promise<RunLogRow[]> {
  const { entity = null, action = null } = filter;
  const wanted = sql`(${entity}::text is null or entity = ${entity}) and (${action}::text is null or action = ${action})`;
  const found = await sql<RunLogRow>`
    (select seq, entity, direction, action, external_id, hub_id, decisions, at from record_log
      where run_id = ${runId} and seq > ${page.after} and ${wanted} order by seq limit ${page.limit})
    union all
    (select p.seq + u.place - 1, p.entity, p.direction, p.action, u.external_id, u.hub_id, null, p.at
      from (select * from log_page where run_id = ${runId} and seq > ${page.after - LOG_PAGE_MAX} and ${wanted}
        order by seq limit ${page.limit + 1}) p
        cross join lateral unnest(p.external_ids, p.hub_ids) with ordinality as u(external_id, hub_id, place)
      where p.seq + u.place - 1 > ${page.after} order by p.seq, u.place limit ${page.limit})
    order by seq limit ${page.limit}`.execute(tx);
  return found.rows;
}

/** What walks of a run said of what they could not show to be complete, each sentence once. */
export async function incompleteOfRun(tx: Tx, runId: string): Promise<{ entity: Entity; message: string }[]> {
  const found = await sql<{ entity: Entity; message: string }>`
    select distinct entity, decisions->>'message' as message from record_log
    where run_id = ${runId} and action = 'incomplete' order by 1, 2 limit 50`.execute(tx);
  return found.rows;
}
