/**
 * Alarm floods: more alarms than a person can read. In a flood alarms are raised, tracked and counted as ever, but only the most
 * severe and those that protect people are announced one by one; the rest is one message when it begins and one when it ends.
 */
import type { AlarmSeverity } from './severity.ts';

export interface FloodPolicy {
  windowMs: number;
  /** This many raised within the window begin a flood. */
  beginsAt: number;
  /** Fewer than this many within the window end it. */
  endsBelow: number;
}

/** ISA-18.2: ten alarms in ten minutes begin it, fewer than five in ten minutes end it. */
export const DEFAULT_FLOOD_POLICY: FloodPolicy = { windowMs: 600_000, beginsAt: 10, endsBelow: 5 };

/** Of one group of people who share a console: a site, as a rule. Plain JSON. */
export interface FloodState {
  /** When alarms were raised, newest last; no older than the window. */
  raisedAt: readonly number[];
  /** Null outside a flood. */
  flood: { since: number; raisedCount: number; heldBackCount: number } | null;
}

export const NO_FLOOD: FloodState = { raisedAt: [], flood: null };

/** Raises remembered; more say no more, because either limit is far below. */
const REMEMBERED_MAX = 500;

export type FloodDecision =
  | { kind: 'announce' }
  /** Instead of the alarm itself: a flood has begun. */
  | { kind: 'flood_begins'; raisedInWindow: number }
  | { kind: 'hold_back' };

export interface FloodEnd {
  from: number;
  to: number;
  raisedCount: number;
  heldBackCount: number;
}

export interface FloodOutcome {
  state: FloodState;
  /** A flood that ended before this alarm, or by now. */
  ended: FloodEnd | null;
}

export function decideFlood(
  policy: FloodPolicy,
  before: FloodState,
  alarm: { at: number; severity: AlarmSeverity; safety: boolean },
): FloodOutcome & { decision: FloodDecision } {
  const { state, ended } = endFlood(policy, before, alarm.at);
  const raisedAt = [...state.raisedAt, alarm.at].sort((a, b) => a - b).slice(-REMEMBERED_MAX);
  const newest = raisedAt.at(-1) ?? alarm.at;
  const raisedInWindow = raisedAt.filter((at) => at > newest - policy.windowMs).length;
  const alone = alarm.safety || alarm.severity === 'critical';
  if (state.flood === null) {
    if (raisedInWindow < policy.beginsAt) {
      return { state: { raisedAt, flood: null }, ended, decision: { kind: 'announce' } };
    }
    const flood = { since: alarm.at, raisedCount: 1, heldBackCount: alone ? 0 : 1 };
    const decision: FloodDecision = alone ? { kind: 'announce' } : { kind: 'flood_begins', raisedInWindow };
    return { state: { raisedAt, flood }, ended, decision };
  }
  const { since, raisedCount, heldBackCount } = state.flood;
  // The message that a flood has begun takes the place of the first alarm that is not announced.
  const first = heldBackCount === 0 && !alone;
  return {
    state: {
      raisedAt,
      flood: { since, raisedCount: raisedCount + 1, heldBackCount: heldBackCount + (alone ? 0 : 1) },
    },
    ended,
    decision: alone
      ? { kind: 'announce' }
      : first
        ? { kind: 'flood_begins', raisedInWindow }
        : { kind: 'hold_back' },
  };
}

/** Ends a flood that is over by `now`, at the instant it was. */
export function endFlood(policy: FloodPolicy, { raisedAt, flood }: FloodState, now: number): FloodOutcome {
  const endsAt = floodEndsAt(policy, { raisedAt, flood });
  const recent = raisedAt.filter((at) => at > now - policy.windowMs);
  if (flood === null || endsAt === null || endsAt > now) {
    return { state: { raisedAt: recent, flood }, ended: null };
  }
  const { since, raisedCount, heldBackCount } = flood;
  return {
    state: { raisedAt: recent, flood: null },
    ended: { from: since, to: endsAt, raisedCount, heldBackCount },
  };
}

/** When the flood ends if no further alarm comes; null outside a flood. */
export function floodEndsAt(
  { windowMs, endsBelow }: FloodPolicy,
  { raisedAt, flood }: FloodState,
): number | null {
  if (flood === null) return null;
  // When the window leaves this one behind, one too few are in it.
  const last = raisedAt[raisedAt.length - endsBelow];
  return last === undefined ? flood.since : last + windowMs;
}
