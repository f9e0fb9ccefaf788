/** Schedules that are due, work that is open, what was done, and figures over tasks. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { HubRecord } from '../hub/hub-records.ts';

/** Those that came from a connected system are left out: that system generates their work itself, and only one may. */
const SERVED = sql`p.entity = 'plan' and p.deleted_at is null and p.origin_connection_id is null
  and p.listed_active is distinct from 'false' and coalesce(p.fields->>'triggerType', 'time_based') = 'time_based'`;

/** Schedules to generate from, the longest due first: by their date, or before it by a lead time. */
export async function listDueSchedules(
  tx: Tx,
  tenantId: string,
  now: string,
  page: { after: { due: string; id: string } | null; limit: number },
): Promise<{ id: string; due: string }[]> {
  const { after, limit } = page;
  const beyond =
    after === null ? sql`true` : sql`(p.listed_next_due_at, p.id) > (${after.due}, ${after.id}::uuid)`;
  const found = await sql<{ id: string; due: string }>`
    (select p.id, p.listed_next_due_at as due from hub_record p
    where p.tenant_id = ${tenantId} and p.listed_next_due_at <= ${now} and ${SERVED} and ${beyond}
    order by p.listed_next_due_at, p.id limit ${limit})
    union
    (select p.id, p.listed_next_due_at as due from maintenance_rules r join hub_record p on p.id = r.plan_id
    where r.tenant_id = ${tenantId} and r.look_at <= ${now} and p.tenant_id = ${tenantId}
      and p.listed_next_due_at > ${now} and ${SERVED} and ${beyond}
    order by p.listed_next_due_at, p.id limit ${limit})
    order by due, id limit ${limit}`.execute(tx);
  return found.rows;
}

/** When the first schedule is to be looked at that is not due yet; null when none is. */
export async function nextLook(tx: Tx, tenantId: string, now: string): Promise<string | null> {
  const found = await sql<{ at: string | null }>`
    select least(
      (select p.listed_next_due_at from hub_record p
        where p.tenant_id = ${tenantId} and p.listed_next_due_at > ${now} and ${SERVED}
        order by p.listed_next_due_at limit 1),
      (select to_char(r.look_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from maintenance_rules r
        join hub_record p on p.id = r.plan_id
        where r.tenant_id = ${tenantId} and r.look_at > ${now}::timestamptz and ${SERVED}
        order by r.look_at limit 1)) as at`.execute(tx);
  return found.rows[0]?.at ?? null;
}

/** Whether there is a schedule with dates whose work is made here. */
export async function hasOwnPlans(tx: Tx, tenantId: string): Promise<boolean> {
  const found = await sql<{ has: boolean }>`
    select exists(select from hub_record p
      where p.tenant_id = ${tenantId} and p.listed_next_due_at is not null and ${SERVED}) as has`.execute(tx);
  return found.rows[0]?.has === true;
}

export interface OpenTask {
  id: string;
  assetId: string;
  start: string;
  status: string | null;
}

/** Work of a schedule that is still to be done, by its planned start. */
export async function openTasks(tx: Tx, tenantId: string, planId: string): Promise<OpenTask[]> {
  const found = await sql<OpenTask>`
    select id, listed_asset as asset_id, listed_scheduled_start as start, listed_status as status from hub_record
    where tenant_id = ${tenantId} and entity = 'work_order' and deleted_at is null and listed_plan = ${planId}
      and listed_asset is not null and listed_scheduled_start is not null
      and coalesce(listed_status, '') not in ('completed', 'closed', 'cancelled')
    order by listed_scheduled_start, id limit 10000`.execute(tx);
  return found.rows;
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
