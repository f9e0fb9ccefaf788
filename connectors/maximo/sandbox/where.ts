/**
 * oslc.where compiled once into a test of rows (contract 3.4). Null answers as in SQL: a comparison with it is never true.
 * Text with `%` is matched ignoring case; `"*"` means not null, `!="*"` null, `!="[A,B]"` none of them.
 */
import type { Database, Row } from './database.ts';
import { parseInstant, type ServerZone } from './date-time.ts';
import type { Attribute, Mbo, Relation, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import type { Literal, Operator, Term } from './where-parse.ts';

export type RowTest = (row: Row) => boolean;

export interface CompiledWhere {
  test: RowTest;
  /** True when the answer depends on other tables than the root's. */
  related: boolean;
}

function unusable(what: string): OslcError {
  return new OslcError(400, 'BMXAA8744E', `The OSLC query was not parsed. ${what}`);
}

function attributeOf(mbo: Mbo, name: string): Attribute {
  const attribute = mbo.attributes.get(name);
  if (attribute === undefined) throw unusable(`The attribute ${name} does not exist in object ${mbo.name}.`);
  if (!attribute.persistent) throw unusable(`The attribute ${name} of object ${mbo.name} is not persistent.`);
  return attribute;
}

/** A literal as the attribute stores its values; dates become epoch milliseconds. */
function operand(attribute: Attribute, literal: Literal, zone: ServerZone): Value {
  const { text } = literal;
  switch (attribute.type) {
    case 'YORN':
      if (text === 'true' || text === '1') return true;
      if (text === 'false' || text === '0') return false;
      throw unusable(`"${text}" is no value of the yes/no attribute ${attribute.name}.`);
    case 'DATETIME': {
      const instant = literal.kind === 'text' ? parseInstant(text, zone) : null;
      if (instant === null) throw unusable(`"${text}" is no date for ${attribute.name}.`);
      return instant;
    }
    case 'INTEGER':
    case 'BIGINT':
    case 'DECIMAL':
    case 'AMOUNT':
    case 'DURATION':
      if (text.trim() === '' || Number.isNaN(Number(text)))
        throw unusable(`"${text}" is no number for ${attribute.name}.`);
      return Number(text);
    default:
      if (literal.kind === 'bare') throw unusable(`The value ${text} of ${attribute.name} must be quoted.`);
      return text;
  }
}

/** A LIKE pattern with `%` as a plain function, no regular expression per row. */
function likeTest(pattern: string): (text: string) => boolean {
  const pieces = pattern.toLowerCase().split('%');
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '');
  return (raw) => {
    const text = raw.toLowerCase();
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    let from = first.length;
    for (const piece of middle) {
      const at = text.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return from <= text.length - last.length;
  };
}

function textEquals(text: string): (value: Value | undefined) => boolean {
  if (!text.includes('%')) return (value) => value === text;
  const like = likeTest(text);
  return (value) => typeof value === 'string' && like(value);
}

function isNull(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function compareTest(
  attribute: Attribute,
  op: Operator,
  literal: Literal,
  zone: ServerZone,
): (value: Value | undefined) => boolean {
  if (literal.kind === 'text' && literal.text === '*' && (op === '=' || op === '!=')) {
    return op === '=' ? (value) => !isNull(value) : isNull;
  }
  if (literal.kind === 'text' && op === '!=' && /^\[.*\]$/.test(literal.text)) {
    const none = new Set(literal.text.slice(1, -1).split(','));
    return (value) => !isNull(value) && !none.has(String(value));
  }
  const expected = operand(attribute, literal, zone);
  if (op === '=') return typeof expected === 'string' ? textEquals(expected) : (value) => value === expected;
  if (op === '!=') {
    const equals =
      typeof expected === 'string' ? textEquals(expected) : (value: Value | undefined) => value === expected;
    return (value) => !isNull(value) && !equals(value);
  }
  if (expected === null) return () => false;
  switch (op) {
    case '<':
      return (value) => value !== undefined && value !== null && value < expected;
    case '<=':
      return (value) => value !== undefined && value !== null && value <= expected;
    case '>':
      return (value) => value !== undefined && value !== null && value > expected;
    default:
      return (value) => value !== undefined && value !== null && value >= expected;
  }
}

function valueTest(
  attribute: Attribute,
  term: Term & { kind: 'compare' | 'in' },
  zone: ServerZone,
): (value: Value | undefined) => boolean {
  if (term.kind === 'compare') return compareTest(attribute, term.op, term.value, zone);
  const operands = term.values.map((literal) => operand(attribute, literal, zone));
  if (operands.some((value) => typeof value === 'string' && value.includes('%'))) {
    const tests = operands.map((value) => textEquals(String(value)));
    return (value) => tests.some((test) => test(value));
  }
  const set = new Set<Value | undefined>(operands);
  return (value) => set.has(value);
}

/** The rows a relation leads to, prepared for many rows. */
export function relatedTo(db: Database, relation: Relation): (row: Row) => Row[] {
  const ours = relation.link.map(([, attribute]) => attribute);
  const find = db.finder(
    relation.mbo,
    relation.link.map(([attribute]) => attribute),
  );
  const fixed = Object.entries(relation.fixed);
  return (row) => {
    const rows = find(row.values, ours);
    return fixed.length === 0 || rows.length === 0
      ? rows
      : rows.filter((found) => fixed.every(([name, value]) => found.values[name] === value));
  };
}

export function relatedRows(db: Database, relation: Relation, row: Row): Row[] {
  return relatedTo(db, relation)(row);
}

function relationOf(mbo: Mbo, name: string): Relation {
  const relation = mbo.relations.get(name);
  if (relation === undefined) throw unusable(`The relation ${name} does not exist in object ${mbo.name}.`);
  return relation;
}

export function mboOf(db: Database, name: string): Mbo {
  return db.table(name).mbo;
}

function termTest(db: Database, mbo: Mbo, term: Term, zone: ServerZone): CompiledWhere {
  if (term.kind === 'nested') {
    const relation = relationOf(mbo, term.child);
    const inner = term.terms.map((entry) => termTest(db, mboOf(db, relation.mbo), entry, zone).test);
    const related = relatedTo(db, relation);
    return {
      related: true,
      test: (row) => related(row).some((found) => inner.every((test) => test(found))),
    };
  }
  const [head = '', ...tail] = term.path;
  if (tail.length > 0) {
    const relation = relationOf(mbo, head);
    const { test } = termTest(db, mboOf(db, relation.mbo), { ...term, path: tail }, zone);
    const related = relatedTo(db, relation);
    return { related: true, test: (row) => related(row).some(test) };
  }
  const attribute = attributeOf(mbo, head);
  const test = valueTest(attribute, term, zone);
  const { name } = attribute;
  return { related: false, test: (row) => test(row.values[name]) };
}

/** Terms that few rows pass are asked first: what changed since, what comes after. */
function selectiveFirst(terms: readonly Term[]): Term[] {
  const selective = (term: Term): boolean =>
    term.kind === 'compare' && (term.op === '>' || term.op === '>=') && term.path.length === 1;
  return [...terms.filter(selective), ...terms.filter((term) => !selective(term))];
}

export function compileWhere(
  db: Database,
  mbo: Mbo,
  terms: readonly Term[],
  any: boolean,
  zone: ServerZone,
): CompiledWhere {
  const compiled = selectiveFirst(terms).map((term) => termTest(db, mbo, term, zone));
  const tests = compiled.map((term) => term.test);
  const related = compiled.some((term) => term.related);
  if (tests.length === 1 && tests[0] !== undefined) return { test: tests[0], related };
  return any
    ? { test: (row) => tests.some((test) => test(row)), related }
    : { test: (row) => tests.every((test) => test(row)), related };
}
