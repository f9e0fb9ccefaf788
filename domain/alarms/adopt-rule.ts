/** An alarm whose rule was edited: what it is and who saw it stays, and the next reading judges it by the new rule. */
import { startAlarm, type AlarmState } from './alarm-state.ts';
import type { CompiledRule, Expression } from './compiled-rule.ts';
import { highestActive, levelAt } from './conditions.ts';
import { NO_MEMORY } from './quantity.ts';

/**
 * Memory of quantities and tests that are in both rules is kept. What was active is taken to hold on until a reading says
 * otherwise, so that an edit alone neither ends an alarm nor raises one.
 */
export function adoptRule(before: CompiledRule, after: CompiledRule, state: AlarmState): AlarmState {
  const active = highestActive(state.levels);
  const highest = active === null ? null : Math.min(active, after.levels.length - 1);
  const wanted = new Set(
    after.levels.flatMap(({ when }, index) => (isUpTo(index, highest) ? testsOf(when) : [])),
  );
  return {
    ...startAlarm(after, state.startedAt),
    phase: state.phase,
    since: state.since,
    clock: state.clock,
    newest: state.newest,
    quantities: after.quantities.map((quantity) => {
      const index = before.quantities.findIndex((one) => isSame(one, quantity));
      return (index === -1 ? undefined : state.quantities[index]) ?? NO_MEMORY;
    }),
    held: after.tests.map((test, index) => {
      const known = before.tests.findIndex((one) => isSame(one, test));
      return wanted.has(index) || (known !== -1 && (state.held[known] ?? false));
    }),
    levels: after.levels.map((_, index) => {
      const known = before.levels.length === after.levels.length ? levelAt(state, index) : null;
      return {
        active: isUpTo(index, highest),
        turnedAt: highest === null ? (known?.turnedAt ?? null) : null,
      };
    }),
    severity: highest ?? (state.severity === null ? null : Math.min(state.severity, after.levels.length - 1)),
    raisedAt: state.raisedAt,
    lastAction: state.lastAction,
    shelvedUntil: state.shelvedUntil,
    hiddenRaises: state.hiddenRaises,
  };
}

function isUpTo(index: number, highest: number | null): boolean {
  return highest !== null && index <= highest;
}

function testsOf(expression: Expression): number[] {
  if ('test' in expression) return [expression.test];
  return ('all' in expression ? expression.all : expression.any).flatMap(testsOf);
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
