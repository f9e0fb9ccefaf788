/** The `ql` language (contract 2.3): from text and parameters to a tree with known columns and typed values. */
import { refused } from './fiix-error.ts';
import type { ClassSchema, Column } from './schema.ts';
import type { Value } from './store.ts';
import { readOperand } from './values.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A null value comes from a null parameter and never matches. */
export type Condition =
  | { kind: 'and' | 'or'; items: readonly Condition[] }
  | { kind: 'not'; item: Condition }
  | { kind: 'null'; column: Column }
  | { kind: 'in'; column: Column; values: readonly (Value | null)[] }
  | { kind: 'like'; column: Column; pattern: string | null }
  | { kind: 'compare'; column: Column; op: Comparison; value: Value | null };

type Token = { kind: 'mark' | 'end' } | { kind: 'number' | 'text' | 'sign' | 'word'; text: string };

const TOKEN = /\s*(?:(\?)|(-?\d+(?:\.\d+)?)|'((?:[^']|'')*)'|(<>|!=|<=|>=|[=<>(),])|([A-Za-z_]\w*)|$)/y;
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const DEPTH_MAX = 100;

function tokens(text: string): Token[] {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw refused(`The condition cannot be read at character ${at + 1}.`);
    const [, mark, number, quoted, sign, word] = match;
    if (mark !== undefined) out.push({ kind: 'mark' });
    else if (number !== undefined) out.push({ kind: 'number', text: number });
    else if (quoted !== undefined) out.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (sign !== undefined) out.push({ kind: 'sign', text: sign });
    else if (word !== undefined) out.push({ kind: 'word', text: word });
    else break;
  }
  return out;
}

export function parseCondition(schema: ClassSchema, text: string, parameters: readonly unknown[]): Condition {
  const list = tokens(text);
  let at = 0;
  let used = 0;
  let depth = 0;

  const peek = (): Token => list[at] ?? { kind: 'end' };
  const isSign = (sign: string): boolean => {
    const token = peek();
    return token.kind === 'sign' && token.text === sign;
  };
  const isWord = (word: string): boolean => {
    const token = peek();
    return token.kind === 'word' && token.text.toLowerCase() === word;
  };
  const takeWord = (word: string): boolean => {
    const found = isWord(word);
    if (found) at += 1;
    return found;
  };
  const expectSign = (sign: string): void => {
    if (!isSign(sign)) throw refused(`The condition lacks a "${sign}".`);
    at += 1;
  };
  function column(): Column {
    const token = peek();
    if (token.kind !== 'word') throw refused('The condition lacks a field name.');
    at += 1;
    const found = schema.folded.get(token.text.toLowerCase());
    if (found === undefined) throw refused(`${schema.name} has no field "${token.text}".`);
    return found;
  }
  function raw(): unknown {
    const token = peek();
    at += 1;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (token.kind !== 'mark') throw refused('The condition lacks a value.');
    if (used >= parameters.length) throw refused('The condition has more "?" than parameters.');
    used += 1;
    return parameters[used - 1] ?? null;
  }
  function values(of: Column): (Value | null)[] {
    expectSign('(');
    const out = [readOperand(of, raw())];
    while (isSign(',')) {
      at += 1;
      out.push(readOperand(of, raw()));
    }
    expectSign(')');
    return out;
  }
  function primary(): Condition {
    if (isSign('(')) {
      at += 1;
      depth += 1;
      if (depth > DEPTH_MAX) throw refused('The condition is nested too deeply.');
      const inner = either();
      expectSign(')');
      depth -= 1;
      return inner;
    }
    if (takeWord('not')) return { kind: 'not', item: primary() };
    const of = column();
    if (takeWord('is')) {
      const not = takeWord('not');
      if (!takeWord('null')) throw refused('IS must be followed by NULL or NOT NULL.');
      const test: Condition = { kind: 'null', column: of };
      return not ? { kind: 'not', item: test } : test;
    }
    const not = takeWord('not');
    let test: Condition;
    if (takeWord('in')) test = { kind: 'in', column: of, values: values(of) };
    else if (takeWord('like')) {
      const pattern = raw();
      if (pattern !== null && typeof pattern !== 'string') throw refused('LIKE must be followed by text.');
      test = { kind: 'like', column: of, pattern };
    } else {
      const token = peek();
      const op = token.kind === 'sign' && !not ? COMPARISONS[token.text] : undefined;
      if (op === undefined) throw refused(`The condition lacks a comparison after "${of.name}".`);
      at += 1;
      test = { kind: 'compare', column: of, op, value: readOperand(of, raw()) };
    }
    return not ? { kind: 'not', item: test } : test;
  }
  function both(): Condition {
    const items = [primary()];
    while (takeWord('and')) items.push(primary());
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'and', items };
  }
  function either(): Condition {
    const items = [both()];
    while (takeWord('or')) items.push(both());
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'or', items };
  }
  const condition = either();
  if (peek().kind !== 'end') throw refused('The condition goes on where it should end.');
  return condition;
}
