/**
 * What a page leaves behind is one row where nobody looks records up one by one: the bodies it brought, the records that a transaction
 * changed in the feed, and those that a page made in the log. Views unfold both for people. Match keys are only ever looked up whole: a hash index does.
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

-- Record by record: joined, the statement compared every pair of the records that were changed or walked all links for each (3 s for
-- 500 of 10,000), because what a trigger is given has no statistics and those of a table that is being filled are old.
create or replace function keep_bases() returns trigger language plpgsql
  set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  was record;
begin
  for was in select id, fields from before loop
    update link set base_hub = was.fields where hub_id = was.id and base_hub is null
      and was.fields is distinct from (select h.fields from hub_record h where h.id = was.id);
  end loop;
  return null;
end $$;

drop index hub_key_key;
create index hub_key_key on hub_key using hash (key);

create table raw_page (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text collate "C" not null,
  -- one body a line, compressed with zstd; those that were single rows before are plain text
  bodies bytea not null,
  fetched_at timestamptz not null
);
alter table raw_page alter column bodies set storage external;
create index raw_page_connection on raw_page (connection_id, entity, fetched_at);
-- The place of the body that the link's raw_hash tells of.
alter table link add column raw_page uuid, add column raw_at int;

-- Row-level security is forced on the owner too, who moves rows of all tenants here.
alter table link no force row level security;
alter table parked no force row level security;
alter table match_review no force row level security;
alter table staged_page no force row level security;
create temporary table moved_body on commit drop as
  select r.*, (row_number() over same - 1) / 1000 as nth, ((row_number() over same - 1) % 1000)::int as raw_at
  from raw_record r window same as (partition by connection_id, entity order by fetched_at, external_id, hash);
create temporary table moved_page on commit drop as
  select gen_random_uuid() as id, tenant_id, connection_id, entity, nth,
    convert_to(string_agg(body, E'\\n' order by raw_at), 'UTF8') as bodies, max(fetched_at) as fetched_at
  from moved_body group by tenant_id, connection_id, entity, nth;
insert into raw_page (id, tenant_id, connection_id, entity, bodies, fetched_at)
  select id, tenant_id, connection_id, entity, bodies, fetched_at from moved_page;
create temporary table moved_place on commit drop as
  select b.connection_id, b.entity, b.external_id, b.hash, p.id as raw_page, b.raw_at
  from moved_body b join moved_page p using (connection_id, entity, nth);
create index on moved_place (connection_id, entity, external_id, hash);
analyze moved_place;
update link l set raw_page = m.raw_page, raw_at = m.raw_at from moved_place m
  where m.connection_id = l.connection_id and m.entity = l.entity and m.external_id = l.external_id and m.hash = l.raw_hash;
update parked w set record = (w.record::jsonb || jsonb_build_object('kept', jsonb_build_object('page', m.raw_page, 'at', m.raw_at)))::json
  from moved_place m
  where m.connection_id = w.connection_id and m.entity = w.entity and m.external_id = w.external_id and m.hash = (w.record->>'hash')::uuid;
update match_review w set record = (w.record::jsonb || jsonb_build_object('kept', jsonb_build_object('page', m.raw_page, 'at', m.raw_at)))::json
  from moved_place m
  where m.connection_id = w.connection_id and m.entity = w.entity and m.external_id = w.external_id and m.hash = (w.record->>'hash')::uuid;
-- What was fetched and not applied is fetched again.
delete from staged_page;
drop table raw_record;
alter table link force row level security;
alter table parked force row level security;
alter table match_review force row level security;
alter table staged_page force row level security;

grant select, insert, update, delete on log_page, raw_page to ${APP_ROLE};
grant usage on sequence record_log_seq_seq to ${APP_ROLE};
grant select on changed_record, record_history to ${APP_ROLE};
${['log_page', 'raw_page']
  .map(
    (table) => `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant_only on ${table} to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));`,
  )
  .join('\n')}
`;
