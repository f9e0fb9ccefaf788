import { describe, expect, it } from '@jest/globals';
import { nextPlannerAction, type PlannerState } from './decide.ts';
import { PLANNER_LIMITS } from './limits.ts';

const NOW = Date.parse('2026-03-01T08:00:00Z');
const IDLE = { tasks: 0, missed: 0, failed: 0, more: false, nextAt: null };
const RESTED: PlannerState = { ticks: 1, changed: false, last: IDLE };
const HOUR = 3_600_000;

describe('a planner', () => {
  it.each<[string, PlannerState, ReturnType<typeof nextPlannerAction>]>([
    ['looks when it begins', { ...RESTED, ticks: 0, last: null }, { do: 'tick' }],
    ['looks when something changed', { ...RESTED, changed: true }, { do: 'tick' }],
    ['sleeps for an hour at most', RESTED, { do: 'sleep', forMs: HOUR }],
    [
      'sleeps until the next date',
      { ...RESTED, last: { ...IDLE, nextAt: '2026-03-01T08:20:00Z' } },
      { do: 'sleep', forMs: HOUR / 3 },
    ],
    [
      'goes on soon when a date came meanwhile',
      { ...RESTED, last: { ...IDLE, nextAt: '2026-03-01T07:00:00Z' } },
      { do: 'sleep', forMs: 1_000 },
    ],
    [
      'goes on soon when work was left',
      { ...RESTED, last: { ...IDLE, more: true } },
      { do: 'sleep', forMs: 1_000 },
    ],
    [
      'begins a new history at its bound, whatever was asked',
      { ticks: PLANNER_LIMITS.ticksPerRunMax, changed: true, last: IDLE },
      { do: 'continue_as_new' },
    ],
  ])('%s', (_what, state, action) => {
    expect(nextPlannerAction(state, NOW, false)).toEqual(action);
  });

  it('begins a new history when the server asks for it, but never without a tick', () => {
    expect(nextPlannerAction(RESTED, NOW, true)).toEqual({ do: 'continue_as_new' });
    expect(nextPlannerAction({ ...RESTED, ticks: 0, last: null }, NOW, true)).toEqual({ do: 'tick' });
  });
});
