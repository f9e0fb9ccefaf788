/** Closes a run, pauses a connection that cannot go on by itself, and says when the next push is worth a look. */
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { Tx } from '../../store/index.ts';
import type { SyncDeps } from './context.ts';
import { mayPush } from './direction.ts';
import { awaitsReading } from './schema/drift.ts';
import { isComplete } from './complete-settings.ts';
import type { ConnectionRef } from './steps.ts';

export interface FinishRun extends ConnectionRef {
  runId: string;
  failure: { kind: string; message: string } | null;
  cancelled: boolean;
}

export interface FinishedRun {
  pausedReason: string | null;
  nextPushInMs: number | null;
  /** A transaction that still runs hides changes: they are there when it ends, whenever that is. */
  feedHidden: boolean;
}

export async function finishRun(deps: SyncDeps, tx: Tx, input: FinishRun): Promise<FinishedRun> {
  const { connectionId, failure } = input;
  const at = new Date(deps.now()).toISOString();
  const state = input.cancelled ? 'cancelled' : failure === null ? 'completed' : 'failed';
  const refused = failure?.kind === 'unauthorized';
  const [refusedRuns, next, connection] = await Promise.all([
    deps.repo.connections.countUnauthorized(tx, connectionId, refused),
    nextPush(deps, tx, input),
    deps.repo.connections.load(tx, connectionId),
    deps.repo.runs.finish(tx, input.runId, state, failure, at),
    deps.repo.runs.forgetEmpty(tx, connectionId, input.runId),
  ]);
  const pausedReason = pauseReason(failure, { refusedRuns, complete: isComplete(deps, connection) });
  if (pausedReason !== null) {
    await deps.repo.connections.setState(tx, connectionId, 'paused', pausedReason);
    if (failure !== null) await deps.repo.runs.endQueued(tx, connectionId, failure, at);
  }
  return { pausedReason, ...next };
}

/** Why no later run can do better without a person; null when one can. */
export function pauseReason(
  failure: FinishRun['failure'],
  facts: { refusedRuns: number; complete: boolean },
): string | null {
  const message = failure?.message ?? '';
  if (failure?.kind === 'invalid_config' && !facts.complete) return `Settings are incomplete: ${message}`;
  if (facts.refusedRuns < LIMITS.unauthorizedMax) return null;
  return `Paused after ${String(facts.refusedRuns)} runs that the system refused: ${message}`;
}

/** When a push is worth another look: feed rows that a running transaction still hides are there in an instant. */
async function nextPush(
  deps: SyncDeps,
  tx: Tx,
  ref: ConnectionRef,
): Promise<Pick<FinishedRun, 'nextPushInMs' | 'feedHidden'>> {
  const { tenantId, connectionId } = ref;
  const connection = await deps.repo.connections.load(tx, connectionId);
  const left = await deps.repo.pushes.entities(tx, tenantId, connectionId);
  const now = [...left].some(
    (entity) => mayPush(deps, connection, entity) && !awaitsReading(deps, connection, entity),
  );
  if (now) return { nextPushInMs: LIMITS.feedRetryMs, feedHidden: true };
  const push = await deps.repo.pushes.nextInMs(tx, connectionId);
  const files = await deps.repo.fileQueue.nextInMs(tx, connectionId);
  const rested = files === null ? null : Math.max(files, LIMITS.fileRestMs);
  const nextPushInMs = push === null || rested === null ? (push ?? rested) : Math.min(push, rested);
  return { nextPushInMs, feedHidden: false };
}
