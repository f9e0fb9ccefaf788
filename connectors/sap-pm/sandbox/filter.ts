/** `$filter` and `$orderby` of OData V2 and V4 (contract 3.1), compiled to a test and a comparison on rows. */
import { compareValues, readLiteral } from './edm.ts';
import { SapError } from './sap-error.ts';
import { valueOf, type EntitySet, type Field, type Value } from './schema.ts';
import type { Row } from './tables.ts';

export type Test = (row: Row) => boolean;

const TOKEN = /\s*((?:datetimeoffset|datetime|time|guid)?'(?:[^']|'')*'|[(),]|[^\s(),']+)/giy;

function tokens(text: string): string[] {
  const out: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match?.[1] === undefined) {
      if (text.slice(out.length === 0 ? 0 : TOKEN.lastIndex).trim() === '') break;
      throw syntax(text);
    }
    out.push(match[1]);
    if (text.slice(TOKEN.lastIndex).trim() === '') break;
  }
  return out;
}

function syntax(text: string): SapError {
  return new SapError(400, '/IWBEP/CM_MGW_RT/065', `Invalid filter expression '${text}'`);
}

const SYMBOLS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** An operand: a property, perhaps in another letter case, or a literal still without a type. */
type Operand = { field: Field; read: (row: Row) => Value } | { literal: string };

/** How a client's name becomes a field: a system may have renamed or lost it. */
export type FindField = (name: string) => Field | undefined;

function fieldOf(set: EntitySet, find: FindField, name: string): Field {
  const field = find(name);
  if (field === undefined) {
    throw new SapError(
      400,
      '/IWBEP/CM_MGW_RT/022',
      `Property '${name}' does not exist in type '${set.type}'`,
      { target: name },
    );
  }
  if (!field.filterable) {
    throw new SapError(501, 'SADL_GW/034', `Query operation "filter" on property "${name}" not implemented`, {
      target: name,
    });
  }
  return field;
}

interface Reader {
  set: EntitySet;
  find: FindField;
  /** `eq null` is understood. */
  nulls: boolean;
  text: string;
  list: string[];
  at: number;
}

function peek(reader: Reader): string {
  return reader.list[reader.at] ?? '';
}

function take(reader: Reader, expected?: string): string {
  const token = peek(reader);
  if (token === '' || (expected !== undefined && token !== expected)) throw syntax(reader.text);
  reader.at += 1;
  return token;
}

function operand(reader: Reader): Operand {
  const token = take(reader);
  if (/^(tolower|toupper|trim)$/.test(token) && peek(reader) === '(') {
    take(reader, '(');
    const inner = operand(reader);
    take(reader, ')');
    if (!('field' in inner)) throw syntax(reader.text);
    const change = (text: string): string =>
      token === 'tolower' ? text.toLowerCase() : token === 'toupper' ? text.toUpperCase() : text.trim();
    return { field: { ...inner.field, alpha: false }, read: (row) => change(String(inner.read(row))) };
  }
  if (/^[A-Za-z_]\w*$/.test(token) && !/^(true|false|null)$/.test(token)) {
    const field = fieldOf(reader.set, reader.find, token);
    return { field, read: (row) => valueOf(row.values, field) };
  }
  if (token.includes('/') && !token.startsWith("'")) {
    throw new SapError(
      400,
      '/IWBEP/CM_MGW_RT/066',
      `Filtering over the navigation '${token}' is not supported`,
    );
  }
  return { literal: token };
}

const MIRROR: Readonly<Record<string, string>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
};

function comparison(reader: Reader): Test {
  const name = peek(reader);
  if (/^(substringof|startswith|endswith|contains)$/.test(name) && reader.list[reader.at + 1] === '(') {
    const test = textFunction(reader);
    if (!/^(eq|ne)$/.test(peek(reader))) return test;
    const equal = take(reader) === 'eq';
    const wanted = take(reader) === 'true';
    return (row) => (test(row) === wanted) === equal;
  }
  const left = operand(reader);
  const word = take(reader);
  if (SYMBOLS[word] === undefined) {
    throw new SapError(400, '/IWBEP/CM_MGW_RT/065', `The operator '${word}' in the filter is not supported`);
  }
  const right = operand(reader);
  if ('field' in left) return compare(reader, left, word, right);
  if ('field' in right) return compare(reader, right, MIRROR[word] ?? word, left);
  throw syntax(reader.text);
}

function compare(
  reader: Reader,
  left: Extract<Operand, { field: Field }>,
  word: string,
  right: Operand,
): Test {
  const holds = SYMBOLS[word] ?? (() => false);
  const { field, read } = left;
  if ('field' in right) return (row) => holds(compareValues(read(row), right.read(row), field.alpha));
  const value = readLiteral(field, right.literal);
  if (value === null && !reader.nulls) {
    throw new SapError(
      400,
      '/IWBEP/CM_MGW_RT/065',
      `Comparison of '${field.name}' with null is not supported`,
    );
  }
  if (value === null)
    return (row) => holds(compareValues(read(row), null, false)) && (word === 'eq' || word === 'ne');
  // What is not there compares with nothing, as in the database.
  return (row) => {
    const own = read(row);
    return own !== null && holds(compareValues(own, value, field.alpha));
  };
}

function textFunction(reader: Reader): Test {
  const name = take(reader);
  take(reader, '(');
  const first = operand(reader);
  take(reader, ',');
  const second = operand(reader);
  take(reader, ')');
  // V2's substringof has the value first.
  const [place, value] = name === 'substringof' ? [second, first] : [first, second];
  if (!('field' in place) || !('literal' in value) || !value.literal.startsWith("'"))
    throw syntax(reader.text);
  const wanted = value.literal.slice(1, -1).replaceAll("''", "'");
  const { read } = place;
  if (name === 'startswith') return (row) => String(read(row)).startsWith(wanted);
  if (name === 'endswith') return (row) => String(read(row)).endsWith(wanted);
  return (row) => String(read(row)).includes(wanted);
}

function unary(reader: Reader): Test {
  if (peek(reader) === 'not') {
    take(reader);
    const inner = unary(reader);
    return (row) => !inner(row);
  }
  if (peek(reader) === '(') {
    take(reader);
    const inner = either(reader);
    take(reader, ')');
    return inner;
  }
  return comparison(reader);
}

function both(reader: Reader): Test {
  const parts = [unary(reader)];
  while (peek(reader) === 'and') {
    take(reader);
    parts.push(unary(reader));
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : (row) => parts.every((test) => test(row));
}

function either(reader: Reader): Test {
  const parts = [both(reader)];
  while (peek(reader) === 'or') {
    take(reader);
    parts.push(both(reader));
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : (row) => parts.some((test) => test(row));
}

export interface FilterContext {
  set: EntitySet;
  find: FindField;
  nulls: boolean;
}

export function compileFilter(context: FilterContext, text: string): Test {
  const reader: Reader = { ...context, text, list: tokens(text), at: 0 };
  const test = either(reader);
  if (reader.at < reader.list.length) throw syntax(text);
  return test;
}

export function compileOrder({ set, find }: FilterContext, text: string): (a: Row, b: Row) => number {
  const parts = text.split(',').map((part) => {
    const [name = '', direction = 'asc'] = part.trim().split(/\s+/);
    const field = fieldOf(set, find, name);
    if (!field.sortable || !/^(asc|desc)$/.test(direction)) {
      throw new SapError(501, 'SADL_GW/034', `Query operation "sort" on property "${name}" not implemented`, {
        target: name,
      });
    }
    return { field, sign: direction === 'desc' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { field, sign } of parts) {
      const order = compareValues(valueOf(a.values, field), valueOf(b.values, field), field.alpha);
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}
