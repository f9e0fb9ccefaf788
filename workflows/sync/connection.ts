/**
 * The connection workflow: lives as long as the connection and runs its passes, one at a time. It wakes on its interval, on a
 * poke (webhook, hub change) or on request, runs one pass, and sleeps. Whether it is paused stands in the connection's
 * row, which others write: a signal says that the row is to be looked at.
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
import type { ConnectionRef } from '../../activities/sync/steps.ts';
import type { Entity } from '../../domain/entities/index.ts';
import {
  afterPass,
  coveredBy,
  nextAction,
  type ConnectionState,
  type Mode,
  type NextAction,
} from './decide.ts';
import { WORKFLOW_LIMITS } from './limits.ts';
import {
  cancelRunSignal,
  lookSignal,
  pokeSignal,
  progressQuery,
  retrySignal,
  syncNowUpdate,
  type Asked,
  type ConnectionInput,
  type Progress,
} from './messages.ts';
import { describe, readState, runPass } from './pass.ts';

/** What the handlers and the loop share. */
interface Connection {
  ref: ConnectionRef;
  state: ConnectionState;
  progress: Progress;
  /** The pass under way. */
  pass: CancellationScope | null;
  /** The row is to be looked at; it is being looked at. Looks follow each other: two at once could overtake. */
  look: { wanted: boolean; running: boolean };
}

export async function connectionWorkflow(input: ConnectionInput): Promise<void> {
  const connection = begin(input);
  const { state, progress } = connection;
  listen(connection);
  for (;;) {
    progress.state = state.paused ? 'paused' : 'idle';
    const action = nextAction(state, Date.now(), workflowInfo().continueAsNewSuggested);
    if (action.do === 'end') return;
    if (action.do === 'continue_as_new') break;
    await carryOut(connection, action);
  }
  // A look that is under way belongs to this run.
  await condition(() => !connection.look.running);
  await continueAsNew<typeof connectionWorkflow>(carriedOver(connection));
}

function begin({ tenantId, connectionId, carried }: ConnectionInput): Connection {
  return {
    ref: { tenantId, connectionId },
    pass: null,
    look: { wanted: false, running: false },
    state: {
      paused: carried?.paused ?? false,
      ended: false,
      lastSweepAtMs: carried?.lastSweepAtMs ?? Date.now(),
      lastPollAtMs: Number.NEGATIVE_INFINITY,
      pollMs: 0,
      retryAtMs: null,
      hiddenLooks: 0,
      asked: new Map(
        (carried?.asked ?? []).map(({ mode, runId, entities }) => [
          mode,
          { runId, entities: new Set(entities) },
        ]),
      ),
      abandoned: new Set(),
      last: null,
      passes: 0,
    },
    progress: {
      state: 'idle',
      reason: carried?.reason ?? null,
      waits: null,
      runId: null,
      entity: null,
      step: null,
      counts: {},
      lastRun: carried?.lastRun ?? null,
    },
  };
}

function carriedOver({ ref, state, progress }: Connection): ConnectionInput {
  return {
    ...ref,
    carried: {
      lastSweepAtMs: state.lastSweepAtMs,
      paused: state.paused,
      reason: progress.reason,
      lastRun: progress.lastRun,
      asked: [...state.asked].map(([mode, { runId, entities }]): Asked => ({
        mode,
        runId,
        entities: [...entities],
      })),
    },
  };
}

function listen(connection: Connection): void {
  const { state, progress } = connection;
  setHandler(pokeSignal, ({ source, entities }) => {
    ask(state, source, entities);
  });
  setHandler(lookSignal, () => lookAtRow(connection));
  setHandler(retrySignal, () => {
    // A step that waits for the vendor's time is given up; the pass after it asks at once.
    connection.pass?.cancel();
    if (!state.paused) ask(state, 'poll', []);
  });
  setHandler(cancelRunSignal, ({ runId }) => {
    state.abandoned.add(runId);
    for (const [mode, waiting] of state.asked) if (waiting.runId === runId) state.asked.delete(mode);
    if (progress.runId === runId) connection.pass?.cancel();
  });
  setHandler(syncNowUpdate, ({ mode }) => ({ runId: ask(state, mode, []) }));
  setHandler(progressQuery, () => progress);
}

function ask({ asked }: ConnectionState, mode: Mode, entities: readonly Entity[]): string {
  const waiting = asked.get(mode) ?? { runId: uuid4(), entities: new Set<Entity>() };
  for (const entity of entities) waiting.entities.add(entity);
  asked.set(mode, waiting);
  return waiting.runId;
}

/** Follows what the row says: a pause stops the pass under way, a resume begins one. */
async function lookAtRow(connection: Connection): Promise<void> {
  const { ref, state, progress, look } = connection;
  look.wanted = true;
  if (look.running) return;
  look.running = true;
  try {
    while (look.wanted) {
      look.wanted = false;
      const row = await readState(ref);
      if (row === null) {
        state.ended = true;
        connection.pass?.cancel();
        return;
      }
      const resumed = state.paused && row.state === 'active';
      state.paused = row.state === 'paused';
      if (state.paused || resumed) progress.reason = row.reason;
      if (state.paused) connection.pass?.cancel();
      if (resumed) ask(state, 'poll', []);
    }
  } finally {
    look.running = false;
  }
}

async function carryOut(
  connection: Connection,
  action: Exclude<NextAction, { do: 'end' | 'continue_as_new' }>,
): Promise<void> {
  const { state, progress } = connection;
  switch (action.do) {
    case 'rest':
      await condition(() => !state.paused || state.ended);
      return;
    case 'ask':
      if (action.modes.includes('sweep')) state.lastSweepAtMs = Date.now();
      for (const mode of action.modes) ask(state, mode, []);
      return;
    case 'sleep':
      progress.waits = { until: new Date(Date.now() + action.forMs).toISOString(), why: action.why };
      await condition(() => state.asked.size > 0 || state.paused || state.ended, action.forMs);
      progress.waits = null;
      return;
    case 'run':
      await run(connection, action.mode);
      return;
  }
}

async function run(connection: Connection, mode: Mode): Promise<void> {
  const { ref, state, progress } = connection;
  const waiting = state.asked.get(mode);
  if (waiting === undefined) return;
  for (const covered of coveredBy(mode)) state.asked.delete(covered);
  state.last = mode;
  state.passes += 1;
  progress.state = 'running';
  progress.runId = waiting.runId;
  progress.counts = {};
  connection.pass = new CancellationScope();
  const request = { mode, entities: [...waiting.entities].sort() };
  try {
    const outcome = await connection.pass.run(() =>
      runPass(
        { ...ref, runId: waiting.runId, request },
        (entity, step, result) => {
          report(progress, entity, step, result?.counts ?? null);
        },
        () => state.asked.size > 0 || state.paused,
      ),
    );
    const moved = Object.values(progress.counts).some((counts) => Object.keys(counts).length > 0);
    await endPass(connection, { ...outcome, runId: waiting.runId, mode, moved });
  } catch (error) {
    if (isCancellation(error)) throw error;
    pauseAfterBug(connection, error);
  } finally {
    connection.pass = null;
    progress.runId = null;
    progress.entity = null;
    progress.step = null;
  }
}

function report(
  progress: Progress,
  entity: Entity | null,
  step: Progress['step'],
  moved: Record<string, number> | null,
): void {
  progress.entity = entity;
  progress.step = step;
  if (entity === null || moved === null) return;
  const counts = (progress.counts[entity] ??= {});
  for (const [name, n] of Object.entries(moved)) counts[name] = (counts[name] ?? 0) + n;
}

async function endPass(
  connection: Connection,
  end: Parameters<typeof afterPass>[1] & { state: 'active' | 'paused'; reason: string | null },
): Promise<void> {
  const { state, progress } = connection;
  const left = afterPass(state, end, Date.now());
  state.abandoned.delete(end.runId);
  state.pollMs = left.pollMs;
  state.lastPollAtMs = left.lastPollAtMs;
  state.retryAtMs = left.retryAtMs;
  state.hiddenLooks = left.hiddenLooks;
  if (left.lastRun !== null) progress.lastRun = left.lastRun;
  if (left.again !== null) ask(state, left.again, []);
  // A pass without work says nothing about what stopped the one before it.
  // Why it is paused is said by its row.
  if (end.ran && !state.paused) progress.reason = end.reason;
  if (end.state === 'active') return;
  // What waited behind the run that paused it was ended with its failure: a resumed connection begins runs of its own.
  if (end.failure !== null) state.asked.clear();
  // Somebody may have resumed it since the pass read the row.
  await lookAtRow(connection);
}

/** Only our own store throws here; what the vendor does wrong is the outcome of a pass. */
function pauseAfterBug({ state, progress }: Connection, error: unknown): void {
  const failure = describe(error);
  if (failure.kind === 'not_found') {
    state.ended = true;
    return;
  }
  progress.reason = failure.message;
  state.lastPollAtMs = Date.now();
  state.pollMs = Math.max(state.pollMs, WORKFLOW_LIMITS.bugPauseMs);
  state.retryAtMs = null;
}
