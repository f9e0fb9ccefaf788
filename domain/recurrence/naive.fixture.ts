/**
 * The rules of an occurrence once more, as slowly and plainly as they are written: every date through the Temporal API, one
 * day at a time, all results sorted at the end. Shares nothing with the engine, so that both can be held against each other.
 */
import { Temporal } from 'temporal-polyfill';
import type { ScheduleText } from './read-schedule.ts';

export interface NaiveOccurrence {
  nominal: string;
  dueMs: number;
}

const NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const EVERY = {
  daily: { n: 1, unit: 'day' },
  weekly: { n: 1, unit: 'week' },
  monthly: { n: 1, unit: 'month' },
  quarterly: { n: 3, unit: 'month' },
  semi_annual: { n: 6, unit: 'month' },
  annual: { n: 1, unit: 'year' },
};

/** All results whose nominal date is not after `last`. */
export function naiveOccurrences(text: ScheduleText, last: string): NaiveOccurrence[] {
  const time = Temporal.PlainDateTime.from(text.anchor).toPlainTime();
  const results: NaiveOccurrence[] = [];
  for (const { date, extendedTo } of datesWithExtension(text, Temporal.PlainDate.from(last))) {
    if (isRemoved(text, date)) continue;
    const active = extendedTo ?? inSeason(text, date);
    const due = active === null ? null : onWorkingDay(text, active);
    if (due === null) continue;
    for (const dueMs of instants(text, due.toPlainDateTime(time)))
      results.push({ nominal: date.toPlainDateTime(time).toString().slice(0, 16), dueMs });
  }
  results.sort((a, b) => a.dueMs - b.dueMs || a.nominal.localeCompare(b.nominal));
  return results.filter((item, index) => item.dueMs !== results[index - 1]?.dueMs);
}

function isRemoved(text: ScheduleText, date: Temporal.PlainDate): boolean {
  const isPast = text.until !== undefined && date.toString() > text.until;
  return isPast || text.except?.includes(date.toString()) === true;
}

interface NaiveDate {
  date: Temporal.PlainDate;
  extendedTo?: Temporal.PlainDate;
}

function datesWithExtension(text: ScheduleText, last: Temporal.PlainDate): NaiveDate[] {
  const dates = nominalDates(text, last);
  const { extension } = text;
  const extended = dates.find((date) => date.toString() === extension?.for);
  if (extension === undefined || extended === undefined || isRemoved(text, extended))
    return dates.map((date) => ({ date }));
  const to = Temporal.PlainDate.from(extension.to);
  const moved = { date: extended, extendedTo: to };
  if (extension.adjust !== true) return dates.map((date) => (date.equals(extended) ? moved : { date }));
  const before = dates.filter((date) => Temporal.PlainDate.compare(date, extended) < 0);
  const goesOn = nominalDates({ ...text, anchor: `${extension.to}${text.anchor.slice(10)}` }, last);
  const after = goesOn.filter((date, k) =>
    text.every?.unit === 'working_day' ? k > 0 : Temporal.PlainDate.compare(date, to) > 0,
  );
  return [...before.map((date) => ({ date })), moved, ...after.map((date) => ({ date }))];
}

function nominalDates(text: ScheduleText, last: Temporal.PlainDate): Temporal.PlainDate[] {
  const first = Temporal.PlainDateTime.from(text.anchor).toPlainDate();
  const { n, unit } = text.every ?? EVERY[text.frequency ?? 'daily'];
  const found: Temporal.PlainDate[] = [];
  if (unit === 'working_day') {
    let day = first;
    while (!isWorking(text, day)) day = day.add({ days: 1 });
    for (let count = 0; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
      if (isWorking(text, day)) {
        if (count % n === 0) found.push(day);
        count += 1;
      }
    return found;
  }
  for (let k = 0; k < 5_000; k += 1) {
    const dates =
      text.on === undefined ? plain(text, first, k * n, unit) : selected(text, first, k * n, unit);
    found.push(...dates.filter((day) => Temporal.PlainDate.compare(day, first) >= 0));
    if (Temporal.PlainDate.compare(first.add(duration(unit, k * n)), last) > 0) break;
  }
  return found.filter((day) => Temporal.PlainDate.compare(day, last) <= 0);
}

function duration(unit: string, n: number): Temporal.DurationLike {
  return { [`${unit}s`]: n };
}

function plain(text: ScheduleText, first: Temporal.PlainDate, n: number, unit: string): Temporal.PlainDate[] {
  if (unit === 'day' || unit === 'week') return [first.add(duration(unit, n))];
  const month = first.with({ day: 1 }).add(duration(unit, n));
  return dayOfMonth(text, month, first.day);
}

function dayOfMonth(text: ScheduleText, month: Temporal.PlainDate, day: number): Temporal.PlainDate[] {
  const end = month.with({ day: month.daysInMonth });
  if (day === -1) return [end];
  if (day <= month.daysInMonth) return [month.with({ day })];
  const rule = text.missing_day ?? 'clamp';
  if (rule === 'skip') return [];
  return rule === 'clamp' ? [end] : [end.add({ days: day - month.daysInMonth })];
}

function selected(
  text: ScheduleText,
  first: Temporal.PlainDate,
  n: number,
  unit: string,
): Temporal.PlainDate[] {
  const { on } = text;
  if (on === undefined) throw new Error('no selector');
  if ('weekdays' in on) {
    let start = first;
    while (NAMES[start.dayOfWeek - 1] !== (text.week_start ?? 'MO')) start = start.subtract({ days: 1 });
    const days = [0, 1, 2, 3, 4, 5, 6].map((offset) => start.add({ weeks: n }).add({ days: offset }));
    return days.filter((day) => on.weekdays.some((name) => name === NAMES[day.dayOfWeek - 1]));
  }
  if ('iso_week' in on) {
    const year = (first.yearOfWeek ?? 0) + n;
    const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 });
    const monday = fourth.subtract({ days: fourth.dayOfWeek - 1 });
    const day = monday.add({ weeks: on.iso_week - 1, days: NAMES.indexOf(on.weekday) });
    // Every day of an ISO year says so itself: a date beyond it is the week that the year lacks.
    if (monday.add({ weeks: on.iso_week - 1 }).yearOfWeek === year) return [day];
    const rule = text.missing_day ?? 'clamp';
    if (rule === 'skip') return [];
    return [rule === 'clamp' ? day.subtract({ weeks: 1 }) : day];
  }
  const month = first.with({ day: 1 }).add(duration(unit, n));
  if ('month_day' in on) return dayOfMonth(text, month, on.month_day);
  const { n: nth, weekday } = on.nth_weekday;
  const all: Temporal.PlainDate[] = [];
  for (let day = 1; day <= month.daysInMonth; day += 1) {
    const date = month.with({ day });
    if (NAMES[date.dayOfWeek - 1] === weekday) all.push(date);
  }
  const picked = all.at(nth === -1 ? -1 : nth - 1);
  return picked === undefined ? [] : [picked];
}

function isActive(text: ScheduleText, day: Temporal.PlainDate): boolean {
  const at = day.toString().slice(5);
  return (text.season?.ranges ?? []).some(({ from, to }) =>
    from <= to ? from <= at && at <= to : at >= from || at <= to,
  );
}

function inSeason(text: ScheduleText, date: Temporal.PlainDate): Temporal.PlainDate | null {
  if (text.season === undefined || isActive(text, date)) return date;
  if (text.season.outside === 'skip') return null;
  for (let day = date, ahead = 0; ahead < 3_000; ahead += 1, day = day.add({ days: 1 }))
    if (isActive(text, day)) return day;
  return null;
}

function isWorking(text: ScheduleText, day: Temporal.PlainDate): boolean {
  const names: readonly string[] = text.calendar?.working_days ?? NAMES;
  return (
    names.includes(NAMES[day.dayOfWeek - 1] ?? '') &&
    !(text.calendar?.holidays ?? []).includes(day.toString())
  );
}

function onWorkingDay(text: ScheduleText, day: Temporal.PlainDate): Temporal.PlainDate | null {
  const rule = text.non_working ?? 'keep';
  if (rule === 'keep' || isWorking(text, day)) return day;
  if (rule === 'skip') return null;
  let after = day;
  while (!isWorking(text, after)) after = after.add({ days: 1 });
  let before = day;
  while (!isWorking(text, before)) before = before.subtract({ days: 1 });
  if (rule === 'next') return after;
  if (rule === 'previous') return before;
  if (rule === 'modified_next') return after.month === day.month && after.year === day.year ? after : before;
  return day.until(after).days < before.until(day).days ? after : before;
}

function instants(text: ScheduleText, wall: Temporal.PlainDateTime): number[] {
  const earlier = wall.toZonedDateTime(text.zone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(text.zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return [earlier.epochMilliseconds];
  if (!earlier.toPlainDateTime().equals(wall)) {
    // A gap: `compatible` reads the wall time with the offset before it.
    const shifted = wall.toZonedDateTime(text.zone, { disambiguation: 'compatible' });
    return text.dst?.gap === 'skip' ? [] : [shifted.epochMilliseconds];
  }
  const both = [earlier.epochMilliseconds, later.epochMilliseconds];
  if (text.dst?.overlap === 'both') return both;
  return text.dst?.overlap === 'second' ? both.slice(1) : both.slice(0, 1);
}
