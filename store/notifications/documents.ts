/** What people write about notices: documents by kind and name, and the sealed credentials of channels. */
import { sql } from 'kysely';
import type { Json, JsonObject } from '../../domain/json.ts';
import { openSealed, sealValue, type KeyRing } from '../connections/secrets.ts';
import type { Tx } from '../database.ts';

export const DOCUMENT_KINDS = [
  'team',
  'on_call_schedule',
  'escalation_policy',
  'notice_policy',
  'channel',
  'contact',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export interface NoticeDocument {
  kind: DocumentKind;
  name: string;
  document: JsonObject;
  version: number;
  updatedAt: Date;
}

/** By name; a plant has few of each kind. */
export async function listDocuments(tx: Tx, tenantId: string, kind: DocumentKind): Promise<NoticeDocument[]> {
  const found = await sql<NoticeDocument>`
    select kind, name, document, version, updated_at from notice_document
    where tenant_id = ${tenantId} and kind = ${kind} order by name limit 10000`.execute(tx);
  return found.rows;
}

/** Locked, so that of two people who write it the second sees what the first wrote. */
export async function lockDocument(
  tx: Tx,
  tenantId: string,
  kind: DocumentKind,
  name: string,
): Promise<NoticeDocument | null> {
  const found = await sql<NoticeDocument>`
    select kind, name, document, version, updated_at from notice_document
    where tenant_id = ${tenantId} and kind = ${kind} and name = ${name} for update`.execute(tx);
  return found.rows[0] ?? null;
}

export async function putDocument(
  tx: Tx,
  tenantId: string,
  one: { kind: DocumentKind; name: string; document: JsonObject; at: string },
): Promise<NoticeDocument> {
  const put = await sql<NoticeDocument>`
    insert into notice_document as d (tenant_id, kind, name, document, updated_at)
    values (${tenantId}, ${one.kind}, ${one.name}, ${JSON.stringify(one.document)}::jsonb, ${one.at}::timestamptz)
    on conflict (tenant_id, kind, name) do update set
      document = excluded.document, version = d.version + 1, updated_at = excluded.updated_at
    returning kind, name, document, version, updated_at`.execute(tx);
  return put.rows[0] as NoticeDocument;
}

export async function removeDocument(
  tx: Tx,
  tenantId: string,
  kind: DocumentKind,
  name: string,
): Promise<void> {
  await sql`delete from notice_document
    where tenant_id = ${tenantId} and kind = ${kind} and name = ${name}`.execute(tx);
}

/** Sealed for this row alone, like a connection's. */
const refOf = (tenantId: string, channel: string) =>
  ({ tenantId, connectionId: `channel/${channel}`, purpose: 'credentials' }) as const;

export async function saveChannelSecret(
  tx: Tx,
  ring: KeyRing,
  of: { tenantId: string; channel: string },
  value: Json,
): Promise<void> {
  const sealed = sealValue(ring, refOf(of.tenantId, of.channel), value);
  await sql`insert into notice_secret (tenant_id, channel, key_id, sealed)
    values (${of.tenantId}, ${of.channel}, ${ring.active}, ${sealed})
    on conflict (tenant_id, channel) do update set key_id = excluded.key_id, sealed = excluded.sealed`.execute(
    tx,
  );
}

/** Null when none is stored. */
export async function loadChannelSecret(
  tx: Tx,
  ring: KeyRing,
  of: { tenantId: string; channel: string },
): Promise<Json> {
  const found = await sql<{ sealed: Buffer }>`select sealed from notice_secret
    where tenant_id = ${of.tenantId} and channel = ${of.channel}`.execute(tx);
  const [row] = found.rows;
  return row === undefined ? null : openSealed(ring, refOf(of.tenantId, of.channel), row.sealed);
}

/** Seals what is not under the active key anew; returns how many. */
export async function rotateChannelSecrets(tx: Tx, ring: KeyRing): Promise<number> {
  const old = await sql<{ tenantId: string; channel: string }>`
    select tenant_id, channel from notice_secret where key_id <> ${ring.active} order by channel for update`.execute(
    tx,
  );
  for (const row of old.rows) await saveChannelSecret(tx, ring, row, await loadChannelSecret(tx, ring, row));
  return old.rows.length;
}
