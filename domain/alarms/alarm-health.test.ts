import { describe, expect, it } from '@jest/globals';
import { alarmHealth, type AlarmHistory } from './alarm-health.ts';
import type { Transition } from './alarm-state.ts';
import type { AlarmCause, AlarmPhase } from './phases.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PERIOD = { from: 0, to: 7 * DAY };

function move(at: number, from: AlarmPhase, to: AlarmPhase, cause: AlarmCause): Transition {
  return { at, from, to, cause };
}
function pulses(times: readonly number[], lengthMs: number): Transition[] {
  return times.flatMap((at, index) => [
    move(at, index === 0 ? 'normal' : 'rtn_unack', 'unack', 'raise'),
    move(at + lengthMs, 'unack', 'rtn_unack', 'clear'),
  ]);
}
function history(alarm: string, transitions: Transition[], more: Partial<AlarmHistory> = {}): AlarmHistory {
  return { alarm, severity: 'low', safety: false, transitions, ...more };
}

describe('the health of the alarms', () => {
  it('names those that chatter: three raises in a minute', () => {
    const health = alarmHealth(
      [history('fast', pulses([0, 30_000, 60_000], 100)), history('slow', pulses([0, 30_000, 60_001], 100))],
      PERIOD,
    );
    expect(health.chattering).toEqual(['fast']);
  });

  it('names those that stood longer than a day, acknowledged or not', () => {
    const stood = [
      move(0, 'normal', 'unack', 'raise'),
      move(DAY / 2, 'unack', 'ack', 'ack'),
      move(DAY + 1, 'ack', 'normal', 'clear'),
    ];
    const exact = [move(0, 'normal', 'unack', 'raise'), move(DAY, 'unack', 'rtn_unack', 'clear')];
    const before = [move(-3 * DAY, 'normal', 'unack', 'raise'), move(DAY, 'unack', 'rtn_unack', 'clear')];
    const still = [move(5 * DAY, 'normal', 'unack', 'raise')];
    const all = [
      history('stood', stood),
      history('exact', exact),
      history('before', before),
      history('still', still),
    ];
    expect(alarmHealth(all, PERIOD).stale).toEqual(['stood', 'still']);
  });

  it('names the shelves that were forgotten', () => {
    const shelved = [move(DAY, 'unack', 'shelved', 'shelve')];
    expect(alarmHealth([history('a', shelved)], PERIOD).shelvedTooLong).toEqual(['a']);
    const back = [...shelved, move(1.5 * DAY, 'shelved', 'normal', 'unshelve')];
    expect(alarmHealth([history('a', back)], PERIOD).shelvedTooLong).toEqual([]);
  });

  it('names those nobody acknowledged, and the most frequent', () => {
    const seen = [...pulses([10], 5), move(20, 'rtn_unack', 'normal', 'ack')];
    const many = Array.from({ length: 12 }, (_, index) =>
      history(
        `a${String(index).padStart(2, '0')}`,
        pulses(
          Array.from({ length: index + 1 }, (_, n) => (n * DAY) / 3),
          5,
        ),
      ),
    );
    const health = alarmHealth([history('seen', seen, { severity: 'high' }), ...many], PERIOD);
    expect(health.neverAcknowledged).toHaveLength(12);
    expect(health.top).toHaveLength(10);
    expect(health.top[0]).toEqual({ alarm: 'a11', raisedCount: 12, share: 12 / 79 });
    expect(health.raisedCount).toBe(79);
    expect(health.perTenMinutes).toBeCloseTo(79 / 1_008, 9);
    expect(health.severityShares?.high).toBeCloseTo(1 / 79, 9);
  });

  it('tells floods, also one that goes on', () => {
    const burst = (alarm: string, from: number): AlarmHistory[] =>
      Array.from({ length: 12 }, (_, index) =>
        history(`${alarm}${String(index)}`, pulses([from + index * 1_000], 5)),
      );
    const { floods } = alarmHealth([...burst('a', 0), ...burst('b', 7 * DAY - MINUTE)], PERIOD);
    expect(floods).toMatchObject([
      { from: 9_000, to: 607_000, raisedCount: 3 },
      { to: 7 * DAY, raisedCount: 3 },
    ]);
  });

  it('of nothing is nothing, not 0', () => {
    expect(alarmHealth([], { from: 5, to: 5 })).toMatchObject({
      raisedCount: 0,
      perTenMinutes: null,
      severityShares: null,
      top: [],
    });
  });
});
