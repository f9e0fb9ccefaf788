/**
 * From a failed call to what became of the write, the same for every system; and the walk over a batch of single writes
 * that stops asking a system which is down.
 */
import { toFailure } from '../../domain/kernel/failure.ts';
import type { Failure } from '../../domain/kernel/failure.ts';
import type { WriteOutcome } from './contract.ts';

/** Consecutive unknown outcomes (each may have cost a whole timeout) after which the rest of a batch is put off. */
const UNKNOWN_MAX = 3;

/** What surely was not applied is put off when time, credentials or settings can mend it, and rejected otherwise. */
export function outcomeOf(key: string, failure: Failure): WriteOutcome {
  if (failure.kind === 'bug') throw failure;
  if (failure.applied === 'unknown') return { key, outcome: 'unknown', failure };
  const mendable =
    failure.retryable ||
    failure.kind === 'unauthorized' ||
    failure.kind === 'cancelled' ||
    failure.kind === 'invalid_config';
  return { key, outcome: mendable ? 'retry' : 'rejected', failure };
}

/**
 * Writes one after the other, in order. After a `retry` the rest is put off with the same failure without being sent.
 * When nothing at all was sent for lack of valid credentials, that failure is thrown instead.
 */
export async function writeEach<Op extends { key: string }>(
  ops: readonly Op[],
  write: (op: Op) => Promise<WriteOutcome>,
): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  let stop: Failure | null = null;
  let unknowns = 0;
  for (const op of ops) {
    if (stop) {
      outcomes.push({ key: op.key, outcome: 'retry', failure: stop });
      continue;
    }
    const outcome = await write(op).catch((error: unknown) => outcomeOf(op.key, toFailure(error)));
    outcomes.push(outcome);
    unknowns = outcome.outcome === 'unknown' ? unknowns + 1 : 0;
    if (outcome.outcome === 'retry') stop = outcome.failure;
    else if (outcome.outcome === 'unknown' && unknowns >= UNKNOWN_MAX) stop = outcome.failure;
  }
  const first = outcomes[0];
  if (
    first?.outcome === 'retry' &&
    (first.failure.kind === 'unauthorized' || first.failure.kind === 'cancelled')
  ) {
    throw first.failure;
  }
  return outcomes;
}
