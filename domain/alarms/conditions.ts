/**
 * The conditions of one alarm: what readings and silence make of its tests, and which levels turn. Knows nothing of the alarm's
 * state; `engine.ts` makes transitions of what turned.
 */
import type { AlarmState, LevelState, MetricValue } from './alarm-state.ts';
import type { CompiledRule, Expression, Test } from './compiled-rule.ts';
import { isBeyond } from './limit.ts';
import { NO_MEMORY, observe, type QuantityMemory } from './quantity.ts';

/** Takes in readings of one instant. One older than the newest of its metric changes nothing and is counted. */
export function applyReadings(
  rule: CompiledRule,
  state: AlarmState,
  input: { at: number; values: readonly MetricValue[] },
): { state: AlarmState; lateCount: number } {
  let lateCount = 0;
  let current = state;
  for (const { metric, value } of input.values) {
    const newest = current.newest[metric];
    if (newest !== undefined && input.at < newest) lateCount += 1;
    else current = applyReading(rule, current, { at: input.at, metric, value });
  }
  return { state: current, lateCount };
}

/** Most readings change no test and no memory; then the lists stay the ones they are. */
function applyReading(
  rule: CompiledRule,
  state: AlarmState,
  reading: MetricValue & { at: number },
): AlarmState {
  const { values, quantities } = observeAll(rule, state, reading);
  let held = state.held;
  rule.tests.forEach((test, index) => {
    const before = state.held[index] ?? false;
    const now = judgeTest(test, before, reading, values);
    if (now !== before) held = held.with(index, now);
  });
  return { ...state, quantities, held, newest: { ...state.newest, [reading.metric]: reading.at } };
}

function observeAll(
  rule: CompiledRule,
  state: AlarmState,
  { at, metric, value }: MetricValue & { at: number },
): { values: (number | null)[]; quantities: readonly QuantityMemory[] } {
  let quantities = state.quantities;
  const values = rule.quantities.map((quantity, index) => {
    if (quantity.metric !== metric || typeof value !== 'number') return null;
    const before = state.quantities[index] ?? NO_MEMORY;
    const observed = observe(quantity, before, at, value);
    if (observed.memory !== before) quantities = quantities.with(index, observed.memory);
    return observed.value;
  });
  return { values, quantities };
}

function judgeTest(
  test: Test,
  before: boolean,
  { metric, value }: MetricValue,
  values: readonly (number | null)[],
): boolean {
  if (test.kind === 'limit') {
    const quantity = values[test.quantity] ?? null;
    return quantity === null ? before : isBeyond(test, quantity, before);
  }
  if (test.metric !== metric) return before;
  return test.kind === 'word' && typeof value === 'string' && test.words.includes(value);
}

/** When a test will hold by silence alone; null if it does already or never will. */
export function dueOfTest(test: Test, held: boolean, state: AlarmState): number | null {
  if (test.kind !== 'stale' || held) return null;
  return (state.newest[test.metric] ?? state.startedAt) + test.afterMs;
}

/** The tests that silence up to `at` makes hold. */
export function holdDueTests(rule: CompiledRule, state: AlarmState, at: number): AlarmState {
  const held = rule.tests.map((test, index) => {
    const before = state.held[index] ?? false;
    const due = dueOfTest(test, before, state);
    return before || (due !== null && due <= at);
  });
  return { ...state, held };
}

/** Starts the wait of each level whose condition turned at `at`, and cancels that of each which turned back. */
export function turnLevels(rule: CompiledRule, state: AlarmState, at: number): AlarmState {
  let levels = state.levels;
  rule.levels.forEach(({ when }, index) => {
    const level = levelAt(state, index);
    const turned = holds(when, state.held) !== level.active;
    if (turned === (level.turnedAt !== null)) return;
    levels = levels.with(index, { ...level, turnedAt: turned ? at : null });
  });
  return levels === state.levels ? state : { ...state, levels };
}

/** When the wait of a level that turned is over; null for one that did not. */
export function dueOfLevel(rule: CompiledRule, level: LevelState): number | null {
  return level.turnedAt === null ? null : level.turnedAt + delayOf(rule, level);
}

export function delayOf(rule: CompiledRule, level: LevelState): number {
  return level.active ? rule.offDelayMs : rule.onDelayMs;
}

export function levelAt(state: AlarmState, index: number): LevelState {
  return state.levels[index] ?? { active: false, turnedAt: null };
}

/** The index of the highest active level; null when none is. */
export function highestActive(levels: readonly LevelState[]): number | null {
  const index = levels.findLastIndex(({ active }) => active);
  return index === -1 ? null : index;
}

function holds(expression: Expression, held: readonly boolean[]): boolean {
  if ('test' in expression) return held[expression.test] ?? false;
  if ('all' in expression) return expression.all.every((one) => holds(one, held));
  return expression.any.some((one) => holds(one, held));
}
