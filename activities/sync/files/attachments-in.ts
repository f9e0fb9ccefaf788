/**
 * Takes over the files of one vendor record. A file that this connection was sent before and lost sight of is recognised
 * by name and size, or else by its content, and never becomes a second one.
 */
import {
  fileName,
  mediaTypeOf,
  refusalOfFile,
  tooLarge,
  type FileRefusal,
} from '../../../domain/files/file-policy.ts';
import type { ExternalAttachment } from '../../../connectors/kit/contract.ts';
import type { AttachmentLink } from '../../../store/files/attachments.ts';
import type { StoredFile } from '../../../store/files/files.ts';
import {
  messageOf,
  nothingLeft,
  ownFailure,
  pauseOf,
  recordFile,
  type FilesLeft,
  type RecordFiles,
} from './attachments-record.ts';
import { count } from '../context.ts';

const TOO_LARGE = 'FILE_TOO_LARGE';

export async function takeFiles(record: RecordFiles): Promise<FilesLeft> {
  const { work, attachments, hubId, externalId, address } = record;
  const { deps, scope } = work;
  const left = nothingLeft();
  let listed: ExternalAttachment[];
  try {
    listed = await attachments.list(scope.entity, externalId, address);
  } catch (error) {
    left.failure = ownFailure(error);
    left.pauseMs = pauseOf(left.failure);
    count(left.counts, 'files_failed');
    await recordFile(
      record,
      {
        direction: 'pull',
        action: 'file_failed',
        counts: { files_failed: 1 },
        about: { name: '', bytes: null, ...messageOf(left.failure) },
      },
      async () => undefined,
    );
    return left;
  }
  const links = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.attachments.loadLinks(tx, scope.connectionId, hubId),
  );
  const known = new Set(links.flatMap(({ externalId }) => externalId ?? []));
  const unknown = listed.filter((file) => !known.has(file.externalId));
  const unseen = links.filter((link) => link.externalId === null && link.hubAttachmentId !== null);
  for (const file of unknown) {
    try {
      const ours = recognised(file, unknown, unseen);
      const refusal = refusalOfFile({ name: file.name, bytes: file.bytes });
      if (ours !== null) await adopt(record, file, ours);
      else if (refusal !== null) await refuse(record, file, refusal, left);
      else await takeOver(record, file, left);
    } catch (error) {
      const failure = ownFailure(error);
      if (failure.code === TOO_LARGE) {
        await refuse(record, file, tooLarge(), left);
        continue;
      }
      count(left.counts, 'files_failed');
      left.failure ??= failure;
      left.pauseMs ??= pauseOf(failure);
      await recordFile(
        record,
        {
          direction: 'pull',
          action: 'file_failed',
          counts: { files_failed: 1 },
          about: { name: file.name, bytes: file.bytes, ...messageOf(failure) },
        },
        async () => undefined,
      );
      if (failure.kind === 'rate_limited' || failure.kind === 'unavailable') return left;
    }
  }
  return left;
}

/** The one file that was sent with this name and size, when exactly one is there; anything else is told by its content. */
function recognised(
  file: ExternalAttachment,
  unknown: readonly ExternalAttachment[],
  unseen: readonly AttachmentLink[],
): AttachmentLink | null {
  if (file.bytes === null) return null;
  const alike = (one: { name: string; bytes: number | null }): boolean =>
    one.name === file.name && one.bytes === file.bytes;
  const [ours, ...others] = unseen.filter(alike);
  return ours !== undefined && others.length === 0 && unknown.filter(alike).length === 1 ? ours : null;
}

async function adopt(record: RecordFiles, file: ExternalAttachment, ours: AttachmentLink): Promise<void> {
  const { work, hubId } = record;
  const about = { name: file.name, bytes: file.bytes };
  await recordFile(record, { direction: 'pull', action: 'file_found', counts: {}, about }, (tx) =>
    work.deps.repo.attachments.writeLink(tx, work.scope, {
      ...ours,
      hubId,
      externalId: file.externalId,
      state: 'linked',
      reason: null,
      at: nowOf(record),
    }),
  );
}

/** Recorded once and shown; the same file is not tried again. */
async function refuse(
  record: RecordFiles,
  file: ExternalAttachment,
  refusal: FileRefusal,
  left: FilesLeft,
): Promise<void> {
  const { work, hubId } = record;
  const counts = { files_refused: 1 };
  count(left.counts, 'files_refused');
  const about = { name: file.name, bytes: file.bytes, message: refusal.reason };
  await recordFile(record, { direction: 'pull', action: 'file_refused', counts, about }, (tx) =>
    work.deps.repo.attachments.writeLink(tx, work.scope, {
      id: work.deps.newId(),
      hubId,
      hubAttachmentId: null,
      externalId: file.externalId,
      name: file.name,
      bytes: file.bytes,
      state: refusal.state,
      reason: refusal.reason,
      at: nowOf(record),
    }),
  );
}

async function takeOver(record: RecordFiles, file: ExternalAttachment, left: FilesLeft): Promise<void> {
  const { work, attachments } = record;
  const { deps, scope } = work;
  const content = await attachments.open(scope.entity, record.externalId, record.address, file);
  const stored = await deps.files.put(scope.tenantId, content);
  deps.crashPoint('files:stored');
  await attach(record, file, stored, left);
  deps.crashPoint('files:taken');
}

async function attach(
  record: RecordFiles,
  file: ExternalAttachment,
  stored: StoredFile,
  left: FilesLeft,
): Promise<void> {
  const { work, hubId, reach } = record;
  const { deps, scope } = work;
  const { tenantId, connectionId } = scope;
  const about = { name: file.name, bytes: stored.bytes, sha256: stored.sha256 };
  const at = nowOf(record);
  await deps.store.inTenant(tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, connectionId, work.fence);
    const known = await deps.repo.attachments.findByContent(tx, hubId, stored.sha256);
    // Not taken over from here, and not a file of ours either: another's file at a connection that is only written.
    if (known === null && !reach.take) return;
    const { id, added } =
      known === null
        ? await deps.repo.attachments.attach(tx, tenantId, stored, {
            id: deps.newId(),
            hubId,
            name: fileName(file.name),
            mediaType: mediaTypeOf(file.mediaType),
            originConnectionId: connectionId,
            addedBy: null,
            at: file.createdAt ?? at,
          })
        : { id: known, added: false };
    const open = (await deps.repo.attachments.loadLinks(tx, connectionId, hubId)).find(
      (link) => link.hubAttachmentId === id && link.externalId === null,
    );
    await deps.repo.attachments.writeLink(tx, scope, {
      id: open?.id ?? deps.newId(),
      hubId,
      hubAttachmentId: id,
      externalId: file.externalId,
      name: file.name,
      bytes: stored.bytes,
      state: 'linked',
      reason: null,
      at,
    });
    if (added) {
      count(left.counts, 'files_in');
      await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, { files_in: 1 });
    }
    await deps.repo.runs.logRecords(tx, { ...scope, at }, 'pull', [
      {
        hubId,
        externalId: record.externalId,
        action: added ? 'file_in' : 'file_known',
        decisions: about,
      },
    ]);
  });
}

function nowOf({ work }: RecordFiles): string {
  return new Date(work.deps.now()).toISOString();
}
