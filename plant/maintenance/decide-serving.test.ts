import { describe, expect, it } from '@jest/globals';
import { formatWall, instantMs } from '../../domain/time/instants.ts';
import { decideServing, type AssetFacts, type ServingFacts } from './decide-serving.ts';
import { instantText, scheduleOfPlan, type PlanSetting } from './plan-schedule.ts';

const ASSET: AssetFacts = { id: 'a', inUse: true, open: [] };
const WEEKLY: PlanSetting = {
  fields: {
    name: 'Greasing',
    every: { n: 1, unit: 'week' },
    basis: 'fixed',
    timeZone: 'Europe/Berlin',
    startsAt: '2026-03-02T07:00:00.000Z',
  },
  rules: {},
  calendar: null,
};

function facts(
  changes: Partial<ServingFacts> & { now: string; next: string },
  setting = WEEKLY,
): ServingFacts {
  const schedule = scheduleOfPlan(setting);
  if (schedule === null) throw new Error('The plan has no dates.');
  const { now, next, ...rest } = changes;
  return {
    schedule,
    lead: { n: 0, unit: 'day' },
    catchUp: { policy: 'latest', windowHours: 168 },
    ifOpen: 'allow',
    nowMs: instantMs(now),
    nextMs: instantMs(next),
    isChosen: false,
    assets: [ASSET],
    ...rest,
  };
}

/** `asset nominal outcome reason` of each entry, and the next date. */
function told(given: ServingFacts): { entries: string[]; next: string | null } {
  const { entries, nextMs } = decideServing(given);
  return {
    entries: entries.map(
      ({ assetId, nominalMs, outcome, reason }) =>
        `${assetId} ${formatWall(nominalMs)} ${outcome}${reason === null ? '' : ` ${reason}`}`,
    ),
    next: nextMs === null ? null : instantText(nextMs),
  };
}

describe('a plan that is served', () => {
  it('has nothing before its date, and keeps the wall time of its zone after it', () => {
    const next = '2026-03-23T07:00:00.000Z';
    expect(told(facts({ now: '2026-03-23T06:59:00Z', next }))).toEqual({ entries: [], next });
    expect(told(facts({ now: next, next }))).toEqual({
      entries: ['a 2026-03-23T08:00 generated'],
      next: '2026-03-30T06:00:00.000Z',
    });
  });

  it('makes its work before the date by the lead time', () => {
    const lead = { n: 3, unit: 'day' } as const;
    const given = facts({ now: '2026-03-20T07:00:00Z', next: '2026-03-23T07:00:00.000Z', lead });
    expect(told(given).entries).toEqual(['a 2026-03-23T08:00 generated']);
  });

  it('has one work for what an outage left, and says why the rest has none', () => {
    const given = facts({ now: '2026-03-17T07:00:00Z', next: '2026-03-02T07:00:00.000Z' });
    expect(told(given)).toEqual({
      entries: [
        'a 2026-03-16T08:00 generated',
        'a 2026-03-02T08:00 missed coalesced',
        'a 2026-03-09T08:00 missed coalesced',
      ],
      next: '2026-03-23T07:00:00.000Z',
    });
    // Older than the window: none at all.
    const late = {
      ...given,
      nowMs: instantMs('2026-03-17T07:00:00Z'),
      catchUp: { policy: 'latest', windowHours: 1 },
    };
    expect(told(late as ServingFacts).entries[0]).toBe('a 2026-03-02T08:00 missed coalesced');
    expect(told(late as ServingFacts).entries[2]).toBe('a 2026-03-16T08:00 missed catch_up_window');
  });

  it('begins with the date that a person chose, however late it is', () => {
    const given = facts({ now: '2026-04-20T07:00:00Z', next: '2026-03-02T07:00:00.000Z', isChosen: true });
    const { entries, next } = told(given);
    expect(entries[0]).toBe('a 2026-03-02T08:00 generated');
    expect(entries.slice(1).every((entry) => entry.endsWith('missed coalesced'))).toBe(true);
    expect([entries.length, next]).toEqual([8, '2026-04-27T06:00:00.000Z']);
  });

  it('waits for open work, replaces it or ignores it, as it is told', () => {
    const open = [{ id: 'wo-1', dueMs: instantMs('2026-03-16T07:00:00Z'), begun: false }];
    const at = {
      now: '2026-03-23T07:00:00Z',
      next: '2026-03-23T07:00:00.000Z',
      assets: [{ ...ASSET, open }],
    };
    expect(told(facts({ ...at, ifOpen: 'skip' })).entries).toEqual([
      'a 2026-03-23T08:00 missed previous_open',
    ]);
    expect(told(facts({ ...at, ifOpen: 'allow' })).entries).toEqual(['a 2026-03-23T08:00 generated']);
    const replaced = facts({ ...at, ifOpen: 'supersede' });
    expect(decideServing(replaced).entries).toMatchObject([{ outcome: 'generated', supersedes: 'wo-1' }]);
    const begun = { ...replaced, assets: [{ ...ASSET, open: open.map((one) => ({ ...one, begun: true })) }] };
    expect(told(begun).entries).toEqual(['a 2026-03-23T08:00 missed previous_open']);
  });

  it('passes over assets that are out of use', () => {
    const assets = [
      { ...ASSET, inUse: false },
      { ...ASSET, id: 'b' },
    ];
    const given = facts({ now: '2026-03-23T07:00:00Z', next: '2026-03-23T07:00:00.000Z', assets });
    expect(told(given).entries).toEqual([
      'a 2026-03-23T08:00 skipped asset_status',
      'b 2026-03-23T08:00 generated',
    ]);
  });

  it('accounts for dates that calendar and season take, and for those that become one', () => {
    const daily: PlanSetting = {
      ...WEEKLY,
      fields: { ...WEEKLY.fields, every: { n: 1, unit: 'day' } },
      rules: { non_working: 'next' },
      calendar: { workingDays: [0, 1, 2, 3, 4], holidays: [] },
    };
    // Saturday and Sunday move to Monday, and are one with it: the earliest nominal time keeps the work.
    const moved = facts({ now: '2026-03-09T07:00:00Z', next: '2026-03-09T07:00:00.000Z' }, daily);
    expect(told(moved)).toEqual({
      entries: [
        'a 2026-03-07T08:00 generated',
        'a 2026-03-08T08:00 merged same_instant',
        'a 2026-03-09T08:00 merged same_instant',
      ],
      next: '2026-03-10T07:00:00.000Z',
    });
    const skipping = { ...daily, rules: { non_working: 'skip' } } as const;
    const friday = facts({ now: '2026-03-06T07:00:00Z', next: '2026-03-06T07:00:00.000Z' }, skipping);
    expect(told(friday).entries).toEqual([
      'a 2026-03-06T08:00 generated',
      'a 2026-03-07T08:00 skipped calendar',
      'a 2026-03-08T08:00 skipped calendar',
    ]);
  });

  it('tells hours apart that have the same wall time', () => {
    const hourly: PlanSetting = { ...WEEKLY, fields: { ...WEEKLY.fields, every: { n: 1, unit: 'hour' } } };
    const all = facts(
      {
        now: '2026-10-25T02:00:00Z',
        next: '2026-10-24T23:00:00.000Z',
        catchUp: { policy: 'all', windowHours: 24 },
      },
      hourly,
    );
    expect(
      decideServing(all).entries.map(({ nominalMs, fold }) => `${formatWall(nominalMs)} ${String(fold)}`),
    ).toEqual(['2026-10-25T01:00 0', '2026-10-25T02:00 0', '2026-10-25T02:00 1', '2026-10-25T03:00 0']);
  });

  it('loses and doubles nothing, in however many steps it is served', () => {
    const daily: PlanSetting = {
      ...WEEKLY,
      fields: { ...WEEKLY.fields, every: { n: 1, unit: 'day' } },
      rules: {
        non_working: 'modified_next',
        season: { ranges: [{ from: '03-01', to: '04-20' }], outside: 'skip' },
      },
      calendar: { workingDays: [0, 1, 3, 4], holidays: ['2026-03-31', '2026-04-06'] },
    };
    const keysIn = (hours: number): string[] => {
      const keys: string[] = [];
      let nextMs: number | null = instantMs('2026-03-02T07:00:00.000Z');
      const end = instantMs('2026-05-10T00:00:00Z');
      for (let nowMs = nextMs; nowMs < end && nextMs !== null; nowMs += hours * 3_600_000) {
        const step = decideServing({
          ...facts({ now: '2026-03-02T07:00:00Z', next: '2026-03-02T07:00:00.000Z' }, daily),
          nowMs,
          nextMs,
        });
        keys.push(...step.entries.map(({ nominalMs, fold }) => `${formatWall(nominalMs)} ${String(fold)}`));
        ({ nextMs } = step);
      }
      return keys.sort();
    };
    const often = keysIn(6);
    expect(new Set(often).size).toBe(often.length);
    for (const hours of [24, 100]) {
      const keys = keysIn(hours);
      expect(new Set(keys).size).toBe(keys.length);
      expect(often.filter((key) => key < (keys.at(-1) ?? ''))).toEqual(keys.slice(0, -1));
    }
  });
});
