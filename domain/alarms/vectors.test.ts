/** Each sentence of the rules of kind `alarm`; `alarm-oracle.test.ts` tries them against each other. */
import { describe, expect, it } from '@jest/globals';
import { ALARM_PHASES, apiWordOf } from './phases.ts';
import { answerAlarm } from './vectors.ts';

type Row = [t: number, from: string, to: string, cause: string, severity?: string];

function run(rule: object, events: object[], until: number): { rows: Row[]; final: string } {
  const answer = answerAlarm({ rule, events, until }) as {
    transitions: { t: number; from: string; to: string; cause: string; severity?: string }[];
    final: string;
  };
  return {
    rows: answer.transitions.map(({ t, from, to, cause, severity }) =>
      severity === undefined ? [t, from, to, cause] : [t, from, to, cause, severity],
    ),
    final: answer.final,
  };
}

const ABOVE = { op: 'gt', limit: 100, deadband: 0, on_delay_s: 0, off_delay_s: 0 };
const values = (...pairs: [number, number][]): object[] => pairs.map(([t, value]) => ({ t, value }));

describe('the condition', () => {
  it.each([
    ['gt', 100, false],
    ['gt', 100.1, true],
    ['ge', 100, true],
    ['ge', 99.9, false],
    ['lt', 100, false],
    ['lt', 99.9, true],
    ['le', 100, true],
    ['le', 100.1, false],
  ])('%s 100 begins at %d: %s', (op, value, raised) => {
    expect(run({ op, limit: 100 }, values([1, value]), 2).final).toBe(raised ? 'unack' : 'normal');
  });

  it.each([
    ['gt', 95.1, true],
    ['gt', 95, false],
    ['ge', 95, true],
    ['ge', 94.9, false],
    ['lt', 104.9, true],
    ['lt', 105, false],
    ['le', 105, true],
    ['le', 105.1, false],
  ])('%s 100 with deadband 5 still holds at %d: %s', (op, value, holds) => {
    const beyond = op.startsWith('g') ? 101 : 99;
    const { final } = run({ op, limit: 100, deadband: 5 }, values([1, beyond], [2, value]), 3);
    expect(final).toBe(holds ? 'unack' : 'rtn_unack');
  });

  it('does not begin inside the deadband', () => {
    expect(run({ ...ABOVE, deadband: 5 }, values([1, 97], [2, 100]), 3).rows).toEqual([]);
  });

  it('takes limits as the decimals they were written as: 0.3 - 0.1 is 0.2', () => {
    expect(run({ op: 'gt', limit: 0.3, deadband: 0.1 }, values([1, 0.4], [2, 0.2]), 3).final).toBe(
      'rtn_unack',
    );
    expect(run({ op: 'lt', limit: 0.1, deadband: 0.2 }, values([1, 0], [2, 0.3]), 3).final).toBe('rtn_unack');
  });
});

describe('stale data', () => {
  const stale = { op: 'stale', limit: 60 };

  it('holds once no sample came for the limit, by timer, and any sample ends it', () => {
    expect(run(stale, values([0, 5], [200, 5]), 230).rows).toEqual([
      [60, 'normal', 'unack', 'raise'],
      [200, 'unack', 'rtn_unack', 'clear'],
    ]);
  });

  it('counts from the start when no sample ever came', () => {
    expect(run(stale, [], 59).rows).toEqual([]);
    expect(run(stale, [], 60).rows).toEqual([[60, 'normal', 'unack', 'raise']]);
  });

  it('is ended by a sample at the very instant, before the timer', () => {
    expect(run(stale, values([0, 1], [60, 1], [119, 1]), 120).rows).toEqual([]);
  });

  it('is delayed as any other condition', () => {
    expect(run({ ...stale, on_delay_s: 10 }, values([0, 1], [69, 1]), 100).rows).toEqual([]);
    expect(run({ ...stale, on_delay_s: 10 }, values([0, 1]), 100).rows).toEqual([
      [70, 'normal', 'unack', 'raise'],
    ]);
  });

  it('is not ended by a sample that arrives late', () => {
    const events = values([0, 1], [50, 1], [40, 1]);
    expect(run(stale, events, 120).rows).toEqual([[110, 'normal', 'unack', 'raise']]);
  });
});

describe('delays', () => {
  it('the on-delay has to hold for its whole length', () => {
    const rule = { ...ABOVE, on_delay_s: 10 };
    expect(run(rule, values([0, 101], [9, 99], [10, 101], [19, 101]), 19).rows).toEqual([]);
    expect(run(rule, values([0, 101], [9, 99], [10, 101], [19, 101]), 20).rows).toEqual([
      [20, 'normal', 'unack', 'raise'],
    ]);
  });

  it('a sample at the end of the on-delay comes before it', () => {
    expect(run({ ...ABOVE, on_delay_s: 10 }, values([0, 101], [10, 99]), 30).rows).toEqual([]);
  });

  it('the off-delay holds it through dips, and a dip is a change back that cancels the wait', () => {
    const rule = { ...ABOVE, off_delay_s: 10 };
    expect(run(rule, values([0, 101], [5, 99], [14, 101], [20, 99]), 40).rows).toEqual([
      [0, 'normal', 'unack', 'raise'],
      [30, 'unack', 'rtn_unack', 'clear'],
    ]);
    expect(run(rule, values([0, 101], [5, 99], [15, 101]), 40).rows).toEqual([
      [0, 'normal', 'unack', 'raise'],
    ]);
  });

  it('without a delay the sample itself raises, before an action at the same time', () => {
    const events = [
      { t: 5, op: 'ack' },
      { t: 5, value: 101 },
    ];
    expect(run(ABOVE, events, 6).rows).toEqual([
      [5, 'normal', 'unack', 'raise'],
      [5, 'unack', 'ack', 'ack'],
    ]);
  });

  it('an action comes before the timer that ends at the same time', () => {
    const events = [
      { t: 0, value: 101 },
      { t: 10, op: 'suppress' },
      { t: 12, op: 'unsuppress' },
    ];
    expect(run({ ...ABOVE, on_delay_s: 10 }, events, 20).rows).toEqual([
      [10, 'normal', 'suppressed', 'suppress'],
      [12, 'suppressed', 'unack', 'unsuppress'],
    ]);
  });
});

describe('samples that come late', () => {
  it('older than the newest are ignored, equally old ones are not', () => {
    expect(run(ABOVE, values([0, 50], [10, 60], [5, 500], [10, 101]), 20).rows).toEqual([
      [10, 'normal', 'unack', 'raise'],
    ]);
  });
});

describe('states', () => {
  const latching = { ...ABOVE, latching: true };

  it('raise, return, acknowledge', () => {
    const events = [...values([0, 101], [1, 99]), { t: 2, op: 'ack' }];
    expect(run(ABOVE, events, 3).rows).toEqual([
      [0, 'normal', 'unack', 'raise'],
      [1, 'unack', 'rtn_unack', 'clear'],
      [2, 'rtn_unack', 'normal', 'ack'],
    ]);
  });

  it('raises again out of rtn_unack', () => {
    expect(run(ABOVE, values([0, 101], [1, 99], [2, 101]), 3).rows.at(-1)).toEqual([
      2,
      'rtn_unack',
      'unack',
      'raise',
    ]);
  });

  it('acknowledged, then gone: normal, and an action that does not apply is not listed', () => {
    const events = [
      { t: 0, op: 'ack' },
      { t: 1, value: 101 },
      { t: 2, op: 'reset' },
      { t: 3, op: 'ack' },
      { t: 4, op: 'ack' },
      { t: 5, op: 'unshelve' },
      { t: 6, value: 99 },
    ];
    expect(run(ABOVE, events, 7).rows).toEqual([
      [1, 'normal', 'unack', 'raise'],
      [3, 'unack', 'ack', 'ack'],
      [6, 'ack', 'normal', 'clear'],
    ]);
  });

  it('latching holds it until a reset: unack by way of rtn_unack, ack to normal', () => {
    expect(
      run(latching, [...values([0, 101], [1, 99]), { t: 2, op: 'reset' }, { t: 3, op: 'ack' }], 4).rows,
    ).toEqual([
      [0, 'normal', 'unack', 'raise'],
      [1, 'unack', 'latched_unack', 'clear'],
      [2, 'latched_unack', 'rtn_unack', 'reset'],
      [3, 'rtn_unack', 'normal', 'ack'],
    ]);
    const acked = [...values([0, 101]), { t: 1, op: 'ack' }, { t: 2, value: 99 }, { t: 3, op: 'ack' }];
    expect(run(latching, [...acked, { t: 4, op: 'reset' }], 5).rows.slice(2)).toEqual([
      [2, 'ack', 'latched_ack', 'clear'],
      [4, 'latched_ack', 'normal', 'reset'],
    ]);
    const unacked = [...values([0, 101], [1, 99]), { t: 2, op: 'ack' }];
    expect(run(latching, unacked, 5).rows.at(-1)).toEqual([2, 'latched_unack', 'latched_ack', 'ack']);
  });

  it.each(['latched_unack', 'latched_ack'])('raises again out of %s', (from) => {
    const ack = from === 'latched_ack' ? [{ t: 1, op: 'ack' }] : [];
    const events = [...values([0, 101]), ...ack, ...values([2, 99], [3, 101])];
    expect(run(latching, events, 4).rows.at(-1)).toEqual([3, from, 'unack', 'raise']);
  });
});

describe('shelved, suppressed, out of service', () => {
  const pairs = [
    ['shelve', 'shelved', 'unshelve'],
    ['suppress', 'suppressed', 'unsuppress'],
    ['out_of_service', 'out_of_service', 'in_service'],
  ] as const;

  it.each(pairs)('%s tracks the condition and comes back as it is then', (into, phase, out) => {
    const active = [
      { t: 0, op: into },
      { t: 1, value: 101 },
      { t: 5, op: out },
    ];
    expect(run(ABOVE, active, 9).rows).toEqual([
      [0, 'normal', phase, into],
      [5, phase, 'unack', out],
    ]);
    const over = [
      { t: 0, value: 101 },
      { t: 1, op: into },
      { t: 2, value: 99 },
      { t: 5, op: out },
    ];
    expect(run(ABOVE, over, 9).rows.at(-1)).toEqual([5, phase, 'normal', out]);
  });

  it.each(pairs)('of the other ways out none applies to %s, nor a second way in', (into, phase, out) => {
    const others = [
      'shelve',
      'suppress',
      'out_of_service',
      'unshelve',
      'unsuppress',
      'in_service',
      'ack',
      'reset',
    ];
    const events = others.filter((op) => op !== out).map((op) => ({ t: 1, op }));
    expect(run(ABOVE, [{ t: 0, op: into }, ...events], 9)).toEqual({
      rows: [[0, 'normal', phase, into]],
      final: phase,
    });
  });

  it('goes there from every other state', () => {
    const ways: Record<string, object[]> = {
      normal: [],
      unack: values([0, 101]),
      ack: [...values([0, 101]), { t: 1, op: 'ack' }],
      rtn_unack: values([0, 101], [1, 99]),
    };
    for (const [from, events] of Object.entries(ways)) {
      expect(run(ABOVE, [...events, { t: 2, op: 'suppress' }], 3).rows.at(-1)).toEqual([
        2,
        from,
        'suppressed',
        'suppress',
      ]);
    }
    const held = run(
      { ...ABOVE, latching: true },
      [...values([0, 101], [1, 99]), { t: 2, op: 'shelve', for_s: 5 }],
      3,
    );
    expect(held.rows.at(-1)).toEqual([2, 'latched_unack', 'shelved', 'shelve']);
  });

  it('a shelf ends by timer, after samples and actions of that time', () => {
    const shelved = { t: 0, op: 'shelve', for_s: 10 };
    expect(run(ABOVE, [shelved, { t: 10, value: 101 }], 20).rows.at(-1)).toEqual([
      10,
      'shelved',
      'unack',
      'shelve_expired',
    ]);
    expect(run(ABOVE, [shelved, { t: 10, op: 'unshelve' }], 20).rows.at(-1)).toEqual([
      10,
      'shelved',
      'normal',
      'unshelve',
    ]);
    expect(run(ABOVE, [shelved], 20).rows.at(-1)).toEqual([10, 'shelved', 'normal', 'shelve_expired']);
  });

  it('a shelf that was left early does not end a later one', () => {
    const events = [
      { t: 0, op: 'shelve', for_s: 10 },
      { t: 5, op: 'unshelve' },
      { t: 6, op: 'shelve', for_s: 100 },
    ];
    expect(run(ABOVE, events, 50).final).toBe('shelved');
  });

  it('delays run on while it is hidden, also one that ends with the shelf', () => {
    const events = [
      { t: 0, op: 'shelve', for_s: 30 },
      { t: 20, value: 101 },
    ];
    expect(run({ ...ABOVE, on_delay_s: 10 }, events, 60).rows.at(-1)).toEqual([
      30,
      'shelved',
      'unack',
      'shelve_expired',
    ]);
  });
});

describe('re-alarm', () => {
  const rule = { ...ABOVE, realarm_s: 60 };

  it('brings back what is acknowledged and still active, each time', () => {
    const events = [...values([0, 101]), { t: 10, op: 'ack' }, { t: 80, op: 'ack' }];
    expect(run(rule, events, 200).rows.slice(1)).toEqual([
      [10, 'unack', 'ack', 'ack'],
      [70, 'ack', 'unack', 'realarm'],
      [80, 'unack', 'ack', 'ack'],
      [140, 'ack', 'unack', 'realarm'],
    ]);
  });

  it('does not when it ended before, or at the same time', () => {
    const acked = [...values([0, 101]), { t: 10, op: 'ack' }];
    expect(run(rule, [...acked, { t: 70, value: 99 }], 200).final).toBe('normal');
    expect(run({ ...rule, off_delay_s: 20 }, [...acked, { t: 50, value: 99 }], 200).final).toBe('normal');
  });
});

describe('levels', () => {
  const rule = {
    op: 'gt',
    levels: [
      { severity: 'warning', limit: 80, deadband: 2 },
      { severity: 'critical', limit: 95, deadband: 5 },
    ],
    on_delay_s: 0,
    off_delay_s: 0,
  };

  it('the severity is the highest active, and clear tells the one before', () => {
    expect(run(rule, values([0, 99], [1, 50]), 2).rows).toEqual([
      [0, 'normal', 'unack', 'raise', 'critical'],
      [1, 'unack', 'rtn_unack', 'clear', 'critical'],
    ]);
  });

  it('rising announces again, falling leaves the state', () => {
    const events = [...values([0, 81]), { t: 1, op: 'ack' }, ...values([2, 96], [3, 91], [4, 90], [5, 78])];
    expect(run(rule, events, 6).rows).toEqual([
      [0, 'normal', 'unack', 'raise', 'warning'],
      [1, 'unack', 'ack', 'ack', 'warning'],
      [2, 'ack', 'unack', 'severity_up', 'critical'],
      [4, 'unack', 'unack', 'severity_down', 'warning'],
      [5, 'unack', 'rtn_unack', 'clear', 'warning'],
    ]);
  });

  it('falling while acknowledged leaves it acknowledged, and its reminder due', () => {
    const events = [...values([0, 96]), { t: 1, op: 'ack' }, ...values([5, 85])];
    expect(run({ ...rule, realarm_s: 10 }, events, 20).rows.slice(2)).toEqual([
      [5, 'ack', 'ack', 'severity_down', 'warning'],
      [11, 'ack', 'unack', 'realarm', 'warning'],
    ]);
  });

  it('rising while unacknowledged is told too', () => {
    expect(run(rule, values([0, 81], [1, 96]), 2).rows.at(-1)).toEqual([
      1,
      'unack',
      'unack',
      'severity_up',
      'critical',
    ]);
  });

  it('each level has its own wait', () => {
    const slow = { ...rule, on_delay_s: 10, off_delay_s: 20 };
    expect(run(slow, values([0, 81], [5, 96], [30, 85], [40, 50]), 100).rows).toEqual([
      [10, 'normal', 'unack', 'raise', 'warning'],
      [15, 'unack', 'unack', 'severity_up', 'critical'],
      [50, 'unack', 'unack', 'severity_down', 'warning'],
      [60, 'unack', 'rtn_unack', 'clear', 'warning'],
    ]);
  });

  it('while shelved nothing is told of them', () => {
    const events = [...values([0, 81]), { t: 1, op: 'shelve', for_s: 10 }, ...values([2, 96], [3, 85])];
    expect(run(rule, events, 20).rows.slice(1)).toEqual([
      [1, 'unack', 'shelved', 'shelve'],
      [11, 'shelved', 'unack', 'shelve_expired'],
    ]);
  });

  it('an acknowledgement of what is over tells what it was', () => {
    const events = [...values([0, 96], [1, 50]), { t: 2, op: 'ack' }];
    expect(run(rule, events, 3).rows.at(-1)).toEqual([2, 'rtn_unack', 'normal', 'ack', 'critical']);
  });

  it('a reminder tells the severity', () => {
    const events = [...values([0, 96]), { t: 1, op: 'ack' }];
    expect(run({ ...rule, realarm_s: 60 }, events, 90).rows.at(-1)).toEqual([
      61,
      'ack',
      'unack',
      'realarm',
      'critical',
    ]);
  });
});

describe('the words of the API', () => {
  it('are four, and what returned unseen is still active', () => {
    expect(ALARM_PHASES.map((phase) => [phase, apiWordOf(phase)])).toEqual([
      ['normal', 'resolved'],
      ['unack', 'active'],
      ['ack', 'acknowledged'],
      ['rtn_unack', 'active'],
      ['latched_unack', 'active'],
      ['latched_ack', 'acknowledged'],
      ['shelved', 'hidden'],
      ['suppressed', 'hidden'],
      ['out_of_service', 'hidden'],
    ]);
  });
});

describe('the end', () => {
  it('timers at the last second still end, and what comes later is not seen', () => {
    expect(run({ ...ABOVE, on_delay_s: 10 }, values([0, 101]), 10).final).toBe('unack');
    expect(run(ABOVE, values([11, 101]), 10).final).toBe('normal');
  });

  it('refuses what it cannot read, with the field', () => {
    expect(() => answerAlarm({ rule: { op: 'gt' }, events: [], until: 1 })).toThrow('rule.limit');
    expect(() => answerAlarm({ rule: { op: 'above', limit: 1 }, events: [], until: 1 })).toThrow('rule.op');
  });
});
