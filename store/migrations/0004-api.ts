/**
 * What the HTTP API keeps for itself: its keys, and the answers of requests that carried an Idempotency-Key; and the
 * indexes its lists walk. Keys are found by the hash of the whole key, before any tenant is known.
 */
import { APP_ROLE } from '../database.ts';

export const api = `
create table api_key (
  id uuid primary key,
  tenant_id uuid not null references tenant,
  name text not null,
  -- shown in lists, so that people can tell keys apart
  prefix text not null,
  -- SHA-256: the key is 256 random bits, so a slow hash would protect nothing
  hash bytea not null unique,
  role text not null check (role in ('admin', 'manager', 'supervisor', 'technician', 'operator', 'viewer')),
  scopes text[],
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create table idempotency (
  tenant_id uuid not null,
  -- the caller's and the key: two callers may choose the same
  caller text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  -- running: nothing is committed yet; applied: the effect is committed, the answer is not stored yet; done: the answer is below
  state text not null check (state in ('running', 'applied', 'done')),
  status int,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, caller, key)
);
create index idempotency_age on idempotency (created_at);

-- Lists go by id, which is time-ordered. Partial by entity: a filter of one entity costs the others nothing. No two keys that end
-- in an id are alike: looking for duplicates to fold was a sixth of the time of a batch of readings.
create index hub_record_list on hub_record (tenant_id, entity, id) with (deduplicate_items = off) where deleted_at is null;
create index hub_record_updated on hub_record (tenant_id, entity, updated_at, id) with (deduplicate_items = off) where deleted_at is null;
create index work_order_status on hub_record (tenant_id, (fields->>'status'), id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null;
-- Only where there is one: what most synchronised orders do not have costs a first sync nothing.
-- A hub id is nobody else's: without the tenant before it the index is smaller and its keys compare faster.
create index work_order_asset on hub_record ((fields->>'asset'), id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and fields->>'asset' is not null;
create index work_order_assignee on hub_record ((fields->>'assignee'), id) with (deduplicate_items = off)
  where entity = 'work_order' and deleted_at is null and fields->>'assignee' is not null;
create index work_order_plan on hub_record (tenant_id, (fields->>'plan'), id) where entity = 'work_order' and fields ? 'plan' and deleted_at is null;
create index asset_tag on hub_record (tenant_id, (fields->>'tag'), id) where entity = 'asset' and deleted_at is null;

${['api_key', 'idempotency']
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
-- Runs as the owner: a key says which tenant it is of. It answers to the hash of the whole key only.
create function api_key_by_hash(wanted bytea)
  returns table (id uuid, tenant_id uuid, name text, role text, scopes text[], expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
  language sql security definer set search_path = public
  as 'select k.id, k.tenant_id, k.name, k.role, k.scopes, k.expires_at, k.revoked_at, k.last_used_at from api_key k where k.hash = wanted';
revoke all on function api_key_by_hash(bytea) from public;
grant execute on function api_key_by_hash(bytea) to ${APP_ROLE};
`;
