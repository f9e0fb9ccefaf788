/**
 * When a plan is due next, after it was done: counted from the plan (fixed), from the completion (floating), or from the
 * plan moved by a share of the deviation (shifted).
 */
import { roundHalfUp } from '../rounding.ts';
import { localDay } from '../time/instants.ts';
import { cycleDays } from '../time/intervals.ts';
import { DAY_MS } from '../time/days.ts';
import { wallOf } from '../time/instants.ts';
import { addInterval } from './periods.ts';
import { instantsOn, nominalOn, type Schedule } from './schedule.ts';
import { calendarDay, seriesAfter, type Occurrence } from './series.ts';

export interface Completion {
  /** When the work was due that is now done. */
  lastDueMs: number;
  completedMs: number;
}

const HOUR_MS = 3_600_000;

/** Null when there is no next date: the series has ended, or a rule drops the one there is. */
export function nextDue(schedule: Schedule, completion: Completion): Occurrence | null {
  switch (schedule.basis) {
    case 'fixed':
      return fixedNext(schedule, completion);
    case 'floating':
      return floatingNext(schedule, completion.completedMs);
    case 'shifted':
      return shiftedNext(schedule, completion);
  }
}

function fixedNext(schedule: Schedule, { lastDueMs }: Completion): Occurrence | null {
  return seriesAfter(schedule, lastDueMs).next();
}

/** The parts of a schedule that count from a completion; `on`, season and the end of the series do not. */
export type FloatingRules = Pick<
  Schedule,
  'zone' | 'timeMs' | 'every' | 'missingDay' | 'calendar' | 'nonWorking' | 'dst'
>;

export function floatingNext(schedule: FloatingRules, completedMs: number): Occurrence | null {
  const { zone, every } = schedule;
  if (every.unit === 'hour') {
    const dueMs = completedMs + every.n * HOUR_MS;
    return { nominalMs: wallOf(dueMs, zone), dueMs };
  }
  const day = addInterval(localDay(completedMs, zone), schedule);
  return day === null ? null : onDay(schedule, day);
}

function shiftedNext(schedule: Schedule, completion: Completion): Occurrence | null {
  const fixed = fixedNext(schedule, completion);
  if (fixed === null) return null;
  const days = shiftDays(schedule, completion);
  if (schedule.every.unit === 'hour')
    return { nominalMs: fixed.nominalMs + days * DAY_MS, dueMs: fixed.dueMs + days * DAY_MS };
  return onDay(schedule, Math.floor(fixed.nominalMs / DAY_MS) + days);
}

/** By how many days a completion moves the next date: a share of all its days, once it is beyond the tolerance. */
export function shiftDays(
  { zone, every, shift }: Pick<Schedule, 'zone' | 'every' | 'shift'>,
  { lastDueMs, completedMs }: Completion,
): number {
  const late = localDay(completedMs, zone) - localDay(lastDueMs, zone);
  const tolerance = (pct: number): number => roundHalfUp((pct * cycleDays(every)) / 100);
  if (late > tolerance(shift.lateTolerancePct)) return roundHalfUp((late * shift.latePct) / 100);
  const early = -late;
  if (early > tolerance(shift.earlyTolerancePct)) return -roundHalfUp((early * shift.earlyPct) / 100);
  return 0;
}

/** Steps 4 and 5 for a date: the working calendar, then the time of day in the zone. */
function onDay(schedule: FloatingRules, day: number): Occurrence | null {
  const due = calendarDay(schedule, day);
  const dueMs = due === null ? undefined : instantsOn(due, schedule)[0];
  return dueMs === undefined ? null : { nominalMs: nominalOn(day, schedule), dueMs };
}
