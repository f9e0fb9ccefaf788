import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatWall, instantMs } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { compareSchedules } from './compare-schedules.ts';
import { occurrencesAfter } from './occurrences.ts';
import { anySchedule } from './schedule.fixture.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const daily: ScheduleText = {
  zone: 'UTC',
  anchor: '2026-01-05T08:00',
  frequency: 'daily',
  calendar: { working_days: ['MO', 'TU', 'WE', 'TH', 'FR'] },
  non_working: 'skip',
};

function compare(before: ScheduleText, after: ScheduleText, count: number): string[] {
  const schedules = { before: readSchedule(before, zones), after: readSchedule(after, zones) };
  const day = (ms: number | null): string => (ms === null ? '-' : formatWall(ms).slice(5, 10));
  return compareSchedules(schedules, instantMs('2026-01-04T00:00:00Z'), count).map(
    ({ nominalMs, change, beforeMs, afterMs }) =>
      `${day(nominalMs)} ${change} ${day(beforeMs)} ${day(afterMs)}`,
  );
}

describe('compareSchedules', () => {
  it('shows what moves, comes and goes with a holiday', () => {
    const after: ScheduleText = { ...daily, calendar: { ...daily.calendar, holidays: ['2026-01-06'] } };
    expect(compare(daily, after, 3)).toEqual([
      '01-05 same 01-05 01-05',
      '01-06 removed 01-06 -',
      '01-07 same 01-07 01-07',
      '01-08 same 01-08 01-08',
    ]);
    expect(compare(after, daily, 2)).toEqual(['01-05 same 01-05 01-05', '01-06 added - 01-06']);
    const moved: ScheduleText = {
      ...after,
      frequency: 'weekly',
      anchor: '2026-01-06T08:00',
      non_working: 'next',
    };
    expect(compare({ ...moved, calendar: daily.calendar ?? {} }, moved, 2)).toEqual([
      '01-06 moved 01-06 01-07',
      '01-13 same 01-13 01-13',
    ]);
  });

  it('does not take for removed what moves out of the range', () => {
    const weekly: ScheduleText = { ...daily, frequency: 'weekly', non_working: 'keep' };
    const after: ScheduleText = { ...weekly, extension: { for: '2026-01-05', to: '2026-03-01' } };
    expect(compare(weekly, after, 2)).toEqual([
      '01-12 same 01-12 01-12',
      '01-19 same 01-19 01-19',
      '01-05 moved 01-05 03-01',
    ]);
  });

  it('shows a new series that ends, beside the old one that does not', () => {
    expect(compare(daily, { ...daily, until: '2026-01-05' }, 3)).toEqual([
      '01-05 same 01-05 01-05',
      '01-06 removed 01-06 -',
      '01-07 removed 01-07 -',
    ]);
  });

  it('shows every occurrence that is to come, once, and nothing else of the new schedule', () => {
    fc.assert(
      fc.property(anySchedule, anySchedule, (old, edited) => {
        const before = readSchedule(old, zones);
        const after = readSchedule({ ...edited, zone: old.zone }, zones);
        const fromMs = instantMs('2026-02-01T00:00:00Z');
        const lines = compareSchedules({ before, after }, fromMs, 12);
        const planned = new Set(occurrencesAfter(after, fromMs, 12).map(({ nominalMs }) => nominalMs));
        expect(new Set(lines.map(({ nominalMs }) => nominalMs)).size).toBe(lines.length);
        for (const nominalMs of planned)
          expect(lines.find((line) => line.nominalMs === nominalMs)?.afterMs).not.toBeNull();
        for (const { change } of compareSchedules({ before, after: before }, fromMs, 12))
          expect(change).toBe('same');
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
