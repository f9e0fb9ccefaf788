/** All rows: ids, versions, change times, and lists kept in order. Knows no rules. */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { OBJECTS, SCHEMA, type ObjectName } from './schema.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface Row {
  readonly id: string;
  /** Order of creation. */
  readonly seq: number;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
  /** Our reference, whatever the dial calls it. */
  readonly reference: string | null;
  readonly values: Values;
}

export interface Sequences {
  seq: number;
  ids: Record<string, number>;
}

export interface Added {
  /** A function when they need the new id. */
  values: Values | ((id: string) => Values);
  reference?: string | null;
  at?: { createdAt: number; updatedAt: number };
}

export interface Store {
  /** In order of creation, deleted ones among them. */
  rows(object: ObjectName): readonly Row[];
  get(object: ObjectName, id: string): Row | undefined;
  add(object: ObjectName, added: Added): Row;
  /** Moves version and change time. */
  replace(object: ObjectName, row: Row, next: Partial<Pick<Row, 'values' | 'reference' | 'deletedAt'>>): Row;
  drop(object: ObjectName, id: string): void;
  revision(): number;
  sequences(): Sequences;
  restore(sequences: Sequences, rows: Iterable<readonly [object: ObjectName, row: Row]>): void;
}

interface Table {
  rows: Row[];
  byId: Map<string, Row>;
}

export function createStore(world: SandboxWorld, dials: Dials): Store {
  const tables = new Map<ObjectName, Table>(
    OBJECTS.map((object) => [object, { rows: [], byId: new Map<string, Row>() }]),
  );
  let ids: Record<string, number> = {};
  let seq = 0;
  let revision = 0;
  let shared = { at: 0, left: 0 };

  function table(object: ObjectName): Table {
    const found = tables.get(object);
    if (found === undefined)
      throw new TypeError(`There is no object "${object}"; use one of ${OBJECTS.join(', ')}.`);
    return found;
  }
  /** Rows stand in the order of `seq`, so a row is found by halving. */
  function place(rows: readonly Row[], wanted: number): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rows[middle]?.seq ?? Infinity) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function stamp(): number {
    if (shared.left > 0) shared.left -= 1;
    else shared = { at: world.clock.now(), left: dials.equalTimestamps - 1 };
    return shared.at;
  }
  return {
    rows: (object) => table(object).rows,
    get: (object, id) => table(object).byId.get(id),
    add(object, { values, reference = null, at }) {
      seq += 1;
      const number = (ids[object] ?? 0) + 1;
      ids[object] = number;
      const id = `${SCHEMA[object].prefix}-${String(number).padStart(5, '0')}`;
      const now = at?.createdAt ?? stamp();
      const times = at ?? { createdAt: now, updatedAt: now };
      const made = typeof values === 'function' ? values(id) : values;
      const row: Row = { id, seq, version: 1, ...times, deletedAt: null, reference, values: made };
      table(object).rows.push(row);
      table(object).byId.set(id, row);
      revision += 1;
      return row;
    },
    replace(object, row, next) {
      const changed: Row = { ...row, ...next, version: row.version + 1, updatedAt: stamp() };
      const { rows, byId } = table(object);
      rows[place(rows, row.seq)] = changed;
      byId.set(row.id, changed);
      revision += 1;
      return changed;
    },
    drop(object, id) {
      const { rows, byId } = table(object);
      const row = byId.get(id);
      if (row === undefined) return;
      rows.splice(place(rows, row.seq), 1);
      byId.delete(id);
      revision += 1;
    },
    revision: () => revision,
    sequences: () => ({ seq, ids }),
    restore(sequences, rows) {
      ({ seq, ids } = sequences);
      for (const [object, row] of rows) {
        table(object).rows.push(row);
        table(object).byId.set(row.id, row);
      }
    },
  };
}

/** Throws one sentence when there is no such object. */
export function objectName(object: string): ObjectName {
  const found = OBJECTS.find((name) => name === object);
  if (found === undefined)
    throw new TypeError(`There is no object "${object}"; use one of ${OBJECTS.join(', ')}.`);
  return found;
}
