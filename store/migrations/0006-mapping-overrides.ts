/** A plant's changes to shipped mappings, every version kept; the simple field mappings of the reference API beside them. */
import { APP_ROLE } from '../database.ts';

export const mappingOverrides = `
create table mapping_override (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  version int not null,
  document jsonb not null,
  -- at most one a connection and entity; none means the shipped mapping
  active boolean not null,
  note text,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (connection_id, entity, version)
);
create unique index mapping_override_active on mapping_override (connection_id, entity) where active;

-- One rule of POST /cmms/mappings; it lives on in the override it made.
create table field_mapping (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  source_field text not null,
  target_field text not null,
  transformation_rule jsonb,
  is_required boolean not null,
  default_value jsonb,
  created_at timestamptz not null default now(),
  unique (connection_id, entity, target_field)
);

${['mapping_override', 'field_mapping']
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
