import { describe, expect, it } from '@jest/globals';
import { roundHalfUp, roundTo } from '../rounding.ts';
import { parseDate } from '../time/days.ts';
import type { LocalMoment } from '../time/fields.ts';
import { instantMs } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { differences } from '../vectors/differences.ts';
import { compliance, type CompliancePolicy } from './compliance.ts';
import {
  backlogWeeks,
  oee,
  pmCompliancePct,
  scheduleCompliancePct,
  smcpPct,
  wrenchTimePct,
} from './ratios.ts';
import { reliability, type Downtime } from './reliability.ts';
import { indicatorVectors } from './vectors.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const UTC = zones.zone('UTC');

function moment(text: string): LocalMoment {
  const day = parseDate(text);
  return day === null ? { ms: instantMs(text) } : { day };
}

function judge(
  items: [due: string, completed: string | null, cancelled?: boolean][],
  policy: Partial<CompliancePolicy> = {},
  { zone = UTC, asOf = '2026-12-31', days = 90 } = {},
): ReturnType<typeof compliance> {
  return compliance({
    zone,
    cycle: { n: days, unit: 'day' },
    policy: { late: {}, early: {}, ...policy },
    asOf: moment(asOf),
    items: items.map(([due, completed, cancelled = false]) => ({
      due: moment(due),
      completed: completed === null ? null : moment(completed),
      cancelled,
    })),
  });
}

describe('compliance', () => {
  it.each<[Partial<CompliancePolicy>, number, number, number | null]>([
    [{}, 90, 0, null],
    [{ late: { days: 3 } }, 90, 3, null],
    [{ late: { days: 3, pct: 50 } }, 90, 3, null],
    [{ late: { pct: 10 } }, 45, 5, null],
    [{ late: { pct: 20, maxDays: 28 } }, 365, 28, null],
    [{ late: { days: 40, maxDays: 28 } }, 365, 28, null],
    [{ late: { pct: 10 }, early: { pct: 5 } }, 90, 9, 5],
    [{ early: { pct: 50, maxDays: 7 } }, 90, 0, 7],
    [{ early: { days: 0 } }, 90, 0, 0],
    [{ early: { days: null } }, 90, 0, null],
  ])('of %j on a cycle of %d days allows %d days late and %s early', (policy, days, late, early) => {
    expect(judge([], policy, { days })).toMatchObject({
      lateDays: late,
      earlyDays: early,
      pct: null,
      counted: 0,
    });
  });

  it('judges each item by its window, both ends included', () => {
    const policy = { late: { days: 2 }, early: { days: 1 } };
    const due = '2026-05-10';
    const result = judge(
      [
        [due, '2026-05-08'],
        [due, '2026-05-09'],
        [due, '2026-05-12T23:59:59Z'],
        [due, '2026-05-13'],
        [due, null],
        [due, '2026-05-10', true],
      ],
      policy,
      { asOf: '2026-05-12' },
    );
    expect(result.statuses).toEqual(['early', 'on_time', 'on_time', 'late', 'open', 'cancelled']);
    // 2 of 4 count as on time; the open and the cancelled one do not count.
    expect(result).toMatchObject({ counted: 4, onTime: 2, pct: 50 });
    expect(judge([[due, null]], policy, { asOf: '2026-05-13' })).toMatchObject({
      statuses: ['missed'],
      counted: 1,
      pct: 0,
    });
  });

  it('goes by local dates', () => {
    const zone = zones.zone('America/New_York');
    // 11 May 03:00 UTC is still 10 May in New York.
    expect(judge([['2026-05-10T12:00:00Z', '2026-05-11T03:00:00Z']], {}, { zone }).statuses).toEqual([
      'on_time',
    ]);
    expect(judge([['2026-05-10T12:00:00Z', '2026-05-11T05:00:00Z']], {}, { zone }).statuses).toEqual([
      'late',
    ]);
    // As of an instant: 11 May 03:00 UTC is 10 May there, so it is not missed yet.
    expect(judge([['2026-05-10', null]], {}, { zone, asOf: '2026-05-11T03:00:00Z' }).statuses).toEqual([
      'open',
    ]);
  });

  it('rounds to two decimals, half up', () => {
    const items = (onTime: number, late: number): [string, string][] => [
      ...Array.from({ length: onTime }, (): [string, string] => ['2026-05-10', '2026-05-10']),
      ...Array.from({ length: late }, (): [string, string] => ['2026-05-10', '2026-05-11']),
    ];
    expect(judge(items(318, 66)).pct).toBe(82.81);
    expect(judge(items(2, 1)).pct).toBe(66.67);
    // 1 of 32 is 3.125.
    expect(judge(items(1, 31)).pct).toBe(3.13);
  });
});

describe('reliability', () => {
  const week = { fromMs: instantMs('2026-01-05T00:00:00Z'), toMs: instantMs('2026-01-12T00:00:00Z') };
  const down = (type: Downtime['type'], from: string, to: string | null): Downtime => ({
    type,
    fromMs: instantMs(`2026-01-${from}:00Z`),
    toMs: to === null ? null : instantMs(`2026-01-${to}:00Z`),
  });
  const run = (...downtime: Downtime[]): ReturnType<typeof reliability> => reliability({ ...week, downtime });

  it('is null where there is no failure', () => {
    expect(run(down('planned', '06T00:00', '06T08:00'))).toEqual({
      periodHours: 168,
      failures: 0,
      downtimeFailureHours: 0,
      downtimePlannedHours: 8,
      uptimeHours: 160,
      mtbfHours: null,
      mttrHours: null,
      availabilityInherentPct: null,
      availabilityOperationalPct: 95.2381,
    });
  });

  it('clips to the period, but counts the full length of a repair', () => {
    const result = run(down('failure', '04T12:00', '05T06:00'), down('failure', '11T12:00', '12T12:00'));
    // The first started before the period: its 6 hours are downtime, but it is no failure of the week.
    expect(result).toMatchObject({
      failures: 1,
      downtimeFailureHours: 18,
      uptimeHours: 150,
      mtbfHours: 150,
      mttrHours: 24,
    });
    expect(result.availabilityInherentPct).toBe(86.2069);
  });

  it('lets a failure win over planned downtime, and counts an overlap once', () => {
    const result = run(
      down('planned', '06T00:00', '06T10:00'),
      down('failure', '06T04:00', '06T06:00'),
      down('failure', '06T05:00', '06T08:00'),
      down('planned', '06T09:00', '06T12:00'),
    );
    expect(result).toMatchObject({
      failures: 2,
      downtimeFailureHours: 4,
      downtimePlannedHours: 8,
      uptimeHours: 156,
      mtbfHours: 78,
      mttrHours: 2.5,
    });
  });

  it('runs an open one to the end, without a length', () => {
    const open = down('failure', '11T00:00', null);
    expect(run(open)).toMatchObject({
      failures: 1,
      downtimeFailureHours: 24,
      mtbfHours: 144,
      mttrHours: null,
      availabilityInherentPct: null,
    });
    expect(run(open, down('failure', '06T00:00', '06T02:00'))).toMatchObject({
      failures: 2,
      mttrHours: 2,
      mtbfHours: 71,
    });
  });

  it('counts a failure at the start of the period and none at its end', () => {
    expect(run(down('failure', '05T00:00', '05T01:00')).failures).toBe(1);
    expect(run(down('failure', '12T00:00', '12T01:00'))).toMatchObject({ failures: 0, uptimeHours: 168 });
    expect(run(down('planned', '01T00:00', '02T00:00'))).toMatchObject({ downtimePlannedHours: 0 });
  });

  it('is undefined over no time at all', () => {
    expect(reliability({ fromMs: 0, toMs: 0, downtime: [] }).availabilityOperationalPct).toBeNull();
  });
});

describe('ratios', () => {
  it('are percentages with four decimals', () => {
    expect(pmCompliancePct(318, 384)).toBe(82.8125);
    expect(scheduleCompliancePct(200, 300)).toBe(66.6667);
    expect(wrenchTimePct(2.5, 8)).toBe(31.25);
    expect(smcpPct(3, 30)).toBe(110);
    expect(smcpPct(5, 90)).toBe(105.5556);
  });

  it('count backlog in weeks', () => {
    expect(backlogWeeks({ readyHours: 800, crew: 10, hoursPerWeek: 40, productivePct: 80 })).toBe(2.5);
  });

  it('multiply to OEE', () => {
    const shift = {
      plannedTime: 420 * 60,
      stopTime: 47 * 60,
      idealCycleTime: 1,
      total: 19_271,
      rejects: 423,
    };
    expect(oee(shift)).toEqual({
      availabilityPct: 88.8095,
      performancePct: 86.1081,
      qualityPct: 97.805,
      oeePct: 74.7937,
    });
  });

  it('are null by nothing', () => {
    expect([pmCompliancePct(0, 0), scheduleCompliancePct(0, 0), wrenchTimePct(1, 0), smcpPct(1, 0)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(backlogWeeks({ readyHours: 800, crew: 0, hoursPerWeek: 40, productivePct: 80 })).toBeNull();
    expect(oee({ plannedTime: 10, stopTime: 10, idealCycleTime: 1, total: 0, rejects: 0 })).toEqual({
      availabilityPct: 0,
      performancePct: null,
      qualityPct: null,
      oeePct: null,
    });
  });
});

describe('rounding', () => {
  it.each([
    [2.5, 3],
    [-2.5, -2],
    [2.4999, 2],
    [1.005 * 100, 101],
  ])('%d becomes %d', (value, rounded) => {
    expect(roundHalfUp(value)).toBe(rounded);
  });
  it('goes to decimals', () => {
    expect(roundTo(1.005, 2)).toBe(1.01);
  });
});

describe('vectors of kpi', () => {
  const answer = (given: object): unknown => indicatorVectors['kpi']?.answer(given, { zones });

  it.each<[object, object]>([
    [{ metric: 'pm_compliance', on_time: 318, due: 384 }, { pct: 82.8125 }],
    [
      { metric: 'schedule_compliance', done_as_scheduled_hours: 200, scheduled_hours: 300 },
      { schedule_compliance_pct: 66.6667 },
    ],
    [{ metric: 'wrench_time', wrench_hours: 2.5, paid_hours: 8 }, { wrench_time_pct: 31.25 }],
    [{ metric: 'smcp', days_late: 5, cycle: 90 }, { pct: 105.5556 }],
    [
      { metric: 'backlog_weeks', ready_hours: 800, crew: 10, hours_per_week: 40, productive_pct: 80 },
      { weeks: 2.5 },
    ],
    [
      { metric: 'oee', planned_min: 420, stop_min: 47, ideal_cycle_s: 1, total: 19_271, rejects: 423 },
      { availability_pct: 88.8095, oee_pct: 74.7937 },
    ],
  ])('%j', (given, expected) => {
    expect(differences(expected, answer(given), true)).toEqual([]);
  });

  it('says what a metric lacks and which metrics there are', () => {
    expect(() => answer({ metric: 'smcp', days_late: 5 })).toThrow(/lacks a number cycle or cycle_days/);
    expect(() => answer({ metric: 'oee' })).toThrow(/lacks a number planned/);
    expect(() => answer({ metric: 'luck' })).toThrow(/the metric "luck" is unknown; known are reliability/);
  });
});
