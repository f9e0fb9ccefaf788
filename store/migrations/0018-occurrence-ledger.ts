/**
 * The ledger by nominal time: each planned date of a plan at an asset has one outcome, whatever later happens to holidays or
 * zone rules. And the rules of plans that only the planner knows: calendar, season, lead time, catch-up, open orders.
 */
import { APP_ROLE } from '../database.ts';

export const occurrenceLedger = `
-- what was recorded so far is read and rewritten for all tenants
alter table maintenance_occurrence no force row level security;
alter table hub_record no force row level security;
alter table maintenance_occurrence
  add column nominal timestamp(3),
  -- 1: the second of two instants that have the same wall time
  add column fold smallint not null default 0,
  add column reason text,
  -- nominal time of the occurrence that this one is one work with
  add column merged_into timestamp(3),
  add column zone text,
  -- version of the zone data that the instant was computed with
  add column tzdb text;
update maintenance_occurrence o set zone = coalesce(z.name, 'UTC'), nominal = o.due_at at time zone coalesce(z.name, 'UTC')
  from hub_record p left join pg_timezone_names z on z.name = p.fields->>'timeZone' where p.id = o.plan_id;
update maintenance_occurrence set zone = 'UTC', nominal = due_at at time zone 'UTC' where nominal is null;
alter table maintenance_occurrence drop constraint maintenance_occurrence_outcome_check;
update maintenance_occurrence set reason = outcome, outcome = 'missed' where outcome = 'coalesced';
update maintenance_occurrence set reason = 'by_hand', outcome = 'generated' where outcome = 'manual';
update maintenance_occurrence set reason = 'asset_status' where outcome = 'skipped';
alter table maintenance_occurrence
  add check (outcome in ('generated', 'merged', 'absorbed', 'skipped', 'missed')),
  drop constraint maintenance_occurrence_pkey,
  alter column nominal set not null,
  alter column due_at drop not null,
  add primary key (tenant_id, plan_id, asset_id, nominal, fold);
create index maintenance_occurrence_order on maintenance_occurrence (work_order_id) where work_order_id is not null;
create index maintenance_occurrence_plan on maintenance_occurrence (tenant_id, plan_id, nominal);
alter table maintenance_occurrence force row level security;
alter table hub_record force row level security;

create table maintenance_rules (
  plan_id uuid primary key,
  tenant_id uuid not null,
  calendar_id uuid references calendar,
  -- as docs/schedules.md has them
  rules jsonb not null,
  -- when the plan is to be looked at; earlier than its due date by the lead time
  look_at timestamptz,
  version bigint not null default 1,
  updated_at timestamptz not null
);
create index maintenance_rules_look on maintenance_rules (tenant_id, look_at, plan_id);
create index maintenance_rules_calendar on maintenance_rules (calendar_id) where calendar_id is not null;
grant select, insert, update, delete on maintenance_rules to ${APP_ROLE};
alter table maintenance_rules enable row level security;
alter table maintenance_rules force row level security;
create policy tenant_only on maintenance_rules to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
`;
