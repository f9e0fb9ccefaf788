import { describe, expect, it } from '@jest/globals';
import { instantOf, wallTextOf } from './wall-time.ts';

describe('times without a zone', () => {
  it.each([
    ['2026-02-03 08:14:02', 'UTC', '2026-02-03T08:14:02.000Z'],
    ['2026-03-05 08:14:02.407220', 'UTC', '2026-03-05T08:14:02.407Z'],
    ['2026-02-03T09:14:02.250554', 'Europe/Berlin', '2026-02-03T08:14:02.250Z'],
    ['2026-07-03T09:14:02', 'Europe/Berlin', '2026-07-03T07:14:02.000Z'],
    ['2026-02-03 09:14', 'Asia/Kathmandu', '2026-02-03T03:29:00.000Z'],
    ['2026-02-03', 'America/New_York', '2026-02-03T05:00:00.000Z'],
    ['2026-02-03T09:14:02Z', 'Europe/Berlin', '2026-02-03T09:14:02.000Z'],
    ['2026-02-03T09:14:02.5+00:00', 'Europe/Berlin', '2026-02-03T09:14:02.500Z'],
    ['2026-02-03T09:14:02-0530', 'Europe/Berlin', '2026-02-03T14:44:02.000Z'],
  ])('%s in %s', (text, zone, instant) => {
    expect(instantOf(text, zone)).toBe(instant);
  });

  it('a time that clocks show twice is the first of the two', () => {
    // 25 October 2026, 03:00 summer time becomes 02:00: 00:30 UTC and 01:30 UTC both read 02:30.
    expect(instantOf('2026-10-25 02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('2026-10-25 01:59:59', 'Europe/Berlin')).toBe('2026-10-24T23:59:59.000Z');
    expect(instantOf('2026-10-25 03:00:00', 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z');
    expect(instantOf('2026-11-01 01:30:00', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
  });

  it('a time that clocks never show is the same reading after the gap', () => {
    // 29 March 2026, 02:00 becomes 03:00: 02:30 never was; one hour on it is 03:30 summer time.
    expect(instantOf('2026-03-29 02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(wallTextOf('2026-03-29T01:30:00.000Z', 'Europe/Berlin')).toBe('2026-03-29 03:30:00');
    expect(instantOf('2026-03-08 02:30:00', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
    // Half an hour only.
    expect(instantOf('2026-10-04 02:15:00', 'Australia/Lord_Howe')).toBe('2026-10-03T15:45:00.000Z');
  });

  it.each(['soon', '', '2026-02-30 10:00:00', '2026-13-01', '2026-02-03 25:00:00', '0000-01-01'])(
    'no time: "%s"',
    (text) => {
      expect(instantOf(text, 'UTC')).toBeNull();
    },
  );

  it('there and back is the same instant but for the hour that is there twice', () => {
    for (let hour = 0; hour < 24 * 366; hour += 1) {
      const instant = new Date(Date.UTC(2026, 0, 1, hour, 17)).toISOString();
      const back = instantOf(wallTextOf(instant, 'Europe/Berlin'), 'Europe/Berlin');
      if (instant.startsWith('2026-10-25T01')) expect(back).toBe('2026-10-25T00:17:00.000Z');
      else expect(back).toBe(instant);
    }
  });
});
