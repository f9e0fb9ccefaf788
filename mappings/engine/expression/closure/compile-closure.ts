/**
 * JSONata expressions of the forms that mappings use, as closures: some fifty times as fast as the interpreter, and without promises. What
 * is of another form compiles to null and stays with the interpreter as a whole; what a closure does not decide, with it for one record.
 */
import type { Json, JsonObject } from '../../../../domain/json.ts';
import { LIMITS } from '../../../../domain/kernel/limits.ts';
import { isFunctionName } from '../built-ins.ts';
import { compileCall } from './calls.ts';
import { ELEMENTS_MAX, spend, undecided, type Evaluate, type Frame, type Value } from './frame.ts';
import { compileBinary, compileUnary } from './operators.ts';
import { compileFiltered, compileName, compilePath } from './paths.ts';
import { nodeOf, NotCompiled, notCompiled, type Node, type Scope } from './scope.ts';
import { isObject, isTrue, refuseMarks } from './values.ts';

/** Gives a copy, undefined for nothing. Throws `GIVEN_UP` for what only the interpreter can say. */
export type Closure = (input: Value, context: Value) => Json | undefined;

const DEPTH_MAX = 60;
const NO_SLOTS: Value[] = [];

/** Null with the reason when some form in the expression is not compiled. */
export function compileClosure(ast: unknown): { closure: Closure } | { closure: null; because: string } {
  const scope: Scope = { names: new Map(), slots: { count: 0 }, depth: 0, tail: false, compile: compileNode };
  try {
    const run = compileNode(nodeOf(ast), scope);
    const { count } = scope.slots;
    return {
      closure: (input, context) => {
        // The interpreter wraps a list at the top.
        if (Array.isArray(input)) undecided();
        const slots = count === 0 ? NO_SLOTS : new Array<Value>(count);
        const frame: Frame = { root: input, context, slots, left: ELEMENTS_MAX };
        return copied(run(input, frame), frame, 0);
      },
    };
  } catch (error) {
    if (error instanceof NotCompiled) return { closure: null, because: error.message };
    throw error;
  }
}

/** Marks of forms that change what is around them: kept lists, bound positions, parents, groups. */
const MARKS = ['keepArray', 'tuple', 'focus', 'index', 'ancestor', 'consarray', 'seekingParent', 'group'];

function compileNode(node: Node, outer: Scope): Evaluate {
  if (outer.depth > DEPTH_MAX) notCompiled('deep nesting');
  const mark = MARKS.find((name) => node[name] !== undefined && node[name] !== false);
  if (mark !== undefined) notCompiled(`the mark ${mark}`);
  const scope: Scope = { ...outer, depth: outer.depth + 1, tail: false };
  const handsOn = node.predicate === undefined ? { ...scope, tail: outer.tail } : scope;
  const run = compileForm(node, scope, handsOn);
  if (!node.predicate) return run;
  // The interpreter filters such a list before it becomes a value.
  if (node.type === 'function' || node.type === 'apply') notCompiled('a filtered call');
  return compileFiltered(run, node.predicate, scope);
}

/** `handsOn`: for the parts whose value is the whole's. */
function compileForm(node: Node, scope: Scope, handsOn: Scope): Evaluate {
  switch (node.type) {
    case 'path':
      return compilePath(node, scope);
    case 'name':
      return compileName(String(node.value));
    case 'string':
    case 'number':
    case 'value': {
      const constant = node.value;
      return () => constant;
    }
    case 'binary':
      return compileBinary(node, scope);
    case 'unary':
      return compileUnary(node, scope);
    case 'condition':
      return compileCondition(node, scope, handsOn);
    case 'block':
      return compileBlock(node, scope, handsOn);
    case 'variable':
      return compileVariable(String(node.value), scope);
    case 'function':
      return compileCall(node, scope);
    case 'apply':
      return compileApply(node, scope);
    case 'lambda':
      // The interpreter puts off a call in the place of a function's result.
      if (node.thunk === true && handsOn.tail) return compileCall(nodeOf(node.body), handsOn);
      return notCompiled('a function as a value');
    default:
      return notCompiled(`the form ${node.type}`);
  }
}

function compileCondition(node: Node, scope: Scope, handsOn: Scope): Evaluate {
  const test = scope.compile(nodeOf(node.condition), scope);
  const then = scope.compile(nodeOf(node.then), handsOn);
  const otherwise = node.else === undefined ? null : scope.compile(node.else, handsOn);
  return (input, frame) => (isTrue(test(input, frame)) ? then(input, frame) : otherwise?.(input, frame));
}

function compileBlock(node: Node, scope: Scope, handsOn: Scope): Evaluate {
  const names = new Map(scope.names);
  const parts = (node.expressions ?? []).map((part, index, all): Evaluate => {
    const isLast = index === all.length - 1;
    if (part.type !== 'bind') return scope.compile(part, { ...(isLast ? handsOn : scope), names });
    const target = nodeOf(part.lhs);
    if (target.type !== 'variable' || target.predicate || part.predicate) notCompiled('an odd binding');
    const of = scope.compile(nodeOf(part.rhs), { ...scope, names: new Map(names) });
    const place = scope.slots.count;
    scope.slots.count += 1;
    names.set(String(target.value), place);
    return (input, frame) => (frame.slots[place] = of(input, frame));
  });
  return (input, frame) => {
    let value: Value;
    for (const part of parts) value = part(input, frame);
    return value;
  };
}

function compileVariable(name: string, scope: Scope): Evaluate {
  if (name === '')
    return (input) => {
      if (isObject(input)) refuseMarks(input);
      return input;
    };
  const place = scope.names.get(name);
  if (place !== undefined) return (_input, frame) => frame.slots[place];
  if (name === '$') return (_input, frame) => frame.root;
  if (name === 'context') return (_input, frame) => frame.context;
  return isFunctionName(name) ? notCompiled('a function as a value') : () => undefined;
}

/** `a ~> $f(b)` is `$f(a, b)`. */
function compileApply(node: Node, scope: Scope): Evaluate {
  const call = nodeOf(node.rhs);
  if (call.type !== 'function' || call.predicate) return notCompiled('a function handed on');
  return compileCall(call, scope, [nodeOf(node.lhs)]);
}

/** Counted, because a value that is used twice in each of fifty others has more leaves than memory has bytes. */
function copied(value: Value, frame: Frame, depth: number): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : undecided();
    default:
  }
  if (value === null) return null;
  spend(frame, 1);
  if (depth > LIMITS.expressionDepthMax) undecided();
  if (Array.isArray(value)) return value.map((element) => copied(element, frame, depth + 1) ?? null);
  if (!isObject(value) || '_jsonata_lambda' in value || '_jsonata_function' in value) return undecided();
  const copy: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    const kept = copied(member, frame, depth + 1);
    if (kept !== undefined) copy[name] = kept;
  }
  return copy;
}
