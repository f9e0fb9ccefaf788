/**
 * JSONata's interpreter under bounds that hold whatever the expression is: every part that is evaluated is a step, every value that
 * is made is weighed, patterns run in linear time and functions are checked (`built-ins.ts`). Nothing here knows mappings.
 */
import jsonata from 'jsonata';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { newBudget, spendStep, spendValue, type ExpressionBudget } from './budget.ts';
import { boundedBuiltIns, type Environment } from './built-ins.ts';
import { FUNCTIONS } from './functions.ts';
import { LinearRegExp } from './linear-reg-exp.ts';

export interface Interpreter {
  readonly ast: unknown;
  evaluate(input: unknown, context: unknown, budget: ExpressionBudget): Promise<unknown>;
}

/** Called by the interpreter after each part of an expression. */
const AFTER_EACH = Symbol.for('jsonata.__evaluate_exit') as unknown as string;
/** No expression can spell this name. */
const BUDGET = '# budget';
/** Parts whose result is there already and was weighed when it was made. */
const MAKES_NOTHING: ReadonlySet<string> = new Set(
  'variable name string number value lambda regex bind condition block'.split(' '),
);

/** Throws what the parser throws. */
export function createInterpreter(text: string): Interpreter {
  const expression = jsonata(text, {
    stack: LIMITS.expressionDepthMax,
    sequence: LIMITS.expressionListMax,
    // Of the constructor the interpreter uses `new` with a literal, `exec` and `lastIndex`.
    RegexEngine: LinearRegExp as unknown as RegExpConstructor,
  });
  for (const [name, { signature, call }] of Object.entries(FUNCTIONS))
    expression.registerFunction(name, (...args: unknown[]) => call(...args), signature);
  expression.assign(AFTER_EACH, afterEach);
  let isBounded = false;
  return {
    ast: expression.ast(),
    async evaluate(input, context, budget) {
      if (!isBounded) {
        for (const [name, builtIn] of await boundedBuiltIns(budgetOf)) expression.assign(name, builtIn);
        isBounded = true;
      }
      return expression.evaluate(input, { context, [BUDGET]: budget }) as Promise<unknown>;
    },
  };
}

function afterEach(node: { type: string }, _input: unknown, environment: Environment, result: unknown): void {
  const budget = budgetOf(environment);
  spendStep(budget);
  if (!MAKES_NOTHING.has(node.type)) spendValue(budget, result);
}

const budgets = new WeakMap<object, ExpressionBudget>();

function budgetOf(environment: Environment): ExpressionBudget {
  const known = budgets.get(environment.base);
  if (known) return known;
  const budget = (environment.lookup(BUDGET) as ExpressionBudget | undefined) ?? newBudget();
  budgets.set(environment.base, budget);
  return budget;
}
