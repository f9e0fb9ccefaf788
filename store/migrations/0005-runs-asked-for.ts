/**
 * Connections have versions, so that two administrators do not overwrite each other; a run is known from when it is asked
 * for; and the lists people page through have their indexes.
 */
export const runsAskedFor = `
alter table connection add column version bigint not null default 1;
alter table run drop constraint run_state_check;
alter table run add constraint run_state_check check (state in ('queued', 'running', 'completed', 'failed', 'cancelled'));
create index run_tenant on run (tenant_id, started_at desc, id desc);
create index audit_page on audit_log (tenant_id, seq);
create index audit_subject on audit_log (subject, seq);
create index audit_actor on audit_log (tenant_id, actor, seq);
create index conflict_open_list on conflict (tenant_id, id) where resolved_at is null;
create index quarantine_open_list on quarantine (tenant_id, id) where closed_at is null;
create index record_log_page on record_log (run_id, seq);
drop index record_log_run;
`;
