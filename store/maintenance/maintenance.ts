/** Schedules that are due, the ledger of planned dates, what was done, and figures over tasks. */
import { sql } from 'kysely';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';
import type { HubRecord } from '../hub/hub-records.ts';

/**
 * Schedules to generate from, the longest due first. Those that came from a connected system are left out: that system
 * generates their work itself, and only one may.
 */
export async function listDueSchedules(
  tx: Tx,
  tenantId: string,
  now: string,
  page: { after: { due: string; id: string } | null; limit: number },
): Promise<{ id: string; due: string }[]> {
  const { after, limit } = page;
  const beyond =
    after === null ? sql`true` : sql`(listed_next_due_at, id) > (${after.due}, ${after.id}::uuid)`;
  const found = await sql<{ id: string; due: string }>`
    select id, listed_next_due_at as due from hub_record
    where tenant_id = ${tenantId} and entity = 'plan' and deleted_at is null and listed_next_due_at <= ${now}
      and origin_connection_id is null and listed_active is distinct from 'false'
      and coalesce(fields->>'triggerType', 'time_based') = 'time_based' and ${beyond}
    order by listed_next_due_at, id limit ${limit}`.execute(tx);
  return found.rows;
}

export interface Occurrence {
  planId: string;
  assetId: string;
  dueAt: string;
  outcome: 'generated' | 'manual' | 'coalesced' | 'skipped';
  workOrderId: string | null;
}

/** Writes what is not in the ledger yet; returns the keys that were new, as `asset|due`. */
export async function recordOccurrences(
  tx: Tx,
  tenantId: string,
  at: string,
  occurrences: readonly Occurrence[],
): Promise<Set<string>> {
  if (occurrences.length === 0) return new Set();
  const made = await sql<{ assetId: string; dueAt: Date }>`
    insert into maintenance_occurrence (tenant_id, plan_id, asset_id, due_at, outcome, work_order_id, recorded_at)
    select ${tenantId}::uuid, plan_id, asset_id, due_at, outcome, work_order_id, ${at}::timestamptz
    from ${recordset(occurrences, {
      plan_id: 'uuid',
      asset_id: 'uuid',
      due_at: 'timestamptz',
      outcome: 'text',
      work_order_id: 'uuid',
    })} on conflict do nothing returning asset_id, due_at`.execute(tx);
  return new Set(made.rows.map((row) => `${row.assetId}|${row.dueAt.toISOString()}`));
}

/** Whether work of a schedule is still to be done. */
export async function countOpenTasks(tx: Tx, tenantId: string, planId: string): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from hub_record
    where tenant_id = ${tenantId} and entity = 'work_order' and deleted_at is null and listed_plan = ${planId}
      and listed_status not in ('completed', 'closed', 'cancelled')`.execute(tx);
  return found.rows[0]?.n ?? 0;
}

export interface HistoryFilter {
  /** Hub id. */
  assetId?: string | undefined;
  scheduleId?: string | undefined;
  type?: string | undefined;
  /** Bounds of the completion, both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Completed work orders, newest completion first. */
export async function listDoneWork(
  tx: Tx,
  tenantId: string,
  filter: HistoryFilter,
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<HubRecord[]> {
  const conditions = [sql`true`];
  if (filter.assetId !== undefined) conditions.push(sql`listed_asset = ${filter.assetId}`);
  if (filter.scheduleId !== undefined) conditions.push(sql`listed_plan = ${filter.scheduleId}`);
  if (filter.type !== undefined) conditions.push(sql`listed_type = ${filter.type}`);
  if (filter.from !== undefined) conditions.push(sql`listed_completed_at >= ${filter.from}`);
  if (filter.to !== undefined) conditions.push(sql`listed_completed_at <= ${filter.to}`);
  if (page.before !== null) {
    conditions.push(sql`(listed_completed_at, id) < (${page.before.at}, ${page.before.id}::uuid)`);
  }
  const found = await sql<HubRecord>`
    select id, entity, number, fields, field_at, version, created_at, updated_at, deleted_at from hub_record
    where tenant_id = ${tenantId} and entity = 'work_order' and deleted_at is null
      and listed_status in ('completed', 'closed') and listed_completed_at is not null
      and ${sql.join(conditions, sql` and `)}
    order by listed_completed_at desc, id desc limit ${page.limit}`.execute(tx);
  return found.rows;
}

export interface TaskFigures {
  total: number;
  scheduled: number;
  inProgress: number;
  onHold: number;
  completed: number;
  cancelled: number;
  overdue: number;
  totalCost: number;
  withCost: number;
  totalMinutes: number;
  withMinutes: number;
}

/** Over the tasks whose planned start lies within the bounds, both inclusive; costs and minutes are of the completed ones. */
export async function taskFigures(
  tx: Tx,
  tenantId: string,
  range: { from?: string | undefined; to?: string | undefined; now: string },
): Promise<TaskFigures> {
  const from = range.from === undefined ? sql`true` : sql`listed_scheduled_start >= ${range.from}`;
  const to = range.to === undefined ? sql`true` : sql`listed_scheduled_start <= ${range.to}`;
  const found = await sql<TaskFigures>`
    with task as (
      select coalesce(nullif(listed_status, ''), 'scheduled') as status, listed_due_at < ${range.now} as late,
        (fields->>'actualCost')::float8 as cost, (fields->>'actualMinutes')::float8 as minutes
      from hub_record
      where tenant_id = ${tenantId} and entity = 'work_order' and deleted_at is null and listed_plan is not null
        and ${from} and ${to}
    )
    select count(*) as total,
      count(*) filter (where status in ('scheduled', 'requested') and late is not true) as scheduled,
      count(*) filter (where status in ('scheduled', 'requested') and late) as overdue,
      count(*) filter (where status = 'in_progress') as in_progress,
      count(*) filter (where status = 'on_hold') as on_hold,
      count(*) filter (where done) as completed,
      count(*) filter (where status = 'cancelled') as cancelled,
      coalesce(sum(cost) filter (where done), 0) as total_cost,
      count(cost) filter (where done) as with_cost,
      coalesce(sum(minutes) filter (where done), 0) as total_minutes,
      count(minutes) filter (where done) as with_minutes
    from (select *, status in ('completed', 'closed') as done from task) t`.execute(tx);
  return found.rows[0] as TaskFigures;
}
