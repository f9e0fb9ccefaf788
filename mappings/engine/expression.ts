/**
 * JSONata expressions: parsed once, linted (no clock, no randomness, no evaluation of text, no recursion), bounded in
 * time, depth and sequence length, and their results freed of JSONata's sequence arrays. Simple rules never come here.
 */
import jsonata from 'jsonata';
import type { Json, JsonObject } from '../../domain/json.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { shortenText } from '../../domain/kernel/text.ts';
import { FUNCTIONS } from './functions.ts';

export interface CompiledExpression {
  /** Top-level input fields the expression can read, with their paths as far as they are plain: `meter.metertype`. */
  readonly reads: readonly string[];
  /** True when it reads the whole input (`$`, `$$`, `*`, `**`), so that `reads` cannot be complete. */
  readonly readsAll: boolean;
  /** undefined when the expression yields nothing. Throws an Error with a readable sentence. */
  evaluate(input: JsonObject, context: JsonObject): Promise<Json | undefined>;
}

/** Elements one sequence may grow to; no record has near as many rows. */
const SEQUENCE_MAX = 20_000;
const MESSAGE_CHARS_MAX = 200;
const BANNED: Readonly<Record<string, string>> = {
  now: 'reads the clock',
  millis: 'reads the clock',
  random: 'is random',
  shuffle: 'is random',
  eval: 'runs text as code',
};

/** Throws an Error whose message says what to change. */
export function compileExpression(text: string): CompiledExpression {
  let expression: jsonata.Expression;
  try {
    expression = jsonata(text, {
      timeout: LIMITS.expressionTimeMs,
      stack: LIMITS.expressionDepthMax,
      sequence: SEQUENCE_MAX,
    });
  } catch (error) {
    throw new Error(`does not parse: ${sentence(error)}`, { cause: error });
  }
  const found = inspect(expression.ast());
  for (const [name, { signature, call }] of Object.entries(FUNCTIONS))
    expression.registerFunction(name, (...args: unknown[]) => call(...args), signature);
  return {
    reads: [...found.reads],
    readsAll: found.readsAll,
    async evaluate(input, context) {
      let result: unknown;
      try {
        result = await expression.evaluate(input, { context });
      } catch (error) {
        throw new Error(sentence(error), { cause: error });
      }
      return plain(result, 0);
    },
  };
}

/** What jsonata throws is a plain object with a message, which may quote a whole value. */
function sentence(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  return shortenText(message, MESSAGE_CHARS_MAX);
}

/** A JSON copy without the marks JSONata leaves on arrays (`sequence`, `cons`, `keepSingleton`). */
function plain(value: unknown, depth: number): Json | undefined {
  if (value === undefined) return undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new Error('the result is not a finite number');
  }
  if (depth > LIMITS.expressionDepthMax) throw new Error('the result is nested too deep');
  if (Array.isArray(value)) return value.map((entry) => plain(entry, depth + 1) ?? null);
  if (typeof value !== 'object' || '_jsonata_lambda' in value || '_jsonata_function' in value)
    throw new Error('the result is a function; call it');
  const copy: JsonObject = {};
  for (const [name, entry] of Object.entries(value)) {
    const kept = plain(entry, depth + 1);
    if (kept !== undefined) copy[name] = kept;
  }
  return copy;
}

interface Findings {
  reads: Set<string>;
  readsAll: boolean;
}

interface Scope {
  /** Whether a bare name here reads the top-level input. */
  rooted: boolean;
  inLambda: boolean;
}

type Node = Record<string, unknown>;

function inspect(ast: unknown): Findings {
  const found: Findings = { reads: new Set(), readsAll: false };
  const lambdas = lambdaNames(ast);
  visit(ast, { rooted: true, inLambda: false }, found, lambdas);
  return found;
}

/** Names bound to a function by the expression itself; binding a built-in name is refused, it would hide the lint. */
function lambdaNames(ast: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(ast)) for (const entry of ast) lambdaNames(entry, names);
  else if (isNode(ast)) {
    if (ast.type === 'bind' && isNode(ast.lhs)) {
      const name = String(ast.lhs.value);
      if (name === 'context' || name in FUNCTIONS || name in BANNED)
        throw new Error(`assigns $${name}, which is reserved; choose another name`);
      if (isNode(ast.rhs) && ast.rhs.type === 'lambda') names.add(name);
    }
    for (const value of Object.values(ast)) lambdaNames(value, names);
  }
  return names;
}

function visit(node: unknown, scope: Scope, found: Findings, lambdas: ReadonlySet<string>): void {
  if (Array.isArray(node)) {
    for (const entry of node) visit(entry, scope, found, lambdas);
    return;
  }
  if (!isNode(node)) return;
  if (node.type === 'path' && Array.isArray(node.steps)) {
    visitPath(node, node.steps, scope, found, lambdas);
    return;
  }
  if (node.type === 'variable') checkVariable(node, scope, found, lambdas);
  if (node.type === 'wildcard' || node.type === 'descendant' || node.type === 'parent') found.readsAll = true;
  if (node.type === 'name' && scope.rooted) found.reads.add(String(node.value));
  if (node.type === 'transform') found.readsAll = true;
  const inner = node.type === 'lambda' && node.thunk !== true ? { ...scope, inLambda: true } : scope;
  if (node.type === 'function' && inner.inLambda) checkCallInLambda(node.procedure);
  for (const [key, value] of Object.entries(node)) {
    // Filters and groupings of a node are evaluated per element, where bare names are the element's.
    const perElement = key === 'stages' || key === 'predicate' || key === 'group';
    // The parameters of a lambda are names being declared, not read.
    if (node.type === 'lambda' && key === 'arguments') continue;
    visit(value, perElement ? { ...inner, rooted: false } : inner, found, lambdas);
  }
}

function visitPath(
  path: Node,
  steps: unknown[],
  scope: Scope,
  found: Findings,
  lambdas: ReadonlySet<string>,
): void {
  const names: string[] = [];
  for (const step of steps) {
    if (!isNode(step)) break;
    const root = step.type === 'variable' && (step.value === '' || step.value === '$') && names.length === 0;
    if (root && step === steps[0]) continue;
    if (step.type !== 'name') break;
    names.push(String(step.value));
  }
  const first = isNode(steps[0]) ? steps[0] : {};
  const rootMark = first.type === 'variable' && (first.value === '$' || (first.value === '' && scope.rooted));
  if (names.length > 0 && (rootMark || (first.type === 'name' && scope.rooted)))
    found.reads.add(names.join('.'));
  steps.forEach((step, index) => {
    if (isNode(step) && step.type === 'name') {
      visit([step.stages, step.predicate], { ...scope, rooted: false }, found, lambdas);
      return;
    }
    if (index === 0 && rootMark && names.length > 0) return;
    visit(step, index === 0 ? scope : { ...scope, rooted: false }, found, lambdas);
  });
  visit([path.stages, path.predicate, path.group], { ...scope, rooted: false }, found, lambdas);
}

function checkVariable(node: Node, scope: Scope, found: Findings, lambdas: ReadonlySet<string>): void {
  const name = String(node.value);
  const why = BANNED[name];
  if (why !== undefined)
    throw new Error(`calls $${name}, which ${why}; a mapping must give the same result every time`);
  if (name === '$' || (name === '' && scope.rooted && !scope.inLambda)) found.readsAll = true;
  if (scope.inLambda && lambdas.has(name))
    throw new Error(`uses $${name} inside a function, which allows recursion; use $map, $filter or $reduce`);
}

/** Inside a function only built-in functions may be called: a parameter called as a function can call itself. */
function checkCallInLambda(procedure: unknown): void {
  if (!isNode(procedure) || procedure.type !== 'variable') return;
  const name = String(procedure.value);
  if (!BUILT_IN.has(name) && !(name in FUNCTIONS) && !(name in BANNED))
    throw new Error(
      `calls $${name} inside a function, which allows recursion; only built-in functions may be called there`,
    );
}

const BUILT_IN: ReadonlySet<string> = new Set(
  (
    'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad ' +
    'match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs ' +
    'sqrt power boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each ' +
    'error assert type sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent ' +
    'decodeUrl toMillis fromMillis clone'
  ).split(' '),
);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
