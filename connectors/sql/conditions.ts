/** Conditions on keys, so that every dialect compares them as they are: digits as digits, texts as texts. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { KeyValue } from './cursor.ts';
import type { Source } from './source.ts';

/** `a = ? and b = ?`, for the values of an external id, which are texts. */
export function keyIs(source: Source, values: readonly string[]): RawBuilder<unknown> {
  return sql`(${sql.join(
    source.key.map((name, index) => equals(source, name, values[index] ?? '')),
    sql` and `,
  )})`;
}

function equals(source: Source, name: string, text: string): RawBuilder<unknown> {
  const column = sql.id(name);
  if (source.dialect !== 'sqlite') return sql`${column} = ${bindKey(source, name, text)}`;
  // A column without a type keeps what it was given: the same digits may stand there as a number or as a text.
  const number = numberOf(text);
  return number === null ? sql`${column} = ${text}` : sql`(${column} = ${text} or ${column} = ${number})`;
}

function numberOf(text: string): number | bigint | null {
  if (/^-?\d{1,19}$/.test(text)) return String(BigInt(text)) === text ? BigInt(text) : null;
  return /^-?\d+\.\d+$/.test(text) && String(Number(text)) === text ? Number(text) : null;
}

/** MySQL compares a number with a text as doubles, in which two keys of seventeen digits are one. */
function bindKey(source: Source, name: string, value: KeyValue): RawBuilder<unknown> {
  const type = source.shape?.columns.get(name)?.type;
  const digits = /^-?\d+(\.\d+)?$/.test(String(value));
  if (source.dialect !== 'mysql' || !digits || (type !== 'integer' && type !== 'number'))
    return sql`${value}`;
  return type === 'integer'
    ? sql`cast(${String(value)} as decimal(65, 0))`
    : sql`cast(${String(value)} as decimal(65, 30))`;
}

export interface Edge {
  /** A column by its name, or an expression. */
  by: string | RawBuilder<unknown>;
  value: KeyValue;
}

/** Rows behind a place, in the database's own order: `(a > ?) or (a = ? and b > ?)`. */
export function behind(source: Source, edges: readonly Edge[]): RawBuilder<unknown> {
  const side = ({ by }: Edge): RawBuilder<unknown> => (typeof by === 'string' ? sql`${sql.id(by)}` : by);
  const bind = ({ by, value }: Edge): RawBuilder<unknown> =>
    typeof by === 'string' ? bindKey(source, by, value) : sql`${value}`;
  const alternatives = edges.map((edge, index) => {
    const equal = edges.slice(0, index).map((before) => sql`${side(before)} = ${bind(before)}`);
    return sql`(${sql.join([...equal, sql`${side(edge)} > ${bind(edge)}`], sql` and `)})`;
  });
  return sql`(${sql.join(alternatives, sql` or `)})`;
}

/** Keys that are not there have no place in the order: they are looked at on their own. */
export function keysAreThere(source: Source): RawBuilder<unknown>[] {
  return source.nullableKey.map((name) => sql`${sql.id(name)} is not null`);
}

export function someKeyIsMissing(source: Source): RawBuilder<unknown> | null {
  if (source.nullableKey.length === 0) return null;
  return sql`(${sql.join(
    source.nullableKey.map((name) => sql`${sql.id(name)} is null`),
    sql` or `,
  )})`;
}
