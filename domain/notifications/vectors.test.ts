/** Each sentence of the rules of kind `quiet_hours`, on ordinary nights and on those when the clocks change. */
import { describe, expect, it } from '@jest/globals';
import { createZones } from '../time/zones.ts';
import { answerQuietHours } from './vectors.ts';

const zones = createZones({ tzdb: process.versions.tz ?? '' });

function ask(window: object, created: string, more: object = {}): unknown {
  return answerQuietHours(
    { zone: 'Europe/Berlin', window, bypass: ['critical'], severity: 'info', created, ...more },
    { zones },
  );
}
const now = (created: string): object => ({ deferred: false, deliver_at: created });
const until = (at: string): object => ({ deferred: true, deliver_at: at });

const NIGHT = { from: '22:00', to: '06:00' };
const NOON = { from: '12:00', to: '13:00' };

describe('the window', () => {
  it.each([
    ['begins with its first minute', NIGHT, '2026-01-15T22:00:00+01:00', '2026-01-16T06:00:00+01:00'],
    ['runs over midnight', NIGHT, '2026-01-16T00:00:00+01:00', '2026-01-16T06:00:00+01:00'],
    ['holds to its last second', NIGHT, '2026-01-16T05:59:59+01:00', '2026-01-16T06:00:00+01:00'],
    ['ends with it', NIGHT, '2026-01-16T06:00:00+01:00', null],
    ['has not begun', NIGHT, '2026-01-15T21:59:59+01:00', null],
    ['within a day', NOON, '2026-01-15T12:30:00+01:00', '2026-01-15T13:00:00+01:00'],
    ['within a day, before', NOON, '2026-01-15T11:59:00+01:00', null],
    ['within a day, after', NOON, '2026-01-15T13:00:00+01:00', null],
    [
      'to the end of the day',
      { from: '20:00', to: '24:00' },
      '2026-01-15T23:00:00+01:00',
      '2026-01-16T00:00:00+01:00',
    ],
    ['to midnight', { from: '20:00', to: '00:00' }, '2026-01-15T23:00:00+01:00', '2026-01-16T00:00:00+01:00'],
    ['that is empty', { from: '08:00', to: '08:00' }, '2026-01-15T08:00:00+01:00', null],
  ])('%s', (_, window, created, end) => {
    expect(ask(window, created)).toEqual(end === null ? now(created) : until(end));
  });

  it('is read in the zone of the recipient, whatever the offset of the message', () => {
    expect(ask(NIGHT, '2026-01-15T16:30:00-05:00')).toEqual(until('2026-01-16T06:00:00+01:00'));
    expect(ask(NIGHT, '2026-01-15T16:30:00-05:00', { zone: 'America/New_York' })).toEqual(
      now('2026-01-15T16:30:00-05:00'),
    );
  });

  it('lets the severities through that bypass it', () => {
    const created = '2026-01-15T23:00:00+01:00';
    expect(ask(NIGHT, created, { severity: 'critical' })).toEqual(now(created));
    expect(ask(NIGHT, created, { severity: 'critical', bypass: [] })).toEqual(
      until('2026-01-16T06:00:00+01:00'),
    );
  });
});

describe('the days', () => {
  // 2026-01-16 is a Friday.
  const friday = { ...NIGHT, days: ['FR'] };

  it.each([
    ['Friday evening', '2026-01-16T23:00:00+01:00', '2026-01-17T06:00:00+01:00'],
    [
      'Saturday morning, still the window of Friday',
      '2026-01-17T05:00:00+01:00',
      '2026-01-17T06:00:00+01:00',
    ],
    ['Friday morning, the window of Thursday', '2026-01-16T05:00:00+01:00', null],
    ['Saturday evening', '2026-01-17T23:00:00+01:00', null],
  ])('%s', (_, created, end) => {
    expect(ask(friday, created)).toEqual(end === null ? now(created) : until(end));
  });

  it('no days, no window', () => {
    expect(ask({ ...NIGHT, days: [] }, '2026-01-16T23:00:00+01:00')).toEqual(
      now('2026-01-16T23:00:00+01:00'),
    );
  });
});

describe('nights when the clocks change (Berlin: 2026-03-29 02:00 to 03:00, 2026-10-25 03:00 to 02:00)', () => {
  it.each([
    ['a short night', NIGHT, '2026-03-28T23:00:00+01:00', '2026-03-29T06:00:00+02:00'],
    ['a long night', NIGHT, '2026-10-24T23:00:00+02:00', '2026-10-25T06:00:00+01:00'],
    [
      'an end in the gap, read with the offset before it',
      { from: '22:00', to: '02:30' },
      '2026-03-28T23:00:00+01:00',
      '2026-03-29T03:30:00+02:00',
    ],
    [
      'after the gap the wall time is past that end',
      { from: '22:00', to: '02:30' },
      '2026-03-29T03:10:00+02:00',
      null,
    ],
    [
      'an end shown twice: the first',
      { from: '22:00', to: '02:30' },
      '2026-10-24T23:00:00+02:00',
      '2026-10-25T02:30:00+02:00',
    ],
    ['between the two ends, outside', { from: '22:00', to: '02:30' }, '2026-10-25T02:45:00+02:00', null],
    [
      'inside again when the hour is repeated: the second',
      { from: '22:00', to: '02:30' },
      '2026-10-25T02:15:00+01:00',
      '2026-10-25T02:30:00+01:00',
    ],
    [
      'the first pass of an hour that is quiet both times',
      { from: '22:00', to: '03:00' },
      '2026-10-25T02:15:00+02:00',
      '2026-10-25T03:00:00+01:00',
    ],
    [
      'a window inside the repeated hour',
      { from: '02:10', to: '02:20' },
      '2026-10-25T02:15:00+02:00',
      '2026-10-25T02:20:00+02:00',
    ],
  ])('%s', (_, window, created, end) => {
    expect(ask(window, created)).toEqual(end === null ? now(created) : until(end));
  });
});

describe('refusals', () => {
  it('name the field', () => {
    expect(() => ask({ from: '25:00', to: '06:00' }, '2026-01-15T23:00:00Z')).toThrow(
      'window.from: must be a time of day',
    );
    expect(() => ask(NIGHT, '2026-01-15T23:00:00Z', { zone: 'Berlin' })).toThrow(
      'The zone "Berlin" is not in the tz database',
    );
  });
});
