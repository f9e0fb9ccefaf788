/** Each sentence of the rules of kind `escalation`, then the engine against a second, ticking implementation of them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerEscalation } from './vectors.ts';

interface Policy {
  steps: { notify: string[]; wait_s: number }[];
  repeat?: number;
  ack_timeout_s?: number;
}
interface Event {
  t: number;
  op: string;
}
interface Answer {
  notifications: { t: number; round: number; step: number; to: string[] }[];
  final: string | null;
  final_t: number | null;
}

function run(policy: Policy, events: Event[], until: number): Answer {
  return answerEscalation({ policy, events, until }) as Answer;
}
function told(answer: Answer): [t: number, round: number, step: number][] {
  return answer.notifications.map(({ t, round, step }) => [t, round, step]);
}

const TWO: Policy = {
  steps: [
    { notify: ['a'], wait_s: 60 },
    { notify: ['b', 'c'], wait_s: 30 },
  ],
  repeat: 0,
};
const raise = { t: 0, op: 'raise' };

describe('steps and rounds', () => {
  it('starts at once, goes on after each wait, and is exhausted after the last', () => {
    const answer = run(TWO, [raise], 600);
    expect(answer).toEqual({
      notifications: [
        { t: 0, round: 1, step: 0, to: ['a'] },
        { t: 60, round: 1, step: 1, to: ['b', 'c'] },
      ],
      final: 'exhausted',
      final_t: 90,
    });
  });

  it('repeats: 1 + repeat rounds in all', () => {
    const answer = run({ ...TWO, repeat: 2 }, [raise], 600);
    expect(told(answer)).toEqual([
      [0, 1, 0],
      [60, 1, 1],
      [90, 2, 0],
      [150, 2, 1],
      [180, 3, 0],
      [240, 3, 1],
    ]);
    expect(answer).toMatchObject({ final: 'exhausted', final_t: 270 });
  });

  it('a wait of 0 is a timer that ends at once', () => {
    const policy = {
      steps: [
        { notify: ['a'], wait_s: 0 },
        { notify: ['b'], wait_s: 10 },
      ],
    };
    expect(told(run(policy, [raise], 5))).toEqual([
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(told(run(policy, [raise, { t: 0, op: 'ack' }], 5))).toEqual([[0, 1, 0]]);
  });

  it('is at the end of time what it is then', () => {
    expect(run(TWO, [raise], 59)).toMatchObject({ final: 'active', final_t: 0 });
    expect(told(run(TWO, [raise], 60))).toHaveLength(2);
    expect(run(TWO, [], 60)).toEqual({ notifications: [], final: null, final_t: null });
  });
});

describe('acknowledge and resolve', () => {
  it.each(['ack', 'resolve'])('%s stops, also at the very time of a step', (op) => {
    const answer = run(TWO, [raise, { t: 60, op }], 600);
    expect(told(answer)).toEqual([[0, 1, 0]]);
    expect(answer).toMatchObject({ final: op === 'ack' ? 'acknowledged' : 'resolved', final_t: 60 });
  });

  it('acknowledges also after it is exhausted', () => {
    expect(run(TWO, [raise, { t: 500, op: 'ack' }], 600)).toMatchObject({
      final: 'acknowledged',
      final_t: 500,
    });
  });

  it('a second one of a kind changes nothing, nor one before a raise', () => {
    const events = [
      { t: 0, op: 'ack' },
      { t: 0, op: 'resolve' },
      { t: 1, op: 'raise' },
      { t: 5, op: 'ack' },
      { t: 9, op: 'ack' },
    ];
    expect(run(TWO, events, 600)).toMatchObject({ final: 'acknowledged', final_t: 5 });
    const ended = [raise, { t: 5, op: 'resolve' }, { t: 6, op: 'ack' }, { t: 7, op: 'resolve' }];
    expect(run(TWO, ended, 600)).toMatchObject({ final: 'resolved', final_t: 5 });
  });

  it('starts again when an acknowledgement is not followed by an end', () => {
    const policy = { ...TWO, ack_timeout_s: 100 };
    const answer = run(policy, [raise, { t: 70, op: 'ack' }], 175);
    expect(told(answer)).toEqual([
      [0, 1, 0],
      [60, 1, 1],
      [170, 1, 0],
    ]);
    expect(answer).toMatchObject({ final: 'active', final_t: 170 });
  });

  it('does not when it ended, at the latest at that time', () => {
    const policy = { ...TWO, ack_timeout_s: 100 };
    expect(run(policy, [raise, { t: 10, op: 'ack' }, { t: 110, op: 'resolve' }], 600)).toMatchObject({
      final: 'resolved',
      final_t: 110,
    });
  });

  it('times out after an acknowledgement of what was exhausted, and each time anew', () => {
    const policy = { ...TWO, ack_timeout_s: 100 };
    expect(told(run(policy, [raise, { t: 200, op: 'ack' }, { t: 310, op: 'ack' }], 420)).slice(2)).toEqual([
      [300, 1, 0],
      [410, 1, 0],
    ]);
  });
});

describe('raise', () => {
  it.each([
    ['active', []],
    ['acknowledged', [{ t: 5, op: 'ack' }]],
    ['exhausted', []],
  ])('while %s it is ignored', (state, events) => {
    const t = state === 'exhausted' ? 200 : 10;
    const answer = run(TWO, [raise, ...events, { t, op: 'raise' }], 210);
    expect(answer.notifications.filter((one) => one.t === t)).toEqual([]);
  });

  it('after the end it starts anew', () => {
    const answer = run(TWO, [raise, { t: 5, op: 'resolve' }, { t: 5, op: 'raise' }], 100);
    expect(told(answer)).toEqual([
      [0, 1, 0],
      [5, 1, 0],
      [65, 1, 1],
    ]);
    expect(answer).toMatchObject({ final: 'exhausted', final_t: 95 });
  });
});

interface Ticking extends Answer {
  /** The step that waits, and since when. */
  at: { round: number; step: number; since: number } | null;
}

/** The same rules, a second at a time. */
function ticking(policy: Policy, events: Event[], until: number): Answer {
  const so: Ticking = { notifications: [], final: null, final_t: null, at: null };
  for (let now = 0; now <= until; now += 1) {
    for (const { op } of events.filter(({ t }) => t === now)) tickAction(policy, so, now, op);
    tickTimers(policy, so, now);
  }
  const { at: _, ...answer } = so;
  return answer;
}

function enter(so: Ticking, state: string, now: number): void {
  so.final = state;
  so.final_t = now;
}

function notify(policy: Policy, so: Ticking, now: number, [round, step]: [number, number]): void {
  so.at = { round, step, since: now };
  so.notifications.push({ t: now, round, step, to: policy.steps[step]?.notify ?? [] });
}

function tickAction(policy: Policy, so: Ticking, now: number, op: string): void {
  const open = so.final !== null && so.final !== 'resolved';
  if (op === 'raise' && !open) {
    enter(so, 'active', now);
    notify(policy, so, now, [1, 0]);
  }
  if (op === 'ack' && open && so.final !== 'acknowledged') enter(so, 'acknowledged', now);
  if (op === 'resolve' && open) enter(so, 'resolved', now);
}

function tickTimers(policy: Policy, so: Ticking, now: number): void {
  const { ack_timeout_s = Infinity, repeat = 0, steps } = policy;
  if (so.final === 'acknowledged' && now - (so.final_t ?? 0) >= ack_timeout_s) {
    enter(so, 'active', now);
    notify(policy, so, now, [1, 0]);
  }
  while (so.final === 'active' && so.at !== null) {
    const { round, step, since } = so.at;
    if (now - since < (steps[step]?.wait_s ?? 0)) return;
    if (step + 1 < steps.length) notify(policy, so, now, [round, step + 1]);
    else if (round <= repeat) notify(policy, so, now, [round + 1, 0]);
    else enter(so, 'exhausted', now);
  }
}

describe('against the ticking implementation', () => {
  const policy: fc.Arbitrary<Policy> = fc.record(
    {
      steps: fc.array(
        fc.record({
          notify: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
          wait_s: fc.integer({ min: 0, max: 12 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      repeat: fc.integer({ min: 0, max: 2 }),
      ack_timeout_s: fc.integer({ min: 1, max: 25 }),
    },
    { requiredKeys: ['steps'] },
  );
  const event = fc.record({
    t: fc.integer({ min: 0, max: 100 }),
    op: fc.constantFrom('raise', 'raise', 'ack', 'resolve'),
  });

  it('says the same of any policy and any events', () => {
    fc.assert(
      fc.property(
        policy,
        fc.array(event, { maxLength: 12 }),
        fc.integer({ min: 0, max: 120 }),
        (given, events, until) => {
          expect(run(given, events, until)).toEqual(ticking(given, events, until));
        },
      ),
      { numRuns: 3_000, seed: 174 },
    );
  });
});
