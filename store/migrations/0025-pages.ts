/**
 * What a page leaves behind is one row where nobody looks records up one by one: the records that a transaction changed in the feed,
 * and those that a page made in the log. Views unfold both for people. Match keys are only ever looked up whole: a hash index does.
 */
import { APP_ROLE } from '../database.ts';

export const pages = `
alter table change alter column hub_id type uuid[] using array[hub_id];
alter table change alter column version type bigint[] using array[version];
alter table change rename column hub_id to hub_ids;
alter table change rename column version to versions;
-- They are written once and read once or twice: compressing ids is for nothing.
alter table change alter column hub_ids set storage external;

create view changed_record with (security_invoker = on) as
  select c.seq, c.xid, c.tenant_id, c.entity, u.hub_id, u.version, c.origin_connection_id, c.run_id
  from change c cross join lateral unnest(c.hub_ids, c.versions) as u(hub_id, version);

-- A page takes one number and owns those up to the next.
alter table record_log alter column seq set increment by 1000;
create table log_page (
  seq bigint not null,
  tenant_id uuid not null,
  run_id uuid not null,
  connection_id uuid not null,
  entity text collate "C" not null,
  direction text not null check (direction in ('pull', 'push')),
  action text not null,
  -- the same place in both is one record; at most 1,000
  external_ids text[] not null,
  hub_ids uuid[] not null,
  at timestamptz not null
);
alter table log_page alter column external_ids set storage external, alter column hub_ids set storage external;
create index log_page_run on log_page (run_id, seq);
-- A record knows the connection and the moment that made it.
create index log_page_made on log_page (connection_id, at);

create view record_history with (security_invoker = on) as
  select seq, tenant_id, run_id, connection_id, entity, external_id, hub_id, direction, action, decisions, at from record_log
  union all
  select p.seq + u.place - 1, p.tenant_id, p.run_id, p.connection_id, p.entity, u.external_id, u.hub_id, p.direction, p.action, null, p.at
  from log_page p cross join lateral unnest(p.external_ids, p.hub_ids) with ordinality as u(external_id, hub_id, place);

drop index hub_key_key;
create index hub_key_key on hub_key using hash (key);

grant select, insert, update, delete on log_page to ${APP_ROLE};
grant usage on sequence record_log_seq_seq to ${APP_ROLE};
grant select on changed_record, record_history to ${APP_ROLE};
alter table log_page enable row level security;
alter table log_page force row level security;
create policy tenant_only on log_page to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
`;
