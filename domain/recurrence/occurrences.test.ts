/** The rules of occurrences, sentence by sentence, with dates worked out by hand. */
import { describe, expect, it } from '@jest/globals';
import { formatInstant, formatWall, parseInstant } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { occurrencesAfter } from './occurrences.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });

type Texts = Omit<ScheduleText, 'zone'> & { zone?: string };

/** Such as `2026-03-28T02:15 > 2026-03-29T03:15+02:00`; only the date of both when nothing but dates matters. */
function run(text: Texts, count: number, after?: string): string[] {
  const schedule = readSchedule({ zone: 'UTC', ...text }, zones);
  const afterMs = after === undefined ? null : parseInstant(after);
  return occurrencesAfter(schedule, afterMs, count).map(({ nominalMs, dueMs }) => {
    const [nominal, due] = [formatWall(nominalMs), formatInstant(dueMs, schedule.zone)];
    const isPlain = schedule.zone.id === 'UTC' && due.slice(0, 16).slice(11) === nominal.slice(11);
    if (isPlain)
      return nominal.slice(0, 10) === due.slice(0, 10)
        ? due.slice(0, 10)
        : `${nominal.slice(0, 10)} > ${due.slice(0, 10)}`;
    return `${nominal} > ${due.slice(0, 16)}${due.slice(19)}`;
  });
}

const MON_FRI: NonNullable<ScheduleText['calendar']> = { working_days: ['MO', 'TU', 'WE', 'TH', 'FR'] };

describe('nominal dates', () => {
  it.each<[string, Texts, number, string[]]>([
    [
      'daily',
      { anchor: '2024-02-28T08:00', frequency: 'daily' },
      3,
      ['2024-02-28', '2024-02-29', '2024-03-01'],
    ],
    ['weekly', { anchor: '2026-12-28T08:00', frequency: 'weekly' }, 2, ['2026-12-28', '2027-01-04']],
    [
      'quarterly',
      { anchor: '2025-11-30T08:00', frequency: 'quarterly' },
      3,
      ['2025-11-30', '2026-02-28', '2026-05-30'],
    ],
    [
      'semi-annual',
      { anchor: '2025-08-31T08:00', frequency: 'semi_annual' },
      3,
      ['2025-08-31', '2026-02-28', '2026-08-31'],
    ],
    [
      'annual, clamp',
      { anchor: '2024-02-29T08:00', frequency: 'annual' },
      5,
      ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'],
    ],
    [
      'annual, skip',
      { anchor: '2096-02-29T08:00', frequency: 'annual', missing_day: 'skip' },
      3,
      ['2096-02-29', '2104-02-29', '2108-02-29'],
    ],
    [
      'annual, overflow',
      { anchor: '2024-02-29T08:00', frequency: 'annual', missing_day: 'overflow' },
      2,
      ['2024-02-29', '2025-03-01'],
    ],
    [
      'monthly, skip',
      { anchor: '2026-01-31T08:00', frequency: 'monthly', missing_day: 'skip' },
      4,
      ['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31'],
    ],
    [
      'monthly, overflow',
      { anchor: '2026-01-31T08:00', frequency: 'monthly', missing_day: 'overflow' },
      5,
      ['2026-01-31', '2026-03-03', '2026-03-31', '2026-05-01', '2026-05-31'],
    ],
    [
      'every 10 days',
      { anchor: '2026-01-01T08:00', every: { n: 10, unit: 'day' } },
      3,
      ['2026-01-01', '2026-01-11', '2026-01-21'],
    ],
    [
      'every 10 years',
      { anchor: '2026-06-01T08:00', every: { n: 10, unit: 'year' } },
      3,
      ['2026-06-01', '2036-06-01', '2046-06-01'],
    ],
  ])('%s', (_, text, count, dates) => {
    expect(run(text, count)).toEqual(dates);
  });

  it.each<[string, Texts, number, string[]]>([
    // Wednesday 7 January 2026: its Monday is before the anchor and dropped; every second week after that of the anchor.
    [
      'weekdays',
      { anchor: '2026-01-07T08:00', every: { n: 2, unit: 'week' }, on: { weekdays: ['FR', 'MO'] } },
      4,
      ['2026-01-09', '2026-01-19', '2026-01-23', '2026-02-02'],
    ],
    // Sunday 4 January ends a week that starts on Monday, and starts one that starts on Sunday.
    [
      'a week from Monday',
      { anchor: '2026-01-04T08:00', every: { n: 2, unit: 'week' }, on: { weekdays: ['SU', 'MO'] } },
      4,
      ['2026-01-04', '2026-01-12', '2026-01-18', '2026-01-26'],
    ],
    [
      'a week from Sunday',
      {
        anchor: '2026-01-04T08:00',
        every: { n: 2, unit: 'week' },
        on: { weekdays: ['SU', 'MO'] },
        week_start: 'SU',
      },
      4,
      ['2026-01-04', '2026-01-05', '2026-01-18', '2026-01-19'],
    ],
    [
      'a week from Thursday',
      {
        anchor: '2026-01-07T08:00',
        every: { n: 2, unit: 'week' },
        on: { weekdays: ['WE', 'TH'] },
        week_start: 'TH',
      },
      3,
      ['2026-01-07', '2026-01-15', '2026-01-21'],
    ],
    // The anchor itself is no occurrence when the selector does not choose it.
    [
      'last day',
      { anchor: '2026-01-15T08:00', frequency: 'monthly', on: { month_day: -1 } },
      3,
      ['2026-01-31', '2026-02-28', '2026-03-31'],
    ],
    [
      'day before the anchor',
      { anchor: '2026-01-15T08:00', frequency: 'monthly', on: { month_day: 10 } },
      2,
      ['2026-02-10', '2026-03-10'],
    ],
    [
      '31st, clamp',
      { anchor: '2026-01-15T08:00', frequency: 'monthly', on: { month_day: 31 } },
      3,
      ['2026-01-31', '2026-02-28', '2026-03-31'],
    ],
    [
      '31st, skip',
      { anchor: '2026-01-15T08:00', frequency: 'monthly', on: { month_day: 31 }, missing_day: 'skip' },
      2,
      ['2026-01-31', '2026-03-31'],
    ],
    [
      '31st, overflow',
      { anchor: '2026-01-15T08:00', frequency: 'monthly', on: { month_day: 31 }, missing_day: 'overflow' },
      3,
      ['2026-01-31', '2026-03-03', '2026-03-31'],
    ],
    [
      'quarter months of the anchor',
      { anchor: '2026-02-10T08:00', frequency: 'quarterly', on: { month_day: 1 } },
      2,
      ['2026-05-01', '2026-08-01'],
    ],
    [
      'first Monday',
      { anchor: '2026-01-01T08:00', frequency: 'monthly', on: { nth_weekday: { n: 1, weekday: 'MO' } } },
      3,
      ['2026-01-05', '2026-02-02', '2026-03-02'],
    ],
    [
      'last Friday',
      { anchor: '2026-01-01T08:00', frequency: 'monthly', on: { nth_weekday: { n: -1, weekday: 'FR' } } },
      3,
      ['2026-01-30', '2026-02-27', '2026-03-27'],
    ],
    // January, April, July ... have a fifth Thursday or not; a lacking one is skipped even with clamp and overflow.
    [
      'fifth Thursday, clamp',
      { anchor: '2026-01-01T08:00', frequency: 'monthly', on: { nth_weekday: { n: 5, weekday: 'TH' } } },
      3,
      ['2026-01-29', '2026-04-30', '2026-07-30'],
    ],
    [
      'fifth Thursday, overflow',
      {
        anchor: '2026-01-01T08:00',
        frequency: 'monthly',
        missing_day: 'overflow',
        on: { nth_weekday: { n: 5, weekday: 'TH' } },
      },
      2,
      ['2026-01-29', '2026-04-30'],
    ],
    [
      'yearly in the month of the anchor',
      { anchor: '2026-05-20T08:00', frequency: 'annual', on: { nth_weekday: { n: 2, weekday: 'TU' } } },
      2,
      ['2027-05-11', '2028-05-09'],
    ],
  ])('on: %s', (_, text, count, dates) => {
    expect(run(text, count)).toEqual(dates);
  });

  it.each<[string, Texts, string[]]>([
    // 2026 has 53 weeks, 2027 to 2031 have 52, 2032 has 53. Week 53 of 2026 starts on 28 December.
    ['clamp', {} as Texts, ['2026-12-30', '2027-12-29', '2028-12-27']],
    ['skip', { missing_day: 'skip' } as Texts, ['2026-12-30', '2032-12-29', '2037-12-30']],
    ['overflow', { missing_day: 'overflow' } as Texts, ['2026-12-30', '2028-01-05', '2029-01-03']],
  ])('ISO week 53, %s', (_, rules, dates) => {
    const text: Texts = {
      anchor: '2026-01-01T08:00',
      frequency: 'annual',
      on: { iso_week: 53, weekday: 'WE' },
    };
    expect(run({ ...text, ...rules }, 3)).toEqual(dates);
  });

  it('ISO weeks belong to the ISO year of the anchor, which is not its calendar year around New Year', () => {
    // Saturday 2 January 2027 is in week 53 of 2026; every second ISO year from 2026.
    const text: Texts = {
      anchor: '2027-01-02T08:00',
      every: { n: 2, unit: 'year' },
      on: { iso_week: 1, weekday: 'MO' },
    };
    expect(run(text, 2)).toEqual(['2028-01-03', '2029-12-31']);
    // Monday 29 December 2025 is in week 1 of 2026.
    expect(run({ ...text, anchor: '2025-12-29T08:00' }, 2)).toEqual(['2025-12-29', '2028-01-03']);
  });
});

describe('working days', () => {
  it('count from the anchor, moved forward to a working day', () => {
    // Saturday 3 January 2026 moves to Monday 5; the 6th is a holiday.
    const text: Texts = {
      anchor: '2026-01-03T08:00',
      every: { n: 3, unit: 'working_day' },
      calendar: { ...MON_FRI, holidays: ['2026-01-06'] },
    };
    expect(run(text, 4)).toEqual(['2026-01-05', '2026-01-09', '2026-01-14', '2026-01-19']);
  });

  it('are all days without a calendar', () => {
    expect(run({ anchor: '2026-01-03T08:00', every: { n: 2, unit: 'working_day' } }, 2)).toEqual([
      '2026-01-03',
      '2026-01-05',
    ]);
  });

  it('are removed by nominal date, which is the moved one', () => {
    const text: Texts = {
      anchor: '2026-01-03T08:00',
      every: { n: 1, unit: 'working_day' },
      calendar: MON_FRI,
      except: ['2026-01-03', '2026-01-05'],
    };
    expect(run(text, 2)).toEqual(['2026-01-06', '2026-01-07']);
  });
});

describe('hours', () => {
  it('pass by the instant, while the wall clock moves', () => {
    // Forward at 02:00 on 29 March: 24 hours after 08:00 it is 09:00.
    const text: Texts = { zone: 'Europe/Berlin', anchor: '2026-03-28T08:00', every: { n: 24, unit: 'hour' } };
    expect(run(text, 3)).toEqual([
      '2026-03-28T08:00 > 2026-03-28T08:00+01:00',
      '2026-03-29T09:00 > 2026-03-29T09:00+02:00',
      '2026-03-30T09:00 > 2026-03-30T09:00+02:00',
    ]);
    expect(run(text, 1, '2026-03-28T08:00:00+01:00')).toEqual(['2026-03-29T09:00 > 2026-03-29T09:00+02:00']);
    expect(run(text, 1, '2026-03-28T07:59:59+01:00')).toEqual(['2026-03-28T08:00 > 2026-03-28T08:00+01:00']);
  });

  it('know no other step: no end, no exception, no season, no calendar', () => {
    const text: Texts = {
      anchor: '2026-01-03T08:00',
      every: { n: 36, unit: 'hour' },
      until: '2026-01-03',
      except: ['2026-01-04'],
      season: { ranges: [{ from: '06-01', to: '06-30' }], outside: 'skip' },
      calendar: MON_FRI,
      non_working: 'skip',
      extension: { for: '2026-01-04', to: '2026-02-01', adjust: true },
    };
    expect(run(text, 3)).toEqual(['2026-01-03', '2026-01-04', '2026-01-06']);
  });
});

describe('end and exceptions', () => {
  it('go by the nominal date, whatever the due date', () => {
    // Saturday 31 January moves to Monday 2 February; `until` and `except` mean 31 January.
    const text: Texts = {
      anchor: '2026-01-31T08:00',
      frequency: 'monthly',
      calendar: MON_FRI,
      non_working: 'next',
    };
    expect(run({ ...text, until: '2026-01-31' }, 9)).toEqual(['2026-01-31 > 2026-02-02']);
    expect(run({ ...text, until: '2026-01-30' }, 9)).toEqual([]);
    expect(run({ ...text, except: ['2026-02-02'] }, 1)).toEqual(['2026-01-31 > 2026-02-02']);
    // Saturday 28 February moves to 2 March.
    expect(run({ ...text, except: ['2026-01-31'] }, 1)).toEqual(['2026-02-28 > 2026-03-02']);
  });

  it('end with the nominal date inclusive', () => {
    expect(run({ anchor: '2026-01-01T08:00', frequency: 'daily', until: '2026-01-03' }, 9)).toHaveLength(3);
  });
});

describe('extension', () => {
  const monthly: Texts = { anchor: '2026-01-15T08:00', frequency: 'monthly' };

  it('moves the one occurrence and leaves the series', () => {
    const text: Texts = { ...monthly, extension: { for: '2026-02-15', to: '2026-02-25' } };
    expect(run(text, 4)).toEqual(['2026-01-15', '2026-02-15 > 2026-02-25', '2026-03-15', '2026-04-15']);
    expect(run(text, 1, '2026-02-15T08:00:00Z')).toEqual(['2026-02-15 > 2026-02-25']);
    expect(run(text, 1, '2026-02-25T08:00:00Z')).toEqual(['2026-03-15']);
  });

  it('goes on from the new date with adjust', () => {
    const text: Texts = { ...monthly, extension: { for: '2026-02-15', to: '2026-02-25', adjust: true } };
    expect(run(text, 4)).toEqual(['2026-01-15', '2026-02-15 > 2026-02-25', '2026-03-25', '2026-04-25']);
    expect(run(text, 2, '2026-05-01T00:00:00Z')).toEqual(['2026-05-25', '2026-06-25']);
  });

  it('past the next occurrence stands in the order of due, and on one it merges into the earlier nominal', () => {
    const text: Texts = { ...monthly, extension: { for: '2026-02-15', to: '2026-03-20' } };
    expect(run(text, 4)).toEqual(['2026-01-15', '2026-03-15', '2026-02-15 > 2026-03-20', '2026-04-15']);
    expect(run({ ...monthly, extension: { for: '2026-02-15', to: '2026-03-15' } }, 3)).toEqual([
      '2026-01-15',
      '2026-02-15 > 2026-03-15',
      '2026-04-15',
    ]);
  });

  it('can bring work forward', () => {
    expect(run({ ...monthly, extension: { for: '2026-02-15', to: '2026-02-01' } }, 3)).toEqual([
      '2026-01-15',
      '2026-02-15 > 2026-02-01',
      '2026-03-15',
    ]);
    expect(run({ ...monthly, extension: { for: '2026-02-15', to: '2026-02-01', adjust: true } }, 3)).toEqual([
      '2026-01-15',
      '2026-02-15 > 2026-02-01',
      '2026-03-01',
    ]);
  });

  it('wins over the season and obeys the working calendar', () => {
    // Outside the season; Saturday 14 February moves to Monday.
    const text: Texts = {
      ...monthly,
      season: { ranges: [{ from: '03-01', to: '11-30' }], outside: 'next_active' },
      calendar: MON_FRI,
      non_working: 'next',
      extension: { for: '2026-02-15', to: '2026-02-14' },
    };
    // 15 January waits for the season, which opens on Sunday 1 March; 15 March is a Sunday too.
    expect(run(text, 3)).toEqual([
      '2026-02-15 > 2026-02-16',
      '2026-01-15 > 2026-03-02',
      '2026-03-15 > 2026-03-16',
    ]);
  });

  it('of no occurrence does nothing: a date that is none, is excepted or is after the end', () => {
    const plain = run(monthly, 4);
    expect(run({ ...monthly, extension: { for: '2026-02-14', to: '2026-02-25', adjust: true } }, 4)).toEqual(
      plain,
    );
    const excepted: Texts = {
      ...monthly,
      except: ['2026-02-15'],
      extension: { for: '2026-02-15', to: '2026-02-25', adjust: true },
    };
    expect(run(excepted, 3)).toEqual(['2026-01-15', '2026-03-15', '2026-04-15']);
    expect(
      run({ ...monthly, until: '2026-02-01', extension: { for: '2026-02-15', to: '2026-01-20' } }, 3),
    ).toEqual(['2026-01-15']);
  });

  it('with adjust and a selector goes on with the periods of the new date', () => {
    // Every second Monday; the one of 19 January is done on Thursday 22, whose week is the same.
    const text: Texts = {
      anchor: '2026-01-05T08:00',
      every: { n: 2, unit: 'week' },
      on: { weekdays: ['MO'] },
    };
    expect(run({ ...text, extension: { for: '2026-01-19', to: '2026-01-22', adjust: true } }, 3)).toEqual([
      '2026-01-05',
      '2026-01-19 > 2026-01-22',
      '2026-02-02',
    ]);
    // On Thursday 29, one week later: the weeks count from there.
    expect(run({ ...text, extension: { for: '2026-01-19', to: '2026-01-29', adjust: true } }, 3)).toEqual([
      '2026-01-05',
      '2026-01-19 > 2026-01-29',
      '2026-02-09',
    ]);
  });

  it('with adjust in working days counts from the first working day on or after', () => {
    // To Saturday 10 January, kept there; working days go on from Monday 12.
    const text: Texts = {
      anchor: '2026-01-05T08:00',
      every: { n: 2, unit: 'working_day' },
      calendar: MON_FRI,
      extension: { for: '2026-01-07', to: '2026-01-10', adjust: true },
    };
    expect(run(text, 4)).toEqual(['2026-01-05', '2026-01-07 > 2026-01-10', '2026-01-14', '2026-01-16']);
  });

  it('is due beyond the end when its nominal date is not', () => {
    expect(
      run({ ...monthly, until: '2026-02-15', extension: { for: '2026-02-15', to: '2026-03-20' } }, 9),
    ).toEqual(['2026-01-15', '2026-02-15 > 2026-03-20']);
  });
});

describe('season', () => {
  it.each<[string, Texts, number, string[]]>([
    // Both ends are active; what falls in winter is due when it opens, and merges there.
    [
      'next_active',
      {
        anchor: '2026-10-15T08:00',
        frequency: 'monthly',
        season: { ranges: [{ from: '04-01', to: '10-15' }], outside: 'next_active' },
      },
      4,
      ['2026-10-15', '2026-11-15 > 2027-04-01', '2027-04-15', '2027-05-15'],
    ],
    [
      'that opens the very next day',
      {
        anchor: '2026-03-31T08:00',
        frequency: 'annual',
        season: { ranges: [{ from: '04-01', to: '09-30' }], outside: 'next_active' },
      },
      2,
      ['2026-03-31 > 2026-04-01', '2027-03-31 > 2027-04-01'],
    ],
    [
      'skip',
      {
        anchor: '2026-10-15T08:00',
        frequency: 'monthly',
        season: { ranges: [{ from: '04-01', to: '10-14' }], outside: 'skip' },
      },
      2,
      ['2027-04-15', '2027-05-15'],
    ],
    [
      'over the year end',
      {
        anchor: '2026-10-31T08:00',
        frequency: 'monthly',
        season: { ranges: [{ from: '11-15', to: '02-28' }], outside: 'skip' },
      },
      4,
      ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28'],
    ],
    [
      '29 February is not before 28 February',
      {
        anchor: '2028-02-28T08:00',
        frequency: 'daily',
        season: { ranges: [{ from: '11-15', to: '02-28' }], outside: 'next_active' },
      },
      2,
      ['2028-02-28', '2028-02-29 > 2028-11-15'],
    ],
    [
      'from 29 February is from 1 March in most years',
      {
        anchor: '2027-02-27T08:00',
        frequency: 'daily',
        season: { ranges: [{ from: '02-29', to: '03-01' }], outside: 'next_active' },
      },
      2,
      ['2027-02-27 > 2027-03-01', '2027-03-02 > 2028-02-29'],
    ],
    [
      'of one leap day',
      {
        anchor: '2097-01-01T08:00',
        frequency: 'annual',
        season: { ranges: [{ from: '02-29', to: '02-29' }], outside: 'next_active' },
      },
      2,
      ['2097-01-01 > 2104-02-29', '2105-01-01 > 2108-02-29'],
    ],
    [
      'of two ranges',
      {
        anchor: '2026-01-10T08:00',
        frequency: 'monthly',
        season: {
          ranges: [
            { from: '09-01', to: '09-30' },
            { from: '03-05', to: '03-20' },
          ],
          outside: 'next_active',
        },
      },
      3,
      ['2026-01-10 > 2026-03-05', '2026-03-10', '2026-04-10 > 2026-09-01'],
    ],
    // 1 August opens on Saturday; the calendar comes after the season and may leave it again.
    [
      'then the calendar',
      {
        anchor: '2026-07-15T08:00',
        frequency: 'monthly',
        season: { ranges: [{ from: '08-01', to: '08-31' }], outside: 'next_active' },
        calendar: MON_FRI,
        non_working: 'previous',
      },
      1,
      ['2026-07-15 > 2026-07-31'],
    ],
  ])('%s', (_, text, count, dates) => {
    expect(run(text, count)).toEqual(dates);
  });

  it('that never opens ends', () => {
    const never = { ranges: [], outside: 'next_active' as const };
    expect(run({ anchor: '2026-01-01T08:00', frequency: 'daily', season: never }, 5)).toEqual([]);
    expect(
      run(
        {
          anchor: '2026-07-01T08:00',
          frequency: 'annual',
          season: { ranges: [{ from: '01-01', to: '01-31' }], outside: 'skip' },
        },
        5,
      ),
    ).toEqual([]);
    expect(
      run(
        {
          anchor: '2026-07-01T08:00',
          frequency: 'monthly',
          on: { nth_weekday: { n: 5, weekday: 'MO' } },
          season: { ranges: [{ from: '02-01', to: '02-28' }], outside: 'skip' },
        },
        5,
      ),
    ).toEqual([]);
  });

  it('reaches the rarest date there is', () => {
    const text: Texts = {
      anchor: '2025-01-01T08:00',
      frequency: 'daily',
      season: { ranges: [{ from: '02-29', to: '02-29' }], outside: 'skip' },
      calendar: { working_days: ['MO'] },
      non_working: 'skip',
    };
    expect(run(text, 3)).toEqual(['2044-02-29', '2072-02-29', '2112-02-29']);
  });
});

describe('working calendar', () => {
  // Saturday 31 January, Sunday 1 February, Saturday 2 May, Sunday 3 May 2026; Friday 1 May is a holiday.
  it.each<[NonNullable<ScheduleText['non_working']>, string, string[]]>([
    ['keep', '2026-01-31', ['2026-01-31']],
    ['next', '2026-01-31', ['2026-01-31 > 2026-02-02']],
    ['previous', '2026-01-31', ['2026-01-31 > 2026-01-30']],
    ['nearest', '2026-01-31', ['2026-01-31 > 2026-01-30']],
    ['nearest', '2026-02-01', ['2026-02-01 > 2026-02-02']],
    // Two days to Thursday 30 April, two to Monday 4 May: the earlier one.
    ['nearest', '2026-05-02', ['2026-05-02 > 2026-04-30']],
    ['nearest', '2026-05-03', ['2026-05-03 > 2026-05-04']],
    ['modified_next', '2026-01-31', ['2026-01-31 > 2026-01-30']],
    ['modified_next', '2026-02-01', ['2026-02-01 > 2026-02-02']],
    ['modified_next', '2026-05-01', ['2026-05-01 > 2026-05-04']],
    ['skip', '2026-01-31', []],
  ])('%s from %s', (rule, date, dates) => {
    const text: Texts = {
      anchor: `${date}T08:00`,
      frequency: 'annual',
      until: date,
      calendar: { ...MON_FRI, holidays: ['2026-05-01'] },
      non_working: rule,
    };
    expect(run(text, 1)).toEqual(dates);
  });

  it('leaves a month that it does not work at all by the day before', () => {
    const holidays = Array.from({ length: 28 }, (_, i) => `2026-02-${String(i + 1).padStart(2, '0')}`);
    const text: Texts = {
      anchor: '2026-02-10T08:00',
      frequency: 'annual',
      until: '2026-02-10',
      calendar: { ...MON_FRI, holidays },
      non_working: 'modified_next',
    };
    // The next working day, 2 March, is in another month, so the one before: Friday 30 January.
    expect(run(text, 1)).toEqual(['2026-02-10 > 2026-01-30']);
  });

  it('merges what it moves onto one date, under the earliest nominal', () => {
    const text: Texts = {
      anchor: '2026-01-02T08:00',
      frequency: 'daily',
      calendar: MON_FRI,
      non_working: 'next',
    };
    expect(run(text, 3)).toEqual(['2026-01-02', '2026-01-03 > 2026-01-05', '2026-01-06']);
    expect(run({ ...text, non_working: 'previous' }, 3)).toEqual(['2026-01-02', '2026-01-05', '2026-01-06']);
    expect(run({ ...text, non_working: 'nearest' }, 4)).toEqual([
      '2026-01-02',
      '2026-01-04 > 2026-01-05',
      '2026-01-06',
      '2026-01-07',
    ]);
  });

  it('merges also when the question starts between the nominal dates', () => {
    const text: Texts = {
      anchor: '2026-01-02T08:00',
      frequency: 'daily',
      calendar: MON_FRI,
      non_working: 'next',
    };
    expect(run(text, 1, '2026-01-04T12:00:00Z')).toEqual(['2026-01-03 > 2026-01-05']);
  });
});

describe('clock changes', () => {
  const berlin = (anchor: string, dst?: ScheduleText['dst']): Texts => ({
    zone: 'Europe/Berlin',
    anchor,
    frequency: 'daily',
    ...(dst === undefined ? {} : { dst }),
  });

  it('shift a time inside a gap by its length, and never the day after', () => {
    expect(run(berlin('2026-03-28T02:15'), 3)).toEqual([
      '2026-03-28T02:15 > 2026-03-28T02:15+01:00',
      '2026-03-29T02:15 > 2026-03-29T03:15+02:00',
      '2026-03-30T02:15 > 2026-03-30T02:15+02:00',
    ]);
  });

  it('drop it with skip', () => {
    expect(run(berlin('2026-03-28T02:00', { gap: 'skip' }), 2)).toEqual([
      '2026-03-28T02:00 > 2026-03-28T02:00+01:00',
      '2026-03-30T02:00 > 2026-03-30T02:00+02:00',
    ]);
    expect(run(berlin('2026-03-29T03:00', { gap: 'skip' }), 1)).toEqual([
      '2026-03-29T03:00 > 2026-03-29T03:00+02:00',
    ]);
  });

  it.each<[NonNullable<ScheduleText['dst']>['overlap'], string[]]>([
    ['first', ['2026-10-25T02:30 > 2026-10-25T02:30+02:00', '2026-10-26T02:30 > 2026-10-26T02:30+01:00']],
    ['second', ['2026-10-25T02:30 > 2026-10-25T02:30+01:00', '2026-10-26T02:30 > 2026-10-26T02:30+01:00']],
    ['both', ['2026-10-25T02:30 > 2026-10-25T02:30+02:00', '2026-10-25T02:30 > 2026-10-25T02:30+01:00']],
  ])('of a repeated time take %s', (overlap, dates) => {
    expect(run(berlin('2026-10-25T02:30', { overlap }), 2)).toEqual(dates);
  });

  it('with both go on after the first of them', () => {
    expect(run(berlin('2026-10-24T02:30', { overlap: 'both' }), 2, '2026-10-25T02:30:00+02:00')).toEqual([
      '2026-10-25T02:30 > 2026-10-25T02:30+01:00',
      '2026-10-26T02:30 > 2026-10-26T02:30+01:00',
    ]);
  });

  it('with both stay two when holidays merge days onto the change', () => {
    const text: Texts = {
      ...berlin('2026-10-24T02:30', { overlap: 'both' }),
      calendar: { holidays: ['2026-10-24'] },
      non_working: 'next',
    };
    expect(run(text, 3)).toEqual([
      '2026-10-24T02:30 > 2026-10-25T02:30+02:00',
      '2026-10-24T02:30 > 2026-10-25T02:30+01:00',
      '2026-10-26T02:30 > 2026-10-26T02:30+01:00',
    ]);
  });

  it('of half an hour shift by half an hour', () => {
    const text: Texts = { zone: 'Australia/Lord_Howe', anchor: '2026-10-04T02:15', frequency: 'daily' };
    expect(run(text, 1)).toEqual(['2026-10-04T02:15 > 2026-10-04T02:45+11:00']);
  });

  it('at midnight keep the day', () => {
    const text: Texts = { zone: 'Africa/Cairo', anchor: '2026-04-23T00:00', frequency: 'daily' };
    expect(run(text, 3)).toEqual([
      '2026-04-23T00:00 > 2026-04-23T00:00+02:00',
      '2026-04-24T00:00 > 2026-04-24T01:00+03:00',
      '2026-04-25T00:00 > 2026-04-25T00:00+03:00',
    ]);
  });

  it('that leave out a day merge it with the next', () => {
    // Samoa had no 30 December 2011.
    const text: Texts = { zone: 'Pacific/Apia', anchor: '2011-12-29T08:00', frequency: 'daily' };
    expect(run(text, 3)).toEqual([
      '2011-12-29T08:00 > 2011-12-29T08:00-10:00',
      '2011-12-30T08:00 > 2011-12-31T08:00+14:00',
      '2012-01-01T08:00 > 2012-01-01T08:00+14:00',
    ]);
  });

  it('happen on the date the calendar moves to, not on the nominal one', () => {
    // Saturday 28 March moves to the day of the change, and Sunday 29 itself to Monday.
    const text: Texts = {
      ...berlin('2026-03-29T02:15'),
      calendar: { holidays: ['2026-03-29'] },
      non_working: 'next',
    };
    expect(run(text, 1)).toEqual(['2026-03-29T02:15 > 2026-03-30T02:15+02:00']);
  });
});

describe('where a question starts', () => {
  it('is strictly after, on the very instant too', () => {
    const text: Texts = { anchor: '2026-01-01T08:00', frequency: 'daily' };
    expect(run(text, 1, '2026-01-05T08:00:00Z')).toEqual(['2026-01-06']);
    expect(run(text, 1, '2026-01-05T07:59:59.999Z')).toEqual(['2026-01-05']);
    expect(run(text, 1, '1999-01-01T00:00:00Z')).toEqual(['2026-01-01']);
    expect(run(text, 2, '4999-12-31T00:00:00Z')).toEqual(['4999-12-31', '5000-01-01']);
  });

  it('ends with the last year that has four digits', () => {
    expect(run({ anchor: '2026-01-01T08:00', every: { n: 1000, unit: 'year' } }, 20)).toHaveLength(8);
    expect(run({ anchor: '2026-01-01T08:00', frequency: 'daily' }, 5, '9999-12-31T00:00:00Z')).toEqual([]);
    expect(
      run({ anchor: '2026-01-01T08:00', every: { n: 1, unit: 'hour' } }, 5, '9999-12-31T00:00:00Z'),
    ).toEqual([]);
  });

  it('asks for no more than a bounded number', () => {
    expect(() => run({ anchor: '2026-01-01T08:00', frequency: 'daily' }, 100_001)).toThrow(/shorter range/);
    expect(run({ anchor: '2026-01-01T08:00', frequency: 'daily' }, 0)).toEqual([]);
  });
});
