/** Creates that wait for a person, by connection and entity: what was counted, and what a person allowed. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

export type StoppedWhy = 'incomplete_reading' | 'too_many';

export interface StoppedCreates {
  why: StoppedWhy;
  /** Creates that are due; 0 where nobody counted. */
  due: number;
  /** Records of the entity that the connection holds. */
  total: number;
  /** So many may be made; null while nobody has said so. */
  allowed: number | null;
}

export interface StoppedCreatesRow extends StoppedCreates {
  connectionId: string;
  connection: string;
  entity: Entity;
  /** Of an incomplete reading: what the walk said of itself. */
  message: string | null;
  openedAt: Date;
}

interface Scope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
}

/**
 * Creates that no first reading announced: records which another system showed after it had been read to its end once. What
 * people and programs of the plant make is meant, and what a first reading brings was to be seen before. At most `bound` are
 * looked for in the queue before anything is joined.
 */
export async function dueCreates(tx: Tx, { connectionId, entity }: Scope, bound: number): Promise<number> {
  const queued = await sql<{ n: number }>`
    select count(*) as n from (select 1 from push_queue
      where connection_id = ${connectionId} and entity = ${entity} limit ${bound + 1}) q`.execute(tx);
  if ((queued.rows[0]?.n ?? 0) <= bound) return 0;
  const found = await sql<{ n: number }>`
    select count(*) as n from push_queue q
    join hub_record h on h.id = q.hub_id and h.deleted_at is null
    join cursor c on c.connection_id = h.origin_connection_id and c.entity = q.entity and c.kind = 'pull'
      and h.created_at > (c.value::jsonb->>'completeAt')::timestamptz
    where q.connection_id = ${connectionId} and q.entity = ${entity}
      and not exists (select from link l where l.connection_id = q.connection_id and l.hub_id = q.hub_id)`.execute(
    tx,
  );
  return found.rows[0]?.n ?? 0;
}

export async function heldRecords(tx: Tx, { connectionId, entity }: Scope): Promise<number> {
  const found = await sql<{ n: number }>`select count(*) as n from link
    where connection_id = ${connectionId} and entity = ${entity} and gone_at is null`.execute(tx);
  return found.rows[0]?.n ?? 0;
}

export async function loadStoppedCreates(
  tx: Tx,
  { connectionId, entity }: Scope,
): Promise<StoppedCreates | null> {
  const found = await sql<StoppedCreates>`select why, due, total, allowed from stopped_creates
    where connection_id = ${connectionId} and entity = ${entity}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Keeps since when; what a person allowed of another reason, or of fewer, is not carried over. */
export async function stopCreates(
  tx: Tx,
  scope: Scope & { at: string },
  { why, due, total, message }: Omit<StoppedCreates, 'allowed'> & { message: string | null },
): Promise<void> {
  await sql`
    insert into stopped_creates (tenant_id, connection_id, entity, why, message, due, total, opened_at)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, ${why}, ${message}, ${due}, ${total}, ${scope.at})
    on conflict (connection_id, entity) do update set why = excluded.why, message = excluded.message,
      due = excluded.due, total = excluded.total, allowed = null`.execute(tx);
}

export async function endStoppedCreates(tx: Tx, { connectionId, entity }: Scope): Promise<void> {
  await sql`delete from stopped_creates where connection_id = ${connectionId} and entity = ${entity}`.execute(
    tx,
  );
}

const SELECT = sql`
  select s.connection_id, k.name as connection, s.entity, s.why, s.message, s.due, s.total, s.opened_at, s.allowed
  from stopped_creates s join connection k on k.id = s.connection_id`;

/** Those that nobody has allowed yet. */
export async function listStoppedCreates(tx: Tx, limit: number): Promise<StoppedCreatesRow[]> {
  const found = await sql<StoppedCreatesRow>`
    ${SELECT} where s.allowed is null order by s.opened_at, s.entity limit ${limit}`.execute(tx);
  return found.rows;
}

export async function loadStoppedCreatesRow(
  tx: Tx,
  connectionId: string,
  entity: Entity,
): Promise<StoppedCreatesRow | null> {
  const found = await sql<StoppedCreatesRow>`
    ${SELECT} where s.connection_id = ${connectionId} and s.entity = ${entity} and s.allowed is null`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

export async function allowCreates(tx: Tx, row: StoppedCreatesRow): Promise<void> {
  await sql`update stopped_creates set allowed = ${row.due}
    where connection_id = ${row.connectionId} and entity = ${row.entity}`.execute(tx);
}
