/**
 * The health of an alarm system over a period, by the measures of EEMUA 191 and ISA-18.2: how many alarms a person had to read,
 * floods, and the alarms that are bad actors. Transitions in, figures out.
 */
import type { Transition } from './alarm-state.ts';
import {
  DEFAULT_FLOOD_POLICY,
  decideFlood,
  endFlood,
  NO_FLOOD,
  type FloodEnd,
  type FloodPolicy,
} from './flood.ts';
import { isHidden, type AlarmPhase } from './phases.ts';
import type { AlarmSeverity } from './severity.ts';

export interface AlarmHistory {
  /** One rule at one asset. */
  alarm: string;
  severity: AlarmSeverity;
  safety: boolean;
  /** In the order of time. */
  transitions: readonly Transition[];
}

export interface HealthBounds {
  /** So many raises within the span are chattering (Hexagon: 3 in a minute). */
  chattering: { raises: number; withinMs: number };
  /** Active longer than this is stale. */
  staleMs: number;
  shelvedMs: number;
  flood: FloodPolicy;
}

export const DEFAULT_HEALTH_BOUNDS: HealthBounds = {
  chattering: { raises: 3, withinMs: 60_000 },
  staleMs: 24 * 3_600_000,
  shelvedMs: 24 * 3_600_000,
  flood: DEFAULT_FLOOD_POLICY,
};

export interface AlarmHealth {
  raisedCount: number;
  /** Alarms in ten minutes, on average; about 1 is manageable. Null for an empty period. */
  perTenMinutes: number | null;
  floods: FloodEnd[];
  chattering: string[];
  /** Active for longer than a day at some time of the period. */
  stale: string[];
  shelvedTooLong: string[];
  /** Raised in the period and acknowledged at no time of it. */
  neverAcknowledged: string[];
  /** The ten that were raised most often. */
  top: { alarm: string; raisedCount: number; share: number }[];
  /** Share of each severity in the raises; about 5 % high, 15 % medium, 80 % low is aimed at. Null without any. */
  severityShares: Partial<Record<AlarmSeverity, number>> | null;
}

export function alarmHealth(
  histories: readonly AlarmHistory[],
  period: { from: number; to: number },
  bounds: HealthBounds = DEFAULT_HEALTH_BOUNDS,
): AlarmHealth {
  const raises = histories.flatMap(({ alarm, severity, safety, transitions }) =>
    transitions
      .filter(({ at, cause }) => cause === 'raise' && at >= period.from && at < period.to)
      .map(({ at }) => ({ alarm, severity, safety, at })),
  );
  const names = (judge: (history: AlarmHistory) => boolean): string[] =>
    histories.filter(judge).map(({ alarm }) => alarm);
  const tenMinutes = (period.to - period.from) / 600_000;
  return {
    raisedCount: raises.length,
    perTenMinutes: tenMinutes > 0 ? raises.length / tenMinutes : null,
    floods: floodsOf(raises, period.to, bounds.flood),
    chattering: names(({ alarm }) =>
      isChattering(
        raises.filter((one) => one.alarm === alarm),
        bounds,
      ),
    ),
    stale: names((history) => longestMs(history, period, isActivePhase) > bounds.staleMs),
    shelvedTooLong: names(
      (history) => longestMs(history, period, (phase) => phase === 'shelved') > bounds.shelvedMs,
    ),
    neverAcknowledged: names(
      ({ alarm, transitions }) =>
        raises.some((one) => one.alarm === alarm) &&
        !transitions.some(({ at, cause }) => cause === 'ack' && at >= period.from && at < period.to),
    ),
    top: topOf(raises),
    severityShares: sharesOf(raises),
  };
}

interface Raise {
  alarm: string;
  severity: AlarmSeverity;
  safety: boolean;
  at: number;
}

function floodsOf(raises: readonly Raise[], to: number, policy: FloodPolicy): FloodEnd[] {
  let state = NO_FLOOD;
  const floods: FloodEnd[] = [];
  for (const raise of [...raises].sort((a, b) => a.at - b.at)) {
    const outcome = decideFlood(policy, state, raise);
    state = outcome.state;
    if (outcome.ended !== null) floods.push(outcome.ended);
  }
  const last = endFlood(policy, state, to);
  if (last.ended !== null) floods.push(last.ended);
  const { flood } = last.state;
  // One that goes on is counted up to the end of the period.
  if (flood !== null)
    floods.push({
      from: flood.since,
      to,
      raisedCount: flood.raisedCount,
      heldBackCount: flood.heldBackCount,
    });
  return floods;
}

function isChattering(raises: readonly Raise[], { chattering }: HealthBounds): boolean {
  const times = raises.map(({ at }) => at).sort((a, b) => a - b);
  return times.some((at, index) => {
    const first = times[index - chattering.raises + 1];
    return first !== undefined && at - first <= chattering.withinMs;
  });
}

/** The longest stretch in such phases within the period. */
function longestMs(
  { transitions }: AlarmHistory,
  period: { from: number; to: number },
  isSuch: (phase: AlarmPhase) => boolean,
): number {
  let longest = 0;
  let since: number | null = null;
  for (const { at, from, to } of transitions) {
    if (since === null && isSuch(from)) since = period.from;
    if (isSuch(to)) since ??= at;
    else {
      if (since !== null) longest = Math.max(longest, Math.min(at, period.to) - Math.max(since, period.from));
      since = null;
    }
  }
  return since === null ? longest : Math.max(longest, period.to - Math.max(since, period.from));
}

function isActivePhase(phase: AlarmPhase): boolean {
  return !isHidden(phase) && (phase === 'unack' || phase === 'ack');
}

function topOf(raises: readonly Raise[]): AlarmHealth['top'] {
  const counts = new Map<string, number>();
  for (const { alarm } of raises) counts.set(alarm, (counts.get(alarm) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 10)
    .map(([alarm, raisedCount]) => ({ alarm, raisedCount, share: raisedCount / raises.length }));
}

function sharesOf(raises: readonly Raise[]): AlarmHealth['severityShares'] {
  if (raises.length === 0) return null;
  const shares: Partial<Record<AlarmSeverity, number>> = {};
  for (const { severity } of raises) shares[severity] = (shares[severity] ?? 0) + 1 / raises.length;
  return shares;
}
