/**
 * Lists of hub records for people and programs: filtered by fields, in pages that a cursor continues. A field can be a filter when
 * it has a column of its own (0012-listed-fields): under row-level security only those have indexes that are used.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../database.ts';
import type { HubRecord } from './hub-records.ts';

export const RECORD_SORTS = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
export type RecordSort = (typeof RECORD_SORTS)[number];

/** What lists may be filtered by: the column of each field, and the entities for which 0012-listed-fields fills it. */
export const LISTED_FIELDS = {
  active: { column: 'listed_active', entities: ['plan'] },
  asset: { column: 'listed_asset', entities: ['work_order', 'meter', 'request', 'plan'] },
  assignee: { column: 'listed_assignee', entities: ['work_order', 'request'] },
  assigneeName: { column: 'listed_assignee_name', entities: ['work_order'] },
  code: { column: 'listed_code', entities: ['location', 'meter', 'person'] },
  completedAt: { column: 'listed_completed_at', entities: ['work_order'] },
  department: { column: 'listed_department', entities: ['asset'] },
  dueAt: { column: 'listed_due_at', entities: ['work_order'] },
  // In small letters.
  email: { column: 'listed_email', entities: ['person'] },
  location: { column: 'listed_location', entities: ['asset'] },
  name: { column: 'listed_name', entities: ['location', 'person'] },
  nextDueAt: { column: 'listed_next_due_at', entities: ['plan'] },
  parent: { column: 'listed_parent', entities: ['asset', 'location'] },
  partNumber: { column: 'listed_part_number', entities: ['part'] },
  plan: { column: 'listed_plan', entities: ['work_order'] },
  priority: { column: 'listed_priority', entities: ['work_order'] },
  scheduledStart: { column: 'listed_scheduled_start', entities: ['work_order'] },
  status: { column: 'listed_status', entities: ['work_order', 'asset', 'request'] },
  store: { column: 'listed_store', entities: ['part'] },
  tag: { column: 'listed_tag', entities: ['asset'] },
  type: { column: 'listed_type', entities: ['work_order', 'asset', 'plan'] },
} as const satisfies Record<string, { column: string; entities: readonly Entity[] }>;
export type ListedField = keyof typeof LISTED_FIELDS;

export function isListed(entity: Entity, field: string): field is ListedField {
  if (!Object.hasOwn(LISTED_FIELDS, field)) return false;
  const { entities }: { entities: readonly Entity[] } = LISTED_FIELDS[field as ListedField];
  return entities.includes(entity);
}

/** The field that a list is asked for; one without a column is a mistake of ours: it would read every record, or find none. */
export function listedField(entity: Entity, field: string): ListedField {
  if (isListed(entity, field)) return field;
  throw new Failure('bug', `Records of ${entity} cannot be listed by ${field}: it has no column of its own.`);
}

export function columnOf(entity: Entity, field: string): RawBuilder<string> {
  return sql.ref(LISTED_FIELDS[listedField(entity, field)].column);
}

/** One condition; all of them hold. */
export type RecordCondition =
  | { field: ListedField; equals: string }
  | { field: ListedField; oneOf: readonly string[] }
  /** RFC 3339 text compares as time; absent fields never match. */
  | { field: ListedField; before: string }
  | { field: ListedField; from: string }
  /** Due before this instant. Few open orders are: they are gathered before they are sorted. */
  | { dueBefore: string }
  | { field: ListedField; present: boolean }
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
  const where = sql.join(
    [sql`true`, ...conditions.map((condition) => conditionSql(entity, condition))],
    sql` and `,
  );
  const filter = sql`tenant_id = ${tenantId} and entity = ${sql.lit(entity)} and deleted_at is null and ${position} and ${where}`;
  if (byUpdate) {
    const changed = await sql<HubRecord>`
      select ${COLUMNS} from hub_record r where ${filter} order by ${order} limit ${limit}`.execute(tx);
    return changed.rows;
  }
  const ids = (await isGathered(tx, query))
    ? // Materialized: otherwise the planner walks an index in the order of ids, past everything that does not match.
      sql`with gathered as materialized (select id from hub_record where ${filter})
        select id from gathered order by ${order} limit ${limit}`
    : sql`select id from hub_record where ${filter} order by ${order} limit ${limit}`;
  // The ids first: they come from the index of the list alone. Asked for whole rows, the planner walked the primary key
  // past every record of the other entities (110 ms with 100,000 assets before the first order).
  const found = await sql<HubRecord>`
    select ${COLUMNS} from (${ids}) page
    join hub_record r on r.id = page.id order by r.id ${direction}`.execute(tx);
  return found.rows;
}

/** More records than this are not gathered to be sorted: a page of them is found sooner on the way. */
const GATHERED_MAX = 10_000;

/**
 * Whether what matches is gathered first and then sorted by id. What is overdue is little, and what changed lately stands together at
 * one end of the list or the other: PostgreSQL takes it for spread evenly and would walk past all the rest.
 */
async function isGathered(tx: Tx, { tenantId, entity, conditions }: RecordQuery): Promise<boolean> {
  if (conditions.some((condition) => 'dueBefore' in condition)) return true;
  const since = conditions.find((condition) => 'updatedSince' in condition);
  if (since === undefined) return false;
  const found = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from hub_record
      where tenant_id = ${tenantId} and entity = ${sql.lit(entity)} and deleted_at is null and ${conditionSql(entity, since)}
      order by updated_at limit ${GATHERED_MAX + 1}
    ) changed`.execute(tx);
  return (found.rows[0]?.n ?? 0) <= GATHERED_MAX;
}

export async function countRecords(
  tx: Tx,
  query: Pick<RecordQuery, 'tenantId' | 'entity' | 'conditions'>,
): Promise<number> {
  const where = sql.join(
    [sql`true`, ...query.conditions.map((condition) => conditionSql(query.entity, condition))],
    sql` and `,
  );
  const found = await sql<{ n: number }>`
    select count(*) as n from hub_record
    where tenant_id = ${query.tenantId} and entity = ${sql.lit(query.entity)} and deleted_at is null and ${where}`.execute(
    tx,
  );
  return found.rows[0]?.n ?? 0;
}

function conditionSql(entity: Entity, condition: RecordCondition): RawBuilder<unknown> {
  if ('any' in condition) {
    return sql`(${sql.join(
      condition.any.map((one) => conditionSql(entity, one)),
      sql` or `,
    )})`;
  }
  if ('updatedSince' in condition) return sql`updated_at >= ${condition.updatedSince}::timestamptz`;
  if ('dueBefore' in condition) return sql`${columnOf(entity, 'dueAt')} < ${condition.dueBefore}`;
  const field = columnOf(entity, condition.field);
  if ('equals' in condition) return sql`${field} = ${condition.equals}`;
  if ('oneOf' in condition) return sql`${field} = any(${condition.oneOf}::text[])`;
  if ('before' in condition) return sql`${field} < ${condition.before}`;
  if ('from' in condition) return sql`${field} >= ${condition.from}`;
  // An absent status is the empty one.
  if (condition.field === 'status') return condition.present ? sql`${field} <> ''` : sql`${field} = ''`;
  return condition.present ? sql`${field} is not null` : sql`${field} is null`;
}
