/**
 * Maintenance of the hub itself: templates of work orders, working calendars, the ledger of planned dates, what
 * maintenance did to each asset; and the indexes that the lists of work orders, tasks, schedules and people walk.
 */
import { APP_ROLE } from '../database.ts';

export const maintenance = `
create table work_order_template (
  id uuid primary key,
  tenant_id uuid not null references tenant,
  name text not null,
  description text,
  work_order_type text not null,
  asset_type text,
  priority text not null,
  -- as tasks of a work order: sequence, title, description, estimatedMinutes
  steps jsonb not null default '[]',
  estimated_minutes double precision,
  estimated_cost double precision,
  safety_requirements text,
  special_instructions text,
  is_active boolean not null default true,
  version bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index work_order_template_list on work_order_template (tenant_id, id);

create table calendar (
  id uuid primary key,
  tenant_id uuid not null references tenant,
  name text not null,
  description text,
  timezone text not null,
  -- minutes after midnight, wall time of the zone
  working_start_minutes int not null,
  working_end_minutes int not null,
  -- 0 is Monday
  working_days int[] not null,
  holidays date[] not null default '{}',
  version bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index calendar_list on calendar (tenant_id, id);

-- What became of each planned date of a schedule at each of its assets. The key is what makes generating it happen once.
create table maintenance_occurrence (
  tenant_id uuid not null,
  plan_id uuid not null,
  asset_id uuid not null,
  due_at timestamptz not null,
  -- generated: by schedule-recurring; manual: a person made the task; coalesced: its date had passed when an earlier one
  -- was generated; skipped: the asset is out of use
  outcome text not null check (outcome in ('generated', 'manual', 'coalesced', 'skipped')),
  work_order_id uuid,
  recorded_at timestamptz not null,
  primary key (plan_id, asset_id, due_at)
);

-- Sums that maintenance leaves at an asset; they are ours, other systems keep their own.
create table asset_figures (
  hub_id uuid primary key,
  tenant_id uuid not null,
  operating_hours double precision,
  maintenance_cost double precision,
  last_maintenance_at timestamptz
);

create index work_order_assignee_name on hub_record (tenant_id, (fields->>'assigneeName'), id)
  where entity = 'work_order' and deleted_at is null and fields->>'assigneeName' is not null;
create index work_order_priority on hub_record (tenant_id, (fields->>'priority'), id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null;
create index work_order_done on hub_record (tenant_id, (fields->>'completedAt'), id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and fields->>'status' in ('completed', 'closed')
    and fields->>'completedAt' is not null;
-- For what is overdue: only work that has not begun is.
create index work_order_due on hub_record (tenant_id, (fields->>'dueAt'), id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and fields->>'dueAt' is not null
    and fields->>'status' in ('requested', 'scheduled');
-- In place of one that a search for a schedule's tasks cannot use, because it never says that the key is there.
drop index work_order_plan;
create index task_plan on hub_record (tenant_id, (fields->>'plan'), id)
  where entity = 'work_order' and fields->>'plan' is not null and deleted_at is null;
create index task_list on hub_record (tenant_id, id)
  where entity = 'work_order' and fields->>'plan' is not null and deleted_at is null;
create index task_start on hub_record (tenant_id, (fields->>'scheduledStart'), id)
  where entity = 'work_order' and fields->>'plan' is not null and deleted_at is null;
create index plan_due on hub_record (tenant_id, (fields->>'nextDueAt'), id)
  where entity = 'plan' and deleted_at is null;
create index plan_type on hub_record (tenant_id, (fields->>'type'), id) where entity = 'plan' and deleted_at is null;
create index person_code on hub_record (tenant_id, (fields->>'code')) where entity = 'person' and deleted_at is null;
create index person_email on hub_record (tenant_id, lower(fields->>'email')) where entity = 'person' and deleted_at is null;
create index person_name on hub_record (tenant_id, (fields->>'name')) where entity = 'person' and deleted_at is null;
create index part_number on hub_record (tenant_id, (fields->>'partNumber')) where entity = 'part' and deleted_at is null;
create index hub_comment_page on hub_comment (hub_id, at, id);

${['work_order_template', 'calendar', 'maintenance_occurrence', 'asset_figures']
  .map(
    (table) => `
grant select, insert, update, delete on ${table} to ${APP_ROLE};
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant_only on ${table} to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));`,
  )
  .join('\n')}
`;
