/**
 * Sends the steps of many records side by side: the first step of all in one bulk request, then the second of all, and so
 * on (contract 4.8). Keeps for each record how far it came and why it stopped; what that means for the caller is
 * decided in write.ts.
 */
import { toFailure } from '../../domain/kernel/failure.ts';
import type { Failure } from '../../domain/kernel/failure.ts';
import type { WriteOutcome, WriteProgress, WriteStep } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import type { MaximoClient } from './client.ts';
import { CODES } from './failures.ts';
import { manifest } from './manifest.ts';
import { isMove } from './plan.ts';
import type { PlannedStep } from './plan.ts';
import type { BulkRow } from './wire.ts';

export type Stop = { how: 'rejected' | 'retry' | 'unknown' | 'stale'; failure: Failure } | { how: 'missing' };

/** One record on its way through its steps. */
export interface Job {
  key: string;
  externalId: string;
  address: string;
  /** Sent as `_rowstamp`: Maximo refuses the row when the record moved (contract 4.6: If-Match cannot be relied on). */
  version: string | null;
  steps: readonly PlannedStep[];
  /** Those that were carried out, in order. */
  done: WriteStep[];
  /** The status moves among them were taken back. */
  takenBack: boolean;
  /** Something of it is written. */
  touched: boolean;
  /** The row mark Maximo told after the last write; null when it told none. */
  stamp: string | null;
  stop: Stop | null;
}

/** What a failed row of a bulk answer means for a record of which nothing else was written. */
export function stopOfRow(status: number, failure: Failure, touched: boolean): Stop {
  if (status === 412 || failure.code === CODES.stale) {
    return { how: touched ? 'unknown' : 'stale', failure };
  }
  if (status === 404 || failure.kind === 'not_found') return { how: 'missing' };
  // Whether a row that ended in a server error was stored is not told.
  if (status >= 500) return { how: 'unknown', failure };
  return { how: 'rejected', failure };
}

/** What a failed request means for each record it was about. */
export function stopOfRequest(failure: Failure, touched: boolean): Stop {
  const { outcome } = outcomeOf('', failure);
  if (outcome === 'rejected') return { how: 'rejected', failure };
  return { how: outcome === 'unknown' || touched ? 'unknown' : 'retry', failure };
}

export function isSuccess(row: BulkRow): boolean {
  return row.status >= 200 && row.status < 300;
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}

/** Runs all steps of all jobs, marking each job; throws nothing but bugs. */
export async function runJobs(client: MaximoClient, os: string, jobs: readonly Job[]): Promise<void> {
  const rounds = Math.max(0, ...jobs.map((job) => job.steps.length));
  for (let round = 0; round < rounds; round += 1) {
    const going = jobs.filter((job) => job.stop === null && round < job.steps.length);
    for (const batch of chunks(going, manifest.limits.writeBatch)) await runRound(client, os, batch, round);
  }
}

async function runRound(
  client: MaximoClient,
  os: string,
  batch: readonly Job[],
  round: number,
): Promise<void> {
  // The envelope form, because only it says per row that children are merged and not replaced (contract 4.3, 4.8).
  const rows = batch.map((job) => ({
    _data: { ...job.steps[round]?.body, ...(job.version === null ? {} : { _rowstamp: job.version }) },
    _meta: { method: 'PATCH', patchtype: 'MERGE', uri: client.url(job.address), properties: '_rowstamp' },
  }));
  let results: BulkRow[];
  try {
    results = await client.bulk({ os, rows, properties: '_rowstamp' });
  } catch (error) {
    const failure = toFailure(error);
    for (const job of batch) job.stop = stopOfRequest(failure, job.touched);
    return;
  }
  batch.forEach((job, index) => {
    const row = results[index];
    if (row === undefined) return;
    if (!isSuccess(row)) {
      job.stop = stopOfRow(row.status, client.rowFailure(row), job.touched);
      return;
    }
    job.touched = true;
    const step = job.steps[round]?.step;
    if (step !== undefined) job.done.push(step);
    const rowstamp = row.data?._rowstamp;
    job.stamp = typeof rowstamp === 'string' ? rowstamp : null;
    job.version = job.stamp;
  });
}

/** How far a job came; nothing to tell where nothing was sent or all is done. */
export function progressOf(job: Job, sent: boolean): WriteProgress | undefined {
  const { steps, stop } = job;
  if (!sent || stop === null || stop.how === 'missing' || stop.how === 'stale') return undefined;
  const lost = stop.failure.applied === 'unknown';
  const done = job.takenBack ? job.done.filter((step) => !isMove(step)) : [...job.done];
  return {
    stands: lost ? 'unknown' : done.length === 0 ? 'as_before' : 'between',
    done,
    remaining: steps.map(({ step }) => step).filter((step) => !job.done.includes(step)),
  };
}

/** A read that shows a state from before our write (a replica that lags): rowstamps only grow (contract 5.2). */
export function isOlder(shown: string | null, written: string | null): boolean {
  if (shown === null || written === null || !/^\d+$/.test(shown) || !/^\d+$/.test(written)) return false;
  return BigInt(shown) < BigInt(written);
}

/** When a whole batch was refused for reasons of the connection and nothing is written, the caller hears it as a throw. */
export function throwIfRefused(outcomes: readonly WriteOutcome[]): WriteOutcome[] {
  const [first] = outcomes;
  if (first?.outcome === 'retry' && outcomes.every((outcome) => outcome.outcome === 'retry')) {
    if (first.failure.kind === 'unauthorized' || first.failure.kind === 'cancelled') throw first.failure;
  }
  return [...outcomes];
}
