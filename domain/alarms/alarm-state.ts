/**
 * What is remembered of one alarm of one asset: plain JSON, stored with the asset's alert. All times are event times in
 * epoch milliseconds, or in any other milliseconds that the caller uses throughout.
 */
import type { CompiledRule } from './compiled-rule.ts';
import type { AlarmAction, AlarmCause, AlarmPhase } from './phases.ts';
import { NO_MEMORY, type QuantityMemory } from './quantity.ts';

export interface LevelState {
  /** Whether the level is active, its delays counted. */
  active: boolean;
  /** Since when its condition says otherwise; null while they agree. The delay counts from here. */
  turnedAt: number | null;
}

export interface AlarmState {
  phase: AlarmPhase;
  /** When the phase was entered. */
  since: number;
  /** Up to here everything has been worked through, timers included. It never goes back. */
  clock: number;
  /** Where watching began: data is stale when none came for too long since then. */
  startedAt: number;
  /** Of each metric, the event time of its newest reading. */
  newest: Readonly<Record<string, number>>;
  quantities: readonly QuantityMemory[];
  /** Of each test, whether it holds. */
  held: readonly boolean[];
  levels: readonly LevelState[];
  /** Index of the highest active level; kept when none is active any more, so that an acknowledgement can say what it was. */
  severity: number | null;
  /** When somebody last had to look anew: raised, more severe, reminded of, or back from the shelf active. */
  raisedAt: number | null;
  /** The newest action that came, whether it applied or not. */
  lastAction: { at: number; action: AlarmAction } | null;
  /** Null unless shelved with a limit. */
  shelvedUntil: number | null;
  /** How often the alarm became active while it was shelved, suppressed or out of service. */
  hiddenRaises: number;
}

export function startAlarm(rule: CompiledRule, at: number): AlarmState {
  return {
    phase: 'normal',
    since: at,
    clock: at,
    startedAt: at,
    newest: {},
    quantities: rule.quantities.map(() => NO_MEMORY),
    held: rule.tests.map(() => false),
    levels: rule.levels.map(() => ({ active: false, turnedAt: null })),
    severity: null,
    raisedAt: null,
    lastAction: null,
    shelvedUntil: null,
    hiddenRaises: 0,
  };
}

export function isActive(state: AlarmState): boolean {
  return state.levels.some(({ active }) => active);
}

/** True when nothing of the condition is left, not even within a delay: the check before work on the asset is completed. */
export function isConditionGone(rule: CompiledRule, state: AlarmState): boolean {
  return !isActive(state) && !rule.levels.some((_, index) => state.levels[index]?.turnedAt !== null);
}

export type AlarmInput =
  /** Readings of one instant, each of another metric: they count together. */
  | { kind: 'readings'; at: number; values: readonly MetricValue[] }
  | { kind: 'action'; at: number; action: AlarmAction; forMs?: number }
  /** Nothing came; timers up to and including this instant end. */
  | { kind: 'time'; at: number };

export interface MetricValue {
  metric: string;
  value: number | string;
}

export interface Transition {
  at: number;
  from: AlarmPhase;
  to: AlarmPhase;
  cause: AlarmCause;
  /** Only in rules with levels, and for causes that carry one. */
  severity?: string;
}

export interface Outcome {
  state: AlarmState;
  transitions: readonly Transition[];
  /** Readings left out because a newer one of their metric had been worked through. */
  lateCount: number;
}
