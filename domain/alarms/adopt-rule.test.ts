import { describe, expect, it } from '@jest/globals';
import { SHIPPED_METRICS } from '../readings/metrics.ts';
import { adoptRule } from './adopt-rule.ts';
import { startAlarm, type AlarmInput, type AlarmState } from './alarm-state.ts';
import { compileRule } from './compile-rule.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { applyInput, applyInputs } from './engine.ts';
import { alarmRule } from './rule.ts';

function ruleOf(limits: readonly number[], more: object = {}): CompiledRule {
  const levels = limits.map((limit, index) => ({ severity: ['low', 'high'][index], limit }));
  const when = { kind: 'threshold', metric: 'temperature', unit: '°C', op: 'gt', levels };
  return compileRule(
    alarmRule.parse({ name: 'r', title: 'R', alertType: 'r', when, ...more }),
    SHIPPED_METRICS,
  );
}
function reading(at: number, value: number): AlarmInput {
  return { kind: 'readings', at, values: [{ metric: 'temperature', value }] };
}
function acknowledged(rule: CompiledRule, value: number): AlarmState {
  const inputs: AlarmInput[] = [reading(0, value), { kind: 'action', at: 1_000, action: 'ack' }];
  return applyInputs(rule, startAlarm(rule, 0), inputs).state;
}

describe('an alarm whose rule was edited', () => {
  const before = ruleOf([80]);

  it('stays what it is until a reading says otherwise, through timers too', () => {
    const after = ruleOf([90], { realarmS: 60 });
    const adopted = adoptRule(before, after, acknowledged(before, 85));
    const waited = applyInput(after, adopted, { kind: 'time', at: 100_000 });
    expect(waited.transitions).toMatchObject([{ at: 61_000, cause: 'realarm' }]);
    expect(applyInput(after, waited.state, reading(101_000, 85)).transitions).toMatchObject([
      { cause: 'clear' },
    ]);
    expect(applyInput(after, waited.state, reading(101_000, 95)).transitions).toEqual([]);
  });

  it('keeps its severity as far as there are levels, and rises by the new ones', () => {
    const two = ruleOf([80, 95]);
    const adopted = adoptRule(two, before, acknowledged(two, 99));
    expect(adopted).toMatchObject({ phase: 'ack', severity: 0, levels: [{ active: true }] });
    const up = applyInput(two, adoptRule(before, two, acknowledged(before, 85)), reading(5_000, 99));
    expect(up.transitions).toMatchObject([
      { from: 'ack', to: 'unack', cause: 'severity_up', severity: 'high' },
    ]);
  });

  it('is not raised by an edit, and keeps a wait that goes on', () => {
    const slow = ruleOf([80], { onDelayS: 60 });
    const waiting = applyInput(slow, startAlarm(slow, 0), reading(0, 85)).state;
    const adopted = adoptRule(slow, ruleOf([80], { onDelayS: 30 }), waiting);
    expect(
      applyInput(ruleOf([80], { onDelayS: 30 }), adopted, { kind: 'time', at: 40_000 }).transitions,
    ).toMatchObject([{ at: 30_000, cause: 'raise' }]);
    expect(adoptRule(before, ruleOf([10]), startAlarm(before, 0)).phase).toBe('normal');
  });

  it('remembers the history of what it still follows', () => {
    const history = (limit: number): CompiledRule =>
      compileRule(
        alarmRule.parse({
          name: 'r',
          title: 'R',
          alertType: 'r',
          when: {
            kind: 'deviation',
            metric: 'temperature',
            unit: '°C',
            direction: 'above',
            historyS: 100,
            everyS: 1,
            readingsMin: 10,
            spreadMin: 1,
            levels: [{ severity: 'low', limit }],
          },
        }),
        SHIPPED_METRICS,
      );
    const readings = Array.from({ length: 20 }, (_, index) => reading(index * 1_000, 50));
    const { state } = applyInputs(history(9), startAlarm(history(9), 0), readings);
    expect(
      applyInput(history(4), adoptRule(history(9), history(4), state), reading(20_000, 55)).transitions,
    ).toMatchObject([{ cause: 'raise' }]);
  });
});
