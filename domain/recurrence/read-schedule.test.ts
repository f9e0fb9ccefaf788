import { describe, expect, it } from '@jest/globals';
import { Failure } from '../kernel/failure.ts';
import { createZones } from '../time/zones.ts';
import { readSchedule } from './read-schedule.ts';
import { scheduleProblems } from './schedule-problems.ts';

const zones = createZones({ tzdb: '2026a' });
const fine = { zone: 'Europe/Berlin', anchor: '2026-01-31T08:00', frequency: 'monthly' };
const annual = { ...fine, frequency: 'annual' };
const weekly = { ...fine, frequency: 'weekly' };

/** Null takes a field away. */
function problems(changes: Record<string, unknown>, base: object = fine): string[] {
  return scheduleProblems({ ...base, ...changes }, zones).map(({ path, reason }) => `${path}: ${reason}`);
}

describe('what cannot be computed', () => {
  it.each<[Record<string, unknown>, RegExp]>([
    [{ zone: 'Mars/Base' }, /^zone: "Mars\/Base" is not in the tz database 2026a; use an IANA name/],
    [{ zone: '+02:00' }, /^zone: /],
    [{ zone: 7 }, /^zone: must be the IANA name/],
    [{ anchor: '2026-02-30T08:00' }, /^anchor: must be a wall time/],
    [{ anchor: '2026-01-31T08:00Z' }, /^anchor: must be a wall time/],
    [{ anchor: '1026-01-31T08:00' }, /^anchor: must be in the years 1900 to 2999/],
    [{ frequency: 'fortnightly' }, /^frequency: must be one of daily, weekly/],
    [{ frequency: null }, /^frequency: is missing: give a frequency, or every/],
    [{ every: { n: 2, unit: 'day' } }, /^every: and frequency exclude each other/],
    [
      { frequency: null, every: { n: 0, unit: 'day' } },
      /^every\.n: must be at least 1: an interval of 0 never ends/,
    ],
    [{ frequency: null, every: { n: 1.5, unit: 'day' } }, /^every\.n: must be a whole number/],
    [
      { frequency: null, every: { n: 1, unit: 'fortnight' } },
      /^every\.unit: must be one of hour, day, working_day/,
    ],
    [{ frequency: null, every: { n: 1_001, unit: 'year' } }, /^every\.n: must be at most 1000 for year/],
    [{ on: { weekdays: ['MO'] } }, /^on: weekdays needs an interval in weeks, not in months/],
    [{ on: { iso_week: 1, weekday: 'MO' } }, /^on: iso_week needs an interval in years/],
    [{ on: { month_day: 0 } }, /^on\.month_day: must be 1 to 31, or -1 for the last/],
    [{ on: { nth_weekday: { n: 0, weekday: 'MO' } } }, /^on\.nth_weekday\.n: must be 1 to 5, or -1/],
    [{ on: { month_day: 32 } }, /^on\.month_day: must be 1 to 31/],
    [{ on: { month_day: 1, weekdays: ['MO'] } }, /^on\.month_day: there is no such field/],
    [{ week_start: 'Monday' }, /^week_start: must be a weekday/],
    [{ missing_day: 'last' }, /^missing_day: must be one of clamp, skip, overflow/],
    [{ dst: { gap: 'shift' } }, /^dst\.gap: must be one of shift_forward, skip/],
    [{ dst: { overlap: 'none' } }, /^dst\.overlap: must be one of first, second, both/],
    [
      { calendar: { working_days: [] } },
      /^calendar\.working_days: needs at least one weekday: a calendar that never opens/,
    ],
    [{ calendar: { holidays: ['2026-02-29'] } }, /^calendar\.holidays\[0\]: must be a date that exists/],
    [{ non_working: 'after' }, /^non_working: must be one of keep, next/],
    [
      { season: { ranges: [{ from: '02-30', to: '03-31' }] } },
      /^season\.ranges\[0\]\.from: must be a month and day that exist/,
    ],
    [{ season: { ranges: [], outside: 'later' } }, /^season\.outside: must be next_active or skip/],
    [{ except: ['soon'] }, /^except\[0\]: must be a date/],
    [{ until: '2026-13-01' }, /^until: must be a date/],
    [{ extension: { for: '2026-01-31' } }, /^extension\.to: must be a date/],
    [{ basis: 'rolling' }, /^basis: must be one of fixed, floating, shifted/],
    [{ basis: 'shifted', shift: { late_pct: -1 } }, /^shift\.late_pct: must not be negative/],
    [{ lead: 3 }, /^lead: there is no such field/],
  ])('%j', (changes, expected) => {
    expect(problems(changes)).toEqual([expect.stringMatching(expected)]);
    expect(() => readSchedule({ ...fine, ...changes }, zones)).toThrow(Failure);
  });

  it('is refused whole when it is no object', () => {
    expect(scheduleProblems(null, zones)).toHaveLength(1);
    expect(scheduleProblems([], zones)).toHaveLength(1);
    expect(scheduleProblems('daily', zones)).toHaveLength(1);
  });

  it('names every field at fault', () => {
    expect(problems({ anchor: 'soon', missing_day: 'x', until: 'y' })).toHaveLength(3);
  });

  it('is a Failure that names the field', () => {
    const read = (): unknown =>
      readSchedule({ ...fine, season: { ranges: [{ from: '13-01', to: '01-01' }] } }, zones);
    expect(read).toThrow(expect.objectContaining({ kind: 'invalid_request', path: 'season.ranges[0].from' }));
  });
});

describe('what cannot be meant', () => {
  it.each<[string, Record<string, unknown>, object, RegExp[]]>([
    [
      'a season that never opens',
      { season: { ranges: [] } },
      fine,
      [/^season\.ranges: a season without ranges never opens/],
    ],
    [
      '29 February yearly with skip',
      { anchor: '2028-02-29T08:00', missing_day: 'skip' },
      annual,
      [/^missing_day: 29 February/],
    ],
    [
      'the same by months and a selector',
      {
        anchor: '2027-02-10T08:00',
        on: { month_day: 29 },
        frequency: null,
        every: { n: 24, unit: 'month' },
        missing_day: 'skip',
      },
      fine,
      [/^missing_day: 29 February/],
    ],
    [
      '30 February yearly with skip',
      { anchor: '2028-02-10T08:00', on: { month_day: 30 }, missing_day: 'skip' },
      annual,
      [/^: these rules together have no date at all/],
    ],
    [
      'a season that the series never meets',
      { season: { ranges: [{ from: '06-01', to: '06-30' }], outside: 'skip' } },
      annual,
      [/no date at all/],
    ],
    ['an end before the start', { until: '2026-01-01' }, fine, [/no date at all/]],
    [
      'a season without effect on hours',
      {
        frequency: null,
        every: { n: 8, unit: 'hour' },
        season: { ranges: [{ from: '06-01', to: '06-30' }] },
        until: '2027-01-01',
      },
      fine,
      [/^season: has no effect on an interval in hours/, /^until: has no effect/],
    ],
    [
      'a selector without effect on floating',
      { on: { weekdays: ['MO'] }, basis: 'floating' },
      weekly,
      [/^on: has no effect on floating dates/],
    ],
    [
      'a shift of a fixed plan',
      { shift: { late_pct: 50 } },
      fine,
      [/^shift: has no effect unless the basis is shifted/],
    ],
    ['a shifted plan without a shift', { basis: 'shifted' }, fine, [/^shift: is missing/]],
    [
      'floating dates that skip',
      { basis: 'floating', missing_day: 'skip', non_working: 'skip', dst: { gap: 'skip' } },
      fine,
      [
        /^missing_day: skip would leave the plan without a next date/,
        /^non_working: skip/,
        /^dst\.gap: skip/,
      ],
    ],
    [
      'shifted hours',
      { frequency: null, every: { n: 8, unit: 'hour' }, basis: 'shifted', shift: { late_pct: 50 } },
      fine,
      [/^basis: shifted moves by days/],
    ],
  ])('%s', (_, changes, base, expected) => {
    expect(problems(changes, base)).toEqual(expected.map((text) => expect.stringMatching(text)));
    // The rules define it all the same, so it can be computed.
    expect(() => readSchedule({ ...base, ...changes }, zones)).not.toThrow();
  });
});

describe('what can be saved', () => {
  it.each<[Record<string, unknown>, object]>([
    [{}, fine],
    [{ on: null, until: null, season: null, extension: null, shift: null, except: [] }, fine],
    [{ missing_day: 'skip' }, fine],
    [{ anchor: '2028-02-29T08:00' }, annual],
    [{ anchor: '2028-02-29T08:00', missing_day: 'overflow' }, annual],
    [{ on: { weekdays: ['MO', 'FR', 'MO'] }, week_start: 'SU' }, weekly],
    [{ on: { iso_week: 53, weekday: 'MO' }, missing_day: 'skip' }, annual],
    [{ frequency: null, every: { n: 8, unit: 'hour' }, calendar: { holidays: ['2026-01-01'] } }, fine],
    [{ basis: 'floating' }, fine],
    [{ basis: 'shifted', shift: { late_pct: 50, early_pct: 0, tolerance_pct: 10 } }, fine],
    [{ season: { ranges: [{ from: '02-29', to: '02-29' }] } }, fine],
    [{ dst: { overlap: 'second' } }, fine],
  ])('%j', (changes, base) => {
    expect(problems(changes, base)).toEqual([]);
  });
});
