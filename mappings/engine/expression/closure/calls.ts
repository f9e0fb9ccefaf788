/** Calls of functions that are known: arguments in, the value out, or undecided where the interpreter would complain. */
import { patternOf } from '../linear-reg-exp.ts';
import { spend, undecided, type Evaluate } from './frame.ts';
import { FUNCTIONS, textOrNothing } from './functions.ts';
import { compileFolded, compileMapped } from './lists.ts';
import { nodeOf, notCompiled, type Node, type Scope } from './scope.ts';
import { argument } from './values.ts';

const nothing: Evaluate = () => undefined;

/** `before`: an argument in front of those written, as `~>` hands it on. */
export function compileCall(node: Node, scope: Scope, before: readonly Node[] = []): Evaluate {
  const procedure = nodeOf(node.procedure);
  if (procedure.type !== 'variable' || procedure.predicate || procedure['group'] !== undefined)
    return notCompiled('a function that is calculated');
  const name = String(procedure.value);
  if (scope.names.has(name)) return notCompiled('a function of the expression itself');
  const nodes = [...before, ...(node.arguments ?? [])];
  if (name === 'map' || name === 'filter') return compileMapped(name, nodes, scope);
  if (name === 'reduce') return compileFolded(nodes, scope);
  const [first, second] = nodes;
  if (name === 'contains' && first && second?.type === 'regex') return compileMatch(first, second, scope);
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known) return notCompiled(`$${name}`);
  const { arity, apply, givesList } = known;
  if (nodes.length < arity[0] || nodes.length > arity[1])
    return notCompiled(`$${name} with ${nodes.length} arguments`);
  if (scope.tail && givesList) return notCompiled(`$${name} as a function's result`);
  const inner: Scope = { ...scope, tail: false };
  const args = nodes.map((arg) => scope.compile(arg, inner));
  const [a = nothing, b = nothing, c = nothing] = args;
  if (args.length === 1)
    return (input, frame) => apply(frame, argument(a(input, frame)), undefined, undefined);
  return (input, frame) =>
    apply(frame, argument(a(input, frame)), argument(b(input, frame)), argument(c(input, frame)));
}

function compileMatch(of: Node, literal: Node, scope: Scope): Evaluate {
  if (literal.predicate || !(literal.value instanceof RegExp))
    return notCompiled('a pattern that is calculated');
  const value = scope.compile(of, { ...scope, tail: false });
  const pattern = patternOf(literal.value);
  return (input, frame) => {
    const text = textOrNothing(value(input, frame));
    if (text === undefined) return undefined;
    const budget = { left: PATTERN_STEPS_MAX };
    try {
      const isFound = pattern.find(text, 0, budget) !== null;
      spend(frame, Math.floor((PATTERN_STEPS_MAX - budget.left) / STEPS_AN_ELEMENT));
      return isFound;
    } catch {
      return undecided();
    }
  };
}

/** Of a pattern; what takes longer is the interpreter's, which allows more. */
const PATTERN_STEPS_MAX = 20_000;
const STEPS_AN_ELEMENT = 16;
