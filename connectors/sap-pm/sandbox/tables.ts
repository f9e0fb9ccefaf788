/**
 * The rows behind all services: tables kept in key order, indexes for children, sequences, and units of work that can be
 * undone. A row is replaced, never changed. Knows no rules of any object.
 */
import { compareValues } from './edm.ts';
import type { Field, Value, Values } from './schema.ts';

export interface Row {
  readonly id: string;
  readonly values: Values;
  /** Counts changes of the whole system; tells two versions of a row apart even within one second. */
  readonly version: number;
}

export interface Table {
  name: string;
  keys: readonly Field[];
  /** In key order. */
  rows: Row[];
  position: Map<string, number>;
  sorted: boolean;
  indexes: Map<string, Map<string, Set<string>>>;
  revision: number;
}

type Undo = readonly [table: string, id: string, before: Row | null];

export interface Database {
  table(name: string): Table;
  names(): string[];
  get(table: string, id: string): Row | undefined;
  rows(table: string): readonly Row[];
  /** Rows whose fields have these values, in key order. */
  where(table: string, fields: readonly string[], values: readonly Value[]): Row[];
  put(table: string, values: Values): Row;
  drop(table: string, id: string): void;
  /** Runs one unit of work: everything or nothing. Units nest. */
  unit<T>(work: () => T): T;
  next(sequence: string, first: number): number;
  revision(): number;
  sequences(): Record<string, number>;
  restore(sequences: Record<string, number>, rows: Iterable<readonly [table: string, row: Row]>): void;
}

const SEPARATOR = '\u0001';

export function idOf(keys: readonly Field[], values: Values): string {
  return keys.map(({ name, initial }) => String(values[name] ?? initial)).join(SEPARATOR);
}

function compareRows(keys: readonly Field[], a: Row, b: Row): number {
  for (const key of keys) {
    const order = compareValues(
      a.values[key.name] ?? key.initial,
      b.values[key.name] ?? key.initial,
      key.alpha,
    );
    if (order !== 0) return order;
  }
  return 0;
}

function indexKey(values: readonly (Value | undefined)[]): string {
  return values.map(String).join(SEPARATOR);
}

function ensureSorted(table: Table): void {
  if (table.sorted) return;
  table.rows.sort((a, b) => compareRows(table.keys, a, b));
  table.rows.forEach((row, at) => table.position.set(row.id, at));
  table.sorted = true;
}

function reindex(table: Table, before: Row | undefined, after: Row | undefined): void {
  for (const [spec, index] of table.indexes) {
    const fields = spec.split(SEPARATOR);
    if (before !== undefined) index.get(indexKey(fields.map((f) => before.values[f])))?.delete(before.id);
    if (after === undefined) continue;
    const key = indexKey(fields.map((f) => after.values[f]));
    const found = index.get(key);
    if (found === undefined) index.set(key, new Set([after.id]));
    else found.add(after.id);
  }
}

function store(table: Table, row: Row): void {
  const at = table.position.get(row.id);
  reindex(table, at === undefined ? undefined : table.rows[at], row);
  table.revision += 1;
  if (at !== undefined) {
    table.rows[at] = row;
    return;
  }
  const last = table.rows.at(-1);
  if (last !== undefined && table.sorted && compareRows(table.keys, last, row) > 0) table.sorted = false;
  table.position.set(row.id, table.rows.length);
  table.rows.push(row);
}

function erase(table: Table, id: string): void {
  const at = table.position.get(id);
  if (at === undefined) return;
  reindex(table, table.rows[at], undefined);
  table.rows.splice(at, 1);
  table.position.delete(id);
  for (let i = at; i < table.rows.length; i += 1) {
    const row = table.rows[i];
    if (row !== undefined) table.position.set(row.id, i);
  }
  table.revision += 1;
}

export function createDatabase(definitions: ReadonlyMap<string, readonly Field[]>): Database {
  const tables = new Map<string, Table>();
  for (const [name, keys] of definitions) {
    tables.set(name, {
      name,
      keys,
      rows: [],
      position: new Map(),
      sorted: true,
      indexes: new Map(),
      revision: 0,
    });
  }
  let sequences: Record<string, number> = {};
  let version = 0;
  let journal: Undo[] | null = null;

  function table(name: string): Table {
    const found = tables.get(name);
    if (found === undefined)
      throw new TypeError(`There is no object "${name}"; use one of ${[...tables.keys()].join(', ')}.`);
    return found;
  }
  function get(name: string, id: string): Row | undefined {
    const own = table(name);
    const at = own.position.get(id);
    return at === undefined ? undefined : own.rows[at];
  }
  function undo(from: number): void {
    for (const [name, id, before] of (journal ?? []).splice(from).reverse()) {
      if (before === null) erase(table(name), id);
      else store(table(name), before);
    }
  }
  return {
    table,
    names: () => [...tables.keys()],
    get,
    rows(name) {
      const own = table(name);
      ensureSorted(own);
      return own.rows;
    },
    where(name, fields, values) {
      const own = table(name);
      ensureSorted(own);
      const spec = fields.join(SEPARATOR);
      let index = own.indexes.get(spec);
      if (index === undefined) {
        index = new Map();
        own.indexes.set(spec, index);
        for (const row of own.rows) {
          const key = indexKey(fields.map((f) => row.values[f]));
          const found = index.get(key);
          if (found === undefined) index.set(key, new Set([row.id]));
          else found.add(row.id);
        }
      }
      const at = [...(index.get(indexKey(values)) ?? [])].map((id) => own.position.get(id) ?? 0);
      return at.sort((a, b) => a - b).flatMap((i) => own.rows[i] ?? []);
    },
    put(name, values) {
      const own = table(name);
      const id = idOf(own.keys, values);
      journal?.push([name, id, get(name, id) ?? null]);
      version += 1;
      const row: Row = { id, values, version };
      store(own, row);
      return row;
    },
    drop(name, id) {
      const before = get(name, id);
      if (before === undefined) return;
      journal?.push([name, id, before]);
      version += 1;
      erase(table(name), id);
    },
    unit(work) {
      const outer = journal;
      journal ??= [];
      const mark = journal.length;
      try {
        return work();
      } catch (error) {
        undo(mark);
        throw error;
      } finally {
        if (outer === null) journal = null;
      }
    },
    next(sequence, first) {
      const number = (sequences[sequence] ?? first - 1) + 1;
      sequences[sequence] = number;
      return number;
    },
    revision: () => version,
    sequences: () => ({ ...sequences, '': version }),
    restore(saved, rows) {
      sequences = { ...saved };
      version = saved[''] ?? 0;
      for (const [name, row] of rows) store(table(name), row);
    },
  };
}
