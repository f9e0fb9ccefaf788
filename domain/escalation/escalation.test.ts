/** What the vectors do not show: hours, nobody on call, restarts, and that no kill and no repetition loses or doubles a step. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createZones } from '../time/zones.ts';
import { checkPolicy } from './check-policy.ts';
import { dutyOf, reachedBy, type DutyFacts } from './duty.ts';
import {
  escalate,
  NOT_ESCALATED,
  nextStepAt,
  type Duty,
  type EscalationInput,
  type EscalationPlan,
  type EscalationRecord,
  type EscalationState,
} from './escalation.ts';
import { onCallSchedule } from './on-call.ts';
import { escalationPolicy, planOf } from './policy.ts';

const zones = createZones({ tzdb: process.versions.tz ?? '' });
const MINUTE = 60_000;
const always: Duty = { opensAt: (_, at) => at, reach: (step) => [`person-${String(step)}`] };

function run(plan: EscalationPlan, duty: Duty, inputs: readonly EscalationInput[]): EscalationRecord[] {
  let state = NOT_ESCALATED;
  return inputs.flatMap((input) => {
    const outcome = escalate(plan, duty, state, input);
    state = outcome.state;
    return outcome.records;
  });
}
const raise: EscalationInput = { kind: 'action', at: 0, action: 'raise' };
const time = (minutes: number): EscalationInput => ({ kind: 'time', at: minutes * MINUTE });
const three: EscalationPlan = {
  steps: [{ waitMs: 5 * MINUTE }, { waitMs: 5 * MINUTE }, { waitMs: 10 * MINUTE }],
  rounds: 2,
  ackTimeoutMs: 60 * MINUTE,
};

describe('nobody on call', () => {
  it('goes on to the next step at once, with a record', () => {
    const duty: Duty = { ...always, reach: (step) => (step === 1 ? null : ['a']) };
    expect(run({ ...three, rounds: 1 }, duty, [raise, time(20)])).toEqual([
      { kind: 'phase', at: 0, phase: 'active', cause: 'raise' },
      { kind: 'notify', at: 0, to: ['a'], run: 1, round: 1, step: 0 },
      { kind: 'nobody', at: 5 * MINUTE, run: 1, round: 1, step: 1 },
      { kind: 'notify', at: 5 * MINUTE, to: ['a'], run: 1, round: 1, step: 2 },
      { kind: 'phase', at: 15 * MINUTE, phase: 'exhausted', cause: 'last_wait' },
    ]);
  });

  it('in every step is exhausted at once, and says so of each', () => {
    const records = run(three, { ...always, reach: () => null }, [raise]);
    expect(records.filter(({ kind }) => kind === 'nobody')).toHaveLength(6);
    expect(records.at(-1)).toEqual({ kind: 'phase', at: 0, phase: 'exhausted', cause: 'last_wait' });
  });
});

describe('a step outside its hours', () => {
  const duty: Duty = { ...always, opensAt: (step, at) => (step === 1 ? Math.max(at, 60 * MINUTE) : at) };

  it('waits for them instead of ending the chain, and its own wait counts from there', () => {
    expect(run({ ...three, rounds: 1 }, duty, [raise, time(65)])).toMatchObject([
      { kind: 'phase' },
      { kind: 'notify', at: 0, step: 0 },
      { kind: 'waits', at: 5 * MINUTE, until: 60 * MINUTE, step: 1 },
      { kind: 'notify', at: 60 * MINUTE, step: 1 },
      { kind: 'notify', at: 65 * MINUTE, step: 2 },
    ]);
  });

  it('is stopped by an acknowledgement while it waits', () => {
    const ack: EscalationInput = { kind: 'action', at: 30 * MINUTE, action: 'ack' };
    expect(run(three, duty, [raise, ack, time(89)]).filter(({ kind }) => kind === 'notify')).toHaveLength(1);
  });

  it('whose hours never come has nobody', () => {
    const never: Duty = { ...always, opensAt: (step, at) => (step === 0 ? null : at) };
    expect(run(three, never, [raise])).toMatchObject([
      { kind: 'phase' },
      { kind: 'nobody', step: 0 },
      { kind: 'notify', step: 1 },
    ]);
  });
});

describe('a restart', () => {
  it('begins again from the first step, also after an acknowledgement, with keys of its own', () => {
    const ack: EscalationInput = { kind: 'action', at: 6 * MINUTE, action: 'ack' };
    const restart: EscalationInput = { kind: 'action', at: 7 * MINUTE, action: 'restart' };
    const records = run(three, always, [raise, ack, restart, time(12)]);
    expect(records.filter(({ kind }) => kind === 'notify')).toMatchObject([
      { at: 0, run: 1, step: 0 },
      { at: 5 * MINUTE, run: 1, step: 1 },
      { at: 7 * MINUTE, run: 2, step: 0 },
      { at: 12 * MINUTE, run: 2, step: 1 },
    ]);
  });

  it('of what is over or never was changes nothing', () => {
    const restart: EscalationInput = { kind: 'action', at: 7 * MINUTE, action: 'restart' };
    expect(run(three, always, [restart])).toEqual([]);
    expect(run(three, always, [raise, { kind: 'action', at: 1, action: 'resolve' }, restart])).toHaveLength(
      3,
    );
  });
});

/** A worker with a store: state and notices are committed together, notices are sent by their key and then marked. */
interface Store {
  state: EscalationState;
  /** Key to whether it was marked as sent. */
  intents: Map<string, boolean>;
}
class Killed extends Error {}

function work(
  plan: EscalationPlan,
  store: Store,
  sent: Map<string, number>,
  input: EscalationInput,
  killed: () => boolean,
): void {
  const step = (): void => {
    if (killed()) throw new Killed();
  };
  step();
  const { state, records } = escalate(
    plan,
    always,
    JSON.parse(JSON.stringify(store.state)) as EscalationState,
    input,
  );
  step();
  // One transaction.
  store.state = state;
  for (const record of records) {
    if (record.kind === 'notify')
      store.intents.set(`${String(record.run)}/${String(record.round)}/${String(record.step)}`, false);
  }
  step();
  for (const [key, done] of store.intents) {
    if (done) continue;
    step();
    // The provider takes a key once, however often it is sent.
    sent.set(key, (sent.get(key) ?? 0) + 1);
    step();
    store.intents.set(key, true);
  }
}

describe('kills and repetitions', () => {
  const action = fc.record({
    kind: fc.constant('action' as const),
    at: fc.integer({ min: 1, max: 90 }).map((minute) => minute * MINUTE),
    action: fc.constantFrom('ack', 'resolve', 'raise', 'restart'),
  });
  const deliveries = fc.tuple(
    // Of two actions at one instant a repetition of the first cannot be told from a third.
    fc.uniqueArray(action, { maxLength: 6, selector: ({ at }) => at }),
    fc.array(
      fc.integer({ min: 0, max: 120 }).map((minute): EscalationInput => time(minute)),
      { maxLength: 12 },
    ),
  );

  it('neither lose nor double a step, wherever the worker is killed', () => {
    fc.assert(
      fc.property(deliveries, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), ([actions, looks], dice) => {
        const inputs = [raise, ...actions, ...looks, time(300)].sort(
          (a, b) => a.at - b.at || (a.kind === b.kind ? 0 : a.kind === 'action' ? -1 : 1),
        );
        const expected = run(three, always, inputs).filter(({ kind }) => kind === 'notify');

        const store: Store = { state: NOT_ESCALATED, intents: new Map() };
        const sent = new Map<string, number>();
        const again = inputs.flatMap((input, index) => {
          const earlier = inputs.slice(0, index).filter(({ kind }) => kind === 'action');
          const repeated = earlier[Number(dice.next().value)];
          return repeated === undefined ? [input] : [input, repeated];
        });
        for (const input of again) {
          // Delivered until it went through once; after a kill it is delivered again, although its effects may be there.
          for (let tries = 0; tries < 50; tries += 1) {
            try {
              work(three, store, sent, input, () => tries < 40 && dice.next().value === 0);
              break;
            } catch (error) {
              if (!(error instanceof Killed)) throw error;
            }
          }
        }
        expect(store.intents.size).toBe(expected.length);
        expect([...store.intents.values()].every(Boolean)).toBe(true);
        expect([...sent.keys()].sort()).toEqual([...store.intents.keys()].sort());
      }),
      { numRuns: 500, seed: 4_654 },
    );
  });

  it('in steps it is what it is in one go', () => {
    fc.assert(
      fc.property(deliveries, ([actions, looks]) => {
        const ordered = [raise, ...[...actions].sort((a, b) => a.at - b.at), time(300)];
        const inSteps: EscalationRecord[] = [];
        let state = NOT_ESCALATED;
        for (const input of ordered) {
          const before = looks
            .filter((look) => look.at < input.at && look.at > state.clock)
            .sort((a, b) => a.at - b.at);
          for (const one of [...before, input]) {
            const outcome = escalate(three, always, state, one);
            state = outcome.state;
            inSteps.push(...outcome.records);
          }
        }
        expect(inSteps).toEqual(run(three, always, ordered));
        expect(nextStepAt(three, state) ?? Infinity).toBeGreaterThan(300 * MINUTE);
      }),
      { numRuns: 500, seed: 1_206 },
    );
  });
});

describe('whom a step reaches', () => {
  const rotation = {
    name: 'weeks',
    members: ['ann', 'bob'],
    from: '2026-01-05',
    handover: '08:00',
    every: { n: 1, unit: 'week' },
  };
  const facts: DutyFacts = {
    zones,
    teams: new Map([
      ['crew', ['bob', 'cy']],
      ['empty', []],
    ]),
    onCallSchedules: new Map([
      [
        'plant',
        onCallSchedule.parse({ name: 'plant', title: 'Plant', zone: 'Europe/Berlin', rotations: [rotation] }),
      ],
    ]),
  };
  const at = Date.parse('2026-01-12T09:00:00+01:00');

  it('is each person once, and what led to nobody is told', () => {
    const targets = [
      { onCall: 'plant' },
      { team: 'crew' },
      { person: 'cy' },
      { team: 'empty' },
      { onCall: 'gone' },
    ];
    expect(reachedBy(targets, facts, at)).toEqual({
      people: ['bob', 'cy'],
      missing: [
        { target: { team: 'empty' }, reason: 'empty_team' },
        { target: { onCall: 'gone' }, reason: 'unknown' },
      ],
    });
    expect(reachedBy([{ onCall: 'plant' }], facts, Date.parse('2025-01-01T00:00:00Z')).missing).toMatchObject(
      [{ reason: 'nobody_on_call' }],
    );
  });

  const policy = escalationPolicy.parse({
    name: 'p',
    title: 'P',
    steps: [
      { notify: [{ onCall: 'plant' }], waitS: 300 },
      {
        notify: [{ team: 'crew' }],
        waitS: 300,
        hours: { zone: 'Europe/Berlin', windows: [{ from: '06:00', to: '22:00' }] },
      },
    ],
  });

  it('is decided when the step runs: after the handover by who is on call then', () => {
    const raised: EscalationInput = {
      kind: 'action',
      at: Date.parse('2026-01-12T07:58:00+01:00'),
      action: 'raise',
    };
    const records = run({ ...planOf(policy), rounds: 2 }, dutyOf(policy, facts), [
      raised,
      { kind: 'time', at: raised.at + 10 * MINUTE },
    ]);
    expect(records.filter(({ kind }) => kind === 'notify')).toMatchObject([
      { to: ['ann'] },
      { to: ['bob', 'cy'] },
      { to: ['bob'] },
    ]);
    const late = dutyOf(policy, facts, at);
    expect(late.reach(0, raised.at)).toEqual(['bob']);
  });

  it('a step waits for its hours in its zone', () => {
    const duty = dutyOf(policy, facts);
    expect(duty.opensAt(1, Date.parse('2026-03-28T23:00:00+01:00'))).toBe(
      Date.parse('2026-03-29T06:00:00+02:00'),
    );
    expect(duty.opensAt(0, at)).toBe(at);
  });
});

describe('checkPolicy', () => {
  const facts = {
    zones,
    people: new Set(['ann']),
    teams: new Map([
      ['crew', ['ann']],
      ['empty', []],
    ]),
    onCallSchedules: new Set(['plant']),
  };
  const policyOf = (steps: object[], more: object = {}): object => ({
    name: 'p',
    title: 'P',
    steps,
    ...more,
  });
  const problems = (policy: object): string[] => {
    const checked = checkPolicy(policy, facts);
    return checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path}: ${reason}`);
  };

  it('accepts people, teams and on-call schedules', () => {
    const notify = [{ person: 'ann' }, { team: 'crew' }, { onCall: 'plant' }];
    expect(problems(policyOf([{ notify, waitS: 300 }], { repeat: 2, ackTimeoutS: 3_600 }))).toEqual([]);
  });

  it.each([
    ['no steps', policyOf([]), 'steps: write at least one step'],
    [
      'nobody',
      policyOf([{ notify: [], waitS: 300 }]),
      'steps[0].notify: tell at least one person, team or on-call schedule',
    ],
    [
      'somebody unknown',
      policyOf([{ notify: [{ person: 'zed' }], waitS: 300 }]),
      'steps[0].notify[0].person: there is no person "zed"',
    ],
    [
      'an unknown team',
      policyOf([{ notify: [{ team: 'x' }], waitS: 300 }]),
      'steps[0].notify[0].team: there is no team "x"',
    ],
    [
      'a team of nobody',
      policyOf([{ notify: [{ team: 'empty' }], waitS: 300 }]),
      'steps[0].notify[0].team: the team "empty" has no members; the step would tell nobody',
    ],
    [
      'an unknown schedule',
      policyOf([{ notify: [{ onCall: 'x' }], waitS: 300 }]),
      'steps[0].notify[0].onCall: there is no on-call schedule "x"',
    ],
    [
      'all rounds at once',
      policyOf([{ notify: [{ person: 'ann' }], waitS: 0 }], { repeat: 1 }),
      'steps[0].waitS: without any wait all rounds run at once; wait at least after the last step',
    ],
    [
      'hours in an unknown zone',
      policyOf([
        {
          notify: [{ person: 'ann' }],
          waitS: 1,
          hours: { zone: 'x', windows: [{ from: '06:00', to: '22:00' }] },
        },
      ]),
      'steps[0].hours.zone: there is no zone "x"; use an IANA name such as Europe/Berlin',
    ],
    [
      'a negative wait',
      policyOf([{ notify: [{ person: 'ann' }], waitS: -1 }]),
      'steps[0].waitS: Too small: expected number to be >=0',
    ],
    [
      'an acknowledgement that counts a second',
      policyOf([{ notify: [{ person: 'ann' }], waitS: 1 }], { ackTimeoutS: 1 }),
      'ackTimeoutS: Too small: expected number to be >=60',
    ],
  ])('refuses %s', (_, policy, problem) => {
    expect(problems(policy)).toEqual([problem]);
  });
});
