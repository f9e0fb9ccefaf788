/** The active part of the year: ranges of days, both ends included, that may wrap over the year end. */
import { civilDate, dayNumber, isLeapYear } from '../time/days.ts';

/** Month and day as month x 100 + day, which is in the order of the year. */
export interface SeasonRange {
  from: number;
  to: number;
}

export interface Season {
  isActive: (day: number) => boolean;
  /** The earliest active date on or after; null when the season never opens. */
  nextActive: (day: number) => number | null;
}

const LEAP_DAY = 229;
/** The longest wait for a 29 February is eight years, over a year such as 2100. */
const YEARS_AHEAD = 8;

export function createSeason(ranges: readonly SeasonRange[]): Season {
  const isActive = (day: number): boolean => {
    const { month, day: dayOfMonth } = civilDate(day);
    return ranges.some((range) => covers(range, month * 100 + dayOfMonth));
  };
  // Dates are asked for in order, and a whole winter of them opens on the same day.
  let asked = { from: 0, opens: -1 };
  const nextActive = (day: number): number | null => {
    if (isActive(day)) return day;
    if (day >= asked.from && day <= asked.opens) return asked.opens;
    const { year } = civilDate(day);
    for (let ahead = 0; ahead <= YEARS_AHEAD; ahead += 1) {
      const starts = ranges
        .flatMap((range) => startIn(range, year + ahead) ?? [])
        .filter((start) => start > day);
      if (starts.length > 0) {
        asked = { from: day, opens: Math.min(...starts) };
        return asked.opens;
      }
    }
    return null;
  };
  return { isActive, nextActive };
}

function covers({ from, to }: SeasonRange, monthDay: number): boolean {
  return from <= to ? from <= monthDay && monthDay <= to : from <= monthDay || monthDay <= to;
}

/** The first day of a range in a year; null when it has none, as a range of 29 February alone in most years. */
function startIn(range: SeasonRange, year: number): number | null {
  if (range.from !== LEAP_DAY || isLeapYear(year))
    return dayNumber(year, Math.floor(range.from / 100), range.from % 100);
  return covers(range, 301) ? dayNumber(year, 3, 1) : null;
}
