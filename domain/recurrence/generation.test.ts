import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant, instantMs } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import {
  decideGeneration,
  generateAt,
  type CatchUp,
  type Generation,
  type GenerationInput,
  type Lead,
} from './generation.ts';
import { occurrencesAfter, occurrencesBetween } from './occurrences.ts';
import { anySchedule } from './schedule.fixture.ts';
import { readSchedule, type ScheduleText } from './read-schedule.ts';
import { type Schedule } from './schedule.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const MON_FRI: NonNullable<ScheduleText['calendar']> = { working_days: ['MO', 'TU', 'WE', 'TH', 'FR'] };
const HOUR_MS = 3_600_000;
/** Twenty working days, of which a week has one, over a shutdown of weeks. */
const LONGEST_LEAD_MS = 200 * 24 * HOUR_MS;
const DAY: Lead = { n: 1, unit: 'day' };

/** Daily at 06:00 UTC with a day of lead, so that work for the 8th is generated on the 7th at 06:00. */
function tick(lastRun: string, now: string, catchUp: CatchUp, more: Partial<GenerationInput> = {}): string[] {
  const schedule = readSchedule({ zone: 'UTC', anchor: '2026-01-01T06:00', frequency: 'daily' }, zones);
  const { generate, missed, supersededMs } = decideGeneration({
    schedule,
    lead: DAY,
    lastRunMs: instantMs(lastRun),
    nowMs: instantMs(now),
    catchUp,
    ...more,
  });
  const day = (ms: number): string => formatInstant(ms, schedule.zone).slice(8, 10);
  return [
    ...generate.map(({ dueMs }) => day(dueMs)),
    ...missed.map(({ dueMs, reason }) => `${day(dueMs)} ${reason}`),
    ...supersededMs.map((ms) => `for ${day(ms)}`),
  ];
}

describe('what is pending', () => {
  const all: CatchUp = { policy: 'all', windowHours: 1_000 };
  it('comes after the last run and up to now, inclusive', () => {
    expect(tick('2026-01-04T06:00:00Z', '2026-01-06T06:00:00Z', all)).toEqual(['06', '07']);
    expect(tick('2026-01-04T05:59:59Z', '2026-01-06T05:59:59Z', all)).toEqual(['05', '06']);
    expect(tick('2026-01-04T06:00:00Z', '2026-01-04T06:00:00Z', all)).toEqual([]);
  });

  it('is on time for a minute', () => {
    const none: CatchUp = { policy: 'none', windowHours: 0 };
    expect(tick('2026-01-04T12:00:00Z', '2026-01-05T06:01:00Z', none)).toEqual(['06']);
    expect(tick('2026-01-04T12:00:00Z', '2026-01-05T06:01:01Z', none)).toEqual(['06 outage']);
  });
});

describe('catch-up', () => {
  it('all: what is inside the window, its edge included', () => {
    const all: CatchUp = { policy: 'all', windowHours: 24 };
    expect(tick('2026-01-04T06:00:00Z', '2026-01-07T06:00:00Z', all)).toEqual([
      '07',
      '08',
      '06 catch_up_window',
    ]);
    expect(tick('2026-01-04T06:00:00Z', '2026-01-07T06:00:01Z', all)).toEqual([
      '08',
      '06 catch_up_window',
      '07 catch_up_window',
    ]);
  });

  it('all with no window keeps what is on time', () => {
    expect(tick('2026-01-05T06:00:00Z', '2026-01-07T06:00:30Z', { policy: 'all', windowHours: 0 })).toEqual([
      '08',
      '07 catch_up_window',
    ]);
  });

  it('latest: only the last, the others are coalesced', () => {
    const latest: CatchUp = { policy: 'latest', windowHours: 24 };
    expect(tick('2026-01-03T06:00:00Z', '2026-01-06T07:00:00Z', latest)).toEqual([
      '07',
      '05 coalesced',
      '06 coalesced',
    ]);
    // Late and outside the window, so none at all.
    expect(
      tick('2026-01-03T06:00:00Z', '2026-01-06T07:00:00Z', { policy: 'latest', windowHours: 0.5 }),
    ).toEqual(['05 coalesced', '06 coalesced', '07 catch_up_window']);
    // On time, whatever the window.
    expect(
      tick('2026-01-04T06:00:00Z', '2026-01-06T06:00:30Z', { policy: 'latest', windowHours: 0 }),
    ).toEqual(['07', '06 coalesced']);
  });

  it('none: what is late was lost in the outage', () => {
    expect(tick('2026-01-03T06:00:00Z', '2026-01-06T06:00:30Z', { policy: 'none', windowHours: 99 })).toEqual(
      ['07', '05 outage', '06 outage'],
    );
  });

  it('counts the window in elapsed hours, over a clock change too', () => {
    // 28 March 12:00 in Berlin to 29 March 12:00 are 23 hours.
    const schedule = readSchedule(
      { zone: 'Europe/Berlin', anchor: '2026-03-28T12:00', frequency: 'annual' },
      zones,
    );
    const input = {
      schedule,
      lead: { n: 0, unit: 'day' } as const,
      lastRunMs: instantMs('2026-03-28T00:00:00Z'),
    };
    const at = (now: string): number =>
      decideGeneration({ ...input, nowMs: instantMs(now), catchUp: { policy: 'all', windowHours: 23 } })
        .generate.length;
    expect(at('2026-03-29T12:00:00+02:00')).toBe(1);
    expect(at('2026-03-29T12:00:01+02:00')).toBe(0);
  });
});

describe('an open order', () => {
  const all: CatchUp = { policy: 'all', windowHours: 24 };
  const openDueMs = instantMs('2026-01-02T06:00:00Z');
  const run = (more: Partial<GenerationInput>): string[] =>
    tick('2026-01-04T06:00:00Z', '2026-01-07T06:00:00Z', all, more);

  it('allow: generates beside it', () => {
    expect(run({ openDueMs, ifOpen: 'allow' })).toEqual(['07', '08', '06 catch_up_window']);
  });

  it('skip: generates nothing and says so, in the order of due', () => {
    expect(run({ openDueMs, ifOpen: 'skip' })).toEqual([
      '06 catch_up_window',
      '07 previous_open',
      '08 previous_open',
    ]);
  });

  it('supersede: generates and names the one it replaces', () => {
    expect(run({ openDueMs, ifOpen: 'supersede' })).toEqual(['07', '08', '06 catch_up_window', 'for 02']);
  });

  it('does nothing when there is none, or nothing to generate', () => {
    expect(run({ openDueMs: null, ifOpen: 'skip' })).toEqual(['07', '08', '06 catch_up_window']);
    expect(run({ openDueMs: null, ifOpen: 'supersede' })).toEqual(['07', '08', '06 catch_up_window']);
    const quiet = { openDueMs, ifOpen: 'supersede' } as const;
    expect(tick('2026-01-07T06:00:00Z', '2026-01-07T07:00:00Z', all, quiet)).toEqual([]);
  });
});

describe('lead', () => {
  const berlin = (text: Partial<ScheduleText>): ReturnType<typeof readSchedule> =>
    readSchedule({ zone: 'Europe/Berlin', anchor: '2026-01-01T06:00', frequency: 'daily', ...text }, zones);
  const at = (text: Partial<ScheduleText>, lead: Lead, due: string): string => {
    const schedule = berlin(text);
    return formatInstant(generateAt(schedule, lead, instantMs(due)), schedule.zone);
  };

  it.each<[string, Partial<ScheduleText>, Lead, string, string]>([
    [
      'days, at the same wall time',
      {},
      { n: 3, unit: 'day' },
      '2026-03-30T06:00:00+02:00',
      '2026-03-27T06:00:00+01:00',
    ],
    ['hours, elapsed', {}, { n: 72, unit: 'hour' }, '2026-03-30T06:00:00+02:00', '2026-03-27T05:00:00+01:00'],
    ['days, into a gap', {}, { n: 1, unit: 'day' }, '2026-03-30T02:30:00+02:00', '2026-03-29T03:30:00+02:00'],
    [
      'days, into a gap that the series skips',
      { dst: { gap: 'skip' } },
      { n: 1, unit: 'day' },
      '2026-03-30T02:30:00+02:00',
      '2026-03-29T03:30:00+02:00',
    ],
    // Monday 5 January and three working days back: Friday, Thursday, Wednesday.
    [
      'working days',
      { calendar: MON_FRI },
      { n: 3, unit: 'working_day' },
      '2026-01-05T06:00:00+01:00',
      '2025-12-31T06:00:00+01:00',
    ],
    [
      'working days, over a holiday',
      { calendar: { ...MON_FRI, holidays: ['2026-01-01'] } },
      { n: 3, unit: 'working_day' },
      '2026-01-05T06:00:00+01:00',
      '2025-12-30T06:00:00+01:00',
    ],
    // Due on a Sunday that is kept: one working day before is Friday.
    [
      'working days, from a day that is none',
      { calendar: MON_FRI },
      { n: 1, unit: 'working_day' },
      '2026-01-04T06:00:00+01:00',
      '2026-01-02T06:00:00+01:00',
    ],
    ['none', {}, { n: 0, unit: 'working_day' }, '2026-10-25T02:30:00+01:00', '2026-10-25T02:30:00+01:00'],
  ])('%s', (_, text, lead, due, expected) => {
    expect(at(text, lead, due)).toBe(expected);
  });
});

const anyLead: fc.Arbitrary<Lead> = fc.record({
  n: fc.integer({ min: 0, max: 20 }),
  unit: fc.constantFrom('day', 'working_day', 'hour'),
});
const anyCatchUp: fc.Arbitrary<CatchUp> = fc.record({
  policy: fc.constantFrom('all', 'latest', 'none'),
  windowHours: fc.integer({ min: 0, max: 500 }),
});

describe('any sequence of ticks, kills and edits', () => {
  /** A plan and its ledger as the planner keeps them: outcomes by nominal time, written in one transaction with the last run. */
  interface Plan {
    schedule: Schedule;
    lead: Lead;
    catchUp: CatchUp;
    lastRunMs: number;
    /** Not null from a change of the plan to the next run. */
    editMs: number | null;
    outcomes: Map<number, string>;
  }

  function commit(plan: Plan, nowMs: number, decided: Generation): void {
    const record = (nominalMs: number, outcome: string): void => {
      // A second outcome for one nominal time is work done twice.
      expect(plan.outcomes.has(nominalMs)).toBe(false);
      plan.outcomes.set(nominalMs, outcome);
    };
    for (const item of decided.generate) record(item.nominalMs, 'generated');
    for (const item of decided.missed) record(item.nominalMs, item.reason);
    plan.lastRunMs = nowMs;
    plan.editMs = null;
  }

  function decide({ editMs, outcomes, ...plan }: Plan, nowMs: number): Generation {
    if (editMs === null) return decideGeneration({ ...plan, nowMs });
    const isRecorded = (nominalMs: number): boolean => outcomes.has(nominalMs);
    return decideGeneration({ ...plan, nowMs, edit: { atMs: editMs, isRecorded } });
  }

  /** What the plan in force since `sinceMs` asks for up to now. */
  function wanted({ schedule, lead }: Plan, sinceMs: number, nowMs: number): number[] {
    return occurrencesBetween(schedule, sinceMs, nowMs + LONGEST_LEAD_MS)
      .filter(({ dueMs }) => generateAt(schedule, lead, dueMs) <= nowMs)
      .map(({ nominalMs }) => nominalMs);
  }

  // A repeated wall time with `both` is two pieces of work under one nominal time; the ledger here has one each.
  const once = anySchedule.map((text) => ({ ...text, dst: { ...text.dst, overlap: 'first' as const } }));
  const anyStep = fc.record({
    hours: fc.integer({ min: 1, max: 1_500 }),
    killed: fc.boolean(),
    edit: fc.option(fc.record({ text: once, lead: anyLead }), { freq: 4 }),
  });

  it('loses and doubles nothing, however ticks fall and whichever are killed before they commit', () => {
    const steps = fc.array(anyStep, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(once, anyLead, anyCatchUp, steps, (text, lead, catchUp, sequence) => {
        let nowMs = Date.parse(`${text.anchor}Z`) - LONGEST_LEAD_MS;
        const outcomes = new Map<number, string>();
        const plan: Plan = {
          schedule: readSchedule(text, zones),
          lead,
          catchUp,
          lastRunMs: nowMs,
          editMs: null,
          outcomes,
        };
        let sinceMs = nowMs;
        for (const { hours, killed, edit } of sequence) {
          nowMs += hours * HOUR_MS;
          const decided = decide(plan, nowMs);
          if (killed) continue;
          const before = new Set(outcomes.keys());
          commit(plan, nowMs, decided);
          const asked = new Set(wanted(plan, sinceMs, nowMs));
          for (const nominalMs of asked) expect(outcomes.has(nominalMs)).toBe(true);
          for (const nominalMs of outcomes.keys())
            expect(before.has(nominalMs) || asked.has(nominalMs)).toBe(true);
          if (edit === null) continue;
          plan.schedule = readSchedule({ ...edit.text, zone: text.zone }, zones);
          plan.lead = edit.lead;
          plan.editMs = sinceMs = nowMs;
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('generates with ticks on time what the preview showed', () => {
    fc.assert(
      fc.property(anySchedule, anyLead, (text, lead) => {
        const schedule = readSchedule(text, zones);
        const startMs = Date.parse(`${text.anchor}Z`) - LONGEST_LEAD_MS;
        const preview = occurrencesAfter(schedule, null, 12);
        const generated = [];
        let lastRunMs = startMs;
        for (const { dueMs } of preview) {
          const nowMs = generateAt(schedule, lead, dueMs);
          const decided = decideGeneration({
            schedule,
            lead,
            lastRunMs,
            nowMs,
            catchUp: { policy: 'none', windowHours: 0 },
          });
          expect(decided.missed).toEqual([]);
          generated.push(
            ...decided.generate.map((item) => ({ nominalMs: item.nominalMs, dueMs: item.dueMs })),
          );
          lastRunMs = Math.max(lastRunMs, nowMs);
        }
        // Occurrences that share a time of generation come in one tick, also one that the preview did not reach.
        expect(generated.slice(0, preview.length)).toEqual(preview);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it('an edit does not make late what it brings forward', () => {
    // A day of lead becomes ten: the 6th to the 14th should have been generated before the edit on the 4th.
    const edit = {
      atMs: instantMs('2026-01-04T12:00:00Z'),
      isRecorded: (ms: number) => ms <= Date.UTC(2026, 0, 5, 6),
    };
    const none: CatchUp = { policy: 'none', windowHours: 0 };
    const lead: Lead = { n: 10, unit: 'day' };
    expect(tick('2026-01-04T12:00:00Z', '2026-01-04T12:00:40Z', none, { edit, lead })).toEqual(
      '06 07 08 09 10 11 12 13 14'.split(' '),
    );
    expect(tick('2026-01-04T12:00:00Z', '2026-01-04T12:00:40Z', none, { lead })).toEqual([]);
  });
});
