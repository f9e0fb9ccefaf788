/**
 * JSONata expressions: parsed once, linted (`lint.ts`), compiled to closures (`closure/`) and run by these where they decide, else by the
 * interpreter within its bounds (`interpreter.ts`). Results are freed of JSONata's sequence arrays. Simple rules never come here.
 */
import type { Json, JsonObject } from '../../../domain/json.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { shortenText } from '../../../domain/kernel/text.ts';
import { newBudget, type ExpressionBudget } from './budget.ts';
import { compileClosure } from './closure/compile-closure.ts';
import { GIVEN_UP } from './closure/frame.ts';
import { createInterpreter, type Interpreter } from './interpreter.ts';
import { lintExpression } from './lint.ts';

/** Only the interpreter can say it, an error included. */
export const UNDECIDED: unique symbol = Symbol('left to the interpreter');

export interface CompiledExpression {
  /** Top-level input fields the expression can read, with their paths as far as they are plain: `meter.metertype`. */
  readonly reads: readonly string[];
  /** True when it reads the whole input (`$`, `$$`, `*`, `**`), so that `reads` cannot be complete. */
  readonly readsAll: boolean;
  /** At once, undefined when the expression yields nothing. */
  readonly now: (input: JsonObject, context: JsonObject) => Json | undefined | typeof UNDECIDED;
  /** By the interpreter if need be. Throws an Error with a readable sentence. The expressions of one record share a budget. */
  evaluate(input: JsonObject, context: JsonObject, budget?: ExpressionBudget): Promise<Json | undefined>;
}

const MESSAGE_CHARS_MAX = 200;

/** Throws an Error whose message says what to change. */
export function compileExpression(text: string): CompiledExpression {
  let interpreter: Interpreter;
  try {
    interpreter = createInterpreter(text);
  } catch (error) {
    throw new Error(`does not parse: ${sentence(error)}`, { cause: error });
  }
  const found = lintExpression(interpreter.ast);
  const { closure } = compileClosure(interpreter.ast);
  const now: CompiledExpression['now'] = (input, context) => {
    if (!closure) return UNDECIDED;
    try {
      return closure(input, context);
    } catch (error) {
      if (error === GIVEN_UP) return UNDECIDED;
      throw error;
    }
  };
  return {
    reads: [...found.reads],
    readsAll: found.readsAll,
    now,
    async evaluate(input, context, budget = newBudget()) {
      const decided = now(input, context);
      if (decided !== UNDECIDED) return decided;
      let result: unknown;
      try {
        result = await interpreter.evaluate(input, context, budget);
      } catch (error) {
        throw new Error(sentence(error), { cause: error });
      }
      return plainResult(result);
    },
  };
}

/** What jsonata throws is a plain object with a message, which may quote a whole value. */
function sentence(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return shortenText(message, MESSAGE_CHARS_MAX);
}

/** A JSON copy of a result, without the marks JSONata leaves on arrays (`sequence`, `cons`, `keepSingleton`). */
export function plainResult(value: unknown, depth = 0): Json | undefined {
  if (value === undefined) return undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new Error('the result is not a finite number');
  }
  if (depth > LIMITS.expressionDepthMax) throw new Error('the result is nested too deep');
  if (Array.isArray(value)) return value.map((entry) => plainResult(entry, depth + 1) ?? null);
  if (typeof value !== 'object' || '_jsonata_lambda' in value || '_jsonata_function' in value)
    throw new Error('the result is a function; call it');
  const copy: JsonObject = {};
  for (const [name, entry] of Object.entries(value)) {
    const kept = plainResult(entry, depth + 1);
    if (kept !== undefined) copy[name] = kept;
  }
  return copy;
}
