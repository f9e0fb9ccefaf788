/**
 * The connection workflow: lives as long as the connection and is its only writer. It wakes on its interval, on a poke
 * (webhook, hub change) or on request, runs one pass, and sleeps. What woke it while it was busy is done next.
 */
import {
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { PassRequest } from '../../activities/sync/steps.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import {
  cancelRunSignal,
  pauseSignal,
  pokeSignal,
  progressQuery,
  resumeSignal,
  syncNowUpdate,
  type Asked,
  type ConnectionInput,
  type Progress,
} from './messages.ts';
import { describe, runPass, storeState } from './pass.ts';

const SWEEP_EVERY_MS = 24 * 60 * 60 * 1_000;
/** After a fault of our own, which ends no connection: long enough to cost nothing, short enough to go on after a repair. */
const BUG_PAUSE_MS = 60_000;

type Mode = PassRequest['mode'];

export async function connectionWorkflow(input: ConnectionInput): Promise<void> {
  const ref = { tenantId: input.tenantId, connectionId: input.connectionId };
  let paused = input.carried?.paused ?? false;
  let lastSweepAtMs = input.carried?.lastSweepAtMs ?? Date.now();
  let lastPollAtMs = Number.NEGATIVE_INFINITY;
  let pollMs = 0;
  let retryAtMs: number | null = null;
  // What has been asked for and not begun: at most one of each, because a pass does all there is.
  const asked = new Map<Mode, { runId: string; entities: Set<Entity> }>(
    (input.carried?.asked ?? []).map(({ mode, runId, entities }) => [
      mode,
      { runId, entities: new Set(entities) },
    ]),
  );
  // What a person wants and the store does not say yet; the last word counts. Only the loop stores it: two handlers could
  // overtake each other.
  const wishes: { state: 'active' | 'paused'; reason: string | null }[] = [];
  let pass: CancellationScope | null = null;
  // Runs that a person cancelled: they do not begin again.
  const abandoned = new Set<string>();
  let last: Mode | null = null;
  const progress: Progress = {
    state: paused ? 'paused' : 'idle',
    reason: input.carried?.reason ?? null,
    runId: null,
    entity: null,
    step: null,
    counts: {},
    lastRun: input.carried?.lastRun ?? null,
  };

  const ask = (mode: Mode, entities: readonly Entity[]): string => {
    const waiting = asked.get(mode) ?? { runId: uuid4(), entities: new Set<Entity>() };
    for (const entity of entities) waiting.entities.add(entity);
    asked.set(mode, waiting);
    return waiting.runId;
  };

  setHandler(pokeSignal, ({ source, entities }) => {
    ask(source, entities);
  });
  setHandler(pauseSignal, ({ reason }) => {
    wishes.push({ state: 'paused', reason });
    pass?.cancel();
  });
  setHandler(resumeSignal, () => {
    wishes.push({ state: 'active', reason: null });
  });
  setHandler(cancelRunSignal, ({ runId }) => {
    abandoned.add(runId);
    for (const [mode, waiting] of asked) if (waiting.runId === runId) asked.delete(mode);
    if (progress.runId === runId) pass?.cancel();
  });
  setHandler(syncNowUpdate, ({ mode }) => ({ runId: ask(mode, []) }));
  setHandler(progressQuery, () => progress);

  for (let passes = 0; ;) {
    try {
      const wish = wishes.at(-1);
      if (wish !== undefined) {
        wishes.length = 0;
        const { state, reason } = wish;
        await storeState(ref, state, reason);
        paused = state === 'paused';
        progress.reason = reason;
        if (!paused) ask('poll', []);
        continue;
      }
      progress.state = paused ? 'paused' : 'idle';
      if (paused) {
        await condition(() => wishes.length > 0);
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
        await condition(() => asked.size > 0 || wishes.length > 0, Math.max(1, wakeAtMs - now));
        continue;
      }
      if (passes >= LIMITS.passesPerRunMax || workflowInfo().continueAsNewSuggested) break;

      const request = takeNext(asked, last);
      last = request.mode;
      passes += 1;
      progress.state = 'running';
      progress.runId = request.runId;
      progress.counts = {};
      pass = new CancellationScope();
      const outcome = await pass.run(() =>
        runPass(
          { ...ref, runId: request.runId, request },
          (entity, step, result) => {
            progress.entity = entity;
            progress.step = step;
            if (entity === null || result === null) return;
            const counts = (progress.counts[entity] ??= {});
            for (const [name, n] of Object.entries(result.counts)) counts[name] = (counts[name] ?? 0) + n;
          },
          () => asked.size > 0 || wishes.length > 0,
        ),
      );
      pollMs = outcome.pollMs;
      if (request.mode === 'poll' || request.mode === 'full') lastPollAtMs = Date.now();
      // A postponed push is tried in its own time; after a failure the interval is soon enough.
      if (outcome.ran) {
        const inMs = outcome.failure === null ? outcome.nextPushInMs : null;
        retryAtMs = inMs === null ? null : Date.now() + inMs;
        progress.lastRun = { runId: request.runId, failure: outcome.failure };
      } else if (retryAtMs !== null && Date.now() >= retryAtMs) {
        retryAtMs = null;
      }
      // A poll goes on from its cursors; these two begin again.
      const cancelled = outcome.failure?.kind === 'cancelled' && !abandoned.delete(request.runId);
      if (cancelled && (request.mode === 'full' || request.mode === 'sweep')) ask(request.mode, []);
      paused = outcome.state === 'paused';
      // What waited behind the run that paused it was ended with its failure: a resumed connection begins runs of its own.
      if (paused && outcome.failure !== null) asked.clear();
      // A pass without work says nothing about what stopped the one before it.
      if (outcome.ran || paused) progress.reason = outcome.reason;
    } catch (error) {
      if (isCancellation(error)) throw error;
      // Only our own store throws here; what the vendor does wrong is the outcome of a pass.
      const failure = describe(error);
      if (failure.kind === 'not_found') return;
      progress.reason = failure.message;
      lastPollAtMs = Date.now();
      pollMs = Math.max(pollMs, BUG_PAUSE_MS);
      retryAtMs = null;
    } finally {
      pass = null;
      progress.runId = null;
      progress.entity = null;
      progress.step = null;
    }
  }
  await continueAsNew<typeof connectionWorkflow>({
    ...ref,
    carried: {
      lastSweepAtMs,
      paused,
      reason: progress.reason,
      lastRun: progress.lastRun,
      asked: [...asked].map(([mode, { runId, entities }]): Asked => ({
        mode,
        runId,
        entities: [...entities],
      })),
    },
  });
}

/**
 * The cheap pokes first, then the interval, then what reads everything: a change never waits behind a full read that has
 * not begun. After a poke something greater goes first, or a busy neighbour would keep this connection from ever reading.
 */
function takeNext(
  asked: Map<Mode, { runId: string; entities: Set<Entity> }>,
  last: Mode | null,
): PassRequest & { runId: string } {
  const greater: Mode[] = ['poll', 'full', 'sweep'];
  const order: Mode[] =
    last === 'hub' || last === 'hint' ? [...greater, 'hint', 'hub'] : ['hub', 'hint', ...greater];
  const mode = order.find((one) => asked.has(one));
  const waiting = mode === undefined ? undefined : asked.get(mode);
  if (mode === undefined || waiting === undefined) throw new Error('Nothing was asked for.');
  asked.delete(mode);
  // A poll and a full run do what the pokes asked for as well.
  if (mode === 'poll' || mode === 'full') {
    asked.delete('hint');
    asked.delete('hub');
  }
  return { mode, runId: waiting.runId, entities: [...waiting.entities].sort() };
}
