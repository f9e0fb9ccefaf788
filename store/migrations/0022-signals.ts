/**
 * Says what was committed to whoever watches: changes of the feed, runs that move, alerts. `pg_notify` makes commits wait for one
 * another, so it is called only while somebody listens, who holds a shared advisory lock for as long (`store/signals.ts`).
 */
import { LISTENER_LOCK, SIGNAL_CHANNEL } from '../signal-names.ts';

const [group, key] = LISTENER_LOCK;

export const signals = `
create function somebody_listens() returns boolean language sql stable as $$
  select exists (
    select from pg_catalog.pg_locks
    where locktype = 'advisory' and classid = ${String(group)} and objid = ${String(key)} and objsubid = 2 and granted
      and database = (select oid from pg_catalog.pg_database where datname = current_database()))
$$;

create function signal_tenant() returns trigger language plpgsql as $$
begin
  if public.somebody_listens() then
    perform pg_notify('${SIGNAL_CHANNEL}', tg_argv[0] || ':' || tenant_id) from (select distinct tenant_id from added) t;
  end if;
  return null;
end $$;

create function signal_row() returns trigger language plpgsql as $$
begin
  if public.somebody_listens() then
    perform pg_notify('${SIGNAL_CHANNEL}', tg_argv[0] || ':' || id) from added;
  end if;
  return null;
end $$;

create trigger change_signal after insert on change
  referencing new table as added for each statement execute function signal_tenant('change');
create trigger run_insert_signal after insert on run
  referencing new table as added for each statement execute function signal_row('run');
create trigger run_update_signal after update on run
  referencing new table as added for each statement execute function signal_row('run');
create trigger alert_insert_signal after insert on asset_alert
  referencing new table as added for each statement execute function signal_tenant('alert');
create trigger alert_update_signal after update on asset_alert
  referencing new table as added for each statement execute function signal_tenant('alert');
`;
