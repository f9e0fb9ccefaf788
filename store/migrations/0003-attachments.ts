/**
 * Files of hub records: content in rows of 256 KiB by its SHA-256, attachments, where each of them stands at every
 * connection, and the records whose files are to be looked at or sent. All under row-level security like 0002.
 */
import { APP_ROLE } from '../database.ts';

const TABLES = [
  'hub_file',
  'file_content',
  'file_chunk',
  'hub_attachment',
  'attachment_link',
  'file_queue',
  'file_first_look',
];

export const attachments = `
create table hub_file (
  tenant_id uuid not null,
  -- hex
  sha256 text collate "C" not null,
  bytes bigint not null,
  media_type text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, sha256)
);

-- Content while it arrives has no hash yet; what a crash leaves so is removed a day later.
create table file_content (
  id uuid primary key,
  tenant_id uuid not null,
  sha256 text collate "C",
  bytes bigint,
  touched_at timestamptz not null default now()
);
create unique index file_content_sha256 on file_content (tenant_id, sha256);

create table file_chunk (
  tenant_id uuid not null,
  content_id uuid not null references file_content on delete cascade,
  n int not null,
  data bytea not null,
  primary key (content_id, n)
);
-- Pictures and PDF are compressed already; trying again would cost time for nothing.
alter table file_chunk alter column data set storage external;

create table hub_attachment (
  id uuid primary key,
  tenant_id uuid not null,
  hub_id uuid not null references hub_record on delete cascade,
  name text not null,
  sha256 text collate "C" not null,
  -- null: added by a person in the hub
  origin_connection_id uuid,
  added_by text,
  at timestamptz not null
);
-- The same content is on a record once, whatever it is called.
create unique index hub_attachment_content on hub_attachment (hub_id, sha256);

-- A file at a connection. Without hub_attachment_id it was not taken over, and the reason says why; without external_id
-- it was (or was to be) sent and nobody knows its id there.
create table attachment_link (
  id uuid primary key,
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  hub_id uuid not null,
  hub_attachment_id uuid references hub_attachment on delete cascade,
  external_id text collate "C",
  name text not null,
  bytes bigint,
  state text not null check (state in ('sending', 'linked', 'unknown', 'rejected', 'too_large')),
  reason text,
  at timestamptz not null
);
create unique index attachment_link_external on attachment_link (connection_id, hub_id, external_id);
create unique index attachment_link_sent on attachment_link (connection_id, hub_attachment_id) where external_id is null;
create index attachment_link_attachment on attachment_link (hub_attachment_id);

-- No foreign keys: rows come with every pulled record (docs/adr/0004).
create table file_queue (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text collate "C" not null,
  hub_id uuid not null,
  -- false: there is something to send, the vendor's list need not be read
  look boolean not null,
  -- first loads and daily looks, behind what changed just now
  slow boolean not null,
  attempts int not null default 0,
  not_before timestamptz not null default '-infinity',
  since timestamptz not null default now(),
  -- moves when the record is queued again while its files are under way
  version int not null default 0,
  primary key (connection_id, hub_id)
);
create index file_queue_due on file_queue (connection_id, entity, slow, since);

-- How far the first look at the files of every record of an entity has come. A row of the queue for each of them would cost a
-- first sync a ninth of its time.
create table file_first_look (
  tenant_id uuid not null,
  connection_id uuid not null references connection on delete cascade,
  entity text collate "C" not null,
  after_external_id text collate "C" not null default '',
  primary key (connection_id, entity)
);

${TABLES.map(
  (table) => `
grant select, insert, update, delete on ${table} to ${APP_ROLE};
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant_only on ${table} to ${APP_ROLE}
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));`,
).join('\n')}
`;
