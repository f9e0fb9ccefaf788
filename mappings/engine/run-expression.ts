/** Expressions of rules while one record is mapped: by the interpreter, within what the record may spend; failures are problems of the field. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { isSlow, newBudget } from './expression/budget.ts';
import type { CompiledExpression } from './expression/compile-expression.ts';
import { noteProblem } from './run.ts';
import type { Place, Run } from './run.ts';

export interface ExpressionRule {
  readonly compiled: CompiledExpression;
  readonly target: { place: Place; path: string };
}

/** The value; undefined for nothing, and when it failed. */
export async function runExpression(
  { compiled, target }: ExpressionRule,
  input: JsonObject,
  run: Run,
): Promise<Json | undefined> {
  run.budget ??= newBudget();
  try {
    return await compiled.evaluate(input, run.context, run.budget);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return noteProblem(run, target, (path) => `The expression of \`${path}\` failed: ${why}.`);
  } finally {
    // The interpreter never lets go of the process by itself; after a slow expression the others get a turn.
    if (isSlow(run.budget)) await new Promise((resolve) => setImmediate(resolve));
  }
}
