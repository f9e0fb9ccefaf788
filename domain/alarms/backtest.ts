/**
 * What a rule would have raised over stored readings. The same engine as in operation, so that a backtest promises nothing
 * that operation does not keep; nobody acknowledges in it, because who would have is not known.
 */
import { startAlarm, type AlarmInput, type Transition } from './alarm-state.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { applyInputs } from './engine.ts';
import { inputsOf, orderReadings, type Reading } from './input-order.ts';

export interface PastAlarm {
  raisedAt: number;
  /** Null: still active at the end. */
  clearedAt: number | null;
  /** The highest it reached; null in rules without levels. */
  severity: string | null;
}

export interface Backtest {
  alarms: PastAlarm[];
  readingCount: number;
  /** Readings whose key came again, with the same value or another; the first was kept. */
  repeatedCount: number;
  contradictingCount: number;
}

export interface Period {
  /** Readings before it only give rules with a memory something to remember. */
  from: number;
  until: number;
}

/** Readings in any order. */
export function backtest(rule: CompiledRule, given: readonly Reading[], period: Period): Backtest {
  const { counts, ...prepared } = prepareReadings(given, period);
  return { alarms: alarmsOver(rule, prepared), ...counts };
}

/** Readings put in order once, for rules that are tried one after the other. */
export interface PreparedReadings {
  period: Period;
  inputs: readonly AlarmInput[];
}

export function prepareReadings(
  given: readonly Reading[],
  period: Period,
): PreparedReadings & { counts: Omit<Backtest, 'alarms'> } {
  const { readings, repeatedCount, contradicting } = orderReadings(given);
  const inTime = readings.filter(({ at }) => at <= period.until);
  return {
    period,
    inputs: [...inputsOf(inTime), { kind: 'time', at: period.until }],
    counts: { readingCount: inTime.length, repeatedCount, contradictingCount: contradicting.length },
  };
}

export function alarmsOver(rule: CompiledRule, { period, inputs }: PreparedReadings): PastAlarm[] {
  const start = Math.min(period.from, inputs[0]?.at ?? period.from);
  const { transitions } = applyInputs(rule, startAlarm(rule, start), inputs);
  return alarmsOf(rule, transitions).filter(
    ({ clearedAt }) => clearedAt === null || clearedAt >= period.from,
  );
}

/** Alarms from their transitions, in the order in which they were raised. */
function alarmsOf(rule: CompiledRule, transitions: readonly Transition[]): PastAlarm[] {
  const rank = (severity: string | null): number =>
    rule.levels.findIndex((level) => level.severity === severity);
  const alarms: PastAlarm[] = [];
  for (const { at, cause, severity = null } of transitions) {
    const last = alarms.at(-1);
    if (cause === 'raise') alarms.push({ raisedAt: at, clearedAt: null, severity });
    else if (cause === 'clear' && last !== undefined) last.clearedAt = at;
    else if (cause === 'severity_up' && last !== undefined && rank(severity) > rank(last.severity)) {
      last.severity = severity;
    }
  }
  return alarms;
}
