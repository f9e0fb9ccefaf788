/**
 * One pass over a connection: for each entity in dependency order, pull to the end, then push; files last. Runs inside the connection
 * workflow, not as a child: a child would cost one more hop on the way of every change (docs/adr/0003).
 */
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  ActivityFailure,
  ApplicationFailure,
} from '@temporalio/workflow';
import type { SyncActivities } from '../../activities/sync/index.ts';
import type { ConnectionRef, EntityStep, PassRequest, StepResult } from '../../activities/sync/steps.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { WORKFLOW_LIMITS } from './limits.ts';
import type { Progress } from './messages.ts';

/** Short ones: a few statements on our own database. */
const quick = proxyActivities<SyncActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});
/**
 * Those that talk to the vendor: long, with heartbeats, repeated a few times; then the pass fails and says why. A cancelled
 * one is waited for: a pass that began while it still writes could create its records once more.
 */
const LONG = {
  startToCloseTimeout: '30 minutes',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  heartbeatTimeout: LIMITS.heartbeatTimeoutMs,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 6 },
} as const;
const incremental = proxyActivities<SyncActivities>({ ...LONG, priority: { priorityKey: 3 } });
/** Full reads, sweeps and files give way to everything that somebody waits for. */
const background = proxyActivities<SyncActivities>({ ...LONG, priority: { priorityKey: 5 } });

/** A system that nobody has ever reached may have a wrong address: it is told soon, and the next pass tries again. */
const first = proxyActivities<SyncActivities>({
  ...LONG,
  startToCloseTimeout: '1 minute',
  // It writes nothing there: nobody has to wait for its end.
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { maximumAttempts: 1 },
  priority: { priorityKey: 3 },
});

type Step = NonNullable<Progress['step']>;

export interface PassOutcome {
  state: 'active' | 'paused';
  reason: string | null;
  pollMs: number;
  /** False when there was nothing to do, so that no run was recorded. */
  ran: boolean;
  failure: { kind: string; message: string } | null;
  nextPushInMs: number | null;
  feedHidden: boolean;
}

export async function runPass(
  input: ConnectionRef & { runId: string; request: PassRequest },
  report: (entity: Entity | null, step: Step | null, result: StepResult | null) => void,
  /** Whether somebody waits for the next pass. */
  isAsked: () => boolean,
): Promise<PassOutcome> {
  // Not cancelled with the rest: the run it opens must be closed.
  const begin = () => CancellationScope.nonCancellable(() => quick.beginRun(input));
  let plan = await begin();
  const idle = {
    state: plan.state,
    reason: plan.reason,
    pollMs: plan.pollMs,
    ran: false,
    failure: null,
    nextPushInMs: null,
    feedHidden: false,
  };
  if (plan.state === 'paused' || (plan.steps.length === 0 && plan.files.length === 0)) return idle;

  const { tenantId, connectionId, runId, request } = input;
  const long = request.mode === 'full' || request.mode === 'sweep' ? background : incremental;
  let failure: { kind: string; message: string } | null = null;
  let cancelled = false;
  // Files come when all records are through: nobody who waits for a record waits for a file.
  const files = new Set(plan.files);
  try {
    if (plan.greet) {
      await first.greet({ tenantId, connectionId });
      plan = await begin();
    }
    if (plan.discover) await lookAtSchema(long, { tenantId, connectionId, runId });
    for (const { entity, pull, push, sweep } of plan.steps) {
      const step = { tenantId, connectionId, runId, entity };
      if (pull) {
        report(entity, 'pull', null);
        let full = request.mode === 'full';
        for (;;) {
          const result = await long.pull({ ...step, full });
          report(entity, 'pull', result);
          if (result.filesDue) files.add(entity);
          if (result.complete) break;
          full = false;
        }
      }
      if (push) {
        report(entity, 'push', null);
        const result = await long.push(step);
        report(entity, 'push', result);
        if (result.filesDue) files.add(entity);
      }
      if (sweep) {
        report(entity, 'sweep', null);
        report(entity, 'sweep', await long.sweep(step));
      }
    }
    for (const entity of files) {
      report(entity, 'files', null);
      const result = await carryFiles({ tenantId, connectionId, runId, entity }, isAsked);
      report(entity, 'files', result);
      if (result === null) break;
    }
  } catch (error) {
    cancelled = isCancellation(error);
    failure = describe(error);
  }
  report(null, null, null);
  const finished = await CancellationScope.nonCancellable(() =>
    quick.finishRun({ tenantId, connectionId, runId, failure: cancelled ? null : failure, cancelled }),
  );
  return {
    state: finished.pausedReason === null ? plan.state : 'paused',
    reason: finished.pausedReason ?? failure?.message ?? null,
    pollMs: plan.pollMs,
    ran: true,
    failure,
    nextPushInMs: finished.nextPushInMs,
    feedHidden: finished.feedHidden,
  };
}

/** What the look finds, the steps after it read from the store. A look that fails stops nothing. */
async function lookAtSchema(
  { discover }: Pick<SyncActivities, 'discover'>,
  run: ConnectionRef & { runId: string },
): Promise<void> {
  try {
    await discover(run);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

/**
 * Files give way: a large one on a slow line may take minutes, and people wait for records. Null when it was stopped; the
 * queue still holds what is left.
 */
async function carryFiles(step: EntityStep, isAsked: () => boolean): Promise<StepResult | null> {
  const scope = new CancellationScope();
  let ended = false as boolean;
  const work = scope
    .run(() => background.files(step))
    .finally(() => {
      ended = true;
    });
  // Looked at below; a failure before that is not unhandled.
  work.catch(() => undefined);
  let gaveWay = false;
  try {
    await condition(() => ended || isAsked());
    gaveWay = !ended && !(await condition(() => ended, WORKFLOW_LIMITS.fileYieldMs));
    if (gaveWay) scope.cancel();
  } catch (error) {
    // The pass was cancelled, and the activity with it: it is waited for like any other.
    await work.catch(() => undefined);
    throw error;
  }
  try {
    return await work;
  } catch (error) {
    if (gaveWay && isCancellation(error)) return null;
    throw error;
  }
}

/** The kind and the sentence of what stopped a pass, out of Temporal's wrapping. */
export function describe(error: unknown): { kind: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return { kind: cause.type ?? 'bug', message: cause.message };
  return {
    kind: isCancellation(error) ? 'cancelled' : 'unavailable',
    message: cause instanceof Error ? cause.message : String(cause),
  };
}

/** What the connection's row says; null when there is none any more. */
export async function readState(
  input: ConnectionRef,
): Promise<{ state: 'active' | 'paused'; reason: string | null } | null> {
  return quick.readState(input);
}
