/** Connections as administrators see them: with versions, what hangs on them, and their removal. */
import { sql } from 'kysely';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { heldColumns, type ConnectionRow, type DeletePolicy } from './connections.ts';
import type { Tx } from '../database.ts';

export interface ConnectionDetails extends ConnectionRow {
  version: number;
  createdAt: Date;
  updatedAt: Date;
  lastRun: { id: string; state: string; finishedAt: string | null } | null;
  /** When the newest run that did all it should ended. */
  lastSyncAt: string | null;
}

const COLUMNS = sql`c.id, c.tenant_id, c.system, c.name, c.config, c.state, c.state_reason, c.delete_policy, c.poll_seconds,
  c.requests_per_second, c.unauthorized_runs, c.absent, c.version, c.created_at, c.updated_at,
  coalesce((select jsonb_object_agg(m.entity, m.document) from mapping_override m
    where m.connection_id = c.id and m.active), '{}') as overrides,
  ${heldColumns(sql`c.id`)},
  (select jsonb_build_object('id', r.id, 'state', r.state, 'finishedAt', r.finished_at) from run r
    where r.connection_id = c.id order by r.started_at desc limit 1) as last_run,
  (select to_jsonb(r.finished_at) from run r
    where r.connection_id = c.id and r.state = 'completed' order by r.started_at desc limit 1) as last_sync_at`;

/** Throws `not_found`. */
export async function connectionDetails(tx: Tx, id: string): Promise<ConnectionDetails> {
  const found = await sql<ConnectionDetails>`select ${COLUMNS} from connection c where c.id = ${id}`.execute(
    tx,
  );
  const row = found.rows[0];
  if (row === undefined) throw new Failure('not_found', `There is no connection ${id}.`);
  return row;
}

export async function listConnectionRows(
  tx: Tx,
  page: { afterName: string | null; limit: number },
): Promise<ConnectionDetails[]> {
  const found = await sql<ConnectionDetails>`
    select ${COLUMNS} from connection c where ${page.afterName}::text is null or c.name > ${page.afterName}
    order by c.name limit ${page.limit}`.execute(tx);
  return found.rows;
}

export interface ConnectionOverview {
  id: string;
  name: string;
  system: string;
  state: ConnectionRow['state'];
  stateReason: string | null;
  lastRun: { id: string; state: string; finishedAt: string | null; failure: JsonObject | null } | null;
  /** Records that wait to be written there. */
  queuedPushes: number;
  absent: ConnectionRow['absent'];
}

/** What each connection is doing, for a list on one screen. */
export async function listConnectionOverviews(tx: Tx): Promise<ConnectionOverview[]> {
  const found = await sql<ConnectionOverview>`
    select c.id, c.name, c.system, c.state, c.state_reason, c.absent,
      (select jsonb_build_object('id', r.id, 'state', r.state, 'finishedAt', r.finished_at, 'failure', r.failure) from run r
        where r.connection_id = c.id order by r.started_at desc limit 1) as last_run,
      (select count(*) from push_queue q where q.connection_id = c.id) as queued_pushes
    from connection c order by c.name`.execute(tx);
  return found.rows;
}

export async function updateConnectionRow(
  tx: Tx,
  id: string,
  row: {
    name: string;
    config: JsonObject;
    pollSeconds: number;
    requestsPerSecond: number | null;
    deletePolicy: DeletePolicy;
  },
): Promise<void> {
  const clash = await sql`select 1 from connection where name = ${row.name} and id <> ${id}`.execute(tx);
  if (clash.rows.length > 0) {
    throw new Failure('conflict', `A connection named "${row.name}" exists already; choose another name.`);
  }
  await sql`
    update connection set name = ${row.name}, config = ${JSON.stringify(row.config)}::jsonb,
      identity = case when config = ${JSON.stringify(row.config)}::jsonb then identity end,
      absent = case when config = ${JSON.stringify(row.config)}::jsonb then absent else '{}' end,
      poll_seconds = ${row.pollSeconds}, requests_per_second = ${row.requestsPerSecond},
      delete_policy = ${row.deletePolicy}, version = version + 1, updated_at = now() where id = ${id}`.execute(
    tx,
  );
}

export interface HangingOn {
  links: Record<string, number>;
  linksTotal: number;
  openExceptions: number;
  queuedPushes: number;
}

export async function countConnectionLinks(tx: Tx, id: string): Promise<HangingOn> {
  const links = await sql<{ entity: string; n: number }>`
    select entity, count(*) as n from link where connection_id = ${id} group by entity order by entity`.execute(
    tx,
  );
  const rest = await sql<{ open: number; queued: number }>`
    select (select count(*) from conflict where connection_id = ${id} and resolved_at is null)
      + (select count(*) from quarantine where connection_id = ${id} and closed_at is null)
      + (select count(*) from match_review where connection_id = ${id}) as open,
      (select count(*) from push_queue where connection_id = ${id}) as queued`.execute(tx);
  return {
    links: Object.fromEntries(links.rows.map(({ entity, n }) => [entity, n])),
    linksTotal: links.rows.reduce((sum, { n }) => sum + n, 0),
    openExceptions: rest.rows[0]?.open ?? 0,
    queuedPushes: rest.rows[0]?.queued ?? 0,
  };
}

/** The connection with everything that only it knows. What was logged about records stays as history. */
export async function deleteConnectionRows(tx: Tx, id: string): Promise<void> {
  await sql`delete from link where connection_id = ${id}`.execute(tx);
  await sql`delete from raw_page where connection_id = ${id}`.execute(tx);
  await sql`delete from file_queue where connection_id = ${id}`.execute(tx);
  await sql`delete from connection where id = ${id}`.execute(tx);
}
