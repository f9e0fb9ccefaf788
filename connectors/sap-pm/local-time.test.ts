import { describe, expect, it } from '@jest/globals';
import { localOf, momentOf } from './local-time.ts';

describe('local pairs', () => {
  it.each([
    ['2031-05-04', '10:20:30', 'UTC', '2031-05-04T10:20:30.000Z'],
    ['2031-05-04', '10:20:30', 'Australia/Perth', '2031-05-04T02:20:30.000Z'],
    ['2031-01-15', '08:00:00', 'America/New_York', '2031-01-15T13:00:00.000Z'],
    // The repeated hour: the earlier of two.
    ['2030-10-27', '02:30:00', 'Europe/Berlin', '2030-10-27T00:30:00.000Z'],
    ['2031-05-04', '24:00:00', 'UTC', '2031-05-05T00:00:00.000Z'],
    ['2031-05-04', undefined, 'UTC', '2031-05-04T00:00:00.000Z'],
  ])('%s %s in %s', (date, time, zone, expected) => {
    expect(momentOf(date, time, zone)).toBe(expected);
  });

  it('the hour that a clock leaves out is a moment all the same', () => {
    expect(momentOf('2030-03-31', '02:30:00', 'Europe/Berlin')).toMatch(/^2030-03-31T0[01]:30/);
  });

  it('there and back', () => {
    for (const zone of ['UTC', 'Australia/Perth', 'America/St_Johns', 'Pacific/Apia']) {
      const at = Date.parse('2031-05-04T10:20:30Z');
      const { date, time } = localOf(at, zone);
      expect(Date.parse(momentOf(date, time, zone) ?? '')).toBe(at);
    }
  });

  it('nothing is no moment, and a zone is a zone', () => {
    expect(momentOf('', '10:00:00', 'UTC')).toBeNull();
    expect(() => localOf(0, 'Mars/Base')).toThrow('correct timeZone');
  });
});
