import { describe, expect, it } from '@jest/globals';
import { instantOfLocal, localOf } from './local-time.ts';

describe('instants written without a place', () => {
  it.each([
    ['2026-03-01 08:15:00', 'UTC', '2026-03-01T08:15:00.000Z'],
    ['2026-03-01 08:15:00.123456', 'Australia/Perth', '2026-03-01T00:15:00.123Z'],
    ['2026-03-01T08:15', 'America/New_York', '2026-03-01T13:15:00.000Z'],
    ['2026-03-01', 'Europe/Berlin', '2026-02-28T23:00:00.000Z'],
    // An offset in the text wins.
    ['2026-03-01 08:15:00+02', 'Australia/Perth', '2026-03-01T06:15:00.000Z'],
    ['2026-03-01T08:15:00.5-0530', 'UTC', '2026-03-01T13:45:00.500Z'],
    // Twice on the clock: the earlier one. Not on the clock: an hour later on the new one.
    ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(new Date(instantOfLocal(text, zone) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-13-01', '01.03.2026', '2026-03-01 25:00:00'])('"%s" is none', (text) => {
    expect(instantOfLocal(text, 'UTC')).toBeNull();
  });

  it('goes back to the same clock', () => {
    for (const zone of ['UTC', 'Australia/Perth', 'America/New_York', 'Europe/Berlin']) {
      const instant = Date.parse('2026-07-01T23:59:59.123Z');
      expect(instantOfLocal(localOf(instant, zone), zone)).toBe(instant);
    }
  });
});
