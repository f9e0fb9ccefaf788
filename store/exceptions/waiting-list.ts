/** What waits for another record: pulled records whose reference is not linked, pushes whose reference has no counterpart there. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

export interface WaitingRow {
  connection: string;
  direction: 'pull' | 'push';
  entity: Entity;
  /** External id of a pull, hub number of a push. */
  subject: string;
  waitsEntity: Entity;
  waitsFor: string;
  since: Date;
}

export async function listWaiting(tx: Tx, limit: number): Promise<WaitingRow[]> {
  const found = await sql<WaitingRow>`
    select k.name as connection, 'pull' as direction, p.entity, p.external_id as subject, p.waits_entity,
      p.waits_external_id as waits_for, p.since
    from parked p join connection k on k.id = p.connection_id
    union all
    select k.name, 'push', q.entity, h.number, w.entity, w.number, q.since
    from push_queue q join connection k on k.id = q.connection_id
    join hub_record h on h.id = q.hub_id join hub_record w on w.id = q.waits_hub_id
    order by connection, since, subject limit ${limit}`.execute(tx);
  return found.rows;
}

export interface OverdueRow {
  entity: Entity;
  /** Parked records of the entity that wait since before the instant. */
  records: number;
  /** What the one that waits longest waits for. */
  waitsEntity: Entity;
  waitsFor: string;
  since: Date;
}

/** What a connection's pulled records wait for since before an instant, one row per entity. */
export async function listOverdue(tx: Tx, connectionId: string, before: string): Promise<OverdueRow[]> {
  const found = await sql<OverdueRow>`
    select distinct on (entity) entity, count(*) over (partition by entity) as records, waits_entity,
      waits_external_id as waits_for, since
    from parked where connection_id = ${connectionId} and since < ${before}::timestamptz
    order by entity, since, external_id`.execute(tx);
  return found.rows;
}
