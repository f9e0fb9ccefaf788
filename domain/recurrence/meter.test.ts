import { describe, expect, it } from '@jest/globals';
import { formatDate } from '../time/days.ts';
import { formatInstant, instantMs } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { combinedDue, type CombinedInput } from './combined.ts';
import { meterState, type MeterInput, type MeterReading, type MeterRule } from './meter.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const UTC = zones.zone('UTC');
const at = (day: number, hour = 0): number => Date.UTC(2026, 0, day, hour);
const value = (day: number, shown: number): MeterReading => ({ atMs: at(day), kind: 'value', value: shown });
const done = (day: number, shown: number): MeterReading => ({
  atMs: at(day),
  kind: 'completed',
  value: shown,
});
const replaced = (day: number, final: number, initial: number): MeterReading => ({
  atMs: at(day),
  kind: 'replaced',
  final,
  initial,
});

function state(
  readings: MeterReading[],
  rule: Partial<MeterRule> = {},
  more: Partial<MeterInput> = {},
): ReturnType<typeof meterState> {
  return meterState({
    zone: UTC,
    rolloverAt: null,
    rule: { every: 100, basis: 'fixed', startAt: 0, aheadBy: 0, ...rule },
    readings,
    ...more,
  });
}
const hits = ({ triggered }: ReturnType<typeof meterState>): string[] =>
  triggered.map(
    ({ threshold, skipped, atMs }) =>
      `${String(threshold)} on ${formatDate(atMs / 86_400_000).slice(8)}, ${String(skipped)} skipped`,
  );

describe('lifetime', () => {
  it.each<[string, MeterReading[], number | null, number | null, number[]]>([
    ['starts with the first value', [value(1, 40)], null, 40, []],
    ['adds increases', [value(1, 40), value(2, 40), value(3, 55)], null, 55, []],
    [
      'rejects a fall, and goes on from the value before',
      [value(1, 40), value(2, 39), value(3, 45)],
      null,
      45,
      [1],
    ],
    [
      'rolls over at the first value that cannot be shown',
      [value(1, 990), value(2, 0), value(3, 5)],
      1000,
      1005,
      [],
    ],
    [
      'replaces: the old meter ends, the new one starts',
      [value(1, 40), replaced(2, 50, 7), value(3, 10)],
      null,
      53,
      [],
    ],
    [
      'a new meter may start above the old',
      [value(1, 40), replaced(2, 50, 900), value(3, 910)],
      null,
      60,
      [],
    ],
    [
      'rejects a replacement whose end is a fall, its start too',
      [value(1, 40), replaced(2, 30, 0), value(3, 5), value(4, 41)],
      null,
      41,
      [1, 2],
    ],
    [
      'a replacement may end beyond a rollover',
      [value(1, 990), replaced(2, 4, 0), value(3, 1)],
      1000,
      1005,
      [],
    ],
    ['starts with a replacement', [replaced(1, 50, 0), value(2, 5)], null, 55, []],
    ['counts the value of a completion', [value(1, 40), done(2, 60), value(3, 70)], null, 70, []],
    ['rejects a completion that fell', [value(1, 40), done(2, 30)], null, 40, [1]],
    ['has none without readings', [], null, null, []],
  ])('%s', (_, readings, rolloverAt, lifetime, rejected) => {
    expect(state(readings, {}, { rolloverAt })).toMatchObject({ lifetime, rejected });
  });
});

describe('thresholds', () => {
  it('start at start_at + every and trigger when reached', () => {
    expect(hits(state([value(1, 149), value(2, 150)], { startAt: 50 }))).toEqual(['150 on 02, 0 skipped']);
  });

  it('trigger once for the highest reached, and count the lower ones', () => {
    const result = state([value(1, 10), value(2, 350)]);
    expect(hits(result)).toEqual(['300 on 02, 2 skipped']);
    expect(result).toMatchObject({ nextThreshold: 400, unitsToGo: 50 });
  });

  it('are reached by decimals that binary sums fall short of', () => {
    // 0.1 + 0.7 is less than 0.8 in binary.
    const { triggered, nextThreshold } = state([value(1, 0.1), replaced(2, 0.1, 0), value(3, 0.7)], {
      every: 0.8,
    });
    expect(triggered).toMatchObject([{ threshold: 0.8, skipped: 0 }]);
    expect(nextThreshold).toBeCloseTo(1.6);
  });

  it('trigger ahead', () => {
    const result = state([value(1, 79), value(2, 80), value(3, 100), value(4, 180)], { aheadBy: 20 });
    expect(hits(result)).toEqual(['100 on 02, 0 skipped', '200 on 04, 0 skipped']);
    // 300 less 20 ahead, from 180.
    expect(result.unitsToGo).toBe(100);
  });

  it('are not triggered by a completion, nor by a rejected reading', () => {
    expect(hits(state([value(1, 90), done(2, 120)]))).toEqual([]);
    expect(hits(state([value(1, 90), done(2, 120), value(3, 120)]))).toEqual(['100 on 03, 0 skipped']);
    expect(hits(state([value(1, 120), value(2, 110)]))).toEqual(['100 on 01, 0 skipped']);
  });

  it('are triggered by a replacement, which is a reading', () => {
    expect(hits(state([value(1, 90), replaced(2, 105, 0)]))).toEqual(['100 on 02, 0 skipped']);
  });

  it('fixed: go on by every, whenever the work is done', () => {
    expect(state([value(1, 130), done(2, 150)])).toMatchObject({ nextThreshold: 200 });
  });

  it('floating: wait for the completion and count from it', () => {
    const rule: Partial<MeterRule> = { basis: 'floating' };
    const waiting = state([value(1, 50), value(2, 130), value(3, 400)], rule);
    expect(hits(waiting)).toEqual(['100 on 02, 0 skipped']);
    expect(waiting).toMatchObject({
      nextThreshold: null,
      unitsToGo: null,
      projectedMs: null,
      projectedDay: null,
    });
    expect(state([value(1, 130), done(2, 150), value(3, 160)], rule)).toMatchObject({
      nextThreshold: 250,
      unitsToGo: 90,
    });
  });

  it('floating: work done early moves the threshold too', () => {
    expect(state([value(1, 50), done(2, 60)], { basis: 'floating' })).toMatchObject({ nextThreshold: 160 });
  });

  it('floating: the lifetime counts, not what a new meter shows', () => {
    const result = state([value(1, 130), replaced(2, 140, 0), done(3, 10)], { basis: 'floating' });
    expect(result).toMatchObject({ lifetime: 150, nextThreshold: 250 });
  });
});

describe('forecast', () => {
  it('goes from the last reading at the rate from the first to the last', () => {
    const result = state([value(1, 0), value(3, 30), value(11, 70)]);
    // 70 in 10 days; 30 to go take 30/7 days from 11 January: 15 January 06:51:26 (.43 rounded).
    expect(result.dailyRate).toBeCloseTo(7);
    expect(formatInstant(result.projectedMs ?? 0, UTC)).toBe('2026-01-15T06:51:26+00:00');
  });

  it('gives the date of the zone', () => {
    const zone = zones.zone('Pacific/Auckland');
    const result = state([value(1, 0), value(11, 95)], {}, { zone });
    // 12.63 hours after 11 January 00:00 UTC it is 12 January there.
    expect(formatDate(result.projectedDay ?? 0)).toBe('2026-01-12');
  });

  it('is the last reading when it is already due', () => {
    expect(state([value(1, 10), done(5, 130)])).toMatchObject({ unitsToGo: -30, projectedMs: at(5) });
  });

  it('is null without a rate', () => {
    expect(state([value(1, 50)])).toMatchObject({ dailyRate: null, projectedMs: null, unitsToGo: 50 });
    expect(state([value(1, 50), value(4, 50)])).toMatchObject({ dailyRate: 0, projectedMs: null });
    expect(state([value(1, 50), value(1, 60)])).toMatchObject({ dailyRate: null, projectedMs: null });
    expect(state([value(1, 50), value(2, 40)])).toMatchObject({ dailyRate: null, rejected: [1] });
    expect(state([])).toMatchObject({
      lifetime: null,
      dailyRate: null,
      unitsToGo: null,
      projectedMs: null,
      nextThreshold: 100,
    });
  });
});

describe('time and meter', () => {
  const point = (day: number, lifetime: number): { atMs: number; lifetime: number } => ({
    atMs: at(day),
    lifetime,
  });
  const base: CombinedInput = {
    zone: UTC,
    atMinutes: 360,
    time: { n: 1, unit: 'month' },
    meter: { every: 500 },
    whichever: 'first',
    completed: { atMs: instantMs('2026-01-31T12:00:00Z'), lifetime: 1000 },
    readings: [],
  };
  const due = (more: Partial<CombinedInput>): string => {
    const { dueMs, by, triggered, timeDueMs } = combinedDue({ ...base, ...more });
    expect(formatInstant(timeDueMs ?? 0, UTC)).toBe('2026-02-28T06:00:00+00:00');
    return `${dueMs === null ? 'null' : formatInstant(dueMs, UTC).slice(0, 16)} by ${String(by)}${triggered ? ', triggered' : ''}`;
  };
  // 100 a day from 31 January: 1,500 is reached on 5 February 00:00; 10 a day: on 22 March.
  const fast = [point(31, 1000), point(33, 1200)];
  const slow = [point(31, 1000), point(41, 1100)];

  it.each<[string, Partial<CombinedInput>, string]>([
    ['first is the meter', { readings: fast }, '2026-02-05T00:00 by meter'],
    ['first is the time', { readings: slow }, '2026-02-28T06:00 by time'],
    ['last is the time', { readings: fast, whichever: 'last' }, '2026-02-28T06:00 by time'],
    ['last is the meter', { readings: slow, whichever: 'last' }, '2026-03-22T00:00 by meter'],
    [
      'the first reading that reaches it',
      { readings: [...fast, point(34, 1500), point(35, 1700)] },
      '2026-02-03T00:00 by meter, triggered',
    ],
    [
      'reached, but the time is later',
      { readings: [...fast, point(34, 1500)], whichever: 'last' },
      '2026-02-28T06:00 by time',
    ],
    [
      'reached after the time',
      { readings: [point(31, 1000), point(70, 1500)], whichever: 'last' },
      '2026-03-11T00:00 by meter, triggered',
    ],
    [
      'reached after the time was first',
      { readings: [point(31, 1000), point(70, 1500)] },
      '2026-02-28T06:00 by time',
    ],
    ['no forecast leaves the time as first', { readings: [point(31, 1000)] }, '2026-02-28T06:00 by time'],
    [
      'no forecast leaves the last one open',
      { readings: [point(31, 1000)], whichever: 'last' },
      'null by null',
    ],
    [
      'a meter that stands still',
      { readings: [point(31, 1000), point(35, 1000)] },
      '2026-02-28T06:00 by time',
    ],
    ['no readings', {}, '2026-02-28T06:00 by time'],
  ])('%s', (_, more, expected) => {
    expect(due(more)).toBe(expected);
  });

  it('a tie is the time', () => {
    // 500 reached at the very instant of the date.
    const readings = [{ atMs: instantMs('2026-02-28T06:00:00Z'), lifetime: 1500 }];
    expect(due({ readings })).toBe('2026-02-28T06:00 by time');
    expect(due({ readings, whichever: 'last' })).toBe('2026-02-28T06:00 by time');
  });

  it('the date counts from the local date of the completion', () => {
    const { timeDueMs } = combinedDue({
      ...base,
      zone: zones.zone('Pacific/Auckland'),
      time: { n: 1, unit: 'day' },
    });
    expect(formatInstant(timeDueMs ?? 0, zones.zone('Pacific/Auckland'))).toBe('2026-02-02T06:00:00+13:00');
  });
});
