/** Runs of connections: ask for one, look at one, wait for its end, cancel it, read what it did with each record. */
import { joinCounts } from '../../domain/run-counts.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { countsSinceAsked } from '../../store/runs/asked-runs.ts';
import {
  cancelQueuedRun,
  listRunPage,
  loadRunDetails,
  logOfRun,
  queueRun,
  type RunDetails,
  type RunLogRow,
} from '../../store/runs/run-list.ts';
import { readConnection, type ConnectionDeps } from '../connections/connections.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

export type { RunDetails, RunLogRow };

/** Starts a run or joins the one that is asked for already. A paused connection says why it is paused. */
export async function startRun(
  deps: ConnectionDeps,
  connectionId: string,
  mode: 'poll' | 'full' | 'sweep',
): Promise<RunDetails> {
  const connection = await readConnection(deps, connectionId);
  if (connection.state === 'paused') {
    throw new Failure(
      'conflict',
      `${connection.name} is paused (${connection.stateReason ?? 'no reason given'}); resume it first.`,
    );
  }
  await deps.actions.start(connection);
  const runId = await deps.actions.syncNow(connection, mode);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    const kind = mode === 'full' ? 'backfill' : mode === 'sweep' ? 'sweep' : 'pass';
    await queueRun(tx, { id: runId, tenantId: deps.tenantId, connectionId, kind, at });
    await audit(deps, tx, {
      action: 'sync.start',
      subject: `run/${runId}`,
      before: null,
      after: { connection_id: connectionId, mode },
      at,
    });
    return require(await loadRunDetails(tx, runId), runId);
  });
}

export async function readRun(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  runId: string,
): Promise<RunDetails> {
  return deps.store.inTenant(deps.tenantId, async (tx) => require(await loadRunDetails(tx, runId), runId));
}

/**
 * Counters of a run somebody asked for, with those of the passes since they last asked: a new connection's first load begins
 * by itself, and a webhook may have brought what they ask for. What was read, or waits, twice is one record.
 */
export async function countsForAsker(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  run: RunDetails,
): Promise<Record<string, Record<string, number>>> {
  const earlier = await deps.store.inTenant(deps.tenantId, (tx) => countsSinceAsked(tx, run.id));
  const counts: Record<string, Record<string, number>> = {};
  for (const entity of new Set([...Object.keys(earlier), ...Object.keys(run.counts)]))
    counts[entity] = joinCounts(run.counts[entity] ?? {}, earlier[entity] ?? {});
  return counts;
}

function require(run: RunDetails | null, runId: string): RunDetails {
  if (run === null) throw new Failure('not_found', `There is no run ${runId}.`);
  return run;
}

export interface RunFilter {
  connectionId?: string | undefined;
  state?: string | undefined;
}

export async function listRunsOf(
  deps: PersonDeps,
  filter: RunFilter,
  page: { before: string | null; limit: number },
): Promise<RunDetails[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listRunPage(tx, deps.tenantId, filter, page));
}

export async function readRunLog(
  deps: PersonDeps,
  runId: string,
  filter: { entity?: string | undefined; action?: string | undefined },
  page: { after: number; limit: number },
): Promise<RunLogRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    require(await loadRunDetails(tx, runId), runId);
    return logOfRun(tx, runId, filter, page);
  });
}

export async function cancelRun(deps: ConnectionDeps, runId: string): Promise<RunDetails> {
  const run = await readRun(deps, runId);
  if (isOver(run)) {
    throw new Failure(
      'conflict',
      `The run is ${run.state} already; only a queued or running one can be cancelled.`,
    );
  }
  await deps.actions.cancelRun(await readConnection(deps, run.connectionId), runId);
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    await cancelQueuedRun(tx, runId, at);
    await audit(deps, tx, {
      action: 'sync.cancel',
      subject: `run/${runId}`,
      before: { state: run.state },
      after: null,
      at,
    });
  });
  return readRun(deps, runId);
}

export function isOver(run: Pick<RunDetails, 'state'>): boolean {
  return run.state !== 'running' && run.state !== 'queued';
}

/** A run that moves gives a signal; looked at as well, in case one was lost with a connection that nobody saw break. */
const LOOK_AGAIN_MS = 5_000;

/** The run as it goes on: each state that differs from the one before, and the last. Ends after `forMs` or when the caller left. */
export async function* watchRun(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  runId: string,
  options: { forMs: number; signal: AbortSignal },
): AsyncGenerator<RunDetails> {
  const end = deps.now() + options.forMs;
  const moved = deps.store.signals.subscribe(`run:${runId}`);
  let shown = '';
  try {
    for (;;) {
      const run = await readRun(deps, runId);
      const text = JSON.stringify(run);
      if (text !== shown) yield run;
      shown = text;
      const left = end - deps.now();
      if (isOver(run) || left <= 0 || options.signal.aborted) return;
      await moved.wait(Math.min(LOOK_AGAIN_MS, left), options.signal);
    }
  } finally {
    moved.close();
  }
}
