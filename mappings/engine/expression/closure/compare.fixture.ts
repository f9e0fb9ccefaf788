/** Closures against the interpreter over random expressions and records: what a closure decides, the interpreter gives. */
import { canonicalJson, type Json } from '../../../../domain/json.ts';
import { newBudget } from '../budget.ts';
import { plainResult } from '../compile-expression.ts';
import { createInterpreter, type Interpreter } from '../interpreter.ts';
import { compileClosure } from './compile-closure.ts';
import { GIVEN_UP } from './frame.ts';
import { randomExpressions } from './random-expressions.fixture.ts';

export interface Comparison {
  /** Decided by a closure and compared. */
  pairs: number;
  expressions: number;
  /** Left to the interpreter, which then gave a value. */
  leftThoughFine: number;
  /** Left, and an error to the interpreter too. */
  leftRightly: number;
  withValue: number;
  differences: string[];
}

const RECORDS_AN_EXPRESSION = 8;
const DIFFERENCES_MAX = 20;
/** Errors are the dearest thing the interpreter makes; after these many the share is known. */
const LEFT_LOOKED_AT = 3_000;

export async function compareRandomly(pairs: number, seed: number): Promise<Comparison> {
  const result: Comparison = {
    pairs: 0,
    expressions: 0,
    leftThoughFine: 0,
    leftRightly: 0,
    withValue: 0,
    differences: [],
  };
  const { expression, record, settings } = randomExpressions(seed);
  const { stackTraceLimit } = Error;
  // The interpreter notes the stack of each error, which nobody reads here.
  Error.stackTraceLimit = 0;
  while (result.pairs < pairs && result.differences.length < DIFFERENCES_MAX) {
    const text = expression();
    let interpreter: Interpreter;
    try {
      interpreter = createInterpreter(text);
    } catch {
      continue;
    }
    const { closure } = compileClosure(interpreter.ast);
    if (closure === null) continue;
    result.expressions += 1;
    for (let n = 0; n < RECORDS_AN_EXPRESSION; n += 1) {
      const [input, context] = [n === 0 ? {} : record(), settings()];
      const before = JSON.stringify(input);
      const ours = outcome(() => closure(input, context));
      if (ours === null && result.leftRightly + result.leftThoughFine >= LEFT_LOOKED_AT) continue;
      const theirs = await interpreted(interpreter, before, context);
      const where = `${text} over ${before} with ${JSON.stringify(context)}`;
      if (JSON.stringify(input) !== before) result.differences.push(`changes its input: ${where}`);
      if (ours === null) {
        if (theirs === null) result.leftRightly += 1;
        else result.leftThoughFine += 1;
        continue;
      }
      result.pairs += 1;
      if (ours !== NOTHING) result.withValue += 1;
      if (ours !== theirs)
        result.differences.push(`${ours} is ${theirs ?? 'an error'} to the interpreter: ${where}`);
    }
  }
  Error.stackTraceLimit = stackTraceLimit;
  return result;
}

const NOTHING = 'nothing';

/** The value as text; null for what is undecided. */
function outcome(run: () => Json | undefined): string | null {
  try {
    const value = run();
    return value === undefined ? NOTHING : canonicalJson(value);
  } catch (error) {
    if (error === GIVEN_UP) return null;
    throw error;
  }
}

async function interpreted(interpreter: Interpreter, record: string, context: Json): Promise<string | null> {
  try {
    const value = plainResult(await interpreter.evaluate(JSON.parse(record), context, newBudget(60_000)));
    return value === undefined ? NOTHING : canonicalJson(value);
  } catch {
    return null;
  }
}
