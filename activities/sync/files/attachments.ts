/**
 * Files of one entity at one connection: takes due records from the queue, takes over what the vendor has, sends what it
 * lacks. Runs after the records, and what goes wrong with a file is the file's own matter: logged, counted, tried again
 * later with a bound. Only what concerns the whole connection (a refused login, a stop) ends the step.
 */
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { DueFiles } from '../../../store/files/file-queue.ts';
import { takeFiles } from './attachments-in.ts';
import { sendFiles } from './attachments-out.ts';
import { fileReach } from './attachments-reach.ts';
import {
  logFiles,
  logOf,
  messageOf,
  nothingLeft,
  stopsStep,
  type FilesLeft,
  type RecordFiles,
} from './attachments-record.ts';
import type { Counts } from '../context.ts';
import { count } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';

export interface FilesResult {
  counts: Counts;
  /** The hub got files that other connections lack. */
  hubChanged: boolean;
}

export async function syncFiles(work: EntityWork): Promise<FilesResult> {
  const { deps, scope, session, connection, signal } = work;
  const reach = fileReach(deps, connection, scope.entity);
  const { attachments } = session;
  const totals: Counts = {};
  if (reach === null || attachments === undefined) return { counts: totals, hubChanged: false };
  const due = await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await deps.repo.fileQueue.continueFirstLook(tx, scope, LIMITS.fileRecordsPerStepMax);
    return deps.repo.fileQueue.due(tx, scope.connectionId, scope.entity, LIMITS.fileRecordsPerStepMax);
  });
  const endMs = deps.now() + LIMITS.fileStepMs;
  let outages = 0;
  for (const record of due) {
    if (signal.aborted) throw new Failure('cancelled', 'The files were cancelled; what was carried stays.');
    if (deps.now() >= endMs || outages >= LIMITS.fileOutagesMax) break;
    const left = await syncRecord({ work, attachments, reach }, record);
    for (const [name, n] of Object.entries(left.counts)) count(totals, name, n);
    work.progress(totals);
    if (left.failure !== null && stopsStep(left.failure)) throw left.failure;
    if (left.failure?.kind === 'rate_limited') break;
    outages = left.failure?.kind === 'unavailable' ? outages + 1 : 0;
  }
  return { counts: totals, hubChanged: (totals['files_in'] ?? 0) > 0 };
}

async function syncRecord(
  step: Pick<RecordFiles, 'work' | 'attachments' | 'reach'>,
  due: DueFiles,
): Promise<FilesLeft> {
  const { work, reach } = step;
  const { deps, scope } = work;
  const left = nothingLeft();
  if (due.externalId !== null && !due.deleted) {
    const record = { ...step, hubId: due.hubId, externalId: due.externalId, address: due.address };
    try {
      const send = reach.send && due.readOnly !== true;
      const maybeSent = send && (await isMaybeSent(record));
      if (reach.readable && ((due.look && reach.take) || maybeSent)) add(left, await takeFiles(record));
      // Without the vendor's list nobody knows what of ours is there already.
      if (send && (left.failure === null || !maybeSent)) add(left, await sendFiles(record));
    } catch (error) {
      // Whatever stops the step, this record goes behind the others, or it would hold up every file after it.
      left.failure = work.signal.aborted
        ? new Failure('cancelled', 'It was stopped, or took too long while others waited.', { cause: error })
        : toFailure(error);
    }
  }
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    if (left.failure === null && !left.waits) return deps.repo.fileQueue.settle(tx, scope.connectionId, due);
    if (due.attempts + 1 < LIMITS.fileAttemptsMax || left.failure?.kind === 'rate_limited') {
      return deps.repo.fileQueue.postpone(tx, scope.connectionId, due.hubId, left.pauseMs);
    }
    await deps.repo.fileQueue.settle(tx, scope.connectionId, due);
    await logFiles(work, tx, 'push', [
      {
        ...logOf(due.hubId, due.externalId, 'files_given_up'),
        decisions: left.failure === null ? null : messageOf(left.failure),
      },
    ]);
  });
  return left;
}

async function isMaybeSent({ work, hubId }: RecordFiles): Promise<boolean> {
  const { deps, scope } = work;
  const pending = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.attachments.pending(tx, scope.connectionId, hubId),
  );
  return pending.some(({ linkId }) => linkId !== null);
}

function add(left: FilesLeft, more: FilesLeft): void {
  for (const [name, n] of Object.entries(more.counts)) count(left.counts, name, n);
  left.failure ??= more.failure;
  left.waits ||= more.waits;
  if (more.pauseMs !== null) left.pauseMs = Math.max(left.pauseMs ?? 0, more.pauseMs);
}
