/**
 * The series of a schedule as a cursor: results in the order of their due instants, merged where instants are the same.
 * Starts anywhere without walking from the anchor, and always ends: at `until`, at the last year, or after so many periods
 * without a date that none will come.
 */
import { DAY_MS, dayNumber, YEAR_MAX } from '../time/days.ts';
import { localDay, wallOf } from '../time/instants.ts';
import { periodsOf, type Periods } from './periods.ts';
import { instantsOn, nominalOn, resolveWall, type Schedule } from './schedule.ts';
import { moveToWorkingDay } from './working-calendar.ts';

export interface Occurrence {
  /** Wall time of step 1, in milliseconds as if its zone were UTC: what identifies the occurrence for ever. */
  nominalMs: number;
  /** The instant it is due. */
  dueMs: number;
}

export interface Series {
  /** The next result; null at the end. */
  next: () => Occurrence | null;
}

const LAST_DAY = dayNumber(YEAR_MAX, 12, 1);
/**
 * Periods in a row without a result after which none is expected any more. A daily series that is left with Mondays on a
 * 29 February, the rarest there is, waits 40 years.
 */
const EMPTY_PERIODS_MAX = 20_000;
const HOUR_MS = 3_600_000;

/** The results due strictly after an instant; all of them when it is null. */
export function seriesAfter(schedule: Schedule, afterMs: number | null): Series {
  if (schedule.every.unit === 'hour') return hourSeries(schedule, afterMs);
  const { extension } = schedule;
  if (extension === null) return plainSeries(schedule, afterMs, {});
  if (!isNominal(schedule, extension.forDay)) return plainSeries(schedule, afterMs, {});
  const moved = extendedOccurrences(schedule, extension.forDay, extension.toDay, afterMs);
  if (!extension.adjust)
    return merged([plainSeries(schedule, afterMs, { without: extension.forDay }), listed(moved)]);
  const goesOn = { ...schedule, anchorDay: extension.toDay };
  // The extended occurrence is k = 0 of what follows; working days are counted from the first one on or after.
  const zeroth =
    schedule.every.unit === 'working_day' ? schedule.calendar.next(extension.toDay) : extension.toDay;
  return merged([
    plainSeries(schedule, afterMs, { before: extension.forDay }),
    listed(moved),
    plainSeries(goesOn, afterMs, { onlyAfter: zeroth }),
  ]);
}

/** Steps 3 and 4: the date on which a nominal date is due; null when season or calendar drop it. */
export function dueDay(schedule: Schedule, nominalDay: number): number | null {
  const inSeason = seasonDay(schedule, nominalDay);
  return inSeason === null ? null : calendarDay(schedule, inSeason);
}

export function seasonDay({ season }: Schedule, day: number): number | null {
  if (season === null) return day;
  if (season.outside === 'next_active') return season.dates.nextActive(day);
  return season.dates.isActive(day) ? day : null;
}

export function calendarDay(
  { calendar, nonWorking }: Pick<Schedule, 'calendar' | 'nonWorking'>,
  day: number,
): number | null {
  return moveToWorkingDay(calendar, nonWorking, day);
}

interface Part {
  /** Nominal dates from this one on belong to another part. */
  before?: number;
  /** Nominal dates up to this one belong to another part. */
  onlyAfter?: number;
  /** This nominal date belongs to another part. */
  without?: number;
}

function plainSeries(schedule: Schedule, afterMs: number | null, part: Part): Series {
  const periods = periodsOf(schedule);
  const { until, except } = schedule;
  const last = Math.min(until ?? LAST_DAY, LAST_DAY, (part.before ?? Infinity) - 1);
  const after = afterMs ?? -Infinity;
  const ready: Occurrence[] = [];
  let k = firstPeriod(schedule, periods, afterMs);
  let lastDueDay = NaN;
  let ended = false;

  const take = (day: number): void => {
    if (except.has(day) || day === part.without || day <= (part.onlyAfter ?? -Infinity)) return;
    const due = dueDay(schedule, day);
    // The same date is the same instant, since the time of day never differs: it merges into the one before.
    if (due === null || due === lastDueDay) return;
    lastDueDay = due;
    for (const dueMs of instantsOn(due, schedule))
      if (dueMs > after) ready.push({ nominalMs: nominalOn(day, schedule), dueMs });
  };

  const next = (): Occurrence | null => {
    for (let empty = 0; ready.length === 0 && !ended; empty += 1) {
      if (empty > EMPTY_PERIODS_MAX) ended = true;
      for (const day of periods.dates(k)) {
        if (day <= last) take(day);
        else ended = true;
      }
      // A period may have no date at all, and its end still tells that the last one is past.
      if (periods.latest(k) > last + PERIOD_END_SPARE) ended = true;
      k += 1;
    }
    return ready.shift() ?? null;
  };
  return distinct({ next });
}

/** `latest` may name a day up to a month and a week after the dates of its period, and a year for ISO weeks. */
const PERIOD_END_SPARE = 400;

/** Drops results with the instant of the one before, as when a gap moves a wall time onto the next one. */
function distinct(series: Series): Series {
  let held = NaN;
  return {
    next: () => {
      for (let found = series.next(); found !== null; found = series.next()) {
        if (found.dueMs === held) continue;
        held = found.dueMs;
        return found;
      }
      return null;
    },
  };
}

/** The first period with a result that can be due after an instant; all before it are past, because due dates rise with k. */
function firstPeriod(schedule: Schedule, periods: Periods, afterMs: number | null): number {
  if (afterMs === null) return 0;
  const target = localDay(afterMs, schedule.zone) - 2;
  const isPast = (k: number): boolean => {
    const latest = Math.min(periods.latest(k), LAST_DAY);
    const shifted = seasonDay(schedule, latest) ?? latest;
    return (calendarDay(schedule, shifted) ?? shifted) < target;
  };
  let low = 0;
  let high = 1;
  while (isPast(high) && periods.latest(high) < LAST_DAY) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the series has an occurrence with this nominal date. */
export function isNominal(schedule: Schedule, day: number): boolean {
  if (day < schedule.anchorDay) return false;
  if (schedule.except.has(day) || (schedule.until !== null && day > schedule.until)) return false;
  const periods = periodsOf(schedule);
  let low = 0;
  let high = 1;
  while (periods.latest(high) < day) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (periods.latest(middle) < day) low = middle + 1;
    else high = middle;
  }
  // `latest` is generous, so the date may be in one of the periods after; weeks overlap it by at most two.
  for (let k = low; k <= low + PERIODS_LOOKED_AT; k += 1) if (periods.dates(k).includes(day)) return true;
  return false;
}

const PERIODS_LOOKED_AT = 3;

function extendedOccurrences(
  schedule: Schedule,
  forDay: number,
  toDay: number,
  afterMs: number | null,
): Occurrence[] {
  const due = calendarDay(schedule, toDay);
  if (due === null) return [];
  return instantsOn(due, schedule)
    .filter((dueMs) => afterMs === null || dueMs > afterMs)
    .map((dueMs) => ({ nominalMs: nominalOn(forDay, schedule), dueMs }));
}

function listed(occurrences: readonly Occurrence[]): Series {
  let index = 0;
  return { next: () => occurrences[index++] ?? null };
}

/** Several series as one, in the order of due; of results with the same instant the earliest nominal stays. */
function merged(parts: readonly Series[]): Series {
  const heads = parts.map((part) => part.next());
  const next = (): Occurrence | null => {
    let first: Occurrence | null = null;
    for (const head of heads) if (head !== null && (first === null || isBefore(head, first))) first = head;
    if (first === null) return null;
    const { dueMs } = first;
    heads.forEach((head, index) => {
      if (head?.dueMs === dueMs) heads[index] = parts[index]?.next() ?? null;
    });
    return first;
  };
  return { next };
}

function isBefore(a: Occurrence, b: Occurrence): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.nominalMs < b.nominalMs);
}

/** Elapsed hours from the anchor's instant: the wall clock may move, and no other step applies. */
function hourSeries({ zone, anchorDay, timeMs, dst, every }: Schedule, afterMs: number | null): Series {
  const step = every.n * HOUR_MS;
  // The series has to start somewhere: an anchor inside a gap is shifted, and of a repeated one the first counts.
  const start = resolveWall(anchorDay * DAY_MS + timeMs, zone, { ...dst, gap: 'shift_forward' })[0] ?? 0;
  let k = afterMs === null || afterMs < start ? 0 : Math.floor((afterMs - start) / step) + 1;
  return {
    next: () => {
      const dueMs = start + k * step;
      if (dueMs > LAST_DAY * DAY_MS) return null;
      k += 1;
      return { nominalMs: wallOf(dueMs, zone), dueMs };
    },
  };
}
