/** The machine's temperatures, with their repeated hour, through the engine: the figures of docs/alarms.md, in any order of arrival. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { startAlarm, type Transition } from '../../domain/alarms/alarm-state.ts';
import { backtest } from '../../domain/alarms/backtest.ts';
import { compileRule } from '../../domain/alarms/compile-rule.ts';
import { applyInputs } from '../../domain/alarms/engine.ts';
import { inputsOf, type Reading } from '../../domain/alarms/input-order.ts';
import { EMPTY_WINDOW, passThrough } from '../../domain/alarms/reorder-window.ts';
import { SHIPPED_METRICS } from '../../domain/readings/metrics.ts';
import { FAILURES, HOUR_MS, machineTemperature } from './series.ts';
import { scoreTable } from './table.ts';
import { VARIANTS } from './variants.ts';

const readings = machineTemperature();
const period = {
  from: Math.min(...readings.map(({ at }) => at)),
  until: Math.max(...readings.map(({ at }) => at)),
};

describe('the machine temperature series', () => {
  it('repeats an hour: of the twelve times that contradict each other the first is kept', () => {
    const [plain] = VARIANTS;
    if (plain === undefined) throw new Error('There is no variant.');
    expect(readings).toHaveLength(22_695);
    expect(backtest(compileRule(plain.rule, SHIPPED_METRICS), readings, period)).toMatchObject({
      readingCount: 22_683,
      repeatedCount: 0,
      contradictingCount: 12,
    });
  });

  it('gives the figures of the document', () => {
    const tried = VARIANTS.map(({ title, rule }) => ({
      title,
      alarms: backtest(compileRule(rule, SHIPPED_METRICS), readings, period).alarms,
    }));
    const document = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8');
    expect(document).toContain(scoreTable(tried, FAILURES, period.until));
  });

  it.each(VARIANTS)(
    'raises the same alarms reading by reading, each up to two hours late: $title',
    ({ rule }) => {
      const compiled = compileRule(rule, SHIPPED_METRICS);
      // A delay that is no delay of ours: 0 to 115 minutes, by the place in the file.
      const arriving = readings
        .map((reading, index) => ({ reading, arrives: reading.at + ((index * 7_919) % 24) * 300_000 }))
        .sort((a, b) => a.arrives - b.arrives);
      let window = EMPTY_WINDOW;
      let state = startAlarm(compiled, period.from);
      const transitions: Transition[] = [];
      let lateCount = 0;
      const take = (given: Reading[], now?: number): void => {
        const released = passThrough(window, given, {
          latenessMs: 2 * HOUR_MS,
          ...(now === undefined ? {} : { now }),
        });
        window = released.window;
        const outcome = applyInputs(compiled, state, inputsOf(released.ready));
        state = outcome.state;
        transitions.push(...outcome.transitions);
        lateCount += outcome.lateCount;
      };
      for (const { reading } of arriving) take([reading]);
      take([], period.until + 2 * HOUR_MS);
      expect(lateCount).toBe(0);
      const raised = transitions.filter(({ cause }) => cause === 'raise').map(({ at }) => at);
      expect(raised).toEqual(backtest(compiled, readings, period).alarms.map(({ raisedAt }) => raisedAt));
    },
  );
});
