/**
 * What lists are filtered and sorted by, as columns of their own. Under row-level security PostgreSQL uses an index only for
 * conditions whose functions cannot tell a value of another tenant (leakproof), and none of jsonb is marked so: on a server where
 * nobody is superuser every index on \`fields->>'...'\` was passed over, and a filter read the whole list. Comparisons of text are
 * leakproof. Generated, so that no writer can forget them; empty for the entities whose lists have no such filter.
 */
import { APP_ROLE } from '../database.ts';

/** Column to the field it shows and the entities that are listed by it. */
const LISTED: readonly [column: string, value: string, entities: readonly string[]][] = [
  // Empty, not null, where a record has none: what no order has would count as common, because most other entities have none.
  ['listed_status', `coalesce(fields->>'status', '')`, ['work_order', 'asset', 'request']],
  ['listed_priority', `fields->>'priority'`, ['work_order']],
  ['listed_type', `fields->>'type'`, ['work_order', 'asset', 'plan']],
  ['listed_asset', `fields->>'asset'`, ['work_order', 'meter', 'request', 'plan']],
  ['listed_assignee', `fields->>'assignee'`, ['work_order', 'request']],
  ['listed_assignee_name', `fields->>'assigneeName'`, ['work_order']],
  ['listed_plan', `fields->>'plan'`, ['work_order']],
  ['listed_due_at', `fields->>'dueAt'`, ['work_order']],
  ['listed_scheduled_start', `fields->>'scheduledStart'`, ['work_order']],
  ['listed_completed_at', `fields->>'completedAt'`, ['work_order']],
  ['listed_department', `fields->>'department'`, ['asset']],
  ['listed_parent', `fields->>'parent'`, ['asset', 'location']],
  ['listed_location', `fields->>'location'`, ['asset']],
  ['listed_tag', `fields->>'tag'`, ['asset']],
  ['listed_code', `fields->>'code'`, ['location', 'meter', 'person']],
  ['listed_name', `fields->>'name'`, ['location', 'person']],
  // Addresses are looked up whatever the case they are written in.
  ['listed_email', `lower(fields->>'email')`, ['person']],
  ['listed_part_number', `fields->>'partNumber'`, ['part']],
  ['listed_store', `fields->>'store'`, ['part']],
  ['listed_next_due_at', `fields->>'nextDueAt'`, ['plan']],
  ['listed_active', `fields->>'active'`, ['plan']],
];

const columns = LISTED.map(
  ([column, value, entities]) =>
    `add column ${column} text collate "C" generated always as (case when entity in (${entities.map((one) => `'${one}'`).join(', ')}) then ${value} end) stored`,
).join(',\n  ');

export const listedFields = `
drop index work_order_status, work_order_asset, work_order_assignee, asset_tag, work_order_assignee_name, work_order_priority,
  work_order_done, work_order_due, task_plan, task_list, task_start, plan_due, plan_type, person_code, person_email, person_name,
  part_number, asset_type, asset_status, asset_department, asset_parent, asset_location_record, location_parent, location_code,
  location_name, part_store, meter_asset, meter_code, request_status, request_asset, request_assignee, task_open, plan_asset,
  plan_assets;

-- Rewrites the table once, with its indexes (15 s for 200,000 records on two busy cores); nothing else reads or writes it meanwhile.
alter table hub_record
  ${columns};

-- No two keys that end in an id are alike: looking for duplicates to fold was a sixth of the time of a batch of readings. Partial by
-- entity, and where fields are often absent by their presence: a first sync writes every index.
create index work_order_status on hub_record (tenant_id, listed_status, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null;
-- A hub id is nobody else's: without the tenant before it the index is smaller and its keys compare faster.
create index work_order_asset on hub_record (listed_asset, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and listed_asset is not null;
create index work_order_assignee on hub_record (listed_assignee, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and listed_assignee is not null;
create index work_order_assignee_name on hub_record (tenant_id, listed_assignee_name, id)
  where entity = 'work_order' and deleted_at is null and listed_assignee_name is not null;
create index work_order_priority on hub_record (tenant_id, listed_priority, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null;
create index work_order_done on hub_record (tenant_id, listed_completed_at, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and listed_status in ('completed', 'closed') and listed_completed_at is not null;
create index work_order_done_type on hub_record (tenant_id, listed_type, listed_completed_at, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and listed_status in ('completed', 'closed') and listed_completed_at is not null
    and listed_type is not null;
-- For what is overdue: only work that has not begun is.
create index work_order_due on hub_record (tenant_id, listed_due_at, id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and listed_due_at is not null and listed_status in ('requested', 'scheduled');

create index task_list on hub_record (tenant_id, id) where entity = 'work_order' and listed_plan is not null and deleted_at is null;
create index task_plan on hub_record (tenant_id, listed_plan, id)
  where entity = 'work_order' and listed_plan is not null and deleted_at is null;
create index task_start on hub_record (tenant_id, listed_scheduled_start, id)
  where entity = 'work_order' and listed_plan is not null and deleted_at is null;
create index task_status on hub_record (tenant_id, listed_status, id)
  where entity = 'work_order' and listed_plan is not null and deleted_at is null;
create index task_priority on hub_record (tenant_id, listed_priority, id)
  where entity = 'work_order' and listed_plan is not null and deleted_at is null;
create index task_open on hub_record (tenant_id, listed_asset, listed_scheduled_start)
  where entity = 'work_order' and deleted_at is null and listed_plan is not null and listed_status in ('requested', 'scheduled');

create index asset_tag on hub_record (tenant_id, listed_tag, id) where entity = 'asset' and deleted_at is null;
create index asset_type on hub_record (tenant_id, listed_type, id) where entity = 'asset' and deleted_at is null;
create index asset_status on hub_record (tenant_id, listed_status, id) where entity = 'asset' and deleted_at is null;
create index asset_department on hub_record (tenant_id, listed_department, id)
  where entity = 'asset' and deleted_at is null and listed_department is not null;
create index asset_parent on hub_record (tenant_id, listed_parent, id)
  where entity = 'asset' and deleted_at is null and listed_parent is not null;
create index asset_location_record on hub_record (tenant_id, listed_location, id)
  where entity = 'asset' and deleted_at is null and listed_location is not null;
create index location_parent on hub_record (tenant_id, listed_parent, id)
  where entity = 'location' and deleted_at is null and listed_parent is not null;
create index location_code on hub_record (tenant_id, listed_code, id)
  where entity = 'location' and deleted_at is null and listed_code is not null;
create index location_name on hub_record (tenant_id, listed_name, id) where entity = 'location' and deleted_at is null;
create index part_number on hub_record (tenant_id, listed_part_number, id) where entity = 'part' and deleted_at is null;
create index part_store on hub_record (tenant_id, listed_store, id)
  where entity = 'part' and deleted_at is null and listed_store is not null;
create index meter_asset on hub_record (tenant_id, listed_asset, id)
  where entity = 'meter' and deleted_at is null and listed_asset is not null;
create index meter_code on hub_record (tenant_id, listed_code, id)
  where entity = 'meter' and deleted_at is null and listed_code is not null;
create index person_code on hub_record (tenant_id, listed_code, id) where entity = 'person' and deleted_at is null;
create index person_email on hub_record (tenant_id, listed_email, id) where entity = 'person' and deleted_at is null;
create index person_name on hub_record (tenant_id, listed_name, id) where entity = 'person' and deleted_at is null;
create index request_status on hub_record (tenant_id, listed_status, id) where entity = 'request' and deleted_at is null;
create index request_asset on hub_record (tenant_id, listed_asset, id)
  where entity = 'request' and deleted_at is null and listed_asset is not null;
create index request_assignee on hub_record (tenant_id, listed_assignee, id)
  where entity = 'request' and deleted_at is null and listed_assignee is not null;
create index plan_due on hub_record (tenant_id, listed_next_due_at, id) where entity = 'plan' and deleted_at is null;
create index plan_type on hub_record (tenant_id, listed_type, id) where entity = 'plan' and deleted_at is null;
create index plan_active on hub_record (tenant_id, listed_active, id) where entity = 'plan' and deleted_at is null;
create index plan_asset on hub_record (tenant_id, listed_asset, id)
  where entity = 'plan' and deleted_at is null and listed_asset is not null;

-- Entities share the table, and a word that half of the requests have is rare in it: without these PostgreSQL takes it for rare among
-- the requests too, and what no order has for common.
create statistics hub_record_status (mcv) on entity, listed_status from hub_record;
create statistics hub_record_priority (mcv) on entity, listed_priority from hub_record;
create statistics hub_record_type (mcv) on entity, listed_type from hub_record;
create statistics hub_record_active (mcv) on entity, listed_active from hub_record;

-- The assets of a plan that is of several: an index into a list inside jsonb is of no use under row-level security either.
create table plan_member (
  tenant_id uuid not null,
  plan_id uuid not null references hub_record on delete cascade,
  asset_id text collate "C" not null,
  primary key (plan_id, asset_id)
);
create index plan_member_asset on plan_member (tenant_id, asset_id);
insert into plan_member (tenant_id, plan_id, asset_id)
  select distinct h.tenant_id, h.id, one->>'asset' from hub_record h,
    jsonb_array_elements(case jsonb_typeof(h.fields->'assets') when 'array' then h.fields->'assets' else '[]' end) one
  where h.entity = 'plan' and one->>'asset' is not null;
create function plan_members_follow() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    delete from plan_member where plan_id = new.id;
  end if;
  insert into plan_member (tenant_id, plan_id, asset_id)
    select distinct new.tenant_id, new.id, one->>'asset'
    from jsonb_array_elements(case jsonb_typeof(new.fields->'assets') when 'array' then new.fields->'assets' else '[]' end) one
    where one->>'asset' is not null;
  return null;
end $$;
create trigger plan_members_made after insert on hub_record for each row
  when (new.entity = 'plan') execute function plan_members_follow();
create trigger plan_members_changed after update of fields on hub_record for each row
  when (new.entity = 'plan' and new.fields->'assets' is distinct from old.fields->'assets') execute function plan_members_follow();
grant select, insert, update, delete on plan_member to ${APP_ROLE};
alter table plan_member enable row level security;
alter table plan_member force row level security;
create policy tenant_only on plan_member to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));

-- 0008 marked these where its login was a superuser, so that the old indexes were used. They are PostgreSQL's own and no longer needed so.
do $$ begin
  alter function pg_catalog.jsonb_object_field_text(jsonb, text) not leakproof;
  alter function pg_catalog.jsonb_object_field(jsonb, text) not leakproof;
  alter function pg_catalog.jsonb_contains(jsonb, jsonb) not leakproof;
  alter function pg_catalog.lower(text) not leakproof;
exception when insufficient_privilege then null;
end $$;

-- Filters of the other lists.
create index asset_alert_type on asset_alert (tenant_id, alert_type, at, id);
create index asset_alert_severity on asset_alert (tenant_id, severity, at, id);
create index asset_alert_resolved on asset_alert (tenant_id, at, id) where resolved_at is not null;
create index asset_alert_unresolved on asset_alert (tenant_id, at, id) where resolved_at is null;
create index asset_alert_acknowledged on asset_alert (tenant_id, at, id) where acknowledged_at is not null;
create index asset_alert_unacknowledged on asset_alert (tenant_id, at, id) where acknowledged_at is null;
create index audit_at on audit_log (tenant_id, at);
create index run_state_list on run (tenant_id, state, started_at desc, id desc);
alter table conflict add column root text collate "C" generated always as (split_part(split_part(field, '[', 1), '.', 1)) stored;
create index conflict_open_connection on conflict (connection_id, entity, id) where resolved_at is null;
create index conflict_open_entity on conflict (tenant_id, entity, id) where resolved_at is null;
create index conflict_open_root on conflict (tenant_id, root, id) where resolved_at is null;
create index quarantine_open_connection on quarantine (connection_id, entity, id) where closed_at is null;
create index quarantine_open_entity on quarantine (tenant_id, entity, id) where closed_at is null;
create index match_review_list on match_review (tenant_id, connection_id, entity, external_id);
create index match_review_entity on match_review (tenant_id, entity);
`;
