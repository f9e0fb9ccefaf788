import { describe, expect, it } from '@jest/globals';
import {
  decideFlood,
  DEFAULT_FLOOD_POLICY,
  endFlood,
  floodEndsAt,
  NO_FLOOD,
  type FloodEnd,
  type FloodState,
} from './flood.ts';

const SECOND = 1_000;
type Alarm = Parameters<typeof decideFlood>[2];

function feed(alarms: readonly Alarm[]): { kinds: string[]; ended: FloodEnd[]; state: FloodState } {
  let state = NO_FLOOD;
  const ended: FloodEnd[] = [];
  const kinds = alarms.map((alarm) => {
    const outcome = decideFlood(DEFAULT_FLOOD_POLICY, state, alarm);
    state = outcome.state;
    if (outcome.ended !== null) ended.push(outcome.ended);
    return outcome.decision.kind;
  });
  return { kinds, ended, state };
}
function every(seconds: number, count: number, from = 0): Alarm[] {
  return Array.from({ length: count }, (_, index) => ({
    at: (from + index * seconds) * SECOND,
    severity: 'medium',
    safety: false,
  }));
}

describe('a flood', () => {
  it('begins with the tenth alarm in ten minutes; the rest is held back', () => {
    expect(feed(every(60, 12)).kinds).toEqual([
      ...Array<string>(9).fill('announce'),
      'flood_begins',
      'hold_back',
      'hold_back',
    ]);
  });

  it('does not at nine in ten minutes, however long that goes on', () => {
    expect(feed(every(67, 200)).kinds.every((kind) => kind === 'announce')).toBe(true);
  });

  it('lets the critical and those that protect people through, counted all the same', () => {
    const alarms = [
      ...every(1, 11),
      { at: 20 * SECOND, severity: 'critical', safety: false } as const,
      { at: 21 * SECOND, severity: 'low', safety: true } as const,
    ];
    const { kinds, state } = feed(alarms);
    expect(kinds.slice(9)).toEqual(['flood_begins', 'hold_back', 'announce', 'announce']);
    expect(state.flood).toEqual({ since: 9 * SECOND, raisedCount: 4, heldBackCount: 2 });
  });

  it('that begins with a critical alarm says so with the first one that is held back', () => {
    const alarms: Alarm[] = [
      ...every(1, 9),
      { at: 9_000, severity: 'critical', safety: false },
      ...every(1, 2, 10),
    ];
    expect(feed(alarms).kinds.slice(9)).toEqual(['announce', 'flood_begins', 'hold_back']);
  });

  it('ends when fewer than five are left in ten minutes, at that instant, and says what it held back', () => {
    const { state } = feed(every(1, 12));
    // The fifth newest was raised at 7 s.
    expect(floodEndsAt(DEFAULT_FLOOD_POLICY, state)).toBe(607 * SECOND);
    expect(endFlood(DEFAULT_FLOOD_POLICY, state, 606_999).ended).toBeNull();
    const end = { from: 9 * SECOND, to: 607 * SECOND, raisedCount: 3, heldBackCount: 3 };
    expect(endFlood(DEFAULT_FLOOD_POLICY, state, 700_000).ended).toEqual(end);
    const later = decideFlood(DEFAULT_FLOOD_POLICY, state, { at: 900_000, severity: 'low', safety: false });
    expect(later).toMatchObject({ ended: end, decision: { kind: 'announce' } });
    expect(floodEndsAt(DEFAULT_FLOOD_POLICY, later.state)).toBeNull();
  });

  it('remembers a bounded number of alarms', () => {
    expect(feed(every(0.1, 2_000)).state.raisedAt).toHaveLength(500);
  });
});
