/**
 * RRULE texts of other systems as schedules of our own. What a schedule cannot express is refused with a sentence; nothing
 * is bent. Short months are skipped, as RFC 5545 has it; a wall time that a clock change leaves out is not skipped but
 * shifted, because the RFC says both (3.3.5, 3.3.10) and no work may vanish on that day.
 */
import {
  civilDate,
  daysInMonth,
  formatDate,
  isoYearOf,
  parseDate,
  WEEKDAYS,
  weekdayIndex,
  type Weekday,
} from '../time/days.ts';
import { formatWall } from '../time/instants.ts';
import type { Interval } from '../time/intervals.ts';
import type { Zones } from '../time/zones.ts';
import { occurrencesAfter } from './occurrences.ts';
import { readRruleParts, refuseRrule, type RruleDefaults, type RruleParts } from './rrule-parts.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';

const COUNT_MAX = 10_000;

/**
 * Example: `DTSTART;TZID=Europe/Berlin:20260330T080000` and `RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO` give
 * `{zone: 'Europe/Berlin', anchor: '2026-03-30T08:00', every: {n: 2, unit: 'week'}, on: {weekdays: ['MO']}, ...}`.
 */
export function scheduleFromRrule(text: string, defaults: RruleDefaults, zones: Zones): ScheduleText {
  const parts = readRruleParts(text, defaults, zones);
  checkTimes(parts);
  const rhythm = rhythmOf(parts);
  const hasMissingDays = rhythm.every?.unit === 'month' || rhythm.every?.unit === 'year';
  const base: ScheduleText = {
    zone: parts.zone,
    anchor: parts.start.slice(0, 16),
    ...(hasMissingDays ? { missing_day: missingDay(parts) } : {}),
    ...rhythm,
  };
  const bounded = { ...base, ...endOf(parts, base, zones) };
  const except = exceptionsOf(parts);
  return except.length > 0 ? { ...bounded, except } : bounded;
}

type Rhythm = Pick<ScheduleText, 'every' | 'on' | 'week_start' | 'season'> & { anchor?: string };

function rhythmOf(parts: RruleParts): Rhythm {
  if (parts.bySetPos.length > 0 && parts.freq !== 'MONTHLY')
    throw refuseRrule('BYSETPOS is understood with FREQ=MONTHLY only');
  switch (parts.freq) {
    case 'HOURLY':
      return hourly(parts);
    case 'DAILY':
      return daily(parts);
    case 'WEEKLY':
      return weekly(parts);
    case 'MONTHLY':
      return monthly(parts);
    case 'YEARLY':
      return yearly(parts);
    default:
      throw refuseRrule(`FREQ=${parts.freq} is finer than hours`);
  }
}

function hourly(parts: RruleParts): Rhythm {
  refuseParts(parts, ['byDay', 'byMonthDay', 'byMonth', 'byWeekNo']);
  return { every: every(parts, 'hour') };
}

function daily(parts: RruleParts): Rhythm {
  refuseParts(parts, ['byMonthDay', 'byWeekNo']);
  if (parts.byDay.length === 0) return { every: every(parts, 'day'), ...seasonOf(parts) };
  if (parts.interval !== 1) throw refuseRrule('BYDAY with FREQ=DAILY is understood with INTERVAL=1 only');
  return { every: { n: 1, unit: 'week' }, on: { weekdays: plainDays(parts) }, ...seasonOf(parts) };
}

function weekly(parts: RruleParts): Rhythm {
  refuseParts(parts, ['byMonthDay', 'byWeekNo']);
  const rhythm = { every: every(parts, 'week'), ...seasonOf(parts) };
  if (parts.byDay.length === 0) return rhythm;
  return { ...rhythm, on: { weekdays: plainDays(parts) }, week_start: dayName(parts.weekStart) };
}

function monthly(parts: RruleParts): Rhythm {
  refuseParts(parts, ['byWeekNo']);
  return { every: every(parts, 'month'), ...onInMonth(parts), ...seasonOf(parts) };
}

function onInMonth(parts: RruleParts): Pick<ScheduleText, 'on'> {
  if (parts.byDay.length > 0 && parts.byMonthDay.length > 0)
    throw refuseRrule('BYDAY and BYMONTHDAY together, such as every Friday the 13th, have no counterpart');
  if (parts.byDay.length > 0) return { on: { nth_weekday: nthWeekday(parts) } };
  if (parts.byMonthDay.length === 0) return {};
  const day = only(parts.byMonthDay, 'BYMONTHDAY');
  if (day < -1)
    throw refuseRrule(`BYMONTHDAY=${String(day)} counts from the end, and only the last day can be named`);
  return { on: { month_day: day } };
}

function yearly(parts: RruleParts): Rhythm {
  if (parts.byWeekNo.length > 0) return inIsoWeek(parts);
  if (parts.byMonth.length === 0) {
    if (parts.byDay.length > 0 || parts.byMonthDay.length > 0)
      throw refuseRrule('FREQ=YEARLY with BYDAY or BYMONTHDAY needs BYMONTH');
    return { every: every(parts, 'year') };
  }
  const month = only(parts.byMonth, 'BYMONTH with FREQ=YEARLY');
  const on = onInMonth(parts).on ?? { month_day: Number(parts.start.slice(8, 10)) };
  return { every: every(parts, 'year'), on, ...anchorIn(month, parts) };
}

/** The periods of a year are those of the anchor's month; when DTSTART is in another, the series starts in the first that counts. */
function anchorIn(month: number, { start, interval }: RruleParts): { anchor?: string } {
  const [year, startMonth] = [Number(start.slice(0, 4)), Number(start.slice(5, 7))];
  if (startMonth === month) return {};
  const first = startMonth < month ? year : year + interval;
  return { anchor: `${String(first)}-${String(month).padStart(2, '0')}-01${start.slice(10, 16)}` };
}

function inIsoWeek(parts: RruleParts): Rhythm {
  refuseParts(parts, ['byMonth', 'byMonthDay']);
  if (parts.weekStart !== 'MO')
    throw refuseRrule('BYWEEKNO with weeks that do not start on Monday is no ISO week');
  const startDay = parseDate(parts.start.slice(0, 10)) ?? 0;
  if (isoYearOf(startDay) !== civilDate(startDay).year)
    throw refuseRrule(
      'DTSTART is in a week of another year, so it is not clear in which year BYWEEKNO starts',
    );
  const isoWeek = only(parts.byWeekNo, 'BYWEEKNO');
  if (isoWeek < 1) throw refuseRrule('BYWEEKNO counts from the end of the year');
  const days = parts.byDay.length > 0 ? plainDays(parts) : [WEEKDAYS[weekdayIndex(startDay)] ?? 'MO'];
  return { every: every(parts, 'year'), on: { iso_week: isoWeek, weekday: only(days, 'BYDAY') } };
}

function nthWeekday({ byDay, bySetPos }: RruleParts): { n: number; weekday: Weekday } {
  const match = /^([+-]?\d+)?([A-Z]{2})$/.exec(only(byDay, 'BYDAY with FREQ=MONTHLY or YEARLY'));
  const place = match?.[1] === undefined ? bySetPos : [Number(match[1])];
  if (match?.[1] !== undefined && bySetPos.length > 0)
    throw refuseRrule('BYDAY has a number and BYSETPOS too');
  if (place.length === 0)
    throw refuseRrule('BYDAY without a number means every such weekday of the month; use FREQ=WEEKLY');
  const n = only(place, 'BYSETPOS');
  if (n < -1 || n === 0 || n > 5)
    throw refuseRrule(`the ${String(n)}th weekday of a month has no counterpart`);
  return { n, weekday: dayName(match?.[2] ?? '') };
}

/** Months outside BYMONTH have no dates: a season that skips. */
function seasonOf({ byMonth }: RruleParts): Pick<ScheduleText, 'season'> {
  if (byMonth.length === 0) return {};
  const two = (value: number): string => String(value).padStart(2, '0');
  const ranges = byMonth.map((month) => ({
    from: `${two(month)}-01`,
    to: `${two(month)}-${two(daysInMonth(2024, month))}`,
  }));
  return { season: { ranges, outside: 'skip' } };
}

function missingDay({ skip }: RruleParts): 'skip' | 'clamp' {
  if (skip === 'FORWARD')
    throw refuseRrule(
      'SKIP=FORWARD moves to the first of the next month, which no rule for missing days does',
    );
  return skip === 'BACKWARD' ? 'clamp' : 'skip';
}

function checkTimes({ start, byHour, bySecond, byMinute }: RruleParts): void {
  if (!start.endsWith(':00')) throw refuseRrule('DTSTART has seconds, and a schedule has minutes');
  const parts = [
    ['BYHOUR', byHour, 11],
    ['BYMINUTE', byMinute, 14],
    ['BYSECOND', bySecond, 17],
  ] as const;
  for (const [name, values, at] of parts)
    if (values.length > 0 && only(values, name) !== Number(start.slice(at, at + 2)))
      throw refuseRrule(`${name} is not the time of day of DTSTART, and a schedule has one time of day`);
}

/** COUNT and UNTIL as the last nominal date. */
function endOf(parts: RruleParts, base: ScheduleText, zones: Zones): Pick<ScheduleText, 'until'> {
  if (parts.until !== null) {
    const day = parseDate(parts.until.slice(0, 10)) ?? 0;
    const isReached = parts.until.slice(11) >= parts.start.slice(11);
    return { until: formatDate(isReached ? day : day - 1) };
  }
  if (parts.count === null) return {};
  if (parts.freq === 'HOURLY') throw refuseRrule('COUNT with FREQ=HOURLY has no counterpart');
  if (parts.count > COUNT_MAX) throw refuseRrule(`COUNT is above ${String(COUNT_MAX)}; leave it out`);
  const dates = occurrencesAfter(readSchedule(base, zones), null, parts.count);
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) throw refuseRrule('it has no dates at all');
  if (formatWall(first.nominalMs) !== parts.start.slice(0, 16))
    throw refuseRrule('DTSTART is no date of the rule, so it is not clear what COUNT counts');
  return { until: formatWall(last.nominalMs).slice(0, 10) };
}

function exceptionsOf({ exDates, start, freq }: RruleParts): string[] {
  if (exDates.length > 0 && freq === 'HOURLY')
    throw refuseRrule('EXDATE with FREQ=HOURLY has no counterpart');
  return exDates.map((date) => {
    if (date.slice(11) !== start.slice(11))
      throw refuseRrule(`EXDATE ${date} is at another time of day than the series`);
    return date.slice(0, 10);
  });
}

function every({ interval }: RruleParts, unit: Interval['unit']): Interval {
  return { n: interval, unit };
}

const PART_NAMES = {
  byDay: 'BYDAY',
  byMonthDay: 'BYMONTHDAY',
  byMonth: 'BYMONTH',
  byWeekNo: 'BYWEEKNO',
} as const;

function refuseParts(parts: RruleParts, refused: readonly (keyof typeof PART_NAMES)[]): void {
  for (const part of refused)
    if (parts[part].length > 0)
      throw refuseRrule(`${PART_NAMES[part]} with FREQ=${parts.freq} has no counterpart`);
}

function only<T>(values: readonly T[], name: string): T {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0)
    throw refuseRrule(`${name} has several values; make a schedule of each`);
  return value;
}

function plainDays({ byDay }: RruleParts): Weekday[] {
  return byDay.map(dayName);
}

function dayName(text: string): Weekday {
  const day = WEEKDAYS.find((name) => name === text);
  if (day === undefined) throw refuseRrule(`BYDAY=${text} has a number that means nothing here`);
  return day;
}
