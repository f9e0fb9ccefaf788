/**
 * Which settings of a rule would have raised fewer alarms over stored readings without losing those that matter. A plain search
 * over a grid: every answer is a backtest that anybody can repeat.
 */
import { Failure } from '../kernel/failure.ts';
import type { Metrics } from '../readings/metrics.ts';
import { alarmsOver, prepareReadings, type PastAlarm } from './backtest.ts';
import { compileRule } from './compile-rule.ts';
import type { Reading } from './input-order.ts';
import { MAD_TO_SIGMA, median } from './robust.ts';
import { isBelow, type AlarmRule } from './rule.ts';

export interface Settings {
  onDelayS: number;
  offDelayS: number;
  /** For each level; null leaves them as they are. */
  deadband: number | null;
  /** How much later the levels begin, in the rule's unit; 0 leaves the limits. */
  limitShift: number;
}

export interface Span {
  from: number;
  to: number;
}

export interface Candidate {
  settings: Settings;
  alarms: PastAlarm[];
  /** How many of the spans to keep see no alarm any more. */
  lostCount: number;
  /** By how much an alarm for a span comes later than today, at most. */
  laterMs: number;
}

export interface Search {
  today: Candidate;
  /** Fewer alarms than today; those that lose least come first, of these those with the fewest alarms. */
  better: Candidate[];
  triedCount: number;
}

export interface SearchGrid {
  onDelaysS: readonly number[];
  offDelaysS: readonly number[];
  deadbands: readonly (number | null)[];
  limitShifts: readonly number[];
}

const CANDIDATES_MAX = 300;
const BETTER_MAX = 20;
/** Readings x candidates of one search: some 20 s of one core. */
const STEPS_MAX = 10_000_000;

export function searchSettings(asked: {
  rule: AlarmRule;
  metrics: Metrics;
  readings: readonly Reading[];
  period: { from: number; until: number };
  /** Alarms have to be active in each of these: known failures, or what lasted (`lastingSpans`). */
  keep: readonly Span[];
  grid: SearchGrid;
}): Search {
  const { rule, metrics, readings, period, keep, grid } = asked;
  const candidates = settingsOf(grid);
  assertBounded(candidates.length, readings.length);
  const prepared = prepareReadings(readings, period);
  const alarmsWith = (settings: Settings | null): PastAlarm[] =>
    alarmsOver(compileRule(settings === null ? rule : withSettings(rule, settings), metrics), prepared);
  const todayAlarms = alarmsWith(null);
  const todayAt = keep.map((span) => firstIn(todayAlarms, span));
  const judge = (settings: Settings, alarms: PastAlarm[]): Candidate => {
    const found = keep.map((span) => firstIn(alarms, span));
    const later = found.map((at, index) => (at ?? 0) - (at === null ? 0 : (todayAt[index] ?? at)));
    return {
      settings,
      alarms,
      lostCount: found.filter((at, index) => at === null && todayAt[index] !== null).length,
      laterMs: Math.max(0, ...later),
    };
  };
  const today = judge(currentSettings(rule), todayAlarms);
  const better = candidates
    .map((settings) => judge(settings, alarmsWith(settings)))
    .filter(({ alarms }) => alarms.length < todayAlarms.length)
    .sort(
      (a, b) =>
        a.lostCount - b.lostCount ||
        a.alarms.length - b.alarms.length ||
        a.laterMs - b.laterMs ||
        sizeOf(a.settings) - sizeOf(b.settings),
    );
  return { today, better: withoutTwins(better).slice(0, BETTER_MAX), triedCount: candidates.length };
}

/** Of settings that raise alarms at the very same times the first, which asks the least. */
function withoutTwins(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ alarms }) => {
    const text = JSON.stringify(alarms.map(({ raisedAt }) => raisedAt));
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** The spans of alarms that lasted: what a rule with fewer alarms should still announce when nobody has labelled failures. */
export function lastingSpans(
  alarms: readonly PastAlarm[],
  { atLeastMs, until }: { atLeastMs: number; until: number },
): Span[] {
  return alarms
    .map(({ raisedAt, clearedAt }) => ({ from: raisedAt, to: clearedAt ?? until }))
    .filter(({ from, to }) => to - from >= atLeastMs);
}

/**
 * A grid from the readings themselves. Their noise is 1.4826 x the median of the changes from one reading to the next; deadbands
 * and shifts of the limit are multiples of it. Rules that combine conditions are searched over delays alone.
 */
export function gridFor(rule: AlarmRule, readings: readonly Reading[]): SearchGrid {
  const waits = [0, 60, 300, 900, 1_800, 3_600];
  const delays = {
    onDelaysS: withOwn(waits, rule.onDelayS),
    offDelaysS: withOwn([0, 600, 3_600], rule.offDelayS),
  };
  if (rule.when.kind !== 'threshold') return { ...delays, deadbands: [null], limitShifts: [0] };
  const noise = noiseOf(readings, rule.when.metric);
  const step = Number(noise.toPrecision(2));
  return {
    ...delays,
    deadbands: [null, ...(step > 0 ? [2 * step, 5 * step, 10 * step] : [])],
    limitShifts: step > 0 ? [0, 2 * step, 5 * step] : [0],
  };
}

export function withSettings(
  rule: AlarmRule,
  { onDelayS, offDelayS, deadband, limitShift }: Settings,
): AlarmRule {
  const { when } = rule;
  const delayed = { ...rule, onDelayS, offDelayS };
  if (when.kind !== 'threshold') return delayed;
  const shift = isBelow(when.op) ? -limitShift : limitShift;
  const levels = when.levels.map((level) => ({
    ...level,
    limit: level.limit + shift,
    deadband: deadband ?? level.deadband,
  }));
  return { ...delayed, when: { ...when, levels } };
}

function currentSettings({ onDelayS, offDelayS }: AlarmRule): Settings {
  return { onDelayS, offDelayS, deadband: null, limitShift: 0 };
}

function settingsOf({ onDelaysS, offDelaysS, deadbands, limitShifts }: SearchGrid): Settings[] {
  return onDelaysS.flatMap((onDelayS) =>
    offDelaysS.flatMap((offDelayS) =>
      deadbands.flatMap((deadband) =>
        limitShifts.map((limitShift) => ({ onDelayS, offDelayS, deadband, limitShift })),
      ),
    ),
  );
}

function assertBounded(candidateCount: number, readingCount: number): void {
  if (candidateCount > CANDIDATES_MAX) {
    throw new Failure(
      'invalid_request',
      `The grid holds ${String(candidateCount)} settings; try at most ${String(CANDIDATES_MAX)} at once.`,
    );
  }
  if (candidateCount * readingCount > STEPS_MAX) {
    throw new Failure(
      'invalid_request',
      `${String(candidateCount)} settings over ${String(readingCount)} readings take too long; choose a shorter period or fewer settings.`,
    );
  }
}

/** When the first alarm of a span was raised, or stood already. */
function firstIn(alarms: readonly PastAlarm[], { from, to }: Span): number | null {
  const first = alarms.find(({ raisedAt, clearedAt }) => raisedAt <= to && (clearedAt ?? Infinity) >= from);
  return first === undefined ? null : Math.max(first.raisedAt, from);
}

/** Of settings that do the same, those that ask the least. */
function sizeOf({ onDelayS, offDelayS, deadband, limitShift }: Settings): number {
  return onDelayS + offDelayS + (deadband ?? 0) + 10 * limitShift;
}

function withOwn(values: readonly number[], own: number): number[] {
  return [...new Set([...values, own])].sort((a, b) => a - b);
}

function noiseOf(readings: readonly Reading[], metric: string): number {
  const ordered = readings
    .filter(
      (reading): reading is Reading & { value: number } =>
        reading.metric === metric && typeof reading.value === 'number',
    )
    .sort((a, b) => a.at - b.at);
  const changes = ordered
    .slice(1)
    .map(({ value }, index) => Math.abs(value - (ordered[index]?.value ?? value)));
  return MAD_TO_SIGMA * (median(changes) ?? 0);
}
