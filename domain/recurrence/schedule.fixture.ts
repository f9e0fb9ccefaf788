/** Schedules that fast-check invents: mostly ordinary ones, and each rule that is hard now and then. */
import fc from 'fast-check';
import type { ScheduleText } from './read-schedule.ts';

/** Changes by an hour, by half an hour and by a day, at midnight, in both hemispheres, twice a year and in Ramadan. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Apia',
  'Asia/Kolkata',
] as const;

const weekdayName = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU' as const);
const time = fc.oneof(
  fc.constantFrom('00:00', '00:30', '01:30', '02:00', '02:15', '02:45', '03:00', '23:30', '08:00'),
  fc
    .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
    .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
);

export function dateIn(fromYear: number, toYear: number): fc.Arbitrary<string> {
  return fc
    .integer({ min: Date.UTC(fromYear, 0, 1) / 86_400_000, max: Date.UTC(toYear, 11, 31) / 86_400_000 })
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
}

const monthDay = fc.oneof(
  { weight: 6, arbitrary: dateIn(2025, 2025).map((text) => text.slice(5)) },
  { weight: 1, arbitrary: fc.constantFrom('02-29', '02-28', '03-01', '12-31', '01-01') },
);

const rhythm: fc.Arbitrary<Pick<ScheduleText, 'frequency' | 'every' | 'on'>> = fc.oneof(
  fc.record({
    frequency: fc.constantFrom('daily', 'weekly', 'monthly', 'quarterly', 'semi_annual', 'annual' as const),
  }),
  fc.record({
    every: fc.record({
      n: fc.integer({ min: 1, max: 12 }),
      unit: fc.constantFrom('day', 'working_day', 'week', 'month', 'year' as const),
    }),
  }),
  fc.record({
    every: fc.record({ n: fc.integer({ min: 1, max: 5 }), unit: fc.constant('week' as const) }),
    on: fc.record({ weekdays: fc.uniqueArray(weekdayName, { minLength: 1, maxLength: 4 }) }),
  }),
  fc.record({
    every: fc.record({ n: fc.integer({ min: 1, max: 7 }), unit: fc.constantFrom('month', 'year' as const) }),
    on: fc.oneof(
      fc.record({ month_day: fc.constantFrom(-1, 1, 15, 28, 29, 30, 31) }),
      fc.record({
        nth_weekday: fc.record({ n: fc.constantFrom(-1, 1, 2, 3, 4, 5), weekday: weekdayName }),
      }),
    ),
  }),
  fc.record({
    every: fc.record({ n: fc.integer({ min: 1, max: 2 }), unit: fc.constant('year' as const) }),
    on: fc.record({ iso_week: fc.constantFrom(1, 2, 26, 52, 53), weekday: weekdayName }),
  }),
);

function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

const rules = fc.record({
  week_start: sometimes(weekdayName),
  missing_day: sometimes(fc.constantFrom('clamp', 'skip', 'overflow' as const)),
  dst: sometimes(
    fc.record({
      gap: fc.constantFrom('shift_forward', 'skip' as const),
      overlap: fc.constantFrom('first', 'second', 'both' as const),
    }),
  ),
  calendar: sometimes(
    fc.record({
      working_days: fc.uniqueArray(weekdayName, { minLength: 1, maxLength: 7 }),
      holidays: fc.oneof(
        fc.array(dateIn(2024, 2027), { maxLength: 20 }),
        // A shutdown of weeks, over which many dates merge.
        dateIn(2024, 2026).map((from) =>
          Array.from({ length: 20 }, (_, i) =>
            new Date(Date.parse(from) + i * 86_400_000).toISOString().slice(0, 10),
          ),
        ),
      ),
    }),
  ),
  non_working: sometimes(
    fc.constantFrom('keep', 'next', 'previous', 'nearest', 'modified_next', 'skip' as const),
  ),
  season: sometimes(
    fc.record({
      ranges: fc.array(fc.record({ from: monthDay, to: monthDay }), { minLength: 1, maxLength: 3 }),
      outside: fc.constantFrom('next_active', 'skip' as const),
    }),
  ),
  except: sometimes(fc.array(dateIn(2024, 2026), { maxLength: 8 })),
  until: sometimes(dateIn(2024, 2028)),
});

export const anySchedule: fc.Arbitrary<ScheduleText> = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    date: fc.oneof(dateIn(2023, 2026), fc.constantFrom('2024-02-29', '2025-01-31', '2026-12-31')),
    time,
    rhythm,
    rules,
  })
  .map(({ zone, date, time: at, rhythm: interval, rules: rest }) => ({
    zone,
    anchor: `${date}T${at}`,
    ...interval,
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as typeof rest),
  }));
