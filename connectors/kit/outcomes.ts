/**
 * From a failed call to what became of the write, the same for every system; and the walk over a batch of single writes
 * that stops asking a system which is down.
 */
import { toFailure } from '../../domain/kernel/failure.ts';
import type { Failure } from '../../domain/kernel/failure.ts';
import type { WriteOutcome } from './contract.ts';
import { inLanes } from './lanes.ts';

/** Consecutive unknown outcomes (each may have cost a whole timeout) after which the rest of a batch is put off. */
const UNKNOWN_MAX = 3;
/**
 * An answer lost with its connection costs no time, and the write was as likely as not carried out: what may exist is
 * searched for at the end of the batch, so that a line which loses every answer still lets the work get done.
 */
const QUICKLY_LOST = new Set(['ECONNRESET', 'EPIPE']);

/** Faults of the connection as a whole. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['unauthorized', 'cancelled', 'invalid_config']);

/** What surely was not applied is put off when time, credentials or settings can mend it, and rejected otherwise. */
export function outcomeOf(key: string, failure: Failure): WriteOutcome {
  if (failure.kind === 'bug') throw failure;
  if (failure.applied === 'unknown') return { key, outcome: 'unknown', failure };
  const mendable =
    failure.retryable ||
    failure.kind === 'unauthorized' ||
    failure.kind === 'cancelled' ||
    failure.kind === 'invalid_config' ||
    // A page of a logon or a proxy speaks of the connection, not of the record.
    failure.code === 'HTML';
  return { key, outcome: mendable ? 'retry' : 'rejected', failure };
}

/**
 * Writes `parallel` at a time, begun in order; the first goes alone, so that a system which is down is asked once. After
 * a `retry` the rest is put off with the same failure without being sent. When nothing at all was sent because of a fault of
 * the whole connection (credentials, settings), that failure is thrown instead: it is one thing to mend, not one per record.
 */
export async function writeEach<Op extends { key: string }>(
  ops: readonly Op[],
  write: (op: Op) => Promise<WriteOutcome>,
  parallel = 1,
): Promise<WriteOutcome[]> {
  const state: { stop: Failure | null; unknowns: number } = { stop: null, unknowns: 0 };
  const writeOne = async (op: Op): Promise<WriteOutcome> => {
    if (state.stop !== null) return { key: op.key, outcome: 'retry', failure: state.stop };
    const outcome = await write(op).catch((error: unknown) => outcomeOf(op.key, toFailure(error)));
    if (outcome.outcome !== 'unknown') state.unknowns = 0;
    else if (!QUICKLY_LOST.has(outcome.failure.code ?? '')) state.unknowns += 1;
    const ends = outcome.outcome === 'retry' || state.unknowns >= UNKNOWN_MAX;
    if (ends && 'failure' in outcome) state.stop ??= outcome.failure;
    return outcome;
  };
  const first = await inLanes(ops.slice(0, 1), 1, writeOne);
  const [only] = first;
  if (
    only?.outcome === 'retry' &&
    only.progress === undefined &&
    (OF_THE_CONNECTION.has(only.failure.kind) || only.failure.code === 'HTML')
  ) {
    throw only.failure;
  }
  return [...first, ...(await inLanes(ops.slice(1), parallel, writeOne))];
}
