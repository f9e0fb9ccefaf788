import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, parseDate } from '../time/days.ts';
import { formatInstant, formatWall } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { accountFor } from './account.ts';
import { explainDate } from './explain.ts';
import { occurrencesBetween } from './occurrences.ts';
import { anySchedule } from './schedule.fixture.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';

const zones = createZones({ tzdb: '2026a' });
const MON_FRI: NonNullable<ScheduleText['calendar']> = { working_days: ['MO', 'TU', 'WE', 'TH', 'FR'] };
const day = (text: string): number => parseDate(text) ?? NaN;
type Texts = Omit<ScheduleText, 'zone'> & { zone?: string };
const read = (text: Texts): ReturnType<typeof readSchedule> =>
  readSchedule({ zone: 'Europe/Berlin', ...text }, zones);

function fates(text: Texts, from: string, to: string): string[] {
  const schedule = read(text);
  return accountFor(schedule, day(from), day(to)).map((item) => {
    const nominal = formatWall(item.nominalMs).slice(5);
    if (item.kind === 'skipped') return `${nominal} skipped: ${item.reason}`;
    const due = formatInstant(item.dueMs, schedule.zone).slice(5, 16);
    return item.kind === 'due'
      ? `${nominal} due ${due}`
      : `${nominal} merged into ${formatWall(item.intoNominalMs).slice(5)}`;
  });
}

describe('accountFor', () => {
  it('says of every nominal time what becomes of it', () => {
    const text: Texts = {
      anchor: '2026-03-26T02:15',
      frequency: 'daily',
      except: ['2026-03-27'],
      calendar: { holidays: ['2026-03-28'] },
      non_working: 'next',
      season: { ranges: [{ from: '01-01', to: '03-30' }], outside: 'skip' },
    };
    expect(fates(text, '2026-03-20', '2026-04-01')).toEqual([
      '03-26T02:15 due 03-26T02:15',
      '03-27T02:15 skipped: exception',
      '03-28T02:15 due 03-29T03:15',
      '03-29T02:15 merged into 03-28T02:15',
      '03-30T02:15 due 03-30T02:15',
      '03-31T02:15 skipped: season',
      '04-01T02:15 skipped: season',
    ]);
    // The one it merges into may lie before the range.
    expect(fates(text, '2026-03-29', '2026-03-29')).toEqual(['03-29T02:15 merged into 03-28T02:15']);
  });

  it('names the calendar and the gap that drop a date', () => {
    const text: Texts = {
      anchor: '2026-03-27T02:15',
      frequency: 'daily',
      dst: { gap: 'skip' },
      calendar: { holidays: ['2026-03-28'] },
      non_working: 'skip',
    };
    expect(fates(text, '2026-03-28', '2026-03-30')).toEqual([
      '03-28T02:15 skipped: calendar',
      '03-29T02:15 skipped: gap',
      '03-30T02:15 due 03-30T02:15',
    ]);
  });

  it('follows an extension, and what goes on from it', () => {
    const monthly: Texts = { anchor: '2026-01-15T08:00', frequency: 'monthly' };
    expect(
      fates(
        { ...monthly, extension: { for: '2026-02-15', to: '2026-02-25', adjust: true } },
        '2026-02-01',
        '2026-04-30',
      ),
    ).toEqual(['02-15T08:00 due 02-25T08:00', '03-25T08:00 due 03-25T08:00', '04-25T08:00 due 04-25T08:00']);
    expect(
      fates({ ...monthly, extension: { for: '2026-02-15', to: '2026-03-15' } }, '2026-02-01', '2026-03-31'),
    ).toEqual(['02-15T08:00 due 03-15T08:00', '03-15T08:00 merged into 02-15T08:00']);
  });

  it('has a repeated time twice with both, and hours by the clock', () => {
    expect(
      fates(
        { anchor: '2026-10-25T02:30', frequency: 'daily', dst: { overlap: 'both' } },
        '2026-10-25',
        '2026-10-25',
      ),
    ).toHaveLength(2);
    // Three hours after 23:00 on 28 March the clocks have gone forward: it is 03:00.
    expect(
      fates({ anchor: '2026-03-28T20:00', every: { n: 3, unit: 'hour' } }, '2026-03-28', '2026-03-29'),
    ).toEqual(
      [
        '28T20:00',
        '28T23:00',
        '29T03:00',
        '29T06:00',
        '29T09:00',
        '29T12:00',
        '29T15:00',
        '29T18:00',
        '29T21:00',
      ].map((text) => `03-${text} due 03-${text}`),
    );
  });

  it('is what the occurrences say, and has each nominal time once', () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: 0, max: 300 }), (text, offset) => {
        const schedule = readSchedule(text, zones);
        const from = day(text.anchor.slice(0, 10)) + offset;
        const accounted = accountFor(schedule, from, from + 200);
        const due = accounted.flatMap((item) =>
          item.kind === 'due' ? [`${String(item.nominalMs)} ${String(item.dueMs)}`] : [],
        );
        const all = occurrencesBetween(schedule, (from - 400) * DAY_MS, (from + 4_000) * DAY_MS);
        const inside = all.filter(
          ({ nominalMs }) => nominalMs >= from * DAY_MS && nominalMs < (from + 201) * DAY_MS,
        );
        expect(due).toEqual(inside.map((item) => `${String(item.nominalMs)} ${String(item.dueMs)}`));
        const keepers = new Set(all.map(({ nominalMs, dueMs }) => `${String(nominalMs)} ${String(dueMs)}`));
        for (const item of accounted)
          if (item.kind === 'merged')
            expect(keepers.has(`${String(item.intoNominalMs)} ${String(item.dueMs)}`)).toBe(true);
        if (text.dst?.overlap !== 'both')
          expect(new Set(accounted.map(({ nominalMs }) => nominalMs)).size).toBe(accounted.length);
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it('refuses a range without end', () => {
    expect(() => accountFor(read({ anchor: '2026-01-01T08:00', frequency: 'daily' }), 0, 200_000)).toThrow(
      /shorter/,
    );
  });
});

describe('explainDate', () => {
  const sentences = (text: Texts, date: string): string[] =>
    (explainDate(read(text), day(date))?.sentences ?? []).map(
      ({ step, text: sentence }) => `${step}: ${sentence}`,
    );

  it('has one sentence for each step that had a say', () => {
    const text: Texts = {
      anchor: '2025-12-28T02:15',
      frequency: 'monthly',
      season: { ranges: [{ from: '03-28', to: '10-31' }], outside: 'next_active' },
      calendar: { ...MON_FRI, working_days: ['MO', 'TU', 'WE', 'TH', 'FR', 'SU'], holidays: [] },
      non_working: 'next',
    };
    expect(sentences(text, '2026-01-28')).toEqual([
      'nominal: Every month, counted from 2025-12-28, gives 2026-01-28T02:15.',
      'season: 2026-01-28 is outside the season, which opens on 2026-03-28.',
      'calendar: 2026-03-28 is a Saturday, which is not worked, so it moves to the next working day: 2026-03-29.',
      'zone: 2026-03-29T02:15 does not exist in Europe/Berlin, where clocks go forward, so it becomes 2026-03-29T03:15:00+02:00 (tz database 2026a).',
      'merge: The occurrence of 2025-12-28T02:15 is due at the same instant, so both are one, and that one keeps it.',
    ]);
    expect(explainDate(read(text), day('2025-12-28'))).toMatchObject({
      nominal: '2025-12-28T02:15',
      due: ['2026-03-29T03:15:00+02:00'],
      tzdb: '2026a',
    });
    expect(explainDate(read(text), day('2026-01-28'))?.due).toEqual([]);
  });

  it.each<[string, Texts, string, string[]]>([
    [
      'exception',
      {
        anchor: '2026-01-05T08:00',
        every: { n: 2, unit: 'week' },
        on: { weekdays: ['MO', 'TH'] },
        except: ['2026-01-08'],
      },
      '2026-01-08',
      [
        'nominal: Monday and Thursday of every 2 weeks, counted from 2026-01-05, gives 2026-01-08T08:00.',
        'exception: 2026-01-08 is one of the exceptions, so nothing is due.',
      ],
    ],
    [
      'extension',
      {
        anchor: '2026-01-01T08:00',
        frequency: 'monthly',
        on: { nth_weekday: { n: -1, weekday: 'FR' } },
        extension: { for: '2026-01-30', to: '2026-02-04', adjust: true },
      },
      '2026-01-30',
      [
        'nominal: The last Friday of every month, counted from 2026-01-01, gives 2026-01-30T08:00.',
        'extension: It is extended to 2026-02-04, whatever the season; the series goes on from there.',
        'zone: In Europe/Berlin that is 2026-02-04T08:00:00+01:00 (tz database 2026a).',
      ],
    ],
    [
      'a skipped season',
      {
        anchor: '2026-01-01T08:00',
        frequency: 'monthly',
        on: { month_day: -1 },
        season: { ranges: [{ from: '05-01', to: '05-31' }], outside: 'skip' },
      },
      '2026-02-28',
      [
        'nominal: The last day of every month, counted from 2026-01-01, gives 2026-02-28T08:00.',
        'season: 2026-02-28 is outside the season, so it is skipped.',
      ],
    ],
    [
      'a skipped holiday',
      {
        anchor: '2026-01-01T08:00',
        frequency: 'annual',
        on: { iso_week: 1, weekday: 'TH' },
        calendar: { holidays: ['2026-01-01'] },
        non_working: 'skip',
      },
      '2026-01-01',
      [
        'nominal: Thursday in ISO week 1 of every year, counted from 2026-01-01, gives 2026-01-01T08:00.',
        'calendar: 2026-01-01 is a holiday, so it is skipped.',
      ],
    ],
    [
      'a kept holiday',
      { anchor: '2026-01-01T08:00', every: { n: 3, unit: 'day' }, calendar: { holidays: ['2026-01-01'] } },
      '2026-01-01',
      [
        'nominal: Every 3 days, counted from 2026-01-01, gives 2026-01-01T08:00.',
        'calendar: 2026-01-01 is a holiday, and the date is kept.',
        'zone: In Europe/Berlin that is 2026-01-01T08:00:00+01:00 (tz database 2026a).',
      ],
    ],
    [
      'a repeated time',
      { anchor: '2026-10-25T02:30', frequency: 'daily', dst: { overlap: 'both' } },
      '2026-10-25',
      [
        'nominal: Every day, counted from 2026-10-25, gives 2026-10-25T02:30.',
        'zone: 2026-10-25T02:30 comes twice in Europe/Berlin, where clocks go back; it is due at 2026-10-25T02:30:00+02:00 and 2026-10-25T02:30:00+01:00 (tz database 2026a).',
      ],
    ],
    [
      'a skipped gap',
      { anchor: '2026-03-29T02:30', frequency: 'daily', dst: { gap: 'skip' } },
      '2026-03-29',
      [
        'nominal: Every day, counted from 2026-03-29, gives 2026-03-29T02:30.',
        'zone: 2026-03-29T02:30 does not exist in Europe/Berlin, where clocks go forward, so it is skipped (tz database 2026a).',
      ],
    ],
    [
      'hours',
      { anchor: '2026-01-01T08:00', every: { n: 12, unit: 'hour' } },
      '2026-01-01',
      [
        'nominal: Every 12 hours that pass from 2026-01-01T08:00, whatever clocks show, gives 2026-01-01T08:00:00+01:00, 2026-01-01T20:00:00+01:00 (tz database 2026a).',
      ],
    ],
  ])('%s', (_, text, date, expected) => {
    expect(sentences(text, date)).toEqual(expected);
  });

  it('has nothing to say about a date that is none', () => {
    expect(
      explainDate(read({ anchor: '2026-01-01T08:00', frequency: 'monthly' }), day('2026-01-02')),
    ).toBeNull();
  });
});
