/**
 * The order in which inputs are worked through. Whatever order they arrive in, the same inputs give the same alarms: that of
 * their event times, and at one instant readings before actions before time.
 */
import type { AlarmInput, MetricValue } from './alarm-state.ts';

const RANK = { readings: 0, action: 1, time: 2 } as const satisfies Record<AlarmInput['kind'], number>;

/** Of equal time and kind, the order given is kept. */
export function inEventOrder(inputs: readonly AlarmInput[]): AlarmInput[] {
  return [...inputs].sort((a, b) => a.at - b.at || RANK[a.kind] - RANK[b.kind]);
}

/** One reading as it is stored: (metric, event time, source) is its key within its asset. */
export interface Reading extends MetricValue {
  at: number;
  source: string;
}

export interface OrderedReadings {
  /** By event time, then metric, then source; one of each key. */
  readings: Reading[];
  /** Readings whose key another one had, with the same value. */
  repeatedCount: number;
  /** Readings whose key another one had, with another value: a source that says two things of one instant. */
  contradicting: Reading[];
}

/** Of readings with one key the first given is kept, because it is the one that ingest has stored. */
export function orderReadings(given: readonly Reading[]): OrderedReadings {
  // A stable sort: readings with one key become neighbours and stay in the order in which they came.
  const sorted = [...given].sort(compareKeys);
  const readings: Reading[] = [];
  const contradicting: Reading[] = [];
  for (const reading of sorted) {
    const last = readings.at(-1);
    if (last === undefined || compareKeys(last, reading) !== 0) readings.push(reading);
    else if (last.value !== reading.value) contradicting.push(reading);
  }
  return {
    readings,
    repeatedCount: given.length - readings.length - contradicting.length,
    contradicting,
  };
}

function compareKeys(a: Reading, b: Reading): number {
  return a.at - b.at || compare(a.metric, b.metric) || compare(a.source, b.source);
}

/** Ordered readings as inputs: what belongs to one instant counts together, of one metric the last source. */
export function inputsOf(ordered: readonly Reading[]): AlarmInput[] {
  const inputs: { kind: 'readings'; at: number; values: MetricValue[] }[] = [];
  for (const { at, metric, value } of ordered) {
    const last = inputs.at(-1);
    if (last?.at !== at) {
      inputs.push({ kind: 'readings', at, values: [{ metric, value }] });
      continue;
    }
    const same = last.values.findIndex((one) => one.metric === metric);
    if (same === -1) last.values.push({ metric, value });
    else last.values[same] = { metric, value };
  }
  return inputs;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
