/** Conflicts as people see and close them. What the merge writes about conflicts is in `exceptions.ts`. */
import { sql } from 'kysely';
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { rootOf, valueAt } from '../../domain/merge/value-path.ts';
import type { Tx } from '../database.ts';

export interface ConflictRow {
  id: string;
  connectionId: string;
  connection: string;
  system: string;
  entity: Entity;
  hubId: string;
  number: string;
  externalId: string;
  /** A field, or a value inside it: `tasks[20].title`. */
  field: string;
  policy: string;
  /** The hub's value now; while a conflict is open people may go on editing. */
  hubValue: Json;
  externalValue: Json;
  winner: 'hub' | 'external' | null;
  since: Date;
  resolvedAt: Date | null;
  resolvedBy: string | null;
}

const SELECT = sql`
  select c.id, c.connection_id, k.name as connection, k.system, c.entity, c.hub_id, h.number, c.external_id, c.field, c.policy,
    c.hub_value, case when c.resolved_at is null then h.fields end as hub_fields, c.external_value, c.winner,
    c.created_at as since, c.resolved_at, c.resolved_by
  from conflict c join connection k on k.id = c.connection_id join hub_record h on h.id = c.hub_id`;

/** A row with the record's fields as they are now, while the conflict is open. */
type FoundConflict = ConflictRow & { hubFields: JsonObject | null };

/** The shapes are those of the field table: where a mapping names another identity, the value is as the conflict found it. */
function asShown({ hubFields, ...row }: FoundConflict): ConflictRow {
  if (hubFields === null) return row;
  const now = valueAt(hubFields, row.field, ENTITY_DEFINITIONS[row.entity].shapes);
  return { ...row, hubValue: now ?? (row.field === rootOf(row.field) ? null : row.hubValue) };
}

export interface ConflictFilter {
  connectionId?: string;
  entity?: Entity;
  /** A path; the name of a field also finds what is open inside it. */
  field?: string;
  /** Id of the last conflict of the page before; ids are time-ordered. */
  after?: string;
  limit: number;
}

/** Open conflicts, oldest first. */
export async function listOpenConflicts(tx: Tx, filter: ConflictFilter): Promise<ConflictRow[]> {
  // As the column is generated.
  const root = filter.field === undefined ? null : (/^[^[.]*/.exec(filter.field)?.[0] ?? '');
  const path = filter.field === root ? null : (filter.field ?? null);
  const found = await sql<FoundConflict>`
    ${SELECT} where c.resolved_at is null
      and (${filter.connectionId ?? null}::uuid is null or c.connection_id = ${filter.connectionId ?? null}::uuid)
      and (${filter.entity ?? null}::text is null or c.entity = ${filter.entity ?? null}::text)
      and (${root}::text is null or c.root = ${root}::text) and (${path}::text is null or c.field = ${path}::text)
      and (${filter.after ?? null}::uuid is null or c.id > ${filter.after ?? null}::uuid)
    order by c.id limit ${filter.limit}`.execute(tx);
  return found.rows.map(asShown);
}

export async function loadConflict(tx: Tx, id: string): Promise<ConflictRow | null> {
  const [row] = (await sql<FoundConflict>`${SELECT} where c.id = ${id}::uuid`.execute(tx)).rows;
  return row === undefined ? null : asShown(row);
}

/** Every conflict a record ever had, newest first. */
export async function conflictsOfRecord(tx: Tx, hubId: string, limit: number): Promise<ConflictRow[]> {
  const found = await sql<FoundConflict>`
    ${SELECT} where c.hub_id = ${hubId}::uuid order by c.created_at desc, c.id desc limit ${limit}`.execute(
    tx,
  );
  return found.rows.map(asShown);
}

export async function closeConflict(
  tx: Tx,
  id: string,
  closed: { winner: 'hub' | 'external'; hubValue: Json; by: string; at: string },
): Promise<void> {
  await sql`
    update conflict set winner = ${closed.winner}, hub_value = ${JSON.stringify(closed.hubValue)}::jsonb,
      resolved_by = ${closed.by}, resolved_at = ${closed.at}::timestamptz
    where id = ${id}::uuid and resolved_at is null`.execute(tx);
}
