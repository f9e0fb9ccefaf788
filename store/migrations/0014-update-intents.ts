/** Writes that were begun and whose outcome is not known yet, or that were refused when part of them was there. */
import { APP_ROLE } from '../database.ts';

export const updateIntents = `
create table update_intent (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  hub_id uuid not null,
  -- 'sending': under way, or nobody knows; 'refused': refused half-way; 'taking_back': the values of before are to be written
  state text not null check (state in ('sending', 'refused', 'taking_back')),
  fields jsonb not null,
  touched jsonb not null,
  wanted jsonb not null,
  before jsonb not null,
  payload jsonb not null,
  steps jsonb not null,
  -- of a write that takes another one back: the values that were refused
  refused jsonb,
  begun_at timestamptz not null,
  attempt int not null,
  primary key (connection_id, hub_id),
  -- without its link there is no record that it would be about
  foreign key (hub_id, connection_id) references link (hub_id, connection_id) on delete cascade
);
create index update_intent_entity on update_intent (connection_id, entity);
grant select, insert, update, delete on update_intent to ${APP_ROLE};
alter table update_intent enable row level security;
alter table update_intent force row level security;
create policy tenant_only on update_intent to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
`;
