/**
 * A base that equals the hub's fields is not stored a second time: after a first sync that is every link, and the copy was a sixth of
 * what the sync wrote. \`link.base_hub\` is null as long as the hub says what it said when both sides agreed; the first change of a
 * record's fields leaves what they were in its links. A trigger, so that no statement that changes a record can forget it.
 */
export const sharedBases = `
alter table link alter column base_hub drop not null;

-- Few records, found by their links' index whatever the statistics say: a first sync fills the table faster than they are taken.
create function keep_bases() returns trigger language plpgsql
  set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update link l set base_hub = before.fields
    from before join after on after.id = before.id
    where l.hub_id = before.id and l.base_hub is null and before.fields is distinct from after.fields;
  return null;
end $$;
revoke all on function keep_bases() from public;
create trigger hub_record_keep_bases after update on hub_record
  referencing old table as before new table as after for each statement execute function keep_bases();
`;
