/**
 * Explains a date: for one nominal occurrence, one sentence for each step that had a say in it, in the order of the steps.
 * Asks the engine for every fact and decides nothing.
 */
import { DAY_MS, formatDate, WEEKDAYS, weekdayIndex, type Weekday } from '../time/days.ts';
import { formatInstant, formatWall } from '../time/instants.ts';
import { accountFor, datesFor, type Accounted } from './account.ts';
import type { Selector } from './periods.ts';
import { nominalOn, type Schedule } from './schedule.ts';
import { calendarDay, partsOf, seasonDay } from './series.ts';

export interface Sentence {
  step: 'nominal' | 'exception' | 'extension' | 'season' | 'calendar' | 'zone' | 'merge';
  text: string;
}

export interface Explanation {
  /** Wall time that identifies the occurrence, `YYYY-MM-DDTHH:MM`. */
  nominal: string;
  /** Instants it is due, in the zone; none when it is skipped, or due with the occurrence it merged into. */
  due: string[];
  /** Version of the zone data that the instants were computed with. */
  tzdb: string;
  sentences: Sentence[];
}

/** Null when the series has no occurrence with that nominal date. */
export function explainDate(schedule: Schedule, nominalDay: number): Explanation | null {
  const accounted = accountFor(schedule, nominalDay, nominalDay);
  if (accounted.length === 0) return null;
  const { zone } = schedule;
  return {
    nominal: formatWall(accounted[0]?.nominalMs ?? nominalOn(nominalDay, schedule)),
    due: accounted.flatMap((item) => (item.kind === 'due' ? [formatInstant(item.dueMs, zone)] : [])),
    tzdb: zone.tzdb,
    sentences:
      schedule.every.unit === 'hour'
        ? hourSentences(schedule, accounted)
        : sentences(schedule, nominalDay, accounted),
  };
}

function sentences(schedule: Schedule, nominalDay: number, accounted: readonly Accounted[]): Sentence[] {
  const nominal = formatWall(nominalOn(nominalDay, schedule));
  const said: Sentence[] = [
    {
      step: 'nominal',
      text: `${rhythmText(schedule)}, counted from ${formatDate(schedule.anchorDay)}, gives ${nominal}.`,
    },
  ];
  if (schedule.except.has(nominalDay))
    return [
      ...said,
      { step: 'exception', text: `${formatDate(nominalDay)} is one of the exceptions, so nothing is due.` },
    ];
  const moved = seasonOrExtension(schedule, nominalDay);
  said.push(...moved.said);
  if (moved.day === null) return said;
  said.push(...calendarSentences(schedule, moved.day));
  const worked = calendarDay(schedule, moved.day);
  if (worked === null) return said;
  said.push(zoneSentence(schedule, worked, datesFor(schedule, nominalDay)));
  return [...said, ...mergeSentences(accounted)];
}

function seasonOrExtension(schedule: Schedule, day: number): { day: number | null; said: Sentence[] } {
  const extended = partsOf(schedule).find((part) => part.extended?.forDay === day)?.extended;
  if (extended) {
    const goesOn = schedule.extension?.adjust === true ? 'goes on from there' : 'goes on unchanged';
    const text = `It is extended to ${formatDate(extended.toDay)}, whatever the season; the series ${goesOn}.`;
    return { day: extended.toDay, said: [{ step: 'extension', text }] };
  }
  const active = seasonDay(schedule, day);
  if (active === day) return { day, said: [] };
  const outside = `${formatDate(day)} is outside the season`;
  const text =
    active === null ? `${outside}, so it is skipped.` : `${outside}, which opens on ${formatDate(active)}.`;
  return { day: active, said: [{ step: 'season', text }] };
}

const MOVES = {
  next: 'the next working day',
  previous: 'the working day before',
  nearest: 'the nearest working day',
  modified_next: 'the next working day, or the one before if that is in another month',
} as const;

function calendarSentences(schedule: Schedule, day: number): Sentence[] {
  const { calendar, nonWorking } = schedule;
  if (calendar.isWorking(day)) return [];
  const why = `${formatDate(day)} is ${calendar.isHoliday(day) ? 'a holiday' : `a ${dayText(weekdayIndex(day))}, which is not worked`}`;
  const worked = calendarDay(schedule, day);
  const what =
    worked === null || nonWorking === 'skip'
      ? 'so it is skipped'
      : nonWorking === 'keep'
        ? 'and the date is kept'
        : `so it moves to ${MOVES[nonWorking]}: ${formatDate(worked)}`;
  return [{ step: 'calendar', text: `${why}, ${what}.` }];
}

function zoneSentence(schedule: Schedule, day: number, due: ReturnType<typeof datesFor>): Sentence {
  const { zone } = schedule;
  const wall = formatWall(nominalOn(day, schedule));
  const found = zone.instants(nominalOn(day, schedule));
  const data = `tz database ${zone.tzdb}`;
  const texts = typeof due === 'string' ? [] : due.map((ms) => formatInstant(ms, zone));
  if (found.length === 0) {
    const what = texts.length === 0 ? 'so it is skipped' : `so it becomes ${texts.join(' and ')}`;
    return {
      step: 'zone',
      text: `${wall} does not exist in ${zone.id}, where clocks go forward, ${what} (${data}).`,
    };
  }
  if (found.length > 1) {
    const text = `${wall} comes twice in ${zone.id}, where clocks go back; it is due at ${texts.join(' and ')} (${data}).`;
    return { step: 'zone', text };
  }
  return { step: 'zone', text: `In ${zone.id} that is ${texts.join(' and ')} (${data}).` };
}

function mergeSentences(accounted: readonly Accounted[]): Sentence[] {
  const merged = accounted.find((item) => item.kind === 'merged');
  if (merged?.kind !== 'merged') return [];
  const text = `The occurrence of ${formatWall(merged.intoNominalMs)} is due at the same instant, so both are one, and that one keeps it.`;
  return [{ step: 'merge', text }];
}

function hourSentences(
  { every, zone, anchorDay, timeMs }: Schedule,
  accounted: readonly Accounted[],
): Sentence[] {
  const start = formatWall(anchorDay * DAY_MS + timeMs);
  const times = accounted.flatMap((item) => (item.kind === 'due' ? [formatInstant(item.dueMs, zone)] : []));
  const text = `Every ${every.n === 1 ? 'hour' : `${String(every.n)} hours`} that pass from ${start}, whatever clocks show, gives ${times.join(', ')} (tz database ${zone.tzdb}).`;
  return [{ step: 'nominal', text }];
}

const DAY_TEXTS: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};

function dayText(index: number): string {
  return DAY_TEXTS[WEEKDAYS[index] ?? 'MO'];
}

function rhythmText({ every: { n, unit }, on }: Schedule): string {
  const name = unit.replace('_', ' ');
  const every = n === 1 ? `every ${name}` : `every ${String(n)} ${name}s`;
  const text = on === null ? every : `${selectorText(on)} of ${every}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const PLACES: Readonly<Record<number, string>> = {
  [-1]: 'last',
  1: 'first',
  2: 'second',
  3: 'third',
  4: 'fourth',
  5: 'fifth',
};

function selectorText(on: Selector): string {
  switch (on.by) {
    case 'weekdays':
      return on.weekdays.map(dayText).join(' and ');
    case 'month_day':
      return on.monthDay === -1 ? 'the last day' : `day ${String(on.monthDay)}`;
    case 'nth_weekday':
      return `the ${PLACES[on.n] ?? ''} ${dayText(on.weekday)}`;
    case 'iso_week':
      return `${dayText(on.weekday)} in ISO week ${String(on.isoWeek)}`;
  }
}
