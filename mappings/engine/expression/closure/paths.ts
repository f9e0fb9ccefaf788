/** Paths: names, steps over lists, and filters. */
import { spend, undecided, type Evaluate, type Frame, type Value } from './frame.ts';
import { notCompiled, type Filter, type Node, type Scope } from './scope.ts';
import { addAll, isNumber, isObject, isTrue, memberOf, refuseMarks, valueOfList } from './values.ts';

interface Step {
  readonly run: Evaluate;
  /** The name, when the step is nothing else. */
  readonly name: string | null;
}

/** What a filter leaves within a path: a list that becomes a value at the path's end. */
class Listed {
  readonly list: readonly Value[];

  constructor(list: readonly Value[]) {
    this.list = list;
  }
}

export function compileName(name: string): Evaluate {
  return (input, frame) => memberOf(input, name, frame);
}

export function compilePath(node: Node, scope: Scope): Evaluate {
  if (node['keepSingletonArray'] === true) notCompiled('a list kept as one');
  const nodes = node.steps ?? [];
  // A path that begins with a variable does not walk over what is around it.
  const isAbsolute = nodes[0]?.type === 'variable';
  const steps = nodes.map((step) => compileStep(step, scope));
  const last = steps.length - 1;
  const [first] = steps;
  if (first?.name != null && last === 0) return compileOnly(first.name, steps);
  return (input, frame) => {
    if (Array.isArray(input) && !isAbsolute) return walk(steps, 0, input, frame);
    // As long as there is one thing at each step no list is made.
    let value = input;
    for (let index = 0; index <= last; index += 1) {
      const { run, name } = steps[index] as Step;
      if (name === null) value = settled(run(value, frame), index === last);
      else if (!isObject(value)) return undefined;
      else value = memberOf(value, name, frame);
      if (value === undefined) return undefined;
      if (index < last && Array.isArray(value)) return walk(steps, index + 1, value, frame);
    }
    return value;
  };
}

/** A list around a name is walked over like any other, which is not what looking a name up in a list gives. */
function compileOnly(name: string, steps: readonly Step[]): Evaluate {
  return (input, frame) =>
    Array.isArray(input) ? walk(steps, 0, input, frame) : memberOf(input, name, frame);
}

function compileStep(step: Node, scope: Scope): Step {
  if (step.type === 'sort') notCompiled('an order');
  if (step.predicate && step.stages) notCompiled('two kinds of filters');
  const { stages, ...bare } = step;
  const run = scope.compile(bare, scope);
  if (!stages) return { run, name: step.type === 'name' && !step.predicate ? String(step.value) : null };
  const filter = compileFilters(stages, scope);
  return {
    name: null,
    run: (input, frame) => {
      const kept = filter(run(input, frame), frame);
      return 'one' in kept ? kept.one : new Listed(kept.list);
    },
  };
}

/** The result of a step for one thing. */
function settled(value: Value, isLast: boolean): Value {
  if (!(value instanceof Listed)) return value;
  // Before the last step it is only walked over.
  return isLast || value.list.length === 0 ? valueOfList(value.list) : value.list;
}

/** The steps from `from` on over a list. */
function walk(steps: readonly Step[], from: number, input: readonly Value[], frame: Frame): Value {
  let list = input;
  for (let at = from; at < steps.length; at += 1) {
    const { run } = steps[at] as Step;
    spend(frame, list.length);
    const found: Value[] = [];
    let holdsLists = false;
    for (const element of list) {
      const value = run(element, frame);
      if (value === undefined) continue;
      found.push(value);
      holdsLists ||= Array.isArray(value) || value instanceof Listed;
    }
    const [only] = found;
    if (at === steps.length - 1 && found.length === 1 && Array.isArray(only)) return only;
    list = holdsLists ? opened(found, frame) : found;
    if (list.length === 0) return undefined;
  }
  return valueOfList(list);
}

function opened(found: readonly Value[], frame: Frame): Value[] {
  const list: Value[] = [];
  for (const value of found) addAll(list, value instanceof Listed ? value.list : value, frame);
  return list;
}

/** What filters leave: a list, or with a position for the last one the element as it is. */
type Kept = { one: Value } | { list: readonly Value[] };
type Keep = (value: Value, frame: Frame) => Kept;
const NONE: Kept = { list: [] };

export function compileFilters(filters: readonly Filter[], scope: Scope): Keep {
  const keeps = filters.map((filter) =>
    filter.type === 'filter' ? compileFilter(filter.expr, scope) : notCompiled('a bound position'),
  );
  const [only] = keeps;
  if (only && keeps.length === 1) return only;
  return (value, frame) => {
    let kept: Kept = { one: value };
    for (const keep of keeps) kept = keep('one' in kept ? kept.one : kept.list, frame);
    return kept;
  };
}

/** Filters behind something that is no step: what they leave is a value. */
export function compileFiltered(of: Evaluate, filters: readonly Filter[], scope: Scope): Evaluate {
  const filter = compileFilters(filters, scope);
  return (input, frame) => {
    const kept = filter(of(input, frame), frame);
    return 'one' in kept ? kept.one : valueOfList(kept.list);
  };
}

function compileFilter(test: Node, scope: Scope): Keep {
  if (test.type === 'number') {
    const wanted = Math.floor(Number(test.value));
    return (value) => {
      const list = listOf(value);
      const one = list[wanted < 0 ? list.length + wanted : wanted];
      return one === undefined ? NONE : { one };
    };
  }
  const run = scope.compile(test, { ...scope, tail: false });
  return (value, frame) => {
    const list = listOf(value);
    spend(frame, list.length);
    return {
      list: list.filter((element, index) => passes(run(element, frame), index, list.length)),
    };
  };
}

function listOf(value: Value): readonly Value[] {
  if (isObject(value)) refuseMarks(value);
  return Array.isArray(value) ? value : [value];
}

/** Numbers are positions, everything else is true or not. */
function passes(outcome: Value, index: number, length: number): boolean {
  if (typeof outcome === 'boolean') return outcome;
  if (isNumber(outcome)) return isPosition(outcome, index, length);
  if (!Array.isArray(outcome)) return isTrue(outcome);
  if (!outcome.every((one) => isNumber(one))) return isTrue(outcome);
  const hits = outcome.filter((one) => isPosition(one, index, length)).length;
  // Named twice, an element is kept twice.
  return hits > 1 ? undecided() : hits === 1;
}

function isPosition(value: number, index: number, length: number): boolean {
  const at = Math.floor(value);
  return (at < 0 ? length + at : at) === index;
}
