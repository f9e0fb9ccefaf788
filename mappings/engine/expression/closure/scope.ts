/** What is known of an expression while it is compiled, and the parts of the parser's tree that are looked at. */
import type { Evaluate } from './frame.ts';

/** A node of the parser's tree; which members it has depends on its type. */
export interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly stages?: readonly Filter[];
  readonly predicate?: readonly Filter[];
  readonly expressions?: readonly Node[];
  readonly expression?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
  readonly body?: Node;
  readonly thunk?: boolean;
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly [mark: string]: unknown;
}

export interface Filter {
  readonly type: string;
  readonly expr: Node;
}

export interface Scope {
  /** Places of the names bound so far. */
  readonly names: ReadonlyMap<string, number>;
  readonly slots: { count: number };
  readonly depth: number;
  /** In the place of a function's result, where the interpreter puts calls off and takes their lists as they are. */
  readonly tail: boolean;
  readonly compile: (node: Node, scope: Scope) => Evaluate;
}

/** Thrown while compiling: the whole expression is the interpreter's. */
export class NotCompiled extends Error {}

export function notCompiled(what: string): never {
  throw new NotCompiled(what);
}

export function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && 'type' in value
    ? (value as Node)
    : notCompiled('an unknown form');
}
