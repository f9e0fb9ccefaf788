import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { createZones } from '../time/zones.ts';
import { scheduleFromRrule } from './from-rrule.ts';
import { occurrencesAfter } from './occurrences.ts';
import { scheduleProblems } from './schedule-problems.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const BERLIN = 'DTSTART;TZID=Europe/Berlin:20260330T080000';

function read(rule: string, start = BERLIN): ScheduleText {
  return scheduleFromRrule(`${start}\nRRULE:${rule}`, { zone: 'America/New_York', anchor: null }, zones);
}

describe('scheduleFromRrule', () => {
  it.each<[string, Partial<ScheduleText>]>([
    ['FREQ=HOURLY;INTERVAL=8', { every: { n: 8, unit: 'hour' } }],
    ['FREQ=DAILY', { every: { n: 1, unit: 'day' } }],
    [
      'FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR',
      { every: { n: 1, unit: 'week' }, on: { weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'] } },
    ],
    ['FREQ=WEEKLY;INTERVAL=2', { every: { n: 2, unit: 'week' } }],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU',
      { every: { n: 2, unit: 'week' }, on: { weekdays: ['MO', 'FR'] }, week_start: 'SU' },
    ],
    ['FREQ=MONTHLY', { every: { n: 1, unit: 'month' } }],
    ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1', { every: { n: 3, unit: 'month' }, on: { month_day: -1 } }],
    [
      'FREQ=MONTHLY;BYDAY=2TU',
      { every: { n: 1, unit: 'month' }, on: { nth_weekday: { n: 2, weekday: 'TU' } } },
    ],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1',
      { every: { n: 1, unit: 'month' }, on: { nth_weekday: { n: -1, weekday: 'FR' } } },
    ],
    [
      'FREQ=MONTHLY;BYMONTH=5,6',
      {
        every: { n: 1, unit: 'month' },
        season: {
          ranges: [
            { from: '05-01', to: '05-31' },
            { from: '06-01', to: '06-30' },
          ],
          outside: 'skip',
        },
      },
    ],
    ['FREQ=YEARLY', { every: { n: 1, unit: 'year' } }],
    ['FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31', { every: { n: 1, unit: 'year' }, on: { month_day: 31 } }],
    ['FREQ=YEARLY;BYMONTH=3', { every: { n: 1, unit: 'year' }, on: { month_day: 30 } }],
    [
      'FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=1MO',
      {
        anchor: '2028-01-01T08:00',
        every: { n: 2, unit: 'year' },
        on: { nth_weekday: { n: 1, weekday: 'MO' } },
      },
    ],
    [
      'FREQ=YEARLY;BYMONTH=5;BYDAY=1MO',
      {
        anchor: '2026-05-01T08:00',
        every: { n: 1, unit: 'year' },
        on: { nth_weekday: { n: 1, weekday: 'MO' } },
      },
    ],
    [
      'FREQ=YEARLY;BYWEEKNO=53;BYDAY=WE',
      { every: { n: 1, unit: 'year' }, on: { iso_week: 53, weekday: 'WE' } },
    ],
    ['FREQ=YEARLY;BYWEEKNO=20', { every: { n: 1, unit: 'year' }, on: { iso_week: 20, weekday: 'MO' } }],
    [
      'FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD;BYMONTHDAY=31',
      { every: { n: 1, unit: 'month' }, on: { month_day: 31 }, missing_day: 'clamp' },
    ],
    ['FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0', { every: { n: 1, unit: 'day' } }],
    ['FREQ=DAILY;COUNT=3', { every: { n: 1, unit: 'day' }, until: '2026-04-01' }],
    [
      'FREQ=MONTHLY;BYMONTHDAY=30;COUNT=3',
      { every: { n: 1, unit: 'month' }, on: { month_day: 30 }, until: '2026-05-30' },
    ],
    // 06:00 UTC is 08:00 in Berlin: the occurrence at the end is inside; a second earlier it is not.
    ['FREQ=DAILY;UNTIL=20260402T060000Z', { every: { n: 1, unit: 'day' }, until: '2026-04-02' }],
    ['FREQ=DAILY;UNTIL=20260402T055959Z', { every: { n: 1, unit: 'day' }, until: '2026-04-01' }],
  ])('%s', (rule, expected) => {
    const schedule = read(rule);
    expect(schedule).toEqual({
      zone: 'Europe/Berlin',
      anchor: '2026-03-30T08:00',
      ...(/MONTHLY|YEARLY/.test(rule) ? { missing_day: 'skip' } : {}),
      ...expected,
    });
    expect(scheduleProblems(schedule, zones)).toEqual([]);
  });

  it('takes EXDATE, in its own zone or in UTC, and folded lines', () => {
    const text = `${BERLIN}\r\nRRULE:FREQ=DAILY;\r\n INTERVAL=1\r\nEXDATE;TZID=Europe/Berlin:20260401T080000,20260402T080000\r\nEXDATE:20260405T060000Z\r\n`;
    expect(scheduleFromRrule(text, { zone: 'UTC', anchor: null }, zones).except).toEqual([
      '2026-04-01',
      '2026-04-02',
      '2026-04-05',
    ]);
  });

  it('takes the zone and the start from elsewhere when the text has none', () => {
    expect(read('FREQ=DAILY', 'DTSTART:20260330T080000')).toMatchObject({
      zone: 'America/New_York',
      anchor: '2026-03-30T08:00',
    });
    expect(read('FREQ=DAILY', 'DTSTART:20260330T080000Z')).toMatchObject({ zone: 'UTC' });
    const bare = scheduleFromRrule('FREQ=DAILY', { zone: 'Asia/Tokyo', anchor: '2026-01-05T06:30' }, zones);
    expect(bare).toMatchObject({ zone: 'Asia/Tokyo', anchor: '2026-01-05T06:30' });
  });

  it.each<[string, RegExp]>([
    ['FREQ=MINUTELY', /FREQ=MINUTELY is finer than hours/],
    ['FREQ=DAILY;INTERVAL=2;BYDAY=MO', /BYDAY with FREQ=DAILY is understood with INTERVAL=1 only/],
    ['FREQ=DAILY;BYHOUR=8,16', /BYHOUR has several values/],
    ['FREQ=DAILY;BYHOUR=9', /BYHOUR is not the time of day of DTSTART/],
    ['FREQ=DAILY;BYMONTHDAY=1', /BYMONTHDAY with FREQ=DAILY has no counterpart/],
    ['FREQ=MONTHLY;BYMONTHDAY=1,15', /BYMONTHDAY has several values/],
    ['FREQ=MONTHLY;BYMONTHDAY=-2', /only the last day can be named/],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', /Friday the 13th/],
    ['FREQ=MONTHLY;BYDAY=MO', /every such weekday of the month; use FREQ=WEEKLY/],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', /BYDAY with FREQ=MONTHLY or YEARLY has several values/],
    ['FREQ=MONTHLY;BYDAY=-2MO', /the -2th weekday/],
    ['FREQ=YEARLY;BYDAY=MO', /needs BYMONTH/],
    ['FREQ=YEARLY;BYMONTH=1,7', /BYMONTH with FREQ=YEARLY has several values/],
    ['FREQ=YEARLY;BYYEARDAY=100', /a schedule has nothing like BYYEARDAY/],
    ['FREQ=YEARLY;BYWEEKNO=-1', /counts from the end of the year/],
    ['FREQ=YEARLY;BYWEEKNO=1;WKST=SU', /no ISO week/],
    ['FREQ=WEEKLY;BYSETPOS=1;BYDAY=MO,TU', /BYSETPOS is understood with FREQ=MONTHLY only/],
    ['FREQ=DAILY;FOO=1', /a schedule has nothing like FOO/],
    ['FREQ=MONTHLY;BYMONTHDAY=45', /BYMONTHDAY=45 is not valid/],
    ['FREQ=MONTHLY;BYMONTHDAY=1,45', /BYMONTHDAY=1,45 is not valid/],
    ['FREQ=DAILY;FREQ=WEEKLY', /FREQ is there twice/],
    ['FREQ=FORTNIGHTLY', /Invalid FREQ value/],
    ['FREQ=DAILY;INTERVAL=0', /cannot become a schedule/],
    ['INTERVAL=2', /cannot become a schedule/],
    ['FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD;BYMONTHDAY=31', /SKIP=FORWARD/],
    ['FREQ=MONTHLY;RSCALE=HEBREW', /counts by the calendar HEBREW/],
    ['FREQ=DAILY;COUNT=100000', /COUNT is above 10000/],
    ['FREQ=WEEKLY;BYDAY=TU;COUNT=3', /DTSTART is no date of the rule/],
    ['FREQ=HOURLY;COUNT=3', /COUNT with FREQ=HOURLY/],
  ])('refuses %s', (rule, reason) => {
    expect(() => read(rule)).toThrow(reason);
    expect(() => read(rule)).toThrow(expect.objectContaining({ kind: 'invalid_request', path: 'rrule' }));
  });

  it.each<[string, RegExp]>([
    [`${BERLIN}\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY`, /more than one RRULE/],
    [`${BERLIN}\nRRULE:FREQ=DAILY\nRDATE:20260401T060000Z`, /it holds "RDATE/],
    [`${BERLIN}\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY`, /it holds "EXRULE/],
    [`${BERLIN}\nRRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Berlin:20260401T090000`, /another time of day/],
    [BERLIN, /no line RRULE/],
    ['RRULE:FREQ=DAILY', /no DTSTART/],
    ['DTSTART;TZID=Mars/Base:20260330T080000\nRRULE:FREQ=DAILY', /the zone "Mars\/Base" is not/],
    ['DTSTART;VALUE=DATE:20260330\nRRULE:FREQ=DAILY', /has no time of day/],
    ['DTSTART;TZID=Europe/Berlin:20260330T080030\nRRULE:FREQ=DAILY', /has seconds/],
    ['', /no line RRULE/],
    [`RRULE:${'FREQ=DAILY;'.repeat(2_000)}`, /longer than/],
  ])('refuses the text %j', (text, reason) => {
    expect(() => scheduleFromRrule(text, { zone: 'UTC', anchor: null }, zones)).toThrow(reason);
  });

  it('gives the dates that the library gives', () => {
    const interval = fc.integer({ min: 1, max: 4 });
    const days = fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), {
      minLength: 1,
      maxLength: 3,
    });
    const rule = fc.oneof(
      interval.map((n) => `FREQ=DAILY;INTERVAL=${String(n)}`),
      fc
        .record({ n: interval, days, start: fc.constantFrom('MO', 'SU') })
        .map(
          ({ n, days: list, start }) =>
            `FREQ=WEEKLY;INTERVAL=${String(n)};BYDAY=${list.join(',')};WKST=${start}`,
        ),
      fc
        .record({ n: interval, day: fc.constantFrom(1, 28, 29, 30, 31, -1) })
        .map(({ n, day }) => `FREQ=MONTHLY;INTERVAL=${String(n)};BYMONTHDAY=${String(day)}`),
      fc
        .record({ n: fc.constantFrom(1, 2, 5, -1), day: fc.constantFrom('MO', 'FR') })
        .map(({ n, day }) => `FREQ=MONTHLY;BYDAY=${String(n)}${day}`),
      fc
        .record({ n: interval, month: fc.integer({ min: 1, max: 12 }), day: fc.constantFrom(1, 29) })
        .map(
          ({ n, month, day }) =>
            `FREQ=YEARLY;INTERVAL=${String(n)};BYMONTH=${String(month)};BYMONTHDAY=${String(day)}`,
        ),
      fc
        .record({ months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }) })
        .map(({ months }) => `FREQ=WEEKLY;BYMONTH=${months.join(',')}`),
      fc.constant('FREQ=MONTHLY'),
      fc.constant('FREQ=YEARLY'),
    );
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: 1_000 }), (text, offset) => {
        const date = new Date(Date.UTC(2025, 0, 1) + offset * 86_400_000)
          .toISOString()
          .slice(0, 10)
          .replaceAll('-', '');
        const rruleString = `DTSTART;TZID=Europe/Berlin:${date}T080000\nRRULE:${text}`;
        const theirs = new RRuleTemporal({ rruleString, strict: true }).all((_, index) => index < 15);
        const schedule = readSchedule(
          scheduleFromRrule(rruleString, { zone: 'UTC', anchor: null }, zones),
          zones,
        );
        const ours = occurrencesAfter(schedule, null, 15).map(({ dueMs }) => dueMs);
        expect(ours.slice(0, theirs.length)).toEqual(theirs.map((moment) => moment.epochMilliseconds));
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});
