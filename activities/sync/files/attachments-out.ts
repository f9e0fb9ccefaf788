/**
 * Sends the files of one hub record that a connection lacks. `sending` is stored before the call; a file whose fate nobody
 * knows is looked for in the vendor's list (attachments-in.ts) before it is sent again, and not before the vendor surely
 * shows what it has.
 */
import { toFailure, type Failure } from '../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { AttachmentOutcome } from '../../../connectors/kit/contract.ts';
import type { AttachmentState, PendingAttachment } from '../../../store/files/attachments.ts';
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

export async function sendFiles(record: RecordFiles): Promise<FilesLeft> {
  const { work, reach, hubId } = record;
  const { deps, scope } = work;
  const left = nothingLeft();
  const pending = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.attachments.pending(tx, scope.connectionId, hubId),
  );
  for (const file of pending) {
    if (file.sentAt !== null) {
      if (!reach.readable) {
        // Nobody can see whether it arrived: at most once, like a comment (docs/adr/0005).
        await store(
          record,
          file,
          'unknown',
          null,
          'Whether it arrived cannot be read back, so it is not sent again.',
        );
        continue;
      }
      const waitMs = file.sentAt.getTime() + LIMITS.createSettleMs - deps.now();
      if (waitMs > 0) {
        left.waits = true;
        left.pauseMs = Math.max(left.pauseMs ?? 0, waitMs);
        continue;
      }
    }
    const failure = await sendFile(record, file, left);
    if (failure === null) continue;
    left.failure ??= failure;
    left.pauseMs ??= pauseOf(failure);
    if (failure.kind === 'rate_limited' || failure.kind === 'unavailable') break;
  }
  return left;
}

/** The failure that makes another try necessary; null when the file is through, one way or the other. */
async function sendFile(
  record: RecordFiles,
  file: PendingAttachment,
  left: FilesLeft,
): Promise<Failure | null> {
  const { work } = record;
  const { deps, scope } = work;
  const linkId = file.linkId ?? deps.newId();
  const pending = { ...file, linkId };
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await deps.repo.attachments.writeLink(tx, scope, linkOf(record, pending, 'sending', null, null));
  });
  deps.crashPoint('files:intended');
  const outcome = await upload(record, file);
  deps.crashPoint('files:sent');
  switch (outcome.outcome) {
    case 'done':
      count(left.counts, 'files_out');
      await store(record, pending, 'linked', outcome.externalId, null);
      return null;
    case 'rejected':
      if (outcome.failure.kind === 'forbidden') {
        // A right that somebody may grant; the file itself is not at fault.
        count(left.counts, 'files_failed');
        await forget(record, pending, outcome.failure);
        return outcome.failure;
      }
      count(left.counts, 'files_failed');
      await store(record, pending, 'rejected', null, outcome.failure.message, outcome.failure);
      return null;
    case 'retry':
      count(left.counts, 'files_failed');
      await forget(record, pending, outcome.failure);
      return outcome.failure;
    case 'unknown':
      count(left.counts, 'files_unknown');
      await store(record, pending, 'sending', null, outcome.failure.message, outcome.failure);
      return outcome.failure;
  }
}

async function upload(record: RecordFiles, file: PendingAttachment): Promise<AttachmentOutcome> {
  const { work, attachments } = record;
  const { deps, scope } = work;
  try {
    return await attachments.add(scope.entity, record.externalId, record.address, {
      name: file.name,
      mediaType: file.mediaType,
      bytes: file.bytes,
      sha256: file.sha256,
      open: () => deps.files.open(scope.tenantId, file.sha256),
    });
  } catch (error) {
    const failure = toFailure(error);
    // The whole connection stops, and the next try looks for the file first.
    ownFailure(failure);
    return {
      outcome: failure.applied === 'unknown' ? 'unknown' : failure.retryable ? 'retry' : 'rejected',
      failure,
    };
  }
}

const TOLD = {
  linked: ['file_out', 'files_out'],
  sending: ['file_unknown', 'files_unknown'],
  unknown: ['file_unknown', 'files_unknown'],
  rejected: ['file_rejected', 'files_failed'],
} as const;

async function store(
  record: RecordFiles,
  file: PendingAttachment,
  state: keyof typeof TOLD,
  externalId: string | null,
  reason: string | null,
  failure?: Failure,
): Promise<void> {
  const { deps, scope } = record.work;
  const [action, counter] = TOLD[state];
  const about = {
    name: file.name,
    bytes: file.bytes,
    sha256: file.sha256,
    ...(failure === undefined ? {} : messageOf(failure)),
  };
  await recordFile(record, { direction: 'push', action, counts: { [counter]: 1 }, about }, (tx) =>
    deps.repo.attachments.writeLink(tx, scope, linkOf(record, file, state, externalId, reason)),
  );
}

/** It surely did not arrive: pending again, as if it had never been tried. */
async function forget(record: RecordFiles, file: PendingAttachment, failure: Failure): Promise<void> {
  const { deps } = record.work;
  const about = { name: file.name, bytes: file.bytes, sha256: file.sha256, ...messageOf(failure) };
  const counts = { files_failed: 1 };
  await recordFile(record, { direction: 'push', action: 'file_failed', counts, about }, (tx) =>
    deps.repo.attachments.dropLink(tx, file.linkId ?? ''),
  );
}

function linkOf(
  { work, hubId }: RecordFiles,
  file: PendingAttachment,
  state: AttachmentState,
  externalId: string | null,
  reason: string | null,
) {
  return {
    id: file.linkId ?? work.deps.newId(),
    hubId,
    hubAttachmentId: file.id,
    externalId,
    name: file.name,
    bytes: file.bytes,
    state,
    reason,
    at: new Date(work.deps.now()).toISOString(),
  };
}
