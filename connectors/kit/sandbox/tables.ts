/**
 * The rows of a vendor: tables kept in an order, further orders and indexes built on first use and then maintained, sequences,
 * and units of work that can be undone. A row is replaced, never changed. Knows no rules of any record.
 */
import { createIndex, type Index } from './table-index.ts';
import { keyOf, type RowId } from './table-key.ts';
import { createOrder, type Compare, type Order } from './table-order.ts';

/** One row before and after; undefined where it did not exist. */
export interface Change<N extends string, R> {
  table: N;
  id: RowId;
  before: R | undefined;
  after: R | undefined;
}

/** What outlives a process beside the rows. */
export interface TablesKept {
  sequences: Record<string, number>;
}

export interface Tables<N extends string, R> {
  names: readonly N[];
  get: (table: N, id: RowId) => R | undefined;
  /** In the table's own order. */
  rows: (table: N) => readonly R[];
  size(table: N): number;
  /** In another order; `name` tells one from the other. */
  ordered(table: N, name: string, compare: Compare<R>): readonly R[];
  /** Rows whose fields have these values, in the table's own order. */
  where(table: N, fields: readonly string[], values: readonly unknown[]): R[];
  countWhere(table: N, fields: readonly string[], values: readonly unknown[]): number;
  /** `where` prepared for many calls: by the values' key (`keyOf`). */
  finder(table: N, fields: readonly string[]): (key: string) => R[];
  /** Adds or replaces. */
  put(table: N, row: R): R;
  drop(table: N, id: RowId): void;
  /** Moves on with every change of the table. */
  version(table: N): number;
  /** Moves on with every change of any. */
  revision(): number;
  /** The next number of a sequence; undoing does not give it back. */
  next(sequence: string, first?: number): number;
  /** The last number of a sequence; undefined when none was given. */
  last(sequence: string): number | undefined;
  /** A number that was given by hand is not given again. */
  passed(sequence: string, number: number): void;
  /** Runs the work; when it throws, everything it stored is undone. Units nest. */
  atomically: <T>(work: () => T) => T;
  /** Called with what each unit changed, in order; a change outside of one is a unit of its own. */
  onCommit(listener: (changes: readonly Change<N, R>[]) => void): void;
  /** Empties every table; sequences begin anew. */
  clear(): void;
  everything(): [table: N, row: R][];
  kept(): TablesKept;
  /** Fills empty tables with rows and sequences as they were. */
  restore(kept: TablesKept, rows: Iterable<readonly [table: N, row: R]>): void;
}

export interface TablesOptions<N extends string, R> {
  names: readonly N[];
  idOf: (row: R, table: N) => RowId;
  /** A table's own order; no two rows are equal in it. */
  order(table: N): Compare<R>;
  field: (row: R, name: string) => unknown;
}

interface Table<R> {
  byId: Map<RowId, R>;
  own: Order<R>;
  orders: Map<string, Order<R>>;
  indexes: Map<string, Index<R>>;
  version: number;
}

const OWN_SEPARATOR = ',';

export function createTables<N extends string, R extends object>(options: TablesOptions<N, R>): Tables<N, R> {
  const { names, idOf, field } = options;
  const tables = new Map<N, Table<R>>();
  const listeners: ((changes: readonly Change<N, R>[]) => void)[] = [];
  let sequences: Record<string, number> = {};
  let revision = 0;
  let journal: Change<N, R>[] | null = null;

  function table(name: N): Table<R> {
    let found = tables.get(name);
    if (found === undefined) {
      const byId = new Map<RowId, R>();
      const own = createOrder(options.order(name), byId);
      found = { byId, own, orders: new Map(), indexes: new Map(), version: 0 };
      tables.set(name, found);
    }
    return found;
  }
  function committed(changes: readonly Change<N, R>[]): void {
    if (changes.length > 0) for (const listener of listeners) listener(changes);
  }
  function store({ table: name, id, before, after }: Change<N, R>): void {
    const target = table(name);
    if (after === undefined) target.byId.delete(id);
    else target.byId.set(id, after);
    target.own.replace(before, after);
    for (const order of target.orders.values()) order.replace(before, after);
    for (const index of target.indexes.values()) index.replace(before, after);
    target.version += 1;
    revision += 1;
  }
  function change(name: N, id: RowId, after: R | undefined): void {
    const made = { table: name, id, before: table(name).byId.get(id), after };
    store(made);
    if (journal === null) committed([made]);
    else journal.push(made);
  }
  function index(name: N, fields: readonly string[]): Index<R> {
    const target = table(name);
    const spec = fields.join(OWN_SEPARATOR);
    let found = target.indexes.get(spec);
    if (found === undefined) {
      found = createIndex({ fields, field, idOf: (row) => idOf(row, name), order: options.order(name) });
      for (const row of target.byId.values()) found.replace(undefined, row);
      target.indexes.set(spec, found);
    }
    return found;
  }
  return {
    names,
    get: (name, id) => table(name).byId.get(id),
    rows: (name) => table(name).own.rows(),
    size: (name) => table(name).byId.size,
    ordered(name, key, compare) {
      const target = table(name);
      let order = target.orders.get(key);
      if (order === undefined) {
        order = createOrder(compare, target.byId);
        target.orders.set(key, order);
      }
      return order.rows();
    },
    where: (name, fields, values) => index(name, fields).find(keyOf(values), table(name).byId),
    countWhere: (name, fields, values) => index(name, fields).count(keyOf(values)),
    finder: (name, fields) => (key) => {
      const { byId } = table(name);
      return byId.size === 0 ? [] : index(name, fields).find(key, byId);
    },
    put(name, row) {
      change(name, idOf(row, name), row);
      return row;
    },
    drop(name, id) {
      if (table(name).byId.has(id)) change(name, id, undefined);
    },
    version: (name) => table(name).version,
    revision: () => revision,
    next(sequence, first = 1) {
      const number = (sequences[sequence] ?? first - 1) + 1;
      sequences[sequence] = number;
      return number;
    },
    last: (sequence) => sequences[sequence],
    passed(sequence, number) {
      sequences[sequence] = Math.max(sequences[sequence] ?? 0, number);
    },
    atomically(work) {
      const outer = journal;
      const own = outer ?? [];
      const mark = own.length;
      journal = own;
      try {
        const result = work();
        journal = outer;
        if (outer === null) committed(own);
        return result;
      } catch (error) {
        journal = outer;
        for (const made of own.splice(mark).reverse()) {
          store({ ...made, before: made.after, after: made.before });
        }
        throw error;
      }
    },
    onCommit(listener) {
      listeners.push(listener);
    },
    clear() {
      tables.clear();
      sequences = {};
      revision += 1;
    },
    everything: () =>
      names.flatMap((name) =>
        table(name)
          .own.rows()
          .map((row): [N, R] => [name, row]),
      ),
    kept: () => ({ sequences: { ...sequences } }),
    restore(kept, rows) {
      sequences = { ...kept.sequences };
      for (const [name, row] of rows) {
        store({ table: name, id: idOf(row, name), before: undefined, after: row });
      }
    },
  };
}

/** Throws one sentence when there is no such object. */
export function objectNamed<N extends string>(names: readonly N[], object: string): N {
  const found = names.find((name) => name === object);
  if (found !== undefined) return found;
  throw new TypeError(`There is no object "${object}"; use one of ${names.join(', ')}.`);
}
