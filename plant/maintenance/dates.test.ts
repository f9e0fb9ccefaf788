import { describe, expect, it } from '@jest/globals';
import { isOnGrid, isZone, nextOnGrid, type Every } from './dates.ts';

/** The first `count` dates after the anchor. */
function series(anchor: string, every: Every, zone: string, count: number): string[] {
  const dates: string[] = [];
  let after = Date.parse(anchor);
  for (let k = 0; k < count; k += 1) {
    after = nextOnGrid(Date.parse(anchor), every, zone, after);
    dates.push(new Date(after).toISOString());
  }
  return dates;
}

describe('dates of a schedule', () => {
  it('keep the end of the month without drifting', () => {
    expect(series('2026-01-31T08:00:00Z', { n: 1, unit: 'month' }, 'UTC', 4)).toEqual([
      '2026-02-28T08:00:00.000Z',
      '2026-03-31T08:00:00.000Z',
      '2026-04-30T08:00:00.000Z',
      '2026-05-31T08:00:00.000Z',
    ]);
  });

  it('count quarters, half years and years by the calendar, leap days included', () => {
    expect(series('2026-11-30T00:00:00Z', { n: 3, unit: 'month' }, 'UTC', 2)).toEqual([
      '2027-02-28T00:00:00.000Z',
      '2027-05-30T00:00:00.000Z',
    ]);
    expect(series('2028-02-29T00:00:00Z', { n: 1, unit: 'year' }, 'UTC', 4).at(-1)).toBe(
      '2032-02-29T00:00:00.000Z',
    );
    expect(series('2027-08-31T00:00:00Z', { n: 6, unit: 'month' }, 'UTC', 1)).toEqual([
      '2028-02-29T00:00:00.000Z',
    ]);
  });

  it('keep the wall time over a change of clocks, and hours are elapsed time', () => {
    const daily = series('2026-03-27T07:00:00Z', { n: 1, unit: 'day' }, 'Europe/Berlin', 3);
    expect(daily).toEqual([
      '2026-03-28T07:00:00.000Z',
      '2026-03-29T06:00:00.000Z',
      '2026-03-30T06:00:00.000Z',
    ]);
    const hourly = series('2026-03-28T12:00:00Z', { n: 24, unit: 'hour' }, 'Europe/Berlin', 2);
    expect(hourly).toEqual(['2026-03-29T12:00:00.000Z', '2026-03-30T12:00:00.000Z']);
  });

  it('move out of the gap, and take the first of a time that comes twice', () => {
    // 02:30 does not exist on 2026-03-29 in Berlin, and exists twice on 2026-10-25.
    expect(series('2026-03-28T01:30:00Z', { n: 1, unit: 'day' }, 'Europe/Berlin', 2)).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(series('2026-10-24T00:30:00Z', { n: 1, unit: 'day' }, 'Europe/Berlin', 1)).toEqual([
      '2026-10-25T00:30:00.000Z',
    ]);
  });

  it('are found without walking there: a century of hours', () => {
    const after = Date.parse('2126-01-01T00:30:00Z');
    const next = nextOnGrid(Date.parse('2026-01-01T00:00:00Z'), { n: 1, unit: 'hour' }, 'UTC', after);
    expect(new Date(next).toISOString()).toBe('2126-01-01T01:00:00.000Z');
  });

  it('know their own grid', () => {
    const anchor = Date.parse('2026-01-31T08:00:00Z');
    const monthly: Every = { n: 1, unit: 'month' };
    expect(isOnGrid(anchor, monthly, 'UTC', anchor)).toBe(true);
    expect(isOnGrid(anchor, monthly, 'UTC', Date.parse('2026-02-28T08:00:00Z'))).toBe(true);
    expect(isOnGrid(anchor, monthly, 'UTC', Date.parse('2026-02-27T08:00:00Z'))).toBe(false);
    expect(isOnGrid(anchor, monthly, 'UTC', Date.parse('2025-12-31T08:00:00Z'))).toBe(false);
  });

  it('need a zone there is', () => {
    expect(['UTC', 'Australia/Perth', 'Mars/Olympus'].map((zone) => isZone(zone))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
