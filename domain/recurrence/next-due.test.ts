import { describe, expect, it } from '@jest/globals';
import { formatInstant, instantMs } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { nextDue } from './next-due.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const MON_FRI: NonNullable<ScheduleText['calendar']> = { working_days: ['MO', 'TU', 'WE', 'TH', 'FR'] };

type Texts = Omit<ScheduleText, 'zone' | 'anchor'> & { zone?: string; anchor?: string };

function next(text: Texts, lastDue: string, completed: string): string | null {
  const schedule = readSchedule({ zone: 'UTC', anchor: '2026-01-10T07:00', ...text }, zones);
  const found = nextDue(schedule, { lastDueMs: instantMs(lastDue), completedMs: instantMs(completed) });
  return found === null ? null : formatInstant(found.dueMs, schedule.zone).slice(0, 16);
}

describe('fixed', () => {
  const monthly: Texts = { frequency: 'monthly' };

  it('is the first occurrence after the last, even when the work was done later than that', () => {
    expect(next(monthly, '2026-01-10T07:00:00Z', '2026-01-12T00:00:00Z')).toBe('2026-02-10T07:00');
    expect(next(monthly, '2026-01-10T07:00:00Z', '2026-05-01T00:00:00Z')).toBe('2026-02-10T07:00');
    expect(next(monthly, '2026-01-10T07:00:00Z', '2025-12-01T00:00:00Z')).toBe('2026-02-10T07:00');
  });

  it('is null after the end', () => {
    expect(
      next({ ...monthly, until: '2026-01-31' }, '2026-01-10T07:00:00Z', '2026-01-10T07:00:00Z'),
    ).toBeNull();
  });
});

describe('floating', () => {
  const due = '2026-01-10T07:00:00Z';
  it.each<[string, Texts, string, string | null]>([
    ['a month, clamp', { frequency: 'monthly' }, '2026-01-31T12:00:00Z', '2026-02-28T07:00'],
    [
      'a month, overflow',
      { frequency: 'monthly', missing_day: 'overflow' },
      '2026-01-31T12:00:00Z',
      '2026-03-03T07:00',
    ],
    [
      'a month, skip: there is no such date',
      { frequency: 'monthly', missing_day: 'skip' },
      '2026-01-31T12:00:00Z',
      null,
    ],
    ['a leap day and a year', { frequency: 'annual' }, '2028-02-29T12:00:00Z', '2029-02-28T07:00'],
    ['ten days', { every: { n: 10, unit: 'day' } }, '2026-01-31T23:59:00Z', '2026-02-10T07:00'],
    ['two weeks', { every: { n: 2, unit: 'week' } }, '2026-01-31T23:59:00Z', '2026-02-14T07:00'],
    // The local date: 31 January in Berlin is 1 February there from 23:00 UTC.
    [
      'by the local date',
      { zone: 'Europe/Berlin', frequency: 'daily' },
      '2026-01-31T23:30:00Z',
      '2026-02-02T07:00',
    ],
    // Saturday 28 February moves to Monday.
    [
      'and the calendar',
      { frequency: 'monthly', calendar: MON_FRI, non_working: 'next' },
      '2026-01-28T12:00:00Z',
      '2026-03-02T07:00',
    ],
    [
      'dropped by the calendar',
      { frequency: 'monthly', calendar: MON_FRI, non_working: 'skip' },
      '2026-01-28T12:00:00Z',
      null,
    ],
    // Friday 30 January and two working days; from Saturday 31 it counts from Monday.
    [
      'working days',
      { every: { n: 2, unit: 'working_day' }, calendar: MON_FRI },
      '2026-01-30T12:00:00Z',
      '2026-02-03T07:00',
    ],
    [
      'working days from a Saturday',
      { every: { n: 2, unit: 'working_day' }, calendar: MON_FRI },
      '2026-01-31T12:00:00Z',
      '2026-02-04T07:00',
    ],
    [
      'hours, elapsed from the completion',
      { every: { n: 36, unit: 'hour' } },
      '2026-01-31T12:30:00Z',
      '2026-02-02T00:30',
    ],
    // Steps 4 and 5 only.
    [
      'no season',
      { frequency: 'daily', season: { ranges: [{ from: '06-01', to: '06-30' }] } },
      '2026-01-31T12:00:00Z',
      '2026-02-01T07:00',
    ],
    [
      'no end and no exception',
      { frequency: 'daily', until: '2026-01-11', except: ['2026-02-01'] },
      '2026-01-31T12:00:00Z',
      '2026-02-01T07:00',
    ],
    [
      'no selector',
      { frequency: 'monthly', on: { month_day: 1 } },
      '2026-01-31T12:00:00Z',
      '2026-02-28T07:00',
    ],
  ])('%s', (_, text, completed, expected) => {
    expect(next({ ...text, basis: 'floating' }, due, completed)).toBe(expected);
  });

  it('resolves a gap and a repeated time', () => {
    const daily: Texts = {
      zone: 'Europe/Berlin',
      anchor: '2026-01-10T02:30',
      frequency: 'daily',
      basis: 'floating',
    };
    expect(next(daily, due, '2026-03-28T12:00:00Z')).toBe('2026-03-29T03:30');
    expect(next({ ...daily, dst: { gap: 'skip' } }, due, '2026-03-28T12:00:00Z')).toBeNull();
  });
});

describe('shifted', () => {
  // A cycle of three months counts as 90 days; 10 % are 9.
  const shift: ScheduleText['shift'] = { late_pct: 50, early_pct: 50, tolerance_pct: 10 };
  const quarterly: Texts = { anchor: '1998-06-01T07:00', frequency: 'quarterly', basis: 'shifted', shift };
  const due = '1998-06-01T07:00:00Z';

  it.each<[string, Texts, string, string]>([
    // The published case: planned 1 June, confirmed 15 June.
    ['half of 14 days late', {}, '1998-06-15T12:00:00Z', '1998-09-08T07:00'],
    ['9 days late are within the tolerance', {}, '1998-06-10T12:00:00Z', '1998-09-01T07:00'],
    ['of 10 days late all count', {}, '1998-06-11T12:00:00Z', '1998-09-06T07:00'],
    ['half of 11 days late, rounded up', {}, '1998-06-12T12:00:00Z', '1998-09-07T07:00'],
    ['half of 11 days early, rounded up', {}, '1998-05-21T12:00:00Z', '1998-08-26T07:00'],
    ['9 days early are within the tolerance', {}, '1998-05-23T12:00:00Z', '1998-09-01T07:00'],
    ['0 %', { shift: { late_pct: 0, early_pct: 0 } }, '1998-06-25T12:00:00Z', '1998-09-01T07:00'],
    ['100 %', { shift: { late_pct: 100 } }, '1998-06-25T12:00:00Z', '1998-09-25T07:00'],
    ['no early share', { shift: { late_pct: 100 } }, '1998-05-01T12:00:00Z', '1998-09-01T07:00'],
    [
      'each direction has its own tolerance',
      { shift: { late_pct: 100, early_pct: 100, late_tolerance_pct: 50, early_tolerance_pct: 0 } },
      '1998-05-31T12:00:00Z',
      '1998-08-31T07:00',
    ],
    [
      'and the late one',
      { shift: { late_pct: 100, early_pct: 100, late_tolerance_pct: 50, early_tolerance_pct: 0 } },
      '1998-06-20T12:00:00Z',
      '1998-09-01T07:00',
    ],
    // 5 September 1998 is a Saturday.
    [
      'then the calendar',
      { shift: { late_pct: 40 }, calendar: MON_FRI, non_working: 'previous' },
      '1998-06-11T12:00:00Z',
      '1998-09-04T07:00',
    ],
  ])('%s', (_, text, completed, expected) => {
    expect(next({ ...quarterly, ...text }, due, completed)).toBe(expected);
  });

  it('moves the nominal date of the fixed answer, not its due date', () => {
    // 1 August 1998 is a Saturday, due on Monday 3; three days later than the nominal date is Tuesday 4.
    const monthly: Texts = {
      anchor: '1998-07-01T07:00',
      frequency: 'monthly',
      basis: 'shifted',
      shift: { late_pct: 100 },
      calendar: MON_FRI,
      non_working: 'next',
    };
    expect(next(monthly, '1998-07-01T07:00:00Z', '1998-07-04T07:00:00Z')).toBe('1998-08-04T07:00');
  });

  it('rounds the tolerance half up', () => {
    // 7.5 % of 60 days are 4.5: 5 days are still within.
    const text: Texts = {
      anchor: '2026-01-01T07:00',
      every: { n: 60, unit: 'day' },
      basis: 'shifted',
      shift: { late_pct: 100, tolerance_pct: 7.5 },
    };
    expect(next(text, '2026-01-01T07:00:00Z', '2026-01-06T07:00:00Z')).toBe('2026-03-02T07:00');
    expect(next(text, '2026-01-01T07:00:00Z', '2026-01-07T07:00:00Z')).toBe('2026-03-08T07:00');
  });

  it('counts by local dates', () => {
    // In Auckland both are on 2 January, though 20 hours apart.
    const text: Texts = {
      zone: 'Pacific/Auckland',
      anchor: '2026-01-02T02:00',
      frequency: 'monthly',
      basis: 'shifted',
      shift: { late_pct: 100 },
    };
    expect(next(text, '2026-01-01T13:00:00Z', '2026-01-02T09:00:00Z')).toBe('2026-02-02T02:00');
    expect(next(text, '2026-01-01T13:00:00Z', '2026-01-02T11:00:00Z')).toBe('2026-02-03T02:00');
  });

  it('is null after the end', () => {
    expect(next({ ...quarterly, until: '1998-08-01' }, due, '1998-06-15T12:00:00Z')).toBeNull();
  });
});
