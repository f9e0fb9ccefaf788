/**
 * What a rule would have raised over stored readings. The same engine as in operation, so that a backtest promises nothing
 * that operation does not keep; nobody acknowledges in it, because who would have is not known.
 */
import { startAlarm, type Transition } from './alarm-state.ts';
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

/** Readings in any order. Those before `from` only give rules with a memory something to remember. */
export function backtest(
  rule: CompiledRule,
  given: readonly Reading[],
  { from, until }: { from: number; until: number },
): Backtest {
  const { readings, repeatedCount, contradicting } = orderReadings(given);
  const inTime = readings.filter(({ at }) => at <= until);
  const start = Math.min(from, inTime[0]?.at ?? from);
  const { transitions } = applyInputs(rule, startAlarm(rule, start), [
    ...inputsOf(inTime),
    { kind: 'time', at: until },
  ]);
  return {
    alarms: alarmsOf(rule, transitions).filter(({ clearedAt }) => clearedAt === null || clearedAt >= from),
    readingCount: inTime.length,
    repeatedCount,
    contradictingCount: contradicting.length,
  };
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
