/**
 * The sandbox's tables: immutable rows that are replaced on change, one rowstamp sequence for all of them, an index by
 * key and by every relation asked for, and undo for failed requests. It knows no Maximo rules.
 */
import type { Mbo, Model, Value, Values } from './model.ts';
import { encodeRestId } from './rest-id.ts';

export interface Row {
  readonly uid: number;
  readonly rowstamp: number;
  readonly values: Values;
  /** Filled when first shown. */
  restId: string | null;
}

export interface Table {
  mbo: Mbo;
  rows: Map<number, Row>;
  byKey: Map<string, number>;
  /** Moves on with every change; what was computed from the table is good for one version. */
  version: number;
  indexes: Map<string, Map<string, Set<number>>>;
  ordered: { version: number; rows: readonly Row[] } | null;
}

/** One row before and after; undefined where it did not exist. */
export interface Change {
  table: Table;
  uid: number;
  before: Row | undefined;
  after: Row | undefined;
}

/** Where the database's own sequences stand. */
export interface Sequences {
  rowstamp: number;
  lastUid: number;
}

export interface Database {
  model: Model;
  table(mbo: string): Table;
  /** Moves on with every change of any table. */
  version(): number;
  /** Rows in order of their unique id. */
  all(mbo: string): readonly Row[];
  find(mbo: string, attributes: readonly string[], values: readonly Value[]): Row[];
  /** `find` prepared for many rows: by the values of their attributes `ours`; none when one of those is null. */
  finder(mbo: string, attributes: readonly string[]): (values: Values, ours: readonly string[]) => Row[];
  byKey(mbo: string, values: Values): Row | null;
  insert(mbo: string, values: Record<string, Value>): Row;
  replace(mbo: string, row: Row, values: Values): Row;
  remove(mbo: string, row: Row): void;
  highestRowstamp(): number;
  sequences(): Sequences;
  /** Every row of every table. */
  everything(): [mbo: string, row: Row][];
  /** Fills an empty database with rows and sequences as they were. */
  restore(sequences: Sequences, rows: Iterable<readonly [mbo: string, row: Row]>): void;
  /** Called with what each commit changed, in order, after the commit. A write outside of atomic work is one. */
  onCommit(listener: (changes: readonly Change[]) => void): void;
  /** Runs the work; when it throws, everything it changed is put back. */
  atomically<T>(work: () => T): T;
}

const SEPARATOR = '\u0001';

export function keyOf(mbo: Mbo, values: Values): string {
  return mbo.keys.map((key) => values[key] ?? '').join(SEPARATOR);
}

export function restIdOf(mbo: Mbo, row: Row): string {
  row.restId ??= encodeRestId(
    mbo.keys
      .map((key) => row.values[key] ?? null)
      .map((part) => (typeof part === 'boolean' ? Number(part) : part)),
  );
  return row.restId;
}

function createTable(mbo: Mbo): Table {
  return { mbo, rows: new Map(), byKey: new Map(), version: 0, indexes: new Map(), ordered: null };
}

function indexKey(attributes: readonly string[], values: Values): string {
  return attributes.length === 1
    ? String(values[attributes[0] ?? ''] ?? '')
    : attributes.map((attribute) => values[attribute] ?? '').join(SEPARATOR);
}

function addToIndexes(table: Table, row: Row): void {
  for (const [attributes, index] of table.indexes) {
    const key = indexKey(attributes.split(','), row.values);
    const entry = index.get(key);
    if (entry === undefined) index.set(key, new Set([row.uid]));
    else entry.add(row.uid);
  }
}

function dropFromIndexes(table: Table, row: Row): void {
  for (const [attributes, index] of table.indexes) {
    index.get(indexKey(attributes.split(','), row.values))?.delete(row.uid);
  }
}

function rowsOf(table: Table, uids: ReadonlySet<number> | undefined): Row[] {
  if (uids === undefined || uids.size === 0) return [];
  const rows: Row[] = [];
  for (const uid of uids) {
    const row = table.rows.get(uid);
    if (row !== undefined) rows.push(row);
  }
  return ascending(rows);
}

function ascending(rows: Row[]): Row[] {
  for (let at = 1; at < rows.length; at += 1) {
    if ((rows[at]?.uid ?? 0) < (rows[at - 1]?.uid ?? 0)) return rows.sort((a, b) => a.uid - b.uid);
  }
  return rows;
}

export function createDatabase(model: Model): Database {
  const tables = new Map([...model.mbos].map(([name, mbo]) => [name, createTable(mbo)]));
  let rowstamp = 1000;
  let lastUid = 0;
  let version = 0;
  /** What the running atomic work changed; null outside of one. */
  const undo: { journal: Change[] | null } = { journal: null };
  const listeners: ((changes: readonly Change[]) => void)[] = [];
  const committed = (changes: readonly Change[]): void => {
    if (changes.length > 0) for (const listener of listeners) listener(changes);
  };

  const table = (mbo: string): Table => {
    const found = tables.get(mbo);
    if (found === undefined) throw new Error(`There is no table ${mbo}.`);
    return found;
  };

  const place = (target: Table, uid: number, next: Row | undefined): void => {
    const before = target.rows.get(uid);
    if (before !== undefined) {
      dropFromIndexes(target, before);
      target.byKey.delete(keyOf(target.mbo, before.values));
    }
    if (next === undefined) target.rows.delete(uid);
    else {
      target.rows.set(uid, next);
      target.byKey.set(keyOf(target.mbo, next.values), uid);
      addToIndexes(target, next);
    }
    target.version += 1;
    version += 1;
  };

  const store = (target: Table, uid: number, next: Row | undefined): void => {
    const change = { table: target, uid, before: target.rows.get(uid), after: next };
    place(target, uid, next);
    if (undo.journal === null) committed([change]);
    else undo.journal.push(change);
  };

  const index = (
    target: Table,
    attributes: readonly string[],
    name = attributes.join(','),
  ): Map<string, Set<number>> => {
    const existing = target.indexes.get(name);
    if (existing !== undefined) return existing;
    const built = new Map<string, Set<number>>();
    for (const row of target.rows.values()) {
      const key = indexKey(attributes, row.values);
      const entry = built.get(key);
      if (entry === undefined) built.set(key, new Set([row.uid]));
      else entry.add(row.uid);
    }
    target.indexes.set(name, built);
    return built;
  };

  return {
    model,
    table,
    version: () => version,
    all(mbo) {
      const target = table(mbo);
      if (target.ordered?.version !== target.version) {
        target.ordered = { version: target.version, rows: ascending([...target.rows.values()]) };
      }
      return target.ordered.rows;
    },
    find(mbo, attributes, values) {
      const target = table(mbo);
      const key =
        values.length === 1 ? String(values[0] ?? '') : values.map((value) => value ?? '').join(SEPARATOR);
      return rowsOf(target, index(target, attributes).get(key));
    },
    finder(mbo, attributes) {
      const target = table(mbo);
      const name = attributes.join(',');
      return (values, ours) => {
        if (target.rows.size === 0) return [];
        let key = '';
        for (let at = 0; at < ours.length; at += 1) {
          const value = values[ours[at] ?? ''] ?? null;
          if (value === null) return [];
          key = at === 0 ? String(value) : `${key}${SEPARATOR}${String(value)}`;
        }
        return rowsOf(target, index(target, attributes, name).get(key));
      };
    },
    byKey(mbo, values) {
      const target = table(mbo);
      const uid = target.byKey.get(keyOf(target.mbo, values));
      return uid === undefined ? null : (target.rows.get(uid) ?? null);
    },
    insert(mbo, values) {
      const target = table(mbo);
      lastUid += 1;
      rowstamp += 1;
      values[target.mbo.uid] = lastUid;
      const row: Row = { uid: lastUid, rowstamp, values, restId: null };
      store(target, row.uid, row);
      return row;
    },
    replace(mbo, row, values) {
      rowstamp += 1;
      const next: Row = { uid: row.uid, rowstamp, values, restId: null };
      store(table(mbo), row.uid, next);
      return next;
    },
    remove(mbo, row) {
      store(table(mbo), row.uid, undefined);
    },
    highestRowstamp: () => rowstamp,
    sequences: () => ({ rowstamp, lastUid }),
    everything: () =>
      [...tables].flatMap(([name, { rows }]) =>
        [...rows.values()].map((row): [mbo: string, row: Row] => [name, row]),
      ),
    restore(sequences, rows) {
      ({ rowstamp, lastUid } = sequences);
      for (const [mbo, row] of rows) place(table(mbo), row.uid, row);
    },
    onCommit(listener) {
      listeners.push(listener);
    },
    atomically<T>(work: () => T): T {
      const outer = undo.journal;
      // Nested: undo only what the inner work did, and keep it undoable by the outer.
      const journal = outer ?? [];
      const mark = journal.length;
      undo.journal = journal;
      let result: T;
      try {
        result = work();
      } catch (error) {
        for (const entry of journal.splice(mark).reverse()) place(entry.table, entry.uid, entry.before);
        throw error;
      } finally {
        undo.journal = outer;
      }
      if (outer === null) committed(journal);
      return result;
    },
  };
}
