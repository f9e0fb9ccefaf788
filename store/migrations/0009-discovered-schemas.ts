/**
 * What each connection's system says its records look like, every version kept; when that was last looked at; and where it
 * drifted away from under mapping rules.
 */
import { APP_ROLE } from '../database.ts';

export const discoveredSchemas = `
create table discovered_schema (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  -- of object, source and fields, SHA-256 hex
  hash text collate "C" not null,
  object text not null,
  source text not null check (source in ('metadata', 'samples')),
  fields jsonb not null,
  -- the run that saw it first; null when a person looked
  run_id uuid,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (connection_id, entity, hash)
);

create table schema_look (
  connection_id uuid primary key references connection on delete cascade,
  tenant_id uuid not null,
  looked_at timestamptz not null,
  run_id uuid,
  -- why the last look saw nothing: kind and message
  failure jsonb,
  -- entity to the version of the rules that were compared
  mapping_versions jsonb not null default '{}',
  -- entities that are read from the start once more because a field came back: wanted, or reading
  reread jsonb not null default '{}'
);

create table schema_drift (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  direction text not null check (direction in ('pull', 'push')),
  -- canonical field of a pull rule, vendor field of a push rule; * for a whole entity
  rule text not null,
  -- canonical fields the rule is about
  fields text[] not null,
  path text not null,
  kind text not null,
  effect text not null check (effect in ('held', 'quarantine', 'none')),
  detail text not null,
  -- the vendor's top-level field as it was, to tell when it is so again; null for a whole entity
  before jsonb,
  run_id uuid,
  since timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  resolution text check (resolution in ('returned', 'mapping', 'released')),
  resolved_by text
);
create unique index schema_drift_open on schema_drift (connection_id, entity, direction, rule, path, kind) where resolved_at is null;
create index schema_drift_list on schema_drift (connection_id, id);

${['discovered_schema', 'schema_look', 'schema_drift']
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
