/** Operators: arithmetic, comparison, logic, text, negation, lists and objects. */
import { made, spend, spendText, undecided, type Evaluate, type Frame, type Value } from './frame.ts';
import { nodeOf, notCompiled, type Node, type Scope } from './scope.ts';
import { addAll, isEqual, isNumber, isObject, isTrue, refuseMarks, textOf } from './values.ts';

type Apply = (a: Value, b: Value, frame: Frame) => Value;

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};
const ORDER: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
const OTHERS: Readonly<Record<string, Apply>> = {
  '=': (a, b, frame) => a !== undefined && b !== undefined && isEqual(a, b, frame),
  '!=': (a, b, frame) => a !== undefined && b !== undefined && !isEqual(a, b, frame),
  '&': (a, b, frame) => made(frame, (textOf(a, frame) ?? '') + (textOf(b, frame) ?? '')),
  in: (a, b, frame) => {
    if (a === undefined || b === undefined) return false;
    const list: readonly Value[] = Array.isArray(b) ? b : [b];
    spend(frame, list.length);
    if (typeof a === 'string') spendText(frame, a);
    return list.some((element) => element === a);
  },
};

export function compileBinary(node: Node, scope: Scope): Evaluate {
  const operator = String(node.value);
  const left = scope.compile(nodeOf(node.lhs), scope);
  const right = scope.compile(nodeOf(node.rhs), scope);
  if (operator === 'and') return (input, frame) => isTrue(left(input, frame)) && isTrue(right(input, frame));
  if (operator === 'or') return (input, frame) => isTrue(left(input, frame)) || isTrue(right(input, frame));
  const apply = applyOf(operator);
  return (input, frame) => apply(left(input, frame), right(input, frame), frame);
}

function applyOf(operator: string): Apply {
  const calculate = Object.hasOwn(ARITHMETIC, operator) ? ARITHMETIC[operator] : undefined;
  if (calculate)
    return (a, b) => {
      const [x, y] = [numberOf(a), numberOf(b)];
      return x === undefined || y === undefined ? undefined : finite(calculate(x, y));
    };
  const compare = Object.hasOwn(ORDER, operator) ? ORDER[operator] : undefined;
  if (compare)
    return (a, b, frame) => {
      const [x, y] = [comparable(a), comparable(b)];
      if (x === undefined || y === undefined) return undefined;
      if (typeof x === 'string') spendText(frame, x);
      return typeof x === typeof y ? compare(x, y) : undecided();
    };
  const apply = Object.hasOwn(OTHERS, operator) ? OTHERS[operator] : undefined;
  return apply ?? notCompiled(`the operator ${operator}`);
}

function numberOf(value: Value): number | undefined {
  return value === undefined || isNumber(value) ? value : undecided();
}

function comparable(value: Value): string | number | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number' ? value : undecided();
}

export function finite(value: number): number {
  return Number.isFinite(value) ? value : undecided();
}

export function compileUnary(node: Node, scope: Scope): Evaluate {
  if (node.value === '[') return compileList(node.expressions ?? [], scope);
  if (node.value === '{') return compileObject(node.lhs as readonly (readonly [Node, Node])[], scope);
  if (node.value !== '-') return notCompiled(`the operator ${String(node.value)}`);
  const of = scope.compile(nodeOf(node.expression), scope);
  return (input, frame) => {
    const value = numberOf(of(input, frame));
    return value === undefined ? undefined : -value;
  };
}

/** Lists inside are opened, except those that are written as lists themselves. */
function compileList(nodes: readonly Node[], scope: Scope): Evaluate {
  const parts = nodes.map((node) => ({ run: scope.compile(node, scope), isWhole: node.value === '[' }));
  return (input, frame) => {
    const list: Value[] = [];
    for (const { run, isWhole } of parts) {
      const value = run(input, frame);
      if (value === undefined) continue;
      if (isWhole) list.push(value);
      else addAll(list, value, frame);
    }
    return list;
  };
}

function compileObject(pairs: readonly (readonly [Node, Node])[], scope: Scope): Evaluate {
  const members = pairs.map(([name, value]) => {
    if (name.type !== 'string' || name.predicate) notCompiled('a name that is calculated');
    return { name: String(name.value), run: scope.compile(value, scope) };
  });
  const names = members.map(({ name }) => name);
  if (
    new Set(names).size < names.length ||
    names.some((name) => name === '__proto__' || name.startsWith('_jsonata'))
  )
    notCompiled('a name twice, or one of the interpreter');
  return (input, frame) => {
    // Over a list, members are grouped.
    if (Array.isArray(input)) undecided();
    if (isObject(input)) refuseMarks(input);
    const object: Record<string, Value> = {};
    for (const { name, run } of members) {
      const value = run(input, frame);
      if (value !== undefined) object[name] = value;
    }
    return object;
  };
}
