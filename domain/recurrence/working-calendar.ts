/**
 * The working days of a site: a pattern of weekdays without the holidays. Answers by arithmetic and binary search, because
 * a series asks for the ten-thousandth working day as readily as for the next one.
 */
import { civilDate, weekdayIndex } from '../time/days.ts';

export interface WorkingCalendar {
  isWorking: (day: number) => boolean;
  /** Whether the day would be worked if it were not a holiday. */
  isHoliday: (day: number) => boolean;
  /** The earliest working day on or after; `previous` is the latest on or before. */
  next: (day: number) => number;
  previous: (day: number) => number;
  /** The working day that comes `count` working days after (before, when negative). A day that is none counts from between its neighbours. */
  add: (day: number, count: number) => number;
}

export const NON_WORKING = ['keep', 'next', 'previous', 'nearest', 'modified_next', 'skip'] as const;
export type NonWorking = (typeof NON_WORKING)[number];

/**
 * @param weekdays which weekdays are worked, Monday first; at least one must be.
 * @param holidays day numbers, in any order.
 */
export function createWorkingCalendar(
  weekdays: readonly boolean[],
  holidays: readonly number[],
): WorkingCalendar {
  const closed = new Set(holidays.filter((day) => weekdays[weekdayIndex(day)] === true));
  const sorted = [...closed].sort((a, b) => a - b);
  const perWeek = weekdays.filter(Boolean).length;
  const isWorking = (day: number): boolean => weekdays[weekdayIndex(day)] === true && !closed.has(day);
  // Both end: a week without a working day needs a holiday of its own, and there are finitely many.
  const next = (day: number): number => {
    let found = day;
    while (!isWorking(found)) found += 1;
    return found;
  };
  const previous = (day: number): number => {
    let found = day;
    while (!isWorking(found)) found -= 1;
    return found;
  };

  /** Worked weekdays from the Monday of week 0 (1969-12-29) up to and with `day`, holidays not yet taken off. */
  const patternRank = (day: number): number => {
    const weekday = weekdayIndex(day);
    const weeks = (day - weekday + 3) / 7;
    let rank = weeks * perWeek;
    for (let i = 0; i <= weekday; i += 1) if (weekdays[i] === true) rank += 1;
    return rank;
  };
  const rank = (day: number): number => patternRank(day) - countUpTo(sorted, day);
  /** The worked weekday with that pattern rank. */
  const patternDay = (wanted: number): number => {
    const weeks = Math.floor((wanted - 1) / perWeek);
    let left = wanted - weeks * perWeek;
    let weekday = 0;
    for (; weekday < 7; weekday += 1) {
      if (weekdays[weekday] === true) left -= 1;
      if (left === 0) break;
    }
    return weeks * 7 - 3 + weekday;
  };
  const add = (day: number, count: number): number => {
    if (count === 0) return day;
    // Backwards from a day that is not worked, the first step reaches the working day before it, whose rank is its own.
    const wanted = rank(day) + count + (count < 0 && !isWorking(day) ? 1 : 0);
    // Each holiday before the guess pushes it on by one worked weekday, until no more holidays come in.
    let guess = patternDay(wanted);
    for (let held = NaN, holidaysBefore = countUpTo(sorted, guess); held !== holidaysBefore;) {
      held = holidaysBefore;
      guess = patternDay(wanted + held);
      holidaysBefore = countUpTo(sorted, guess);
    }
    return guess;
  };
  return { isWorking, isHoliday: (day) => closed.has(day), next, previous, add };
}

/** The calendar without weekends and holidays, for what is counted in plain days. */
export function everyDayCalendar(): WorkingCalendar {
  return createWorkingCalendar([true, true, true, true, true, true, true], []);
}

/** Where a day goes that may not be worked; null when it is dropped. */
export function moveToWorkingDay(calendar: WorkingCalendar, rule: NonWorking, day: number): number | null {
  if (rule === 'keep' || calendar.isWorking(day)) return day;
  switch (rule) {
    case 'next':
      return calendar.next(day);
    case 'previous':
      return calendar.previous(day);
    case 'nearest': {
      const [after, before] = [calendar.next(day), calendar.previous(day)];
      return after - day < day - before ? after : before;
    }
    case 'modified_next': {
      const after = calendar.next(day);
      return isSameMonth(after, day) ? after : calendar.previous(day);
    }
    case 'skip':
      return null;
  }
}

function isSameMonth(a: number, b: number): boolean {
  const [first, second] = [civilDate(a), civilDate(b)];
  return first.month === second.month && first.year === second.year;
}

/** How many of the sorted days are on or before `day`. */
function countUpTo(sorted: readonly number[], day: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}
