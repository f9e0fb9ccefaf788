/**
 * A schedule as the engine works with it: whole numbers and sets, the zone and the calendar as things that answer. How it is
 * written down and judged is in `read-schedule.ts`.
 */
import { DAY_MS } from '../time/days.ts';
import type { Zone } from '../time/zones.ts';
import type { PeriodRules } from './periods.ts';
import type { Season } from './season.ts';
import type { NonWorking } from './working-calendar.ts';

export const BASES = ['fixed', 'floating', 'shifted'] as const;
export type Basis = (typeof BASES)[number];
export const GAPS = ['shift_forward', 'skip'] as const;
export const OVERLAPS = ['first', 'second', 'both'] as const;
/** What becomes of a wall time that a clock change leaves out, or repeats. */
export interface DstRules {
  gap: (typeof GAPS)[number];
  overlap: (typeof OVERLAPS)[number];
}

/** Moves part of the deviation of a completion into the next date: 0 % is fixed, 100 % as good as floating. */
export interface Shift {
  latePct: number;
  earlyPct: number;
  /** Deviations up to this share of the cycle move nothing. */
  lateTolerancePct: number;
  earlyTolerancePct: number;
}

export interface Schedule extends PeriodRules {
  zone: Zone;
  /** Time of day of every occurrence, in milliseconds after midnight. */
  timeMs: number;
  dst: DstRules;
  nonWorking: NonWorking;
  season: { dates: Season; outside: 'next_active' | 'skip' } | null;
  /** Nominal dates that are removed. */
  except: ReadonlySet<number>;
  /** Last nominal date. */
  until: number | null;
  extension: Extension | null;
  basis: Basis;
  shift: Shift;
}

export interface Extension {
  /** Nominal date of the occurrence that is due on another. */
  forDay: number;
  toDay: number;
  /** Whether the series goes on from there. */
  adjust: boolean;
}

/** Nominal wall time on a date: the date at the schedule's time of day. */
export function nominalOn(day: number, { timeMs }: Pick<Schedule, 'timeMs'>): number {
  return day * DAY_MS + timeMs;
}

/** Every instant a schedule is due when its date is `day`: none in a gap that is skipped, two when a time is repeated. */
export function instantsOn(
  day: number,
  { zone, timeMs, dst }: Pick<Schedule, 'zone' | 'timeMs' | 'dst'>,
): readonly number[] {
  return resolveWall(day * DAY_MS + timeMs, zone, dst);
}

export function resolveWall(wallMs: number, zone: Zone, { gap, overlap }: DstRules): readonly number[] {
  const found = zone.instants(wallMs);
  if (found.length === 1) return found;
  if (found.length === 0) return gap === 'skip' ? [] : [wallMs - zone.offsetBeforeGapMs(wallMs)];
  if (overlap === 'both') return found;
  return overlap === 'first' ? found.slice(0, 1) : found.slice(-1);
}
