/**
 * Row-level security under the application's role: a statement sees and writes only the tenant set for its transaction,
 * whatever its WHERE says. `app.tenant` unset means no rows at all. The audit log can be appended to, never changed.
 */
import { APP_ROLE } from '../database.ts';

const TABLES = [
  'connection',
  'connection_secret',
  'throttle',
  'hub_record',
  'hub_key',
  'number_counter',
  'hub_comment',
  'meter_reading',
  'change',
  'link',
  'comment_link',
  'raw_record',
  'staged_page',
  'cursor',
  'run',
  'record_log',
  'conflict',
  'quarantine',
  'parked',
  'match_review',
  'push_queue',
  'create_intent',
  'delete_breaker',
  'audit_log',
];

export const rowLevelSecurity = `
do $$ begin
  if not exists (select from pg_roles where rolname = '${APP_ROLE}') then
    create role ${APP_ROLE} nologin;
  end if;
exception when duplicate_object then null;
end $$;
grant usage on schema public to ${APP_ROLE};
grant select, insert on tenant to ${APP_ROLE};
${TABLES.map(
  (table) => `
grant select, insert, update, delete on ${table} to ${APP_ROLE};
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant_only on ${table} to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));`,
).join('\n')}
revoke update, delete on audit_log from ${APP_ROLE};
-- Runs as the owner, because a webhook names a connection and no tenant; it answers only to the right token.
create function webhook_target(wanted uuid, token_hash bytea)
  returns table (tenant_id uuid, connection_id uuid, system text)
  language sql security definer set search_path = public
  as 'select c.tenant_id, c.id, c.system from connection c
    where c.id = wanted and c.webhook_token_hash = token_hash and c.state = ''active''';
revoke all on function webhook_target(uuid, bytea) from public;
grant execute on function webhook_target(uuid, bytea) to ${APP_ROLE};
`;
