/**
 * Notices to people: what happened (`notice_event`), who is to be told by which channel (`notice_intent`), what became of it
 * (`notice_evidence`), and escalations. Triggers write the events, so that none is lost whoever changes an alert, a connection or a work
 * order, and that it commits with the change; `notices` wakes whoever delivers.
 */
import { APP_ROLE } from '../database.ts';

const TABLES = [
  'notice_document',
  'notice_secret',
  'notice_breaker',
  'notice_event',
  'notice_intent',
  'notice_evidence',
  'notice_digest',
  'escalation',
  'escalation_record',
];

export const notices = `
-- What people write: teams, on-call schedules, escalation policies, policies of notices, channels, people's preferences.
create table notice_document (
  tenant_id uuid not null,
  kind text collate "C" not null,
  name text collate "C" not null,
  document jsonb not null,
  version bigint not null default 1,
  updated_at timestamptz not null,
  primary key (tenant_id, kind, name)
);

create table notice_secret (
  tenant_id uuid not null,
  channel text collate "C" not null,
  key_id text not null,
  sealed bytea not null,
  primary key (tenant_id, channel)
);

-- A channel that failed again and again is left alone until then.
create table notice_breaker (
  tenant_id uuid not null,
  channel text collate "C" not null,
  failures int not null,
  open_until timestamptz,
  reason text,
  changed_at timestamptz not null,
  primary key (tenant_id, channel)
);

create table notice_event (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  seq bigint generated always as identity,
  type text collate "C" not null,
  -- what it is about, such as alert/<id>
  subject text collate "C" not null,
  severity text not null check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  facts jsonb not null,
  -- of what may happen over and over: once a key
  key text collate "C",
  at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'done')),
  lease_until timestamptz,
  -- whom it led to, or why to nobody
  outcome jsonb
);
create unique index notice_event_key on notice_event (tenant_id, key) where key is not null;
create index notice_event_waiting on notice_event (tenant_id, seq) where state = 'waiting';
create index notice_event_subject on notice_event (tenant_id, subject, seq);

create table notice_intent (
  id uuid primary key,
  tenant_id uuid not null,
  -- event, person and channel
  key text collate "C" not null,
  event_id uuid not null references notice_event on delete cascade,
  type text collate "C" not null,
  subject text collate "C" not null,
  severity text not null,
  person_id uuid not null,
  channel text collate "C" not null,
  address text not null,
  -- the channels that are tried when this one does not take it
  fallback jsonb not null default '[]',
  state text not null default 'waiting'
    check (state in ('waiting', 'collected', 'sending', 'accepted', 'delivered', 'failed', 'cancelled', 'dropped')),
  reason text,
  deferred boolean not null default false,
  due_at timestamptz not null,
  lease_until timestamptz,
  -- when the next channel is tried if this one was not accepted
  fallback_at timestamptz,
  attempts int not null default 0,
  provider_id text,
  reply_code text not null,
  created_at timestamptz not null,
  accepted_at timestamptz,
  -- the state of the subject that the message shows
  shown text
);
create unique index notice_intent_key on notice_intent (tenant_id, key);
create index notice_intent_due on notice_intent (tenant_id, due_at) where state in ('waiting', 'sending');
create index notice_intent_fallback on notice_intent (tenant_id, fallback_at) where fallback_at is not null;
create index notice_intent_subject on notice_intent (tenant_id, subject, created_at);
create index notice_intent_list on notice_intent (tenant_id, created_at, id);
create index notice_intent_provider on notice_intent (tenant_id, channel, provider_id) where provider_id is not null;

create table notice_evidence (
  seq bigint generated always as identity primary key,
  tenant_id uuid not null,
  intent_id uuid not null references notice_intent on delete cascade,
  what text not null,
  detail jsonb not null default '{}',
  at timestamptz not null
);
create index notice_evidence_intent on notice_evidence (intent_id, seq);

-- One key is a person, a channel and a kind of subject.
create table notice_digest (
  tenant_id uuid not null,
  key text collate "C" not null,
  period jsonb,
  closes_at timestamptz,
  sent_at jsonb not null default '[]',
  primary key (tenant_id, key)
);
create index notice_digest_closes on notice_digest (tenant_id, closes_at) where closes_at is not null;

create table escalation (
  alert_id uuid primary key,
  tenant_id uuid not null,
  -- the policy as it was when the alert was raised
  policy jsonb not null,
  state jsonb not null,
  phase text,
  next_at timestamptz,
  started_at timestamptz not null,
  updated_at timestamptz not null
);
create index escalation_list on escalation (tenant_id, started_at, alert_id);

create table escalation_record (
  seq bigint generated always as identity primary key,
  tenant_id uuid not null,
  alert_id uuid not null references escalation on delete cascade,
  kind text not null,
  run int,
  round int,
  step int,
  record jsonb not null,
  at timestamptz not null
);
create index escalation_record_alert on escalation_record (alert_id, seq);
-- No step is told twice, whatever is killed when.
create unique index escalation_record_step on escalation_record (alert_id, kind, run, round, step) where step is not null;

${TABLES.map(
  (table) => `
grant select, insert, update, delete on ${table} to ${APP_ROLE};
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant_only on ${table} to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));`,
).join('')}

create function wake_notices() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_notify('notices', new.tenant_id::text);
  return null;
end $$;
create trigger notice_event_wakes after insert on notice_event for each row execute function wake_notices();
create trigger notice_intent_wakes after insert on notice_intent for each row execute function wake_notices();

create function note_alert() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare what text;
begin
  what := case
    when tg_op = 'INSERT' then 'alert_raised'
    when new.resolved_at is not null and old.resolved_at is null then 'alert_resolved'
    when new.acknowledged_at is not null and old.acknowledged_at is null then 'alert_acknowledged'
    when array_position(array['low', 'medium', 'high', 'critical'], new.severity)
      > array_position(array['low', 'medium', 'high', 'critical'], old.severity) then 'alert_worse'
  end;
  if what is not null then
    insert into notice_event (tenant_id, type, subject, severity, facts, at)
      values (new.tenant_id, what, 'alert/' || new.id, new.severity, '{}', clock_timestamp());
  end if;
  return null;
end $$;
create trigger asset_alert_notes after insert or update on asset_alert for each row execute function note_alert();

create function note_connection() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into notice_event (tenant_id, type, subject, severity, facts, at)
    values (new.tenant_id, 'sync_paused', 'connection/' || new.id, 'high',
      jsonb_build_object('connection', new.name, 'reason', coalesce(new.state_reason, '')), clock_timestamp());
  return null;
end $$;
create trigger connection_notes after update of state on connection for each row
  when (new.state = 'paused' and old.state <> 'paused') execute function note_connection();

-- Once an hour for each connection: a page can bring a thousand.
create function note_exceptions() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into notice_event (tenant_id, type, subject, severity, facts, key, at)
    select distinct a.tenant_id, tg_argv[0], 'connection/' || a.connection_id, tg_argv[1],
      jsonb_build_object('connection', c.name),
      tg_argv[0] || '/' || a.connection_id || '/' || to_char(date_trunc('hour', now() at time zone 'UTC'), 'YYYY-MM-DD"T"HH24'),
      clock_timestamp()
    from added a join connection c on c.id = a.connection_id
    on conflict (tenant_id, key) where key is not null do nothing;
  return null;
end $$;
create trigger conflict_notes after insert on conflict referencing new table as added
  for each statement execute function note_exceptions('conflicts_waiting', 'medium');
create trigger quarantine_notes after insert on quarantine referencing new table as added
  for each statement execute function note_exceptions('quarantine_waiting', 'medium');
create trigger schema_drift_notes after insert on schema_drift referencing new table as added
  for each statement execute function note_exceptions('drift_found', 'medium');
create trigger delete_breaker_notes after insert on delete_breaker referencing new table as added
  for each statement execute function note_exceptions('deletions_stopped', 'high');

create function note_order() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.fields->>'assignee' is distinct from old.fields->>'assignee' and new.fields->>'assignee' is not null then
    insert into notice_event (tenant_id, type, subject, severity, facts, at)
      values (new.tenant_id, 'work_order_assigned', 'work_order/' || new.id, 'info', '{}', clock_timestamp());
  end if;
  if new.fields->>'status' = 'completed' and old.fields->>'status' is distinct from 'completed' then
    insert into notice_event (tenant_id, type, subject, severity, facts, at)
      values (new.tenant_id, 'work_order_completed', 'work_order/' || new.id, 'info', '{}', clock_timestamp());
  end if;
  return null;
end $$;
create trigger hub_record_notes after update of fields on hub_record for each row
  when (new.entity = 'work_order' and (new.fields->'assignee' is distinct from old.fields->'assignee'
    or new.fields->'status' is distinct from old.fields->'status'))
  execute function note_order();

-- Made by people and programs of the plant; what a first sync brings is nobody's news.
create function note_new_order() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into notice_event (tenant_id, type, subject, severity, facts, at)
    select h.tenant_id, 'work_order_assigned', 'work_order/' || h.id, 'info', '{}', clock_timestamp()
    from unnest(new.hub_ids, new.versions) as made (id, version) join hub_record h on h.id = made.id
    where made.version = 1 and h.fields->>'assignee' is not null;
  return null;
end $$;
create trigger change_notes after insert on change for each row
  when (new.entity = 'work_order' and 1 = any(new.versions) and new.origin_connection_id is null)
  execute function note_new_order();

revoke all on function wake_notices(), note_alert(), note_connection(), note_exceptions(), note_order(), note_new_order() from public;
`;
