/**
 * What processes agree on beside their work: who carries out a request with an Idempotency-Key, who logs in at a system, and
 * how often each caller came. Leases end by themselves when their holder dies; counts may be lost in a crash of the server.
 */
import { APP_ROLE } from '../database.ts';

export const leasesAndCounts = `
-- A request that runs is its holder's until the lease ends; one that ran when this column came is nobody's.
alter table idempotency add column holder uuid;
alter table idempotency add column lease_until timestamptz not null default '-infinity';

create table connection_login (
  connection_id uuid primary key references connection on delete cascade,
  tenant_id uuid not null,
  holder uuid not null,
  lease_until timestamptz not null
);
grant select, insert, update, delete on connection_login to ${APP_ROLE};
alter table connection_login enable row level security;
alter table connection_login force row level security;
create policy tenant_only on connection_login to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));

-- Of no tenant: a client address that fails to log in belongs to none. Not reached but through the function below.
create unlogged table call_count (
  -- what is counted and whose it is, e.g. guess/10.0.0.7 or rate/key:<id>
  caller text collate "C" primary key,
  began_at timestamptz not null,
  calls bigint not null
);
-- Adds calls and gives the sums of all processes; a window begins with a caller's first call. In the order of callers, so that two
-- processes never wait for each other in a circle.
create function count_calls(callers text[], added bigint[], window_s int)
  returns table (caller text, calls bigint, ends_in_ms double precision)
  language sql security definer set search_path = public, pg_temp
  as $$
    insert into call_count as c (caller, began_at, calls)
    select t.caller, now(), t.added from unnest(callers, added) as t (caller, added) order by t.caller
    on conflict (caller) do update set
      calls = excluded.calls + case when c.began_at > now() - make_interval(secs => window_s) then c.calls else 0 end,
      began_at = case when c.began_at > now() - make_interval(secs => window_s) then c.began_at else now() end
    returning c.caller, c.calls, extract(epoch from c.began_at + make_interval(secs => window_s) - now()) * 1000
  $$;
create function forget_calls(window_s int) returns void
  language sql security definer set search_path = public, pg_temp
  as $$ delete from call_count where began_at < now() - make_interval(secs => window_s) $$;
revoke all on function count_calls(text[], bigint[], int), forget_calls(int) from public;
grant execute on function count_calls(text[], bigint[], int), forget_calls(int) to ${APP_ROLE};
`;
