/** Creates that wait for a person: too many at once, or of an entity whose first reading may have missed records. */
import { APP_ROLE } from '../database.ts';

export const stoppedCreates = `
-- with the last page of a walk: why records may be missing
alter table staged_page add column incomplete text;
create table stopped_creates (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  why text not null check (why in ('incomplete_reading', 'too_many')),
  -- what the walk said of itself; of an incomplete reading only
  message text,
  due bigint not null,
  total bigint not null,
  opened_at timestamptz not null,
  -- so many may be made; null while nobody has said so
  allowed bigint,
  primary key (connection_id, entity)
);
grant select, insert, update, delete on stopped_creates to ${APP_ROLE};
alter table stopped_creates enable row level security;
alter table stopped_creates force row level security;
create policy tenant_only on stopped_creates to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
`;
