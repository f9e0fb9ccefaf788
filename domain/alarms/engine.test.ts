/** The laws of the engine beyond single vectors: in steps as in one go, in any order of arrival, over stored state. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isConditionGone,
  startAlarm,
  type AlarmInput,
  type AlarmState,
  type Transition,
} from './alarm-state.ts';
import { SHIPPED_METRICS } from '../readings/metrics.ts';
import { compileRule } from './compile-rule.ts';
import { applyInput, applyInputs, nextWakeAt } from './engine.ts';
import { inEventOrder, inputsOf, orderReadings, type Reading } from './input-order.ts';
import { ALARM_ACTIONS } from './phases.ts';
import { EMPTY_WINDOW, passThrough } from './reorder-window.ts';
import { alarmRule } from './rule.ts';

const SEED = 20_140_208;
const SECOND = 1_000;

/** Hot and shaking, or silent: every kind of test in one rule. */
const rule = compileRule(
  alarmRule.parse({
    name: 'bearing',
    title: 'Bearing',
    alertType: 'bearing',
    when: {
      kind: 'any',
      severity: 'high',
      of: [
        {
          kind: 'all',
          of: [
            { kind: 'threshold', metric: 'temperature', unit: '°C', op: 'gt', limit: 50, deadband: 5 },
            { kind: 'threshold', metric: 'vibration', unit: 'mm/s', op: 'ge', limit: 50, deadband: 10 },
          ],
        },
        {
          kind: 'rate',
          metric: 'temperature',
          unit: '°C',
          change: 'either',
          per: 'second',
          windowS: 8,
          limit: 6,
          deadband: 3,
        },
        {
          kind: 'deviation',
          metric: 'vibration',
          unit: 'mm/s',
          direction: 'above',
          historyS: 60,
          everyS: 5,
          readingsMin: 6,
          spreadMin: 8,
          limit: 3,
        },
        { kind: 'stale', metric: 'temperature', afterS: 30 },
        { kind: 'word', metric: 'condition', words: ['critical'] },
      ],
    },
    onDelayS: 2,
    offDelayS: 3,
    realarmS: 60,
  }),
  SHIPPED_METRICS,
);

const at = fc.integer({ min: 0, max: 120 }).map((t) => t * SECOND);
const anyReading: fc.Arbitrary<Reading> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      at,
      source: fc.constantFrom('a', 'b'),
      metric: fc.constantFrom('temperature', 'vibration'),
      value: fc.integer({ min: 30, max: 70 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at,
      source: fc.constant('p'),
      metric: fc.constant('condition'),
      value: fc.constantFrom('good', 'critical'),
    }),
  },
);
const anyReadings = fc.uniqueArray(anyReading, {
  maxLength: 40,
  selector: (one) => `${one.metric} ${String(one.at)} ${one.source}`,
});
const anyAction: fc.Arbitrary<AlarmInput> = fc.record({
  kind: fc.constant('action'),
  at,
  action: fc.constantFrom(...ALARM_ACTIONS),
  forMs: fc.integer({ min: 1, max: 40 }).map((t) => t * SECOND),
});
const end: AlarmInput = { kind: 'time', at: 200 * SECOND };

function inOneGo(inputs: readonly AlarmInput[]): readonly Transition[] {
  return applyInputs(rule, startAlarm(rule, 0), inEventOrder([...inputs, end])).transitions;
}

describe('an alarm in steps', () => {
  it('is the alarm in one go, whatever looks at the clock come between, and however often it is stored', () => {
    fc.assert(
      fc.property(
        anyReadings,
        fc.array(anyAction, { maxLength: 10 }),
        fc.array(at),
        (readings, actions, looks) => {
          const inputs = inEventOrder([...inputsOf(orderReadings(readings).readings), ...actions]);
          let state = startAlarm(rule, 0);
          const transitions: Transition[] = [];
          const take = (input: AlarmInput): void => {
            const outcome = applyInput(rule, JSON.parse(JSON.stringify(state)) as AlarmState, input);
            state = outcome.state;
            transitions.push(...outcome.transitions);
          };
          for (const input of inputs) {
            // Never at the time of the input itself: what is worked through at a time is over.
            for (const look of looks.filter((one) => one < input.at)) take({ kind: 'time', at: look });
            take(input);
          }
          take(end);
          expect(transitions).toEqual(inOneGo(inputs));
        },
      ),
      { numRuns: 600, seed: SEED },
    );
  });

  it('wakes up exactly when it changes by itself', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        let state = startAlarm(rule, 0);
        for (const input of inputsOf(orderReadings(readings).readings))
          state = applyInput(rule, state, input).state;
        const wake = nextWakeAt(rule, state);
        if (wake === null) {
          expect(applyInput(rule, state, end).transitions).toEqual([]);
          return;
        }
        const before = Math.max(state.clock, wake - 1);
        if (before < wake)
          expect(applyInput(rule, state, { kind: 'time', at: before }).transitions).toEqual([]);
        const after = applyInput(rule, state, { kind: 'time', at: wake }).state;
        expect(nextWakeAt(rule, after) ?? Infinity).toBeGreaterThan(wake);
      }),
      { numRuns: 400, seed: SEED },
    );
  });

  it('forgets nothing that happened while it was hidden', () => {
    const hot = (t: number, temperature: number): AlarmInput => ({
      kind: 'readings',
      at: t * SECOND,
      values: [
        { metric: 'temperature', value: temperature },
        { metric: 'vibration', value: 60 },
      ],
    });
    const plain = { ...rule, onDelayMs: 0, offDelayMs: 0 };
    const inputs: AlarmInput[] = [
      { kind: 'action', at: 0, action: 'suppress' },
      ...[1, 3, 5].flatMap((t) => [hot(t, 52), hot(t + 1, 40)]),
    ];
    const { state, transitions } = applyInputs(plain, startAlarm(plain, 0), inputs);
    expect(transitions).toHaveLength(1);
    expect(state.hiddenRaises).toBe(3);
    expect(isConditionGone(plain, state)).toBe(true);
  });
});

describe('an action that is delivered again', () => {
  const anyActions = fc.uniqueArray(anyAction, { maxLength: 10, selector: (one) => one.at });

  it('changes nothing, however much later', () => {
    fc.assert(
      fc.property(anyReadings, anyActions, fc.infiniteStream(fc.nat(9)), (readings, actions, dice) => {
        const inputs = inEventOrder([...inputsOf(orderReadings(readings).readings), ...actions]);
        const again = inputs.flatMap((input, index) => {
          const earlier = inputs.slice(0, index + 1).filter(({ kind }) => kind === 'action');
          const repeated = earlier[Number(dice.next().value)];
          return repeated === undefined ? [input] : [input, repeated];
        });
        const { transitions } = applyInputs(rule, startAlarm(rule, 0), [...again, end]);
        expect(transitions).toEqual(inOneGo(inputs));
      }),
      { numRuns: 500, seed: SEED },
    );
  });
});

describe('a reading that was under way while timers ended', () => {
  const late = compileRule(
    alarmRule.parse({
      name: 'hot',
      title: 'Hot',
      alertType: 'hot',
      onDelayS: 10,
      when: {
        kind: 'threshold',
        metric: 'temperature',
        unit: '°C',
        op: 'gt',
        levels: [{ severity: 'high', limit: 80 }],
      },
    }),
    SHIPPED_METRICS,
  );
  const reading: AlarmInput = {
    kind: 'readings',
    at: 100_000,
    values: [{ metric: 'temperature', value: 90 }],
  };

  it('counts its delay from its own time and shows from now', () => {
    const looked = applyInput(late, startAlarm(late, 0), { kind: 'time', at: 105_000 }).state;
    const read = applyInput(late, looked, reading).state;
    expect(applyInput(late, read, { kind: 'time', at: 130_000 }).transitions).toMatchObject([
      { at: 110_000 },
    ]);
    const tooLong = applyInput(late, startAlarm(late, 0), { kind: 'time', at: 500_000 }).state;
    const outcome = applyInputs(late, tooLong, [reading, { kind: 'time', at: 500_000 }]);
    expect(outcome.transitions).toMatchObject([{ at: 500_000, cause: 'raise' }]);
  });
});

describe('the order of arrival', () => {
  const anyPermutation = anyReadings.chain((readings) =>
    fc.tuple(fc.constant(readings), fc.shuffledSubarray(readings, { minLength: readings.length })),
  );

  it('of one batch does not matter', () => {
    fc.assert(
      fc.property(anyPermutation, ([readings, shuffled]) => {
        const alarms = (given: readonly Reading[]): readonly Transition[] =>
          inOneGo(inputsOf(orderReadings(given).readings));
        expect(alarms(shuffled)).toEqual(alarms(readings));
        expect(alarms([...shuffled, ...readings])).toEqual(alarms(readings));
      }),
      { numRuns: 400, seed: SEED },
    );
  });

  it('does not matter within the lateness of the rule, reading by reading', () => {
    // A delay below the lateness for each reading: the order of arrival is that of event time plus delay.
    const latenessMs = 20 * SECOND;
    const delayed = anyReadings.chain((readings) =>
      fc.tuple(
        fc.constant(readings),
        fc.array(fc.integer({ min: 0, max: 19 }), { minLength: readings.length, maxLength: readings.length }),
      ),
    );
    fc.assert(
      fc.property(delayed, ([readings, delays]) => {
        const arriving = readings
          .map((reading, index) => ({ reading, arrives: reading.at + (delays[index] ?? 0) * SECOND }))
          .sort((a, b) => a.arrives - b.arrives);
        let window = EMPTY_WINDOW;
        const inputs: AlarmInput[] = [];
        for (const { reading } of arriving) {
          const released = passThrough(window, [reading], { latenessMs });
          expect(released.late).toEqual([]);
          window = released.window;
          inputs.push(...inputsOf(released.ready));
        }
        inputs.push(...inputsOf(passThrough(window, [], { latenessMs, now: end.at }).ready));
        let state = startAlarm(rule, 0);
        const transitions: Transition[] = [];
        for (const input of [...inputs, end]) {
          const outcome = applyInput(rule, state, input);
          expect(outcome.lateCount).toBe(0);
          state = outcome.state;
          transitions.push(...outcome.transitions);
        }
        expect(transitions).toEqual(inOneGo(inputsOf(orderReadings(readings).readings)));
      }),
      { numRuns: 400, seed: SEED },
    );
  });

  it('does matter beyond it: the reading is late, and counted', () => {
    const first = passThrough(EMPTY_WINDOW, [{ at: 100, source: 'a', metric: 'm', value: 1 }], {
      latenessMs: 0,
    });
    const older = { at: 90, source: 'a', metric: 'm', value: 2 };
    expect(passThrough(first.window, [older], { latenessMs: 0 })).toMatchObject({ ready: [], late: [older] });
  });
});

describe('orderReadings', () => {
  it('keeps the first of a key, and tells a repetition from a contradiction', () => {
    const reading = (value: number): Reading => ({ at: 5, source: 's', metric: 'm', value });
    expect(orderReadings([reading(1), reading(1), reading(2)])).toEqual({
      readings: [reading(1)],
      repeatedCount: 1,
      contradicting: [reading(2)],
    });
  });
});

describe('passThrough', () => {
  it('holds no more than it may: the oldest leave early', () => {
    const readings = Array.from({ length: 1_500 }, (_, index) => ({
      at: index,
      source: 's',
      metric: 'm',
      value: index,
    }));
    const { window, ready } = passThrough(EMPTY_WINDOW, readings, { latenessMs: 1_000_000 });
    expect(ready).toHaveLength(500);
    expect(window.held).toHaveLength(1_000);
  });
});
