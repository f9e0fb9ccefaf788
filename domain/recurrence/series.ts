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
  const parts = partsOf(schedule).map((part) => plainSeries(part, afterMs));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : merged(parts);
}

/** Nominal dates that a schedule counts off, or a stretch of them. */
export interface Part {
  schedule: Schedule;
  /** Nominal dates from this one on belong to another part. */
  before: number;
  /** Nominal dates up to this one belong to another part. */
  onlyAfter: number;
  /** This nominal date belongs to another part. */
  without: number | null;
  /** Set for the one occurrence that is due on another date than the rules say. */
  extended: { forDay: number; toDay: number } | null;
}

/** One part as a rule; an extension is one of its own, and may split the series or start it anew. */
export function partsOf(schedule: Schedule): Part[] {
  const whole: Part = { schedule, before: Infinity, onlyAfter: -Infinity, without: null, extended: null };
  const { extension, calendar, every } = schedule;
  if (extension === null || !isNominal(schedule, extension.forDay)) return [whole];
  const { forDay, toDay, adjust } = extension;
  const extended = { ...whole, extended: { forDay, toDay } };
  if (!adjust) return [{ ...whole, without: forDay }, extended];
  // The extended occurrence is k = 0 of what follows; working days are counted from the first one on or after.
  const zeroth = every.unit === 'working_day' ? calendar.next(toDay) : toDay;
  const goesOn = { ...whole, schedule: { ...schedule, anchorDay: toDay }, onlyAfter: zeroth };
  return [{ ...whole, before: forDay }, extended, goesOn];
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

function plainSeries(part: Part, afterMs: number | null): Series {
  const { schedule, extended } = part;
  if (extended !== null) return listed(extendedOccurrences(schedule, extended, afterMs));
  const periods = periodsOf(schedule);
  const last = lastNominal(part);
  const after = afterMs ?? -Infinity;
  const ready: Occurrence[] = [];
  let k = firstPeriod(schedule, periods, afterMs);
  let lastDueDay = NaN;
  let ended = false;

  const take = (day: number): void => {
    if (schedule.except.has(day) || day === part.without || day <= part.onlyAfter) return;
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

function lastNominal({ schedule: { until }, before }: Part): number {
  return Math.min(until ?? LAST_DAY, LAST_DAY, before - 1);
}

/** The nominal dates from one day to another, both included, in order; also those that `except` removes. */
export function nominalDays(schedule: Schedule, fromDay: number, toDay: number): number[] {
  const found = partsOf(schedule).flatMap((part) => {
    if (part.extended !== null) return [part.extended.forDay];
    const days: number[] = [];
    const last = Math.min(lastNominal(part), toDay);
    const periods = periodsOf(part.schedule);
    for (let k = firstReaching(periods, fromDay); ; k += 1) {
      const dates = periods.dates(k);
      days.push(...dates.filter((day) => day > part.onlyAfter && day !== part.without && day <= last));
      if ((dates.at(-1) ?? -Infinity) > last || periods.latest(k) > last + PERIOD_END_SPARE) return days;
    }
  });
  return found.filter((day) => day >= fromDay && day <= toDay).sort((a, b) => a - b);
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
  return firstWhere((k) => {
    const latest = periods.latest(k);
    if (latest >= LAST_DAY) return true;
    const shifted = seasonDay(schedule, latest) ?? latest;
    return (calendarDay(schedule, shifted) ?? shifted) >= target;
  });
}

/** Whether the series has an occurrence with this nominal date. */
export function isNominal(schedule: Schedule, day: number): boolean {
  if (day < schedule.anchorDay) return false;
  if (schedule.except.has(day) || (schedule.until !== null && day > schedule.until)) return false;
  const periods = periodsOf(schedule);
  const low = firstReaching(periods, day);
  // `latest` is generous, so the date may be in one of the periods after; weeks overlap it by at most two.
  for (let k = low; k <= low + PERIODS_LOOKED_AT; k += 1) if (periods.dates(k).includes(day)) return true;
  return false;
}

const PERIODS_LOOKED_AT = 3;

/** The first period that ends on or after a day; dates of earlier ones are all before it. */
export function firstReaching(periods: Periods, day: number): number {
  return firstWhere((k) => periods.latest(k) >= day);
}

/** The smallest k = 0, 1, 2 ... for which a condition holds that, once true, stays true; it must come true. */
function firstWhere(holds: (k: number) => boolean): number {
  let low = 0;
  let high = 1;
  while (!holds(high)) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function extendedOccurrences(
  schedule: Schedule,
  { forDay, toDay }: NonNullable<Part['extended']>,
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
