/**
 * The connection workflow: lives as long as the connection and is its only writer. It wakes on its interval, on a poke
 * (webhook, hub change) or on request, runs one pass, and sleeps. What woke it while it was busy is done next.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { PassRequest } from '../../activities/sync/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import {
  pauseSignal,
  pokeSignal,
  progressQuery,
  resumeSignal,
  syncNowUpdate,
  type ConnectionInput,
  type Progress,
} from './messages.ts';
import { runPass, storeState } from './pass.ts';

const SWEEP_EVERY_MS = 24 * 60 * 60 * 1_000;

export async function connectionWorkflow(input: ConnectionInput): Promise<void> {
  const ref = { tenantId: input.tenantId, connectionId: input.connectionId };
  let paused = input.carried?.paused ?? false;
  let lastSweepAtMs = input.carried?.lastSweepAtMs ?? Date.now();
  let lastPollAtMs = Number.NEGATIVE_INFINITY;
  let pollMs = 0;
  let retryAtMs: number | null = null;
  // What has been asked for and not begun: at most one of each, because a pass does all there is.
  const asked = new Map<PassRequest['mode'], { runId: string; entities: Set<Entity> }>();
  let pass: CancellationScope | null = null;
  const progress: Progress = {
    state: paused ? 'paused' : 'idle',
    reason: null,
    runId: null,
    entity: null,
    step: null,
    counts: {},
    lastRun: null,
  };

  const ask = (mode: PassRequest['mode'], entities: readonly Entity[]): string => {
    const waiting = asked.get(mode) ?? { runId: uuid4(), entities: new Set<Entity>() };
    for (const entity of entities) waiting.entities.add(entity);
    asked.set(mode, waiting);
    return waiting.runId;
  };

  setHandler(pokeSignal, ({ source, entities }) => {
    ask(source, entities);
  });
  setHandler(pauseSignal, async ({ reason }) => {
    paused = true;
    progress.reason = reason;
    pass?.cancel();
    await storeState(ref, 'paused', reason);
  });
  setHandler(resumeSignal, async () => {
    await storeState(ref, 'active', null);
    paused = false;
    ask('poll', []);
  });
  setHandler(syncNowUpdate, ({ mode }) => ({ runId: ask(mode, []) }));
  setHandler(progressQuery, () => progress);

  for (let passes = 0; ;) {
    progress.state = paused ? 'paused' : 'idle';
    if (paused) {
      await condition(() => !paused);
      continue;
    }
    const now = Date.now();
    if (now - lastSweepAtMs >= SWEEP_EVERY_MS) {
      lastSweepAtMs = now;
      ask('sweep', []);
    }
    if (now - lastPollAtMs >= pollMs) ask('poll', []);
    else if (retryAtMs !== null && now >= retryAtMs) ask('hub', []);
    if (asked.size === 0) {
      const wakeAtMs = Math.min(lastPollAtMs + pollMs, retryAtMs ?? Number.POSITIVE_INFINITY);
      await condition(() => asked.size > 0 || paused, Math.max(1, wakeAtMs - now));
      continue;
    }

    const request = takeNext(asked);
    progress.state = 'running';
    progress.runId = request.runId;
    progress.counts = {};
    pass = new CancellationScope();
    try {
      const outcome = await pass.run(() =>
        runPass({ ...ref, runId: request.runId, request }, (entity, step, result) => {
          progress.entity = entity;
          progress.step = step;
          if (entity === null || result === null) return;
          const counts = (progress.counts[entity] ??= {});
          for (const [name, n] of Object.entries(result.counts)) counts[name] = (counts[name] ?? 0) + n;
        }),
      );
      pollMs = outcome.pollMs;
      retryAtMs = outcome.nextPushInMs === null ? null : Date.now() + outcome.nextPushInMs;
      if (outcome.state === 'paused') paused = true;
      progress.reason = outcome.reason ?? outcome.failure?.message ?? null;
      if (outcome.ran) progress.lastRun = { runId: request.runId, failure: outcome.failure };
    } catch (error) {
      if (!isCancellation(error) || !paused) throw error;
    } finally {
      pass = null;
      progress.runId = null;
      progress.entity = null;
      progress.step = null;
    }
    if (request.mode === 'poll' || request.mode === 'full') lastPollAtMs = Date.now();

    passes += 1;
    if ((passes >= LIMITS.passesPerRunMax || workflowInfo().continueAsNewSuggested) && asked.size === 0) {
      await condition(allHandlersFinished);
      if (asked.size > 0) continue;
      await continueAsNew<typeof connectionWorkflow>({ ...ref, carried: { lastSweepAtMs, paused } });
    }
  }
}

/** People first, then the cheap pokes, then the interval: a change never waits behind a full read that has not begun. */
function takeNext(
  asked: Map<PassRequest['mode'], { runId: string; entities: Set<Entity> }>,
): PassRequest & { runId: string } {
  for (const mode of ['hub', 'hint', 'poll', 'full', 'sweep'] as const) {
    const waiting = asked.get(mode);
    if (waiting === undefined) continue;
    asked.delete(mode);
    // A poll and a full run do what the pokes asked for as well.
    if (mode === 'poll' || mode === 'full') {
      asked.delete('hint');
      asked.delete('hub');
    }
    return { mode, runId: waiting.runId, entities: [...waiting.entities].sort() };
  }
  throw new Error('Nothing was asked for.');
}
