/**
 * The owner of the tables may read them all. Row-level security is forced, so it binds the owner too: without a policy of
 * its own the functions that run as the owner (`api_key_by_hash`, `webhook_target`) find nothing wherever the owner is no
 * superuser, and a dump by the owner is refused or empty. Writing stays bound: the owner changes no tenant's rows by mistake.
 */
export const ownerReads = `
-- \`migrate\` calls it each time, so that a new table, and one that a restore gave to another owner, are covered too. Only for the
-- owner: the policy names that one role, and no other role's statements are planned with it.
create function let_owner_read() returns void language plpgsql set search_path = public, pg_temp as $$
declare
  found record;
begin
  for found in
    select c.oid::regclass as name, o.rolname as owner from pg_class c join pg_roles o on o.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relforcerowsecurity
      and not exists (select from pg_policy p
        where p.polrelid = c.oid and p.polname = 'owner_reads' and p.polroles = array[c.relowner])
    order by 1
  loop
    execute format('drop policy if exists owner_reads on %s', found.name);
    execute format('create policy owner_reads on %s for select to %I using (true)', found.name, found.owner);
  end loop;
end $$;
revoke all on function let_owner_read() from public;
select let_owner_read();
-- A session's temporary tables come before public unless they are named last.
alter function api_key_by_hash(bytea) set search_path = public, pg_temp;
alter function webhook_target(uuid, bytea) set search_path = public, pg_temp;
`;
