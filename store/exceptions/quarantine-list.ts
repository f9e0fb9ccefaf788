/** Quarantine as people see and empty it. What the sync writes into it is in `exceptions.ts`. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';
import type { RecordMeta } from '../links/staging.ts';

export interface QuarantineRow {
  id: string;
  connectionId: string;
  connection: string;
  system: string;
  entity: Entity;
  direction: 'pull' | 'push';
  /** External id of a pull, hub id of a push. */
  subject: string;
  /** The hub's number, when the record is known there. */
  number: string | null;
  rawHash: string | null;
  data: Json;
  problems: { path: string; message: string; rule: string }[];
  runId: string;
  since: Date;
  closedAt: Date | null;
  closedAs: 'replayed' | 'discarded' | 'superseded' | null;
}

const SELECT = sql`
  select q.id, q.connection_id, k.name as connection, k.system, q.entity, q.direction, q.subject, h.number, q.raw_hash, q.data,
    q.problems, q.run_id, q.created_at as since, q.closed_at, q.closed_as
  from quarantine q join connection k on k.id = q.connection_id
  left join link l on q.direction = 'pull' and l.connection_id = q.connection_id and l.entity = q.entity
    and l.external_id = q.subject
  left join hub_record h on h.id = case when q.direction = 'push' then q.subject::uuid else l.hub_id end`;

export interface QuarantineFilter {
  connectionId?: string;
  entity?: Entity;
  /** Id of the last row of the page before; ids are time-ordered. */
  after?: string;
  limit: number;
}

/** What waits, oldest first. */
export async function listQuarantine(tx: Tx, filter: QuarantineFilter): Promise<QuarantineRow[]> {
  const found = await sql<QuarantineRow>`
    ${SELECT} where q.closed_at is null
      and (${filter.connectionId ?? null}::uuid is null or q.connection_id = ${filter.connectionId ?? null}::uuid)
      and (${filter.entity ?? null}::text is null or q.entity = ${filter.entity ?? null}::text)
      and (${filter.after ?? null}::uuid is null or q.id > ${filter.after ?? null}::uuid)
    order by q.id limit ${filter.limit}`.execute(tx);
  return found.rows;
}

export async function loadQuarantine(tx: Tx, id: string): Promise<QuarantineRow | null> {
  return (await sql<QuarantineRow>`${SELECT} where q.id = ${id}::uuid`.execute(tx)).rows[0] ?? null;
}

/** What keeps one pulled record in quarantine; nothing when it is not there. */
export async function problemsOf(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalId: string,
): Promise<QuarantineRow['problems']> {
  const found = await sql<Pick<QuarantineRow, 'problems'>>`
    select problems from quarantine
    where connection_id = ${connectionId} and entity = ${entity} and direction = 'pull' and subject = ${externalId}
      and closed_at is null`.execute(tx);
  return found.rows[0]?.problems ?? [];
}

export async function endQuarantine(
  tx: Tx,
  id: string,
  as: 'replayed' | 'discarded',
  at: string,
): Promise<void> {
  await sql`update quarantine set closed_at = ${at}::timestamptz, closed_as = ${as}
    where id = ${id}::uuid and closed_at is null`.execute(tx);
}

/** What the vendor said about a quarantined record beside its body: logged by the run that quarantined it. */
export async function quarantinedMeta(tx: Tx, row: QuarantineRow): Promise<RecordMeta | null> {
  const found = await sql<{ record: RecordMeta | null }>`
    select decisions -> 'record' as record from record_log
    where run_id = ${row.runId} and connection_id = ${row.connectionId} and entity = ${row.entity}
      and external_id = ${row.subject} and action = 'quarantined' and decisions -> 'record' ->> 'hash' = ${row.rawHash}
    order by seq desc limit 1`.execute(tx);
  return found.rows[0]?.record ?? null;
}

/** Which of these contents a person has discarded: they are not put into quarantine again. Gives external ids. */
export async function discardedContents(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  contents: readonly { externalId: string; hash: string }[],
): Promise<Set<string>> {
  if (contents.length === 0) return new Set();
  const found = await sql<{ subject: string }>`
    select q.subject from quarantine q
    join ${recordset(contents, { external_id: 'text', hash: 'uuid' })} on t.external_id = q.subject and t.hash = q.raw_hash
    where q.connection_id = ${connectionId} and q.entity = ${entity} and q.direction = 'pull' and q.closed_as = 'discarded'`.execute(
    tx,
  );
  return new Set(found.rows.map((row) => row.subject));
}
