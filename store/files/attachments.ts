/**
 * Attachments of hub records, where each stands at every connection (what makes a file cross once), and how people and the
 * API get at them. The queue of records whose files need work is in file-queue.ts, content in files.ts.
 */
import type { Readable } from 'node:stream';
import { sql } from 'kysely';
import { fileName, mediaTypeOf, refusalOfFile } from '../../domain/files/file-policy.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Store, Tx } from '../database.ts';
import { enqueueFilesElsewhere } from './file-queue.ts';
import type { FileStore, StoredFile } from './files.ts';

export type AttachmentState = 'sending' | 'linked' | 'unknown' | 'rejected' | 'too_large';

export interface AttachmentLink {
  id: string;
  /** Null: a file of the vendor that was not taken over. */
  hubAttachmentId: string | null;
  /** Null: sent, or about to be, and its id there is not known. */
  externalId: string | null;
  name: string;
  bytes: number | null;
  state: AttachmentState;
}

export async function loadAttachmentLinks(
  tx: Tx,
  connectionId: string,
  hubId: string,
): Promise<AttachmentLink[]> {
  const found = await sql<AttachmentLink>`
    select id, hub_attachment_id, external_id, name, bytes, state from attachment_link
    where connection_id = ${connectionId} and hub_id = ${hubId} order by at, id`.execute(tx);
  return found.rows;
}

export interface AttachmentLinkWrite extends Omit<AttachmentLink, 'id'> {
  id: string;
  hubId: string;
  reason: string | null;
  at: string;
}

/** Adds a link, or changes the one with this id. */
export async function writeAttachmentLink(
  tx: Tx,
  scope: { tenantId: string; connectionId: string },
  link: AttachmentLinkWrite,
): Promise<void> {
  await sql`
    insert into attachment_link (id, tenant_id, connection_id, hub_id, hub_attachment_id, external_id, name, bytes, state, reason, at)
    values (${link.id}::uuid, ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${link.hubId}::uuid,
      ${link.hubAttachmentId}::uuid, ${link.externalId}, ${link.name}, ${link.bytes}, ${link.state}, ${link.reason}, ${link.at})
    on conflict (id) do update set hub_attachment_id = excluded.hub_attachment_id, external_id = excluded.external_id,
      state = excluded.state, reason = excluded.reason, at = excluded.at`.execute(tx);
}

export async function dropAttachmentLink(tx: Tx, id: string): Promise<void> {
  await sql`delete from attachment_link where id = ${id}::uuid`.execute(tx);
}

/** A file of a hub record that a connection has not got. */
export interface PendingAttachment {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  /** Set when it was about to be sent before: it may be there. */
  linkId: string | null;
  sentAt: Date | null;
}

export async function pendingAttachments(
  tx: Tx,
  connectionId: string,
  hubId: string,
): Promise<PendingAttachment[]> {
  const found = await sql<PendingAttachment>`
    select a.id, a.name, f.media_type, f.bytes, a.sha256, l.id as link_id, l.at as sent_at
    from hub_attachment a
    join hub_file f on f.tenant_id = a.tenant_id and f.sha256 = a.sha256
    left join attachment_link l on l.connection_id = ${connectionId} and l.hub_attachment_id = a.id and l.external_id is null
      and l.state = 'sending'
    where a.hub_id = ${hubId} and not exists (
      select 1 from attachment_link k where k.connection_id = ${connectionId} and k.hub_attachment_id = a.id
        and k.state <> 'sending')
    order by a.at, a.id`.execute(tx);
  return found.rows;
}

export interface NewHubAttachment {
  id: string;
  hubId: string;
  name: string;
  mediaType: string;
  originConnectionId: string | null;
  addedBy: string | null;
  at: string;
}

/** Puts content on a record, once; tells which attachment has it now. What is new goes to the other connections. */
export async function attachFile(
  tx: Tx,
  tenantId: string,
  file: StoredFile,
  attachment: NewHubAttachment,
): Promise<{ id: string; added: boolean }> {
  await sql`
    insert into hub_file (tenant_id, sha256, bytes, media_type)
    values (${tenantId}::uuid, ${file.sha256}, ${file.bytes}, ${attachment.mediaType}) on conflict do nothing`.execute(
    tx,
  );
  const added = await sql<{ id: string }>`
    insert into hub_attachment (id, tenant_id, hub_id, name, sha256, origin_connection_id, added_by, at)
    values (${attachment.id}::uuid, ${tenantId}::uuid, ${attachment.hubId}::uuid, ${attachment.name}, ${file.sha256},
      ${attachment.originConnectionId}::uuid, ${attachment.addedBy}, ${attachment.at})
    on conflict (hub_id, sha256) do nothing returning id`.execute(tx);
  if (added.rows.length > 0) {
    await enqueueFilesElsewhere(tx, tenantId, attachment.hubId, attachment.originConnectionId);
    return { id: attachment.id, added: true };
  }
  const id = await attachmentByContent(tx, attachment.hubId, file.sha256);
  if (id === null) throw new Failure('bug', 'An attachment disappeared while it was added.');
  return { id, added: false };
}

/** The attachment of a record that has this content. */
export async function attachmentByContent(tx: Tx, hubId: string, sha256: string): Promise<string | null> {
  const found = await sql<{ id: string }>`
    select id from hub_attachment where hub_id = ${hubId} and sha256 = ${sha256}`.execute(tx);
  return found.rows[0]?.id ?? null;
}

export interface ShownAttachment {
  id: string;
  hubId: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  originConnectionId: string | null;
  addedBy: string | null;
  at: Date;
  /** Where it stands at each connection that was told of it. */
  links: {
    connectionId: string;
    state: AttachmentState;
    reason: string | null;
    externalId: string | null;
  }[];
}

const SHOWN = sql`a.id, a.hub_id, a.name, f.media_type, f.bytes, a.sha256, a.origin_connection_id, a.added_by, a.at,
  coalesce((select json_agg(json_build_object('connectionId', l.connection_id, 'state', l.state, 'reason', l.reason,
    'externalId', l.external_id) order by l.at, l.id) from attachment_link l where l.hub_attachment_id = a.id), '[]') as links
  from hub_attachment a join hub_file f on f.tenant_id = a.tenant_id and f.sha256 = a.sha256`;

/** The files of one record, oldest first. */
export async function listAttachments(tx: Tx, hubId: string): Promise<ShownAttachment[]> {
  const found =
    await sql<ShownAttachment>`select ${SHOWN} where a.hub_id = ${hubId} order by a.at, a.id`.execute(tx);
  return found.rows;
}

export async function loadAttachment(tx: Tx, id: string): Promise<ShownAttachment | null> {
  const found = await sql<ShownAttachment>`select ${SHOWN} where a.id = ${id}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Vendors' files on a record that were not taken over, with the reason. */
export async function listRefusedFiles(
  tx: Tx,
  hubId: string,
): Promise<
  {
    connectionId: string;
    externalId: string | null;
    name: string;
    bytes: number | null;
    state: AttachmentState;
    reason: string | null;
  }[]
> {
  const found = await sql<Awaited<ReturnType<typeof listRefusedFiles>>[number]>`
    select connection_id, external_id, name, bytes, state, reason from attachment_link
    where hub_id = ${hubId} and hub_attachment_id is null order by at, id`.execute(tx);
  return found.rows;
}

/**
 * Adds a person's file to a record while it streams in. `not_found` for a record that is not there, `rejected` for a file
 * that is not carried; `added` is false when the record has the same content already. The caller pokes the connections.
 */
export async function addFileToRecord(
  deps: { store: Store; files: FileStore },
  input: {
    tenantId: string;
    hubId: string;
    attachmentId: string;
    name: string;
    mediaType: string;
    content: Readable;
    by: string | null;
    at: string;
  },
): Promise<{ id: string; added: boolean }> {
  const { tenantId, hubId } = input;
  const name = fileName(input.name);
  const assertThere = async (tx: Tx): Promise<void> => {
    const found = await sql`select 1 from hub_record where id = ${hubId} and deleted_at is null`.execute(tx);
    if (found.rows.length === 0) throw new Failure('not_found', 'There is no such record to add a file to.');
  };
  try {
    const refusal = refusalOfFile({ name, bytes: null });
    if (refusal !== null) throw new Failure('rejected', refusal.reason, { path: 'name' });
    await deps.store.inTenant(tenantId, assertThere);
  } catch (error) {
    input.content.destroy();
    throw error;
  }
  const file = await deps.files.put(tenantId, input.content);
  return deps.store.inTenant(tenantId, async (tx) => {
    await assertThere(tx);
    return attachFile(tx, tenantId, file, {
      id: input.attachmentId,
      hubId,
      name,
      mediaType: mediaTypeOf(input.mediaType),
      originConnectionId: null,
      addedBy: input.by,
      at: input.at,
    });
  });
}
