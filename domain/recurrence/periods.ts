/**
 * Step 1 of an occurrence: the nominal dates of a series, period by period, always counted from the anchor and never from
 * the date before, so that a series on the 31st comes back to the 31st. Knows nothing of seasons, holidays and zones.
 */
import {
  civilDate,
  dayNumber,
  daysInMonth,
  isoWeeksIn,
  isoYearOf,
  isoYearStart,
  weekdayIndex,
} from '../time/days.ts';
import type { Interval } from '../time/intervals.ts';
import type { WorkingCalendar } from './working-calendar.ts';

export const MISSING_DAY = ['clamp', 'skip', 'overflow'] as const;
export type MissingDay = (typeof MISSING_DAY)[number];

/** Weekdays as 0 = Monday to 6 = Sunday. */
export type Selector =
  | { by: 'weekdays'; weekdays: readonly number[] }
  | { by: 'month_day'; monthDay: number }
  | { by: 'nth_weekday'; n: number; weekday: number }
  | { by: 'iso_week'; isoWeek: number; weekday: number };

export interface PeriodRules {
  anchorDay: number;
  every: Interval;
  on: Selector | null;
  weekStart: number;
  missingDay: MissingDay;
  calendar: WorkingCalendar;
}

export interface Periods {
  /** The nominal dates of period k = 0, 1, 2 ... in order; none when the day it asks for is missing. */
  dates: (k: number) => readonly number[];
  /** A day that no date of the periods 0 to k lies after; rises with k. */
  latest: (k: number) => number;
}

/** By how many days `overflow` can carry a date out of its period: a week for ISO week 53, three for a 31st in February. */
const OVERFLOW_DAYS = 7;

export function periodsOf(rules: PeriodRules): Periods {
  const { anchorDay, on } = rules;
  if (on === null) return plainPeriods(rules);
  const { dates, latest } = selected(rules, on);
  return { latest, dates: (k) => (k === 0 ? dates(0).filter((day) => day >= anchorDay) : dates(k)) };
}

/** One interval after a date, by the same rules as a series from that date; null when the month lacks the day and it is skipped. */
export function addInterval(
  day: number,
  { every, missingDay, calendar }: Pick<PeriodRules, 'every' | 'missingDay' | 'calendar'>,
): number | null {
  const rules: PeriodRules = { anchorDay: day, every, on: null, weekStart: 0, missingDay, calendar };
  return plainPeriods(rules).dates(1)[0] ?? null;
}

function plainPeriods({ anchorDay, every: { n, unit }, missingDay, calendar }: PeriodRules): Periods {
  switch (unit) {
    case 'day':
      return steps((k) => anchorDay + k * n);
    case 'week':
      return steps((k) => anchorDay + k * n * 7);
    case 'working_day': {
      const first = calendar.next(anchorDay);
      return steps((k) => calendar.add(first, k * n));
    }
    case 'month':
    case 'year': {
      const { year, month, day } = civilDate(anchorDay);
      const months = unit === 'year' ? n * 12 : n;
      return {
        dates: (k) => inMonth(monthAt(year, month, k * months), day, missingDay),
        latest: (k) => monthEnd(monthAt(year, month, k * months)) + OVERFLOW_DAYS,
      };
    }
    case 'hour':
      throw new RangeError('Intervals in hours have no dates; their series is one of instants.');
  }
}

function steps(dayAt: (k: number) => number): Periods {
  return { dates: (k) => [dayAt(k)], latest: dayAt };
}

function selected({ anchorDay, every, weekStart, missingDay }: PeriodRules, on: Selector): Periods {
  const { n } = every;
  if (on.by === 'weekdays') {
    const week = anchorDay - ((weekdayIndex(anchorDay) - weekStart + 7) % 7);
    const offsets = on.weekdays.map((weekday) => (weekday - weekStart + 7) % 7).sort((a, b) => a - b);
    return {
      dates: (k) => offsets.map((offset) => week + k * n * 7 + offset),
      latest: (k) => week + k * n * 7 + 6,
    };
  }
  if (on.by === 'iso_week') {
    const first = isoYearOf(anchorDay);
    return {
      dates: (k) => inIsoYear(first + k * n, on, missingDay),
      latest: (k) => isoYearStart(first + k * n + 1) + OVERFLOW_DAYS,
    };
  }
  const { year, month } = civilDate(anchorDay);
  const months = every.unit === 'year' ? n * 12 : n;
  return {
    dates: (k) => {
      const at = monthAt(year, month, k * months);
      return on.by === 'month_day' ? inMonth(at, on.monthDay, missingDay) : nthWeekday(at, on);
    },
    latest: (k) => monthEnd(monthAt(year, month, k * months)) + OVERFLOW_DAYS,
  };
}

interface YearMonth {
  year: number;
  month: number;
}

function monthAt(year: number, month: number, later: number): YearMonth {
  const index = year * 12 + month - 1 + later;
  return { year: Math.floor(index / 12), month: (index % 12) + 1 };
}

function monthEnd({ year, month }: YearMonth): number {
  return dayNumber(year, month, daysInMonth(year, month));
}

function inMonth(at: YearMonth, day: number, missingDay: MissingDay): number[] {
  const last = daysInMonth(at.year, at.month);
  if (day >= 1 && day <= last) return [dayNumber(at.year, at.month, day)];
  if (day === -1 || missingDay === 'clamp') return [monthEnd(at)];
  return missingDay === 'skip' ? [] : [monthEnd(at) + day - last];
}

/** A weekday that a month lacks is skipped, whatever `missing_day` says. */
function nthWeekday(at: YearMonth, { n, weekday }: { n: number; weekday: number }): number[] {
  const end = monthEnd(at);
  if (n === -1) return [end - ((weekdayIndex(end) - weekday + 7) % 7)];
  const first = dayNumber(at.year, at.month, 1);
  const day = first + ((weekday - weekdayIndex(first) + 7) % 7) + (n - 1) * 7;
  return day <= end ? [day] : [];
}

function inIsoYear(
  isoYear: number,
  { isoWeek, weekday }: { isoWeek: number; weekday: number },
  missingDay: MissingDay,
): number[] {
  const weeks = isoWeeksIn(isoYear);
  if (isoWeek > weeks && missingDay === 'skip') return [];
  const week = isoWeek > weeks && missingDay === 'clamp' ? weeks : isoWeek;
  // Week 53 of a year with 52 is the first week of the next: that is its overflow.
  return [isoYearStart(isoYear) + (week - 1) * 7 + weekday];
}
