/**
 * Counters and timings of activities, once for every area. The SDK serves them for Prometheus beside its own, where
 * CHATTERFIX_WORKER_METRICS says (docs/operations.md lists them). Labels are closed words, never ids: each combination is a series.
 */
import { metricMeter } from '@temporalio/activity';

export interface Measured {
  /** Such as `pull`; becomes the label `step`. */
  step: string;
  labels: Readonly<Record<string, string>>;
  /** How many of what came of it; each becomes the label `outcome`. */
  counts: Readonly<Record<string, number>>;
  ms: number;
}

/** Adds what one step did to `chatterfix_records` and `chatterfix_step_latency` (milliseconds). Runs inside an activity. */
export function measureStep({ step, labels, counts, ms }: Measured): void {
  const tags = { ...labels, step };
  metricMeter
    .createHistogram('chatterfix_step_latency', 'float', 'ms', 'Time of one step of a sync pass')
    .record(ms, tags);
  const records = metricMeter.createCounter('chatterfix_records', undefined, 'Records by what came of them');
  for (const [outcome, n] of Object.entries(counts)) if (n > 0) records.add(n, { ...tags, outcome });
}

/** Counts an activity that failed, by the kind of failure. Runs inside an activity. */
export function measureFailure(kind: string): void {
  metricMeter.createCounter('chatterfix_failures', undefined, 'Failed activities by kind').add(1, { kind });
}
