/**
 * Maintenance by a counter: the lifetime value over rollovers and replaced meters, the thresholds that readings reach, and
 * when the next will be. Readings come in the order they were taken; one that cannot be is rejected and changes nothing.
 */
import { localDay } from '../time/instants.ts';
import type { Zone } from '../time/zones.ts';
import { dailyRate, projectedMs, type CounterPoint } from './projection.ts';

export type MeterReading = { atMs: number } & (
  | { kind: 'value'; value: number }
  /** The old meter ends at `final`, the new one starts at `initial`. */
  | { kind: 'replaced'; final: number; initial: number }
  /** The work was done when the meter showed this. */
  | { kind: 'completed'; value: number }
);

export interface MeterRule {
  every: number;
  basis: 'fixed' | 'floating';
  startAt: number;
  /** Units before the threshold at which the work is already due. */
  aheadBy: number;
}

export interface MeterInput {
  zone: Zone;
  /** The first value the meter cannot show; null when it never rolls over. */
  rolloverAt: number | null;
  rule: MeterRule;
  readings: readonly MeterReading[];
}

export interface MeterTrigger {
  atMs: number;
  threshold: number;
  lifetime: number;
  /** Lower thresholds that the same reading passed; one order does for all. */
  skipped: number;
}

export interface MeterState {
  lifetime: number | null;
  /** Indices of readings that fell without a rollover or a replacement. */
  rejected: number[];
  triggered: MeterTrigger[];
  /** Null while floating work waits for its completion. */
  nextThreshold: number | null;
  unitsToGo: number | null;
  dailyRate: number | null;
  projectedMs: number | null;
  /** Day number in the zone. */
  projectedDay: number | null;
}

/** What the readings so far have led to. */
interface Count {
  /** What the current meter showed last. */
  shown: number | null;
  lifetime: number;
  threshold: number | null;
  points: CounterPoint[];
  rejected: number[];
  triggered: MeterTrigger[];
}

export function meterState({ zone, rolloverAt, rule, readings }: MeterInput): MeterState {
  const count: Count = {
    shown: null,
    lifetime: 0,
    threshold: rule.startAt + rule.every,
    points: [],
    rejected: [],
    triggered: [],
  };
  readings.forEach((reading, index) => {
    if (!accept(count, reading, rolloverAt)) count.rejected.push(index);
    else if (reading.kind !== 'completed') trigger(count, reading.atMs, rule);
    else if (rule.basis === 'floating') count.threshold = count.lifetime + rule.every;
  });
  return { ...forecast(count, rule, zone), rejected: count.rejected, triggered: count.triggered };
}

/** Adds what a reading says to the lifetime; false when the reading cannot be. */
function accept(count: Count, reading: MeterReading, rolloverAt: number | null): boolean {
  const value = reading.kind === 'replaced' ? reading.final : reading.value;
  const added = count.shown === null ? value : increase(count.shown, value, rolloverAt);
  if (added === null) return false;
  count.lifetime += added;
  count.shown = reading.kind === 'replaced' ? reading.initial : value;
  count.points.push({ atMs: reading.atMs, lifetime: count.lifetime });
  return true;
}

function increase(previous: number, value: number, rolloverAt: number | null): number | null {
  if (value >= previous) return value - previous;
  return rolloverAt === null ? null : rolloverAt - previous + value;
}

/** Sums of decimals such as 0.1 fall short of a threshold by less than this; no counter shows so little. */
export const COUNTER_NOISE = 1e-6;

/** One trigger a reading, for the highest threshold it reaches. */
function trigger(count: Count, atMs: number, { every, basis, aheadBy }: MeterRule): void {
  const { lifetime, threshold } = count;
  if (threshold === null || lifetime + COUNTER_NOISE < threshold - aheadBy) return;
  const skipped = Math.floor((lifetime + COUNTER_NOISE + aheadBy - threshold) / every);
  const highest = threshold + skipped * every;
  count.triggered.push({ atMs, threshold: highest, lifetime, skipped });
  count.threshold = basis === 'fixed' ? highest + every : null;
}

function forecast(
  { points, threshold }: Count,
  { aheadBy }: MeterRule,
  zone: Zone,
): Omit<MeterState, 'rejected' | 'triggered'> {
  const last = points.at(-1);
  const rate = dailyRate(points);
  const unitsToGo = threshold === null || last === undefined ? null : threshold - aheadBy - last.lifetime;
  const projected = last === undefined || unitsToGo === null ? null : projectedMs(last.atMs, unitsToGo, rate);
  return {
    lifetime: last?.lifetime ?? null,
    nextThreshold: threshold,
    unitsToGo,
    dailyRate: rate,
    projectedMs: projected,
    projectedDay: projected === null ? null : localDay(projected, zone),
  };
}
