/** What the two halves of a record's files share: the record, what they leave behind, and how a file's fate is written down. */
import { toFailure, type Failure } from '../../../domain/kernel/failure.ts';
import type { Attachments } from '../../../connectors/kit/contract.ts';
import type { LogWrite } from '../../../store/runs/runs.ts';
import type { Tx } from '../../../store/index.ts';
import type { FileReach } from './attachments-reach.ts';
import type { Counts } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';

/** One record on its way through the step. */
export interface RecordFiles {
  work: EntityWork;
  attachments: Attachments;
  reach: FileReach;
  hubId: string;
  externalId: string;
  address: string | null;
}

/** What one half of a record's work left behind. */
export interface FilesLeft {
  counts: Counts;
  /** What failed first. */
  failure: Failure | null;
  /** Nothing failed, but something has to wait. */
  waits: boolean;
  /** When to try again; null leaves it to the queue's growing pauses. */
  pauseMs: number | null;
}

export function nothingLeft(): FilesLeft {
  return { counts: {}, failure: null, waits: false, pauseMs: null };
}

/** What concerns the whole connection, or needs a person or a developer: no other file would fare better. */
export function stopsStep(failure: Failure): boolean {
  return ['unauthorized', 'cancelled', 'invalid_config', 'bug'].includes(failure.kind);
}

/** A failure of one file, to be kept with it; what stops the whole connection is thrown. */
export function ownFailure(error: unknown): Failure {
  const failure = toFailure(error);
  if (stopsStep(failure)) throw failure;
  return failure;
}

/** The vendor's own pause, where it named one. */
export function pauseOf(failure: Failure): number | null {
  return failure.retryAfterMs;
}

export function logOf(hubId: string, externalId: string | null, action: string): LogWrite {
  return { hubId, externalId, action, decisions: null };
}

export function messageOf(failure: Failure): { failure: string; message: string } {
  return { failure: failure.kind, message: failure.message };
}

export async function logFiles(
  work: EntityWork,
  tx: Tx,
  direction: 'pull' | 'push',
  rows: readonly LogWrite[],
): Promise<void> {
  const at = new Date(work.deps.now()).toISOString();
  await work.deps.repo.runs.logRecords(tx, { ...work.scope, at }, direction, rows);
}

/** Writes for one file under the fence, with its counters and its line in the log. */
export async function recordFile(
  { work, hubId, externalId }: RecordFiles,
  entry: {
    direction: 'pull' | 'push';
    action: string;
    counts: Counts;
    about: { name: string; bytes: number | null; sha256?: string; failure?: string; message?: string };
  },
  write: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { deps, scope } = work;
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await write(tx);
    await logFiles(work, tx, entry.direction, [
      { ...logOf(hubId, externalId, entry.action), decisions: { ...entry.about } },
    ]);
    await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, entry.counts);
  });
}
