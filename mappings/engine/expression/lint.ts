/**
 * What an expression reads, and what it may not say: nothing that knows the time or is random, nothing that runs text, no recursion, no
 * pattern that cannot be decided in linear time. Works on the parsed expression; every refusal is a sentence's end.
 */
import { PatternRefused } from '../../../domain/pattern/pattern.ts';
import { BUILT_IN_NAMES } from './built-ins.ts';
import { pathText } from '../../../domain/path.ts';
import { FUNCTIONS } from './functions.ts';
import { patternOf } from './linear-reg-exp.ts';
import { readPicture } from './pictures.ts';

const BANNED: Readonly<Record<string, string>> = {
  now: 'reads the clock',
  millis: 'reads the clock',
  random: 'is random',
  shuffle: 'is random',
  eval: 'runs text as code',
};

export interface Reads {
  /** Paths from the top of the input, as far as they are plain. */
  reads: Set<string>;
  /** The whole input may be read, so that `reads` cannot be complete. */
  readsAll: boolean;
}

interface Scope {
  /** Whether a bare name here reads the top-level input. */
  rooted: boolean;
  inLambda: boolean;
}

type Node = Record<string, unknown>;

/** Throws an Error whose message ends a sentence that begins with the rule's name. */
export function lintExpression(ast: unknown): Reads {
  const found: Reads = { reads: new Set(), readsAll: false };
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

function visit(node: unknown, scope: Scope, found: Reads, lambdas: ReadonlySet<string>): void {
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
  if (node.type === 'name' && scope.rooted) found.reads.add(pathText([String(node.value)]));
  refuseForms(node);
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

/** Forms that get around the bounds of functions and values, and that no mapping needs. */
function refuseForms(node: Node): void {
  if (node.type === 'partial')
    throw new Error('leaves out arguments with `?`; write function($x) { ... } instead');
  if (node.type === 'transform')
    throw new Error('changes a copy with `|...|`; build the value with { } instead');
  if (node.type === 'regex') checkPattern(node.value);
  if (node.type === 'number' && isCutInteger(node.value))
    throw new Error(
      `writes a number with more digits than a number can hold (${String(node.value)}); write it as text`,
    );
  if (node.type === 'function') checkPicture(node);
}

/** The parser keeps the number only, and its last digits are others by then. */
function isCutInteger(value: unknown): boolean {
  return (
    typeof value === 'number' &&
    Math.abs(value) < 1e21 &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value)
  );
}

function checkPattern(value: unknown): void {
  try {
    if (value instanceof RegExp) patternOf(value);
  } catch (error) {
    if (error instanceof PatternRefused) throw new Error(`has a pattern that ${error.why}`, { cause: error });
    throw error;
  }
}

/** A picture that is written out is judged now, not when the first record comes. */
function checkPicture({ procedure, arguments: args }: Node): void {
  if (!isNode(procedure) || procedure.value !== 'toMillis' || !Array.isArray(args)) return;
  const picture: unknown = args[1];
  if (isNode(picture) && picture.type === 'string') readPicture(String(picture.value));
}

function visitPath(
  path: Node,
  steps: unknown[],
  scope: Scope,
  found: Reads,
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
    found.reads.add(pathText(names));
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

function checkVariable(node: Node, scope: Scope, found: Reads, lambdas: ReadonlySet<string>): void {
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

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_NAMES);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
