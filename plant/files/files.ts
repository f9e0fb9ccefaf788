/** Files of records: look, add while it streams in, read while it streams out. */
import type { Readable } from 'node:stream';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  addFileToRecord,
  listAttachments,
  listRefusedFiles,
  loadAttachment,
  type ShownAttachment,
} from '../../store/files/attachments.ts';
import { createFileStore, FILE_TOO_LARGE } from '../../store/files/files.ts';
import type { Tx } from '../../store/index.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { findRecordId } from '../records/plain-records-names.ts';

export function isTooLarge(error: unknown): boolean {
  return error instanceof Failure && error.code === FILE_TOO_LARGE;
}

/** Records that carry files. */
export type FileOwner = Extract<Entity, 'work_order' | 'asset'>;

async function requireOwner(tx: Tx, tenantId: string, owner: FileOwner, text: string): Promise<string> {
  const id = await findRecordId(tx, tenantId, owner, text);
  if (id === null) throw new Failure('not_found', `There is no ${owner.replace('_', ' ')} "${text}".`);
  return id;
}

export interface RecordFiles {
  attachments: JsonObject[];
  /** Files of other systems that were not taken over, with the reason. */
  refused: JsonObject[];
}

export async function listFiles(deps: PersonDeps, owner: FileOwner, text: string): Promise<RecordFiles> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hubId = await requireOwner(tx, deps.tenantId, owner, text);
    const refused = await listRefusedFiles(tx, hubId);
    return {
      attachments: (await listAttachments(tx, hubId)).map((file) => viewFile(file)),
      refused: refused.map(({ connectionId, name, bytes, state, reason }) => ({
        connection_id: connectionId,
        name,
        bytes,
        state,
        reason,
      })),
    };
  });
}

export async function addFile(
  deps: PersonDeps,
  owner: FileOwner,
  text: string,
  file: { name: string; mediaType: string; content: Readable },
): Promise<{ attachment: JsonObject; added: boolean }> {
  let hubId: string;
  try {
    hubId = await deps.store.inTenant(deps.tenantId, (tx) => requireOwner(tx, deps.tenantId, owner, text));
  } catch (error) {
    file.content.destroy();
    throw error;
  }
  const at = instantOf(deps);
  const { id, added } = await addFileToRecord(
    { store: deps.store, files: createFileStore(deps.store) },
    { tenantId: deps.tenantId, hubId, attachmentId: deps.newId(), by: deps.actor, at, ...file },
  );
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const attachment = viewFile(await requireFile(tx, id));
    if (added) {
      await audit(deps, tx, {
        action: 'file.add',
        subject: `record/${hubId}`,
        before: null,
        after: attachment,
        at,
      });
    }
    return { attachment, added };
  });
}

async function requireFile(tx: Tx, id: string): Promise<ShownAttachment> {
  const file = await loadAttachment(tx, id);
  if (file === null) throw new Failure('not_found', `There is no attachment ${id}.`);
  return file;
}

export async function openFile(
  deps: PersonDeps,
  id: string,
): Promise<{ name: string; mediaType: string; bytes: number; content: Readable }> {
  const file = await deps.store.inTenant(deps.tenantId, (tx) => requireFile(tx, id));
  const content = await createFileStore(deps.store).open(deps.tenantId, file.sha256);
  return { name: file.name, mediaType: file.mediaType, bytes: file.bytes, content };
}

function viewFile(file: ShownAttachment): JsonObject {
  return {
    id: file.id,
    record_id: file.hubId,
    name: file.name,
    media_type: file.mediaType,
    bytes: file.bytes,
    sha256: file.sha256,
    origin_connection_id: file.originConnectionId,
    added_by: file.addedBy,
    added_at: file.at.toISOString(),
    connections: file.links.map(({ connectionId, state, reason, externalId }) => ({
      connection_id: connectionId,
      state,
      reason,
      external_id: externalId,
    })),
  };
}
