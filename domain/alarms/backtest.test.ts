import { describe, expect, it } from '@jest/globals';
import { SHIPPED_METRICS } from '../readings/metrics.ts';
import { backtest } from './backtest.ts';
import { compileRule } from './compile-rule.ts';
import type { Reading } from './input-order.ts';
import { alarmRule, type AlarmRule } from './rule.ts';
import { scoreFailures } from './score-failures.ts';
import { gridFor, lastingSpans, searchSettings, withSettings } from './search-settings.ts';

const MINUTE = 60_000;

function reading(minute: number, value: number): Reading {
  return { metric: 'temperature', source: 's', at: minute * MINUTE, value };
}

/** Swings around 80 for an hour with a real excursion from minute 30 to 50. */
const SERIES = Array.from({ length: 61 }, (_, minute) =>
  reading(minute, minute >= 30 && minute < 50 ? 95 : minute % 2 === 0 ? 79.5 : 80.5),
);
const PERIOD = { from: 0, until: 60 * MINUTE };

function ruleWith(more: object = {}, level: object = {}): AlarmRule {
  return alarmRule.parse({
    name: 'hot',
    title: 'Hot',
    alertType: 'hot',
    when: {
      kind: 'threshold',
      metric: 'temperature',
      unit: '°C',
      op: 'gt',
      levels: [{ severity: 'high', limit: 80, ...level }],
    },
    ...more,
  });
}
function run(rule: AlarmRule, readings: readonly Reading[] = SERIES): [number, number | null][] {
  const { alarms } = backtest(compileRule(rule, SHIPPED_METRICS), readings, PERIOD);
  return alarms.map(({ raisedAt, clearedAt }) => [
    raisedAt / MINUTE,
    clearedAt === null ? null : clearedAt / MINUTE,
  ]);
}

describe('a backtest', () => {
  it('gives the alarms that would have been raised, each with its end', () => {
    expect(run(ruleWith())).toHaveLength(20);
    expect(run(ruleWith({}, { deadband: 2 }))).toEqual([[1, null]]);
    expect(run(ruleWith({ onDelayS: 120 }))).toEqual([[31, 50]]);
    expect(run(ruleWith({}, { limit: 90 }))).toEqual([[30, 50]]);
  });

  it('whatever the order of the readings, and counts those that came again', () => {
    const rule = compileRule(ruleWith(), SHIPPED_METRICS);
    const expected = backtest(rule, SERIES, PERIOD);
    expect(backtest(rule, [...SERIES].reverse(), PERIOD)).toEqual(expected);
    expect(backtest(rule, [...SERIES, ...SERIES.slice(0, 7), reading(9, 500)], PERIOD)).toEqual({
      ...expected,
      repeatedCount: 7,
      contradictingCount: 1,
    });
  });

  it('sees nothing after its end, and only remembers what is before its beginning', () => {
    const rule = compileRule(ruleWith({}, { limit: 90 }), SHIPPED_METRICS);
    expect(backtest(rule, SERIES, { from: 0, until: 20 * MINUTE }).alarms).toEqual([]);
    expect(backtest(rule, SERIES, { from: 55 * MINUTE, until: 60 * MINUTE }).alarms).toEqual([]);
    expect(backtest(rule, SERIES, { from: 40 * MINUTE, until: 60 * MINUTE }).alarms).toHaveLength(1);
  });

  it('tells the highest severity of an alarm', () => {
    const rule = alarmRule.parse({
      ...ruleWith(),
      when: {
        kind: 'threshold',
        metric: 'temperature',
        unit: '°C',
        op: 'gt',
        levels: [
          { severity: 'low', limit: 70 },
          { severity: 'high', limit: 90 },
        ],
      },
    });
    expect(backtest(compileRule(rule, SHIPPED_METRICS), SERIES, PERIOD).alarms).toEqual([
      { raisedAt: 0, clearedAt: null, severity: 'high' },
    ]);
  });
});

describe('the score', () => {
  const failures = [
    { name: 'a', at: 100, from: 50, to: 150 },
    { name: 'b', at: 300, from: 250, to: 350 },
    { name: 'c', at: 500, from: 450, to: 550 },
  ];
  const alarm = (raisedAt: number, clearedAt: number | null): object => ({
    raisedAt,
    clearedAt,
    severity: null,
  });

  it('is how early each failure was announced, and what was announced for nothing', () => {
    const alarms = [alarm(10, 60), alarm(80, 90), alarm(95, 96), alarm(200, 210), alarm(340, 360)];
    const score = scoreFailures(alarms as never, failures);
    expect(score.announced.map(({ raisedAt, leadMs }) => [raisedAt, leadMs])).toEqual([
      [80, 20],
      [340, -40],
      [null, null],
    ]);
    expect(score.falseAlarms).toEqual([alarm(10, 60), alarm(200, 210)]);
  });

  it('an alarm that always stands announces nothing', () => {
    const score = scoreFailures([alarm(0, null)] as never, failures);
    expect(score.announced.every(({ raisedAt }) => raisedAt === null)).toBe(true);
    expect(score.falseAlarms).toHaveLength(1);
  });
});

describe('the search', () => {
  const rule = ruleWith();
  const grid = { onDelaysS: [0, 120, 1_800], offDelaysS: [0], deadbands: [null, 2], limitShifts: [0, 5, 20] };
  const ask = { rule, metrics: SHIPPED_METRICS, readings: SERIES, period: PERIOD };
  const { alarms } = backtest(compileRule(rule, SHIPPED_METRICS), SERIES, PERIOD);

  it('finds settings with fewer alarms that keep what lasted, the ones that ask least first', () => {
    const keep = lastingSpans(alarms, { atLeastMs: 10 * MINUTE, until: PERIOD.until });
    expect(keep).toEqual([{ from: 29 * MINUTE, to: 50 * MINUTE }]);
    const { today, better, triedCount } = searchSettings({ ...ask, keep, grid });
    expect(triedCount).toBe(18);
    expect(today).toMatchObject({ lostCount: 0, laterMs: 0 });
    expect(today.alarms).toHaveLength(20);
    expect(better[0]).toMatchObject({
      lostCount: 0,
      laterMs: 0,
      settings: { onDelayS: 0, deadband: 2, limitShift: 0 },
    });
    const lossless = better.filter(({ lostCount }) => lostCount === 0);
    expect(lossless.map((one) => one.alarms.length)).toEqual(lossless.map(() => 1));
    // A limit of 100 loses the excursion, and so comes last.
    expect(better.at(-1)).toMatchObject({ lostCount: 1, settings: { limitShift: 20 } });
    // What it promises is what the rule with those settings does.
    for (const { settings, alarms: promised } of better) {
      expect(run(withSettings(rule, settings))).toHaveLength(promised.length);
    }
  });

  it('says by how much an alarm comes later', () => {
    const keep = [{ from: 29 * MINUTE, to: 50 * MINUTE }];
    const { better } = searchSettings({
      ...ask,
      keep,
      grid: { ...grid, deadbands: [null], limitShifts: [0] },
    });
    expect(better).toMatchObject([
      { settings: { onDelayS: 120 }, laterMs: 2 * MINUTE, lostCount: 0 },
      // Half an hour outlasts the excursion.
      { settings: { onDelayS: 1_800 }, alarms: [], lostCount: 1 },
    ]);
  });

  it('moves a limit to the side where fewer alarms are, and leaves what it does not know', () => {
    const low = alarmRule.parse({ ...rule, when: { ...rule.when, op: 'lt' } });
    const shifted = withSettings(low, { onDelayS: 1, offDelayS: 2, deadband: null, limitShift: 5 });
    expect(shifted).toMatchObject({
      onDelayS: 1,
      offDelayS: 2,
      when: { levels: [{ limit: 75, deadband: 0 }] },
    });
    const stale = alarmRule.parse({
      ...rule,
      when: { kind: 'stale', metric: 'temperature', levels: [{ severity: 'low', afterS: 60 }] },
    });
    expect(withSettings(stale, { onDelayS: 1, offDelayS: 2, deadband: 3, limitShift: 5 }).when).toEqual(
      stale.when,
    );
  });

  it('takes its grid from the noise of the readings', () => {
    // Changes of 1 nearly everywhere: noise 1.4826, rounded to 1.5.
    expect(gridFor(rule, SERIES)).toEqual({
      onDelaysS: [0, 60, 300, 900, 1_800, 3_600],
      offDelaysS: [0, 600, 3_600],
      deadbands: [null, 3, 7.5, 15],
      limitShifts: [0, 3, 7.5],
    });
    expect(gridFor(rule, [reading(0, 5), reading(1, 5)])).toMatchObject({
      deadbands: [null],
      limitShifts: [0],
    });
  });

  it('refuses what would take too long', () => {
    const huge = { ...grid, onDelaysS: Array.from({ length: 100 }, (_, index) => index) };
    expect(() => searchSettings({ ...ask, keep: [], grid: huge })).toThrow(
      'The grid holds 600 settings; try at most 300',
    );
    const many = { ...ask, readings: { length: 1_000_000 } as never };
    expect(() => searchSettings({ ...many, keep: [], grid })).toThrow('choose a shorter period');
  });
});
