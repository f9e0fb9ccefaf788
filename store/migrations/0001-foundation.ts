/**
 * Tenants, connections and their sealed secrets, the hub's records with their change feed, links with two bases, kept
 * raw records, and everything a run leaves behind. Keys are compared byte by byte (collate "C"): they are nobody's
 * language, and a dictionary's comparison costs several times as much in every index. Every table with a tenant carries row-level security (0002).
 */
export const foundation = `
create table tenant (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

create table connection (
  id uuid primary key,
  tenant_id uuid not null references tenant,
  system text not null,
  name text not null,
  config jsonb not null,
  state text not null default 'active' check (state in ('active', 'paused')),
  state_reason text,
  delete_policy text not null default 'ignore' check (delete_policy in ('ignore', 'archive', 'delete')),
  poll_seconds int not null default 60 check (poll_seconds between 1 and 86400),
  requests_per_second double precision,
  -- Rises with every activity that starts to write for this connection; a transaction of an older holder is refused.
  fence bigint not null default 0,
  unauthorized_runs int not null default 0,
  webhook_token_hash bytea,
  webhook_ids text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, name)
);

create table connection_secret (
  connection_id uuid not null references connection on delete cascade,
  tenant_id uuid not null,
  purpose text not null check (purpose in ('credentials', 'token')),
  key_id text not null,
  sealed bytea not null,
  updated_at timestamptz not null default now(),
  primary key (connection_id, purpose)
);

create table throttle (
  connection_id uuid primary key references connection on delete cascade,
  tenant_id uuid not null,
  -- The next free instant in the vendor's budget; every request takes one slot by moving it.
  next_at timestamptz not null default now(),
  paused_until timestamptz not null default '-infinity'
);

create table hub_record (
  id uuid primary key,
  tenant_id uuid not null,
  entity text collate "C" not null,
  number text collate "C" not null,
  fields jsonb not null,
  -- When a field last changed, for the policy newest; a field without an entry is as old as the record.
  field_at jsonb not null default '{}',
  version bigint not null default 1,
  origin_connection_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz
);
-- the prefix of a number says the entity
create unique index hub_record_number on hub_record (tenant_id, number);

-- What first-link matching looks records up by: a hash of one match rule's values.
create table hub_key (
  tenant_id uuid not null,
  key bigint not null,
  hub_id uuid not null
);
-- No primary key: it would be three times as large and take a third of the time of writing the keys; a key that stands twice does no harm.
create index hub_key_key on hub_key (key);

create table number_counter (
  tenant_id uuid not null,
  entity text collate "C" not null,
  next bigint not null,
  primary key (tenant_id, entity)
);

create table hub_comment (
  id uuid primary key,
  tenant_id uuid not null,
  hub_id uuid not null references hub_record on delete cascade,
  text text not null,
  author text,
  at timestamptz not null,
  origin_connection_id uuid
);
create index hub_comment_hub on hub_comment (hub_id);

-- No foreign key, as below: it took a third of the time of a batch of readings, and the meters are held while it is written.
create table meter_reading (
  tenant_id uuid not null,
  hub_id uuid not null,
  at timestamptz not null,
  value jsonb not null,
  source text not null,
  received_at timestamptz not null default now(),
  primary key (hub_id, at, source)
);

-- A bare sequence would let a reader pass a number whose transaction commits later. xid is the writer's transaction:
-- readers stop at the oldest one still running, and order by (xid, seq).
create table change (
  -- Numbers are taken in blocks: order matters within a transaction only, and that is one session's.
  seq bigint generated always as identity (cache 1000),
  xid xid8 not null default pg_current_xact_id(),
  tenant_id uuid not null,
  entity text collate "C" not null,
  hub_id uuid not null,
  version bigint not null,
  origin_connection_id uuid,
  run_id uuid
);
create index change_feed on change (tenant_id, entity, xid, seq);

-- No foreign keys on link, raw_record and hub_key: each costs a look-up per row on the hot path (measured: a quarter of a
-- page), and all three are written only in transactions that hold the rows they would refer to.
create table link (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text collate "C" not null,
  external_id text collate "C" not null,
  hub_id uuid not null,
  address text,
  external_version text,
  external_number text,
  external_updated_at timestamptz,
  raw_hash uuid,
  mapping_version text,
  base_hub jsonb not null,
  -- null: the same as base_hub, which is the case for every record the vendor stores without loss
  base_external jsonb,
  -- the hub version both bases belong to
  hub_version bigint not null,
  -- the vendor refuses every change to the record (closed history)
  read_only boolean not null default false,
  missing_sweeps int not null default 0,
  gone_at timestamptz,
  primary key (connection_id, entity, external_id)
);
create unique index link_hub on link (hub_id, connection_id);

create table comment_link (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  hub_comment_id uuid not null references hub_comment on delete cascade,
  hub_id uuid not null,
  external_id text collate "C",
  state text not null check (state in ('sending', 'linked', 'unknown', 'rejected')),
  primary key (connection_id, hub_comment_id)
);
create unique index comment_link_external on comment_link (connection_id, hub_id, external_id);

create table raw_record (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text collate "C" not null,
  external_id text collate "C" not null,
  hash uuid not null,
  -- JSON as text: it is written once and read rarely, and checking it once more would cost a third of a page's time
  body text not null,
  fetched_at timestamptz not null,
  primary key (connection_id, entity, external_id, hash)
);

create table staged_page (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  page bigint not null,
  records json not null,
  next_cursor text not null,
  more boolean not null,
  primary key (connection_id, entity, page)
);
-- It lives for a second: compressing it would be for nothing.
alter table staged_page alter column records set storage external;

create table cursor (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  kind text not null check (kind in ('pull', 'feed', 'sweep')),
  value text not null,
  updated_at timestamptz not null default now(),
  primary key (connection_id, entity, kind)
);

create table run (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  kind text not null check (kind in ('pass', 'backfill', 'sweep')),
  state text not null default 'running' check (state in ('running', 'completed', 'failed', 'cancelled')),
  -- entity -> counter -> number
  counts jsonb not null default '{}',
  mapping_versions jsonb not null default '{}',
  failure jsonb,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index run_connection on run (connection_id, started_at desc);

create table record_log (
  seq bigint generated always as identity,
  tenant_id uuid not null,
  run_id uuid not null,
  connection_id uuid not null,
  entity text collate "C" not null,
  external_id text collate "C",
  hub_id uuid,
  direction text not null check (direction in ('pull', 'push')),
  action text not null,
  decisions jsonb,
  at timestamptz not null
);
create index record_log_hub on record_log (hub_id, seq);
create index record_log_run on record_log (run_id, seq);

create table conflict (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  hub_id uuid not null references hub_record,
  external_id text collate "C" not null,
  field text not null,
  policy text not null,
  hub_value jsonb,
  external_value jsonb,
  winner text check (winner in ('hub', 'external')),
  run_id uuid not null,
  created_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text
);
create unique index conflict_open on conflict (connection_id, hub_id, field) where resolved_at is null;
create index conflict_tenant on conflict (tenant_id, created_at);

create table quarantine (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  direction text not null check (direction in ('pull', 'push')),
  -- external id of a pull, hub id of a push
  subject text collate "C" not null,
  raw_hash uuid,
  data jsonb,
  problems jsonb not null,
  run_id uuid not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  closed_as text check (closed_as in ('replayed', 'discarded', 'superseded'))
);
create unique index quarantine_open on quarantine (connection_id, entity, direction, subject) where closed_at is null;

-- A pulled record that refers to one not linked yet.
create table parked (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  external_id text collate "C" not null,
  waits_entity text collate "C" not null,
  waits_external_id text collate "C" not null,
  record json not null,
  run_id uuid not null,
  since timestamptz not null,
  primary key (connection_id, entity, external_id)
);
create index parked_waits on parked (connection_id, waits_entity, waits_external_id);

create table match_review (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  external_id text collate "C" not null,
  candidates uuid[] not null,
  record json not null,
  since timestamptz not null,
  primary key (connection_id, entity, external_id)
);

create table push_queue (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  hub_id uuid not null references hub_record,
  -- hub record whose link at this connection must exist first
  waits_hub_id uuid,
  attempts int not null default 0,
  -- passes in a row whose every try found the record changed at the vendor
  stale_passes int not null default 0,
  not_before timestamptz not null default '-infinity',
  since timestamptz not null default now(),
  primary key (connection_id, hub_id)
);
create index push_queue_ready on push_queue (connection_id, entity, since) where waits_hub_id is null;
create index push_queue_waits on push_queue (connection_id, waits_hub_id) where waits_hub_id is not null;

create table create_intent (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  hub_id uuid not null references hub_record,
  reference text not null,
  payload jsonb not null,
  state text not null check (state in ('sending', 'unknown', 'ambiguous')),
  candidates jsonb,
  intended_at timestamptz not null,
  tried_at timestamptz not null,
  primary key (connection_id, hub_id)
);
create unique index create_intent_reference on create_intent (connection_id, reference);

create table delete_breaker (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  external_ids text[] not null,
  total bigint not null,
  opened_at timestamptz not null,
  primary key (connection_id, entity)
);

create table audit_log (
  seq bigint generated always as identity primary key,
  tenant_id uuid not null,
  actor text not null,
  action text not null,
  subject text collate "C" not null,
  before jsonb,
  after jsonb,
  at timestamptz not null default now()
);
`;
