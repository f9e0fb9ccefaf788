/**
 * Lists of hub records for people and programs: filtered by fields, in pages that a cursor continues. Field names come
 * from code, never from a caller: they are written into the statement so that the expression indexes of 0004-api apply.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';
import type { HubRecord } from './hub-records.ts';

export const RECORD_SORTS = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
export type RecordSort = (typeof RECORD_SORTS)[number];

/** One condition; all of them hold. */
export type RecordCondition =
  | { field: string; equals: string }
  | { field: string; oneOf: readonly string[] }
  /** RFC 3339 text compares as time; absent fields never match. */
  | { field: string; before: string }
  | { field: string; from: string }
  /** Due before this instant. Few open orders are: they are gathered before they are sorted. */
  | { dueBefore: string }
  | { field: string; present: boolean }
  /** At least one of these holds. */
  | { any: readonly RecordCondition[] }
  | { updatedSince: string };

const COLUMNS = sql`r.id, r.entity, r.number, r.fields, r.field_at, r.version, r.created_at, r.updated_at, r.deleted_at`;

/** Where the page before ended: the sort value and the id of its last record. */
export interface RecordPosition {
  at: string;
  id: string;
}

export interface RecordQuery {
  tenantId: string;
  entity: Entity;
  conditions: readonly RecordCondition[];
  sort: RecordSort;
  after: RecordPosition | null;
  limit: number;
}

export async function listRecords(tx: Tx, query: RecordQuery): Promise<HubRecord[]> {
  const { tenantId, entity, conditions, sort, after, limit } = query;
  const falling = sort.startsWith('-');
  const direction = sql.raw(falling ? 'desc' : 'asc');
  const beyond = sql.raw(falling ? '<' : '>');
  // Ids are time-ordered, so the order of creation is the order of ids.
  const byUpdate = sort.endsWith('updated_at');
  const order = byUpdate ? sql`updated_at ${direction}, id ${direction}` : sql`id ${direction}`;
  const position =
    after === null
      ? sql`true`
      : byUpdate
        ? sql`(updated_at, id) ${beyond} (${after.at}::timestamptz, ${after.id}::uuid)`
        : sql`id ${beyond} ${after.id}::uuid`;
  const where = sql.join([sql`true`, ...conditions.map((condition) => conditionSql(condition))], sql` and `);
  const filter = sql`tenant_id = ${tenantId} and entity = ${sql.lit(entity)} and deleted_at is null and ${position} and ${where}`;
  if (byUpdate) {
    const changed = await sql<HubRecord>`
      select ${COLUMNS} from hub_record r where ${filter} order by ${order} limit ${limit}`.execute(tx);
    return changed.rows;
  }
  const ids = conditions.some((condition) => 'dueBefore' in condition)
    ? // Materialized: otherwise the planner walks the index of the status in the order of ids, past everything that is not due.
      sql`with due as materialized (select id from hub_record where ${filter})
        select id from due order by ${order} limit ${limit}`
    : sql`select id from hub_record where ${filter} order by ${order} limit ${limit}`;
  // The ids first: they come from the index of the list alone. Asked for whole rows, the planner walked the primary key
  // past every record of the other entities (110 ms with 100,000 assets before the first order).
  const found = await sql<HubRecord>`
    select ${COLUMNS} from (${ids}) page
    join hub_record r on r.id = page.id order by r.id ${direction}`.execute(tx);
  return found.rows;
}

export async function countRecords(
  tx: Tx,
  query: Pick<RecordQuery, 'tenantId' | 'entity' | 'conditions'>,
): Promise<number> {
  const where = sql.join(
    [sql`true`, ...query.conditions.map((condition) => conditionSql(condition))],
    sql` and `,
  );
  const found = await sql<{ n: number }>`
    select count(*) as n from hub_record
    where tenant_id = ${query.tenantId} and entity = ${sql.lit(query.entity)} and deleted_at is null and ${where}`.execute(
    tx,
  );
  return found.rows[0]?.n ?? 0;
}

function conditionSql(condition: RecordCondition): RawBuilder<unknown> {
  if ('any' in condition) {
    return sql`(${sql.join(
      condition.any.map((one) => conditionSql(one)),
      sql` or `,
    )})`;
  }
  if ('updatedSince' in condition) return sql`updated_at >= ${condition.updatedSince}::timestamptz`;
  if ('dueBefore' in condition) return sql`fields->>'dueAt' < ${condition.dueBefore}`;
  const field = sql`(fields->>${sql.lit(condition.field)})`;
  if ('equals' in condition) return sql`${field} = ${condition.equals}`;
  if ('oneOf' in condition) return sql`${field} = any(${condition.oneOf}::text[])`;
  if ('before' in condition) return sql`${field} < ${condition.before}`;
  if ('from' in condition) return sql`${field} >= ${condition.from}`;
  return condition.present ? sql`${field} is not null` : sql`${field} is null`;
}
