/**
 * What the expressions of one record may spend: steps, processor time, and the size of what they make. A value that is used in many places
 * counts in each of them, because whoever prints or compares it walks through all: `{a: x, b: x}` in a chain of fifty has more
 * leaves than memory has bytes.
 */
import { LIMITS } from '../../../domain/kernel/limits.ts';

export interface ExpressionBudget {
  steps: number;
  made: number;
  readonly startedAt: number;
  /** Processor milliseconds that this thread had used at the start. */
  readonly usedAtStart: number;
  readonly timeMs: number;
  /** Before this moment the time cannot be used up. */
  lookAt: number;
  readonly weights: WeakMap<object, Weight>;
}

interface Weight {
  readonly size: number;
  readonly depth: number;
}

const MEMBER_SIZE = 10;
/** A step may walk through a whole value, some ten milliseconds; so the time is looked at often. */
const STEPS_A_LOOK = 16;

export function newBudget(timeMs: number = LIMITS.expressionTimeMs): ExpressionBudget {
  const startedAt = performance.now();
  return {
    steps: 0,
    made: 0,
    startedAt,
    usedAtStart: processorMs(),
    timeMs,
    lookAt: startedAt + timeMs,
    weights: new WeakMap(),
  };
}

/** Throws when the steps or the time are used up. */
export function spendStep(budget: ExpressionBudget): void {
  budget.steps += 1;
  if (budget.steps > LIMITS.expressionStepsMax)
    throw new Error(`takes more than ${LIMITS.expressionStepsMax} steps for this record`);
  if (budget.steps % STEPS_A_LOOK === 0) checkTime(budget);
}

/**
 * Processor time, not time that passed: on a busy machine the record that happens to run while others hold the processor would be
 * refused, and be fine the next time.
 */
export function checkTime(budget: ExpressionBudget): void {
  const now = performance.now();
  if (now <= budget.lookAt) return;
  const left = budget.timeMs - (processorMs() - budget.usedAtStart);
  if (left <= 0) throw new Error(`takes more time than ${budget.timeMs} ms for this record`);
  budget.lookAt = now + left;
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Long enough that whoever shares the process should get a turn. */
const SLOW_MS = 10;

export function isSlow(budget: ExpressionBudget): boolean {
  return performance.now() > budget.startedAt + SLOW_MS;
}

/** A text that was just made. Throws as `spendValue` does. */
export function spendText(budget: ExpressionBudget, text: string): void {
  budget.made += text.length;
  if (budget.made > LIMITS.expressionMadeMax) throw new Error('makes too much on the way to its result');
}

/** Throws when a value that was just made is too large or too deep, or when all that was made is too much. */
export function spendValue(budget: ExpressionBudget, value: unknown): void {
  const { size } = weigh(budget, value, 0);
  if (size > LIMITS.expressionSizeMax) throw new Error('makes a value that is too large');
  spendText(budget, typeof value === 'string' ? value : '');
}

function weigh(budget: ExpressionBudget, value: unknown, level: number): Weight {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error('calculates a number that is not finite');
  if (typeof value === 'string') return { size: MEMBER_SIZE + value.length, depth: 0 };
  if (typeof value !== 'object' || value === null || isFunction(value))
    return { size: MEMBER_SIZE, depth: 0 };
  const known = budget.weights.get(value);
  if (known) return known;
  if (level > LIMITS.expressionDepthMax) throw new Error('makes a value that is nested too deep');
  let [size, depth] = [MEMBER_SIZE, 0];
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const member of members) {
    const inner = weigh(budget, member, level + 1);
    size += inner.size;
    depth = Math.max(depth, inner.depth + 1);
  }
  if (depth > LIMITS.expressionDepthMax) throw new Error('makes a value that is nested too deep');
  budget.made += members.length * MEMBER_SIZE;
  const weight = { size, depth };
  budget.weights.set(value, weight);
  return weight;
}

function isFunction(value: object): boolean {
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}
