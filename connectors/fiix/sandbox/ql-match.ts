/**
 * Conditions as functions over rows, with SQL's third value: what is compared with an empty field is neither true nor
 * false, and does not match (contract 2.3). Also says what of a condition an index can answer.
 */
import type { Condition } from './ql-parse.ts';
import type { Row, Value } from './store.ts';

/** null is SQL's "unknown". */
type Test = (row: Row) => boolean | null;

function likePattern(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]');
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
}

function compare(condition: Extract<Condition, { kind: 'compare' }>): Test {
  const { op, value } = condition;
  const { name } = condition.column;
  if (value === null) return () => null;
  const test: Readonly<Record<typeof op, (field: Value) => boolean>> = {
    '=': (field) => field === value,
    '<>': (field) => field !== value,
    '<': (field) => field < value,
    '<=': (field) => field <= value,
    '>': (field) => field > value,
    '>=': (field) => field >= value,
  };
  const holds = test[op];
  return (row) => {
    const field = row.fields[name];
    return field === undefined ? null : holds(field);
  };
}

function isIn(condition: Extract<Condition, { kind: 'in' }>): Test {
  const { name } = condition.column;
  const values = new Set<Value | null>(condition.values);
  const hasNull = values.delete(null);
  return (row) => {
    const field = row.fields[name];
    if (field === undefined) return null;
    if (values.has(field)) return true;
    return hasNull ? null : false;
  };
}

function join(items: readonly Condition[], decides: boolean, ignoreCase: boolean): Test {
  const tests = items.map((item) => compile(item, ignoreCase));
  return (row) => {
    let result: boolean | null = !decides;
    for (const test of tests) {
      const one = test(row);
      if (one === decides) return decides;
      if (one === null) result = null;
    }
    return result;
  };
}

function compile(condition: Condition, ignoreCase: boolean): Test {
  switch (condition.kind) {
    case 'and':
      return join(condition.items, false, ignoreCase);
    case 'or':
      return join(condition.items, true, ignoreCase);
    case 'not': {
      const test = compile(condition.item, ignoreCase);
      return (row) => {
        const result = test(row);
        return result === null ? null : !result;
      };
    }
    case 'null': {
      const { name } = condition.column;
      return (row) => row.fields[name] === undefined;
    }
    case 'like': {
      const { pattern, column } = condition;
      if (pattern === null) return () => null;
      const matcher = likePattern(pattern, ignoreCase);
      return (row) => {
        const field = row.fields[column.name];
        return field === undefined ? null : matcher.test(String(field));
      };
    }
    case 'in':
      return isIn(condition);
    case 'compare':
      return compare(condition);
  }
}

export function createMatch(condition: Condition, likeIgnoresCase: boolean): (row: Row) => boolean {
  const test = compile(condition, likeIgnoresCase);
  return (row) => test(row) === true;
}

/** What narrows the rows down before they are looked at one by one. */
export interface Narrowing {
  /** Smallest id and change time that can match. */
  from: { id: number; intUpdated: number };
  /** Rows must have one of these values in this column, which is `id` or a reference. */
  among: { column: string; values: readonly Value[] } | null;
  /** The bounds say all there is: every row behind them matches. */
  complete: boolean;
}

/** The conditions all of which must hold, `and`s taken apart. */
function flatten(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.items.flatMap(flatten) : [condition];
}

export function narrow(conditions: readonly Condition[]): Narrowing {
  const from = { id: -Infinity, intUpdated: -Infinity };
  let among: Narrowing['among'] = null;
  const all = conditions.flatMap(flatten);
  let bounds = 0;
  for (const condition of all) {
    if (condition.kind === 'compare' && (condition.op === '>' || condition.op === '>=')) {
      const { column, op, value } = condition;
      const { name } = column;
      if (name !== 'id' && name !== 'intUpdated') continue;
      if (typeof value !== 'number' || !Number.isInteger(value)) continue;
      from[name] = Math.max(from[name], op === '>' ? value + 1 : value);
      bounds += 1;
    }
    const values =
      condition.kind === 'in'
        ? condition.values
        : condition.kind === 'compare' && condition.op === '='
          ? [condition.value]
          : [];
    if (values.length === 0 || !('column' in condition)) continue;
    const { column } = condition;
    if (column.name !== 'id' && column.ref === null) continue;
    if (among === null || values.length < among.values.length) {
      among = { column: column.name, values: [...new Set(values.flatMap((value) => value ?? []))] };
    }
  }
  return { from, among, complete: bounds === all.length && bounds <= 1 };
}
