/** `$map`, `$filter` and `$reduce` with a function that is written where it is used. */
import { spend, type Evaluate, type Value } from './frame.ts';
import { nodeOf, notCompiled, type Node, type Scope } from './scope.ts';
import { argument, isTrue, valueOfList } from './values.ts';

interface Written {
  /** Places of the parameters. */
  readonly places: readonly number[];
  readonly body: Evaluate;
}

export function compileMapped(name: 'map' | 'filter', nodes: readonly Node[], scope: Scope): Evaluate {
  if (scope.tail) notCompiled(`$${name} as a function's result`);
  const [list, written, ...more] = nodes;
  if (!list || more.length > 0) return notCompiled(`$${name} with other arguments`);
  const of = scope.compile(list, scope);
  const { places, body } = compileWritten(written, 3, scope);
  const [value, index, whole] = places;
  return (input, frame) => {
    const given = argument(of(input, frame));
    if (given === undefined) return undefined;
    const elements: readonly Value[] = Array.isArray(given) ? given : [given];
    spend(frame, elements.length);
    const found: Value[] = [];
    elements.forEach((element, at) => {
      if (value !== undefined) frame.slots[value] = element;
      if (index !== undefined) frame.slots[index] = at;
      if (whole !== undefined) frame.slots[whole] = elements;
      const result = body(input, frame);
      if (name === 'map' && result !== undefined) found.push(result);
      if (name === 'filter' && isTrue(result)) found.push(element);
    });
    return valueOfList(found);
  };
}

export function compileFolded(nodes: readonly Node[], scope: Scope): Evaluate {
  if (scope.tail) notCompiled("$reduce as a function's result");
  const [list, written, initial, ...more] = nodes;
  if (!list || more.length > 0) return notCompiled('$reduce with other arguments');
  const of = scope.compile(list, scope);
  const { places, body } = compileWritten(written, 4, scope);
  const [sofar, next, index, whole] = places;
  if (sofar === undefined || next === undefined) return notCompiled('$reduce with one parameter');
  const begin = initial && scope.compile(initial, scope);
  return (input, frame) => {
    const given = argument(of(input, frame));
    const start = argument(begin?.(input, frame));
    if (given === undefined) return undefined;
    const elements: readonly Value[] = Array.isArray(given) ? given : [given];
    spend(frame, elements.length);
    let result = start === undefined ? elements[0] : start;
    for (let at = start === undefined ? 1 : 0; at < elements.length; at += 1) {
      frame.slots[sofar] = result;
      frame.slots[next] = elements[at];
      if (index !== undefined) frame.slots[index] = at;
      if (whole !== undefined) frame.slots[whole] = elements;
      result = body(input, frame);
    }
    return result;
  };
}

function compileWritten(node: Node | undefined, parametersMax: number, scope: Scope): Written {
  if (node?.type !== 'lambda' || node.thunk === true || node['signature'] !== undefined || node.predicate)
    return notCompiled('a function from elsewhere');
  const parameters = node.arguments ?? [];
  if (parameters.length > parametersMax) notCompiled('more parameters than are given');
  const names = new Map(scope.names);
  const places = parameters.map((parameter) => {
    const place = scope.slots.count;
    scope.slots.count += 1;
    names.set(String(parameter.value), place);
    return place;
  });
  return { places, body: scope.compile(nodeOf(node.body), { ...scope, names, tail: true }) };
}
