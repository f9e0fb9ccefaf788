/** Records that were taken out of use at a system because the hub's was deleted, and deletions on their way there that wait for a person. */
export const retiredLinks = `
alter table link add column retired_at timestamptz, add column retire_undo jsonb;

-- 'in': gone at the system, found by sweeps; 'out': deleted in the hub, not carried out there yet.
alter table delete_breaker add column direction text not null default 'in' check (direction in ('in', 'out')),
  add column approved_at timestamptz;
alter table delete_breaker drop constraint delete_breaker_pkey, add primary key (connection_id, entity, direction);
`;
