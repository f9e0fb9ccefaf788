/**
 * Packages of one asset that contain each other, such as a weekly, a monthly and a yearly one: on one date only the highest
 * runs, and lower ones on the date, or near it, are absorbed into it.
 */
import type { Interval } from '../time/intervals.ts';
import { Failure } from '../kernel/failure.ts';
import { periodsOf } from './periods.ts';
import { firstReaching } from './series.ts';
import { everyDayCalendar } from './working-calendar.ts';

export interface Package {
  id: string;
  /** The higher one contains the lower. */
  level: number;
  firstDay: number;
  every: Interval;
}

export interface NestingInput {
  packages: readonly Package[];
  fromDay: number;
  toDay: number;
  /** How many days a lower occurrence may lie from the higher one it is absorbed into. */
  absorbDays: number;
}

export interface NestedWork {
  day: number;
  /** Ids in the order of the packages. */
  run: string[];
  absorbed: { id: string; day: number }[];
}

interface PackageDate {
  /** Place in the list of packages. */
  index: number;
  level: number;
  day: number;
}

/** A century of daily packages; more is a typing error. */
const DATES_MAX = 500_000;

export function nestedWork({ packages, fromDay, toDay, absorbDays }: NestingInput): NestedWork[] {
  // Higher occurrences just outside count too: a lower one at the edge is absorbed into them.
  const dates = packages.flatMap((item, index) =>
    datesOf(item, fromDay - absorbDays, toDay + absorbDays).map((day) => ({ index, level: item.level, day })),
  );
  const isInside = ({ day }: PackageDate): boolean => day >= fromDay && day <= toDay;
  const running = new Map<number, { level: number; dates: PackageDate[]; absorbed: PackageDate[] }>();
  const levels = [...new Set(dates.map(({ level }) => level))].sort((a, b) => b - a);
  for (const level of levels) {
    const settled = [...running.keys()].sort((a, b) => a - b);
    for (const date of dates.filter((item) => item.level === level)) {
      const into = nearest(settled, date.day, absorbDays);
      if (into !== null) {
        if (isInside(date)) running.get(into)?.absorbed.push(date);
        continue;
      }
      const together = running.get(date.day);
      if (together === undefined) running.set(date.day, { level, dates: [date], absorbed: [] });
      else together.dates.push(date);
    }
  }
  const inOrder = (items: PackageDate[]): PackageDate[] =>
    items.sort((a, b) => a.index - b.index || a.day - b.day);
  const idOf = ({ index }: PackageDate): string => packages[index]?.id ?? '';
  return [...running]
    .filter(([day]) => day >= fromDay && day <= toDay)
    .sort(([a], [b]) => a - b)
    .map(([day, work]) => ({
      day,
      run: inOrder(work.dates).map(idOf),
      absorbed: inOrder(work.absorbed).map((date) => ({ id: idOf(date), day: date.day })),
    }));
}

/** First + k intervals inside the range, by the same arithmetic as a schedule without a calendar. */
function datesOf({ firstDay, every }: Package, fromDay: number, toDay: number): number[] {
  const periods = periodsOf({
    anchorDay: firstDay,
    every,
    on: null,
    weekStart: 0,
    missingDay: 'clamp',
    calendar: everyDayCalendar(),
  });
  const found: number[] = [];
  for (let k = firstReaching(periods, fromDay); ; k += 1) {
    const day = periods.dates(k)[0] ?? Infinity;
    if (day > toDay) return found;
    if (day >= fromDay) found.push(day);
    if (found.length > DATES_MAX)
      throw new Failure('invalid_request', 'The range holds too many dates; ask for a shorter one.', {
        path: 'to',
      });
  }
}

/** Of sorted days the nearest within so many, the earlier one when two are as near. */
function nearest(sorted: readonly number[], day: number, within: number): number | null {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < day) low = middle + 1;
    else high = middle;
  }
  const after = sorted[low];
  const before = sorted[low - 1];
  const toAfter = after === undefined ? Infinity : after - day;
  const toBefore = before === undefined ? Infinity : day - before;
  if (Math.min(toAfter, toBefore) > within) return null;
  return (toBefore <= toAfter ? before : after) ?? null;
}
