import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  civilDate,
  dayNumber,
  DAY_MS,
  formatDate,
  isoWeeksIn,
  isoYearOf,
  isoYearStart,
  parseDate,
  parseTime,
  weekdayIndex,
} from './days.ts';
import { formatInstant, parseInstant, parseWall } from './instants.ts';
import { cycleDays } from './intervals.ts';
import { createZones } from './zones.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const wall = (text: string): number => parseWall(text) ?? NaN;
const instant = (text: string): number => parseInstant(text) ?? NaN;

describe('days', () => {
  it('count as the Temporal API does, over the whole range of years', () => {
    fc.assert(
      fc.property(fc.integer({ min: dayNumber(1, 1, 1), max: dayNumber(9999, 12, 31) }), (days) => {
        const { year, month, day } = civilDate(days);
        const date = Temporal.PlainDate.from({ year, month, day });
        expect(date.toZonedDateTime('UTC').epochMilliseconds).toBe(days * DAY_MS);
        expect(dayNumber(year, month, day)).toBe(days);
        expect(weekdayIndex(days)).toBe(date.dayOfWeek - 1);
        expect(isoYearOf(days)).toBe(date.yearOfWeek);
        expect(isoYearStart(isoYearOf(days)) + ((date.weekOfYear ?? 0) - 1) * 7 + date.dayOfWeek - 1).toBe(
          days,
        );
        expect(parseDate(formatDate(days))).toBe(days);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it.each([
    [2015, 53],
    [2020, 53],
    [2024, 52],
    [2026, 53],
    [2027, 52],
  ])('%i has %i ISO weeks', (year, weeks) => {
    expect(isoWeeksIn(year)).toBe(weeks);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '0000-01-01',
    '2026-04-31',
    'soon',
    '2026-01-01T00:00',
  ])('has no date %s', (text) => {
    expect(parseDate(text)).toBeNull();
  });

  it.each(['24:00', '7:00', '07:60', '07:00:00', ''])('has no time of day %s', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe('instants', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T01:15:00Z', '2026-03-29T03:15:00+02:00'],
    ['America/New_York', '2026-01-05T13:00:30Z', '2026-01-05T08:00:30-05:00'],
    ['Asia/Kolkata', '2026-01-05T00:00:00.250Z', '2026-01-05T05:30:00.250+05:30'],
    ['UTC', '2026-01-05T00:00:00Z', '2026-01-05T00:00:00+00:00'],
    ['Africa/Monrovia', '1960-01-05T00:00:00Z', '1960-01-05T00:00:00Z'],
  ])('in %s %s is %s', (zone, utc, text) => {
    expect(formatInstant(instant(utc), zones.zone(zone))).toBe(text);
    expect(parseInstant(text)).toBe(instant(utc));
  });

  it.each([
    '2026-03-29T03:15:00',
    '2026-03-29',
    '2026-02-30T00:00:00Z',
    '2026-03-29T25:00:00Z',
    'now',
    '2026-03-29 03:15:00Z',
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it.each(['2026-03-29T03:15:00', '2026-03-29T24:00', '2026-02-29T03:15', '2026-03-29T03:15Z'])(
    '%s is no wall time',
    (text) => {
      expect(parseWall(text)).toBeNull();
    },
  );
});

describe('zones', () => {
  it.each([
    // Forward at 02:00: 02:00 to 02:59 do not exist, 03:00 does.
    ['Europe/Berlin', '2026-03-29T01:59', ['2026-03-29T00:59:00Z']],
    ['Europe/Berlin', '2026-03-29T02:00', []],
    ['Europe/Berlin', '2026-03-29T02:59', []],
    ['Europe/Berlin', '2026-03-29T03:00', ['2026-03-29T01:00:00Z']],
    // Back at 03:00 to 02:00: 02:00 to 02:59 are repeated.
    ['Europe/Berlin', '2026-10-25T01:59', ['2026-10-24T23:59:00Z']],
    ['Europe/Berlin', '2026-10-25T02:00', ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z']],
    ['Europe/Berlin', '2026-10-25T02:59', ['2026-10-25T00:59:00Z', '2026-10-25T01:59:00Z']],
    ['Europe/Berlin', '2026-10-25T03:00', ['2026-10-25T02:00:00Z']],
    // Half an hour, at 02:00.
    ['Australia/Lord_Howe', '2026-10-04T02:15', []],
    ['Australia/Lord_Howe', '2026-10-04T02:30', ['2026-10-03T15:30:00Z']],
    ['Australia/Lord_Howe', '2026-04-05T01:45', ['2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z']],
    // At midnight: the day starts at 01:00.
    ['Africa/Cairo', '2026-04-24T00:00', []],
    ['Africa/Cairo', '2026-04-24T01:00', ['2026-04-23T22:00:00Z']],
    // The whole day is left out.
    ['Pacific/Apia', '2011-12-30T08:00', []],
    ['Pacific/Apia', '2011-12-31T00:00', ['2011-12-30T10:00:00Z']],
    // Paraguay stays on summer time since October 2024 (tz database 2024b and 2025a).
    ['America/Asuncion', '2026-07-01T12:00', ['2026-07-01T15:00:00Z']],
  ])('in %s clocks show %s at %j', (zone, text, instants) => {
    expect(zones.zone(zone).instants(wall(text))).toEqual(instants.map(instant));
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T02:00', 1],
    ['Europe/Berlin', '2026-03-29T02:59', 1],
    ['Australia/Lord_Howe', '2026-10-04T02:15', 10.5],
    ['Africa/Cairo', '2026-04-24T00:00', 2],
    ['Pacific/Apia', '2011-12-30T08:00', -10],
  ])('in %s the offset before the gap with %s is %d h', (zone, text, hours) => {
    expect(zones.zone(zone).offsetBeforeGapMs(wall(text))).toBe(hours * 3_600_000);
  });

  it('answers the same whatever was asked before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: dayNumber(1930, 1, 1) * 24, max: dayNumber(2120, 1, 1) * 24 }), {
          minLength: 2,
          maxLength: 6,
        }),
        (hours) => {
          const used = createZones({ tzdb: '2026a' }).zone('Europe/Berlin');
          for (const hour of hours) {
            const ms = hour * 3_600_000;
            const moment = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('Europe/Berlin');
            expect(used.offsetMs(ms)).toBe(moment.offsetNanoseconds / 1e6);
            expect(used.instants(ms + used.offsetMs(ms))).toContain(ms);
          }
        },
      ),
      { seed: 2, numRuns: 150 },
    );
  });

  it.each(['Mars/Base', '+02:00', '', 'Europe/Berlin ', '../etc', 'UTC+2'])('has no zone "%s"', (id) => {
    expect(zones.has(id)).toBe(false);
    expect(() => zones.zone(id)).toThrow(/is not in the tz database/);
  });

  it('says which version the data are, and refuses a runtime that cannot', () => {
    expect(zones.tzdb).toBe(process.versions['tz']);
    expect(zones.zone('UTC').tzdb).toBe(zones.tzdb);
    expect(() => createZones({ tzdb: 'unknown' })).toThrow(/full ICU/);
  });
});

describe('cycleDays', () => {
  it.each([
    [{ n: 90, unit: 'day' }, 90],
    [{ n: 2, unit: 'week' }, 14],
    [{ n: 3, unit: 'month' }, 90],
    [{ n: 1, unit: 'year' }, 365],
  ] as const)('%j counts as %d days', (interval, days) => {
    expect(cycleDays(interval)).toBe(days);
  });
});
