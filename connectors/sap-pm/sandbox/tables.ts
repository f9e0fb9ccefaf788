/** The rows behind all services: tables kept in the order of their keys, and number ranges. Knows no rules of any object. */
import { createTables, type Compare, type Tables } from '../../kit/sandbox/index.ts';
import { compareValues } from './edm.ts';
import type { Field, Value, Values } from './schema.ts';

export interface Row {
  readonly id: string;
  readonly values: Values;
  /** Counts changes of the whole system; tells two versions of a row apart even within one second. */
  readonly version: number;
}

export interface Database {
  tables: Tables<string, Row>;
  keysOf(table: string): readonly Field[];
  orderOf(table: string): Compare<Row>;
  get(table: string, id: string): Row | undefined;
  /** In key order. */
  rows(table: string): readonly Row[];
  /** Rows whose fields have these values, in key order. */
  where(table: string, fields: readonly string[], values: readonly Value[]): Row[];
  put(table: string, values: Values): Row;
  drop(table: string, id: string): void;
  /** Runs one unit of work: everything or nothing. Units nest. */
  unit<T>(work: () => T): T;
  next(sequence: string, first: number): number;
}

export const KEY_SEPARATOR = '\u0001';

export function idOf(keys: readonly Field[], values: Values): string {
  return keys.map(({ name, initial }) => String(values[name] ?? initial)).join(KEY_SEPARATOR);
}

function byKeys(keys: readonly Field[]): Compare<Row> {
  return (a, b) => {
    for (const { name, initial, alpha } of keys) {
      const order = compareValues(a.values[name] ?? initial, b.values[name] ?? initial, alpha);
      if (order !== 0) return order;
    }
    return 0;
  };
}

export function createDatabase(definitions: ReadonlyMap<string, readonly Field[]>): Database {
  const keysOf = (table: string): readonly Field[] => definitions.get(table) ?? [];
  const orderOf = (table: string): Compare<Row> => byKeys(keysOf(table));
  const tables = createTables<string, Row>({
    names: [...definitions.keys()],
    idOf: ({ id }) => id,
    order: orderOf,
    field: ({ values }, name) => values[name],
  });
  return {
    ...{ tables, keysOf, orderOf },
    get: (table, id) => tables.get(table, id),
    rows: (table) => tables.rows(table),
    where: (table, fields, values) => tables.where(table, fields, values),
    put: (table, values) =>
      tables.put(table, { id: idOf(keysOf(table), values), values, version: tables.next('version') }),
    drop: (table, id) => tables.drop(table, id),
    unit: (work) => tables.atomically(work),
    next: (sequence, first) => tables.next(sequence, first),
  };
}
