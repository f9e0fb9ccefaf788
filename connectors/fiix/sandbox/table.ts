/**
 * The rows of one class by id, with an order by change time and an index per reference column, each built on first use and
 * then maintained, so that a page out of 100,000 rows costs a slice. Rows are replaced, never changed. Knows no rules.
 */

export type Value = string | number;

export interface Row {
  readonly id: number;
  /** Columns that are not empty; `id` is one of them. */
  readonly fields: Readonly<Record<string, Value>>;
}

export interface Table {
  get(id: number): Row | undefined;
  size(): number;
  put(row: Row): void;
  drop(id: number): void;
  /** Ascending by `intUpdated`, then id; or by id alone. */
  ordered(by: 'id' | 'intUpdated'): readonly Row[];
  /** Rows whose column holds the value, ascending by id. */
  referring(column: string, value: Value): Row[];
  /** How many they are. */
  countReferring(column: string, value: Value): number;
}

export function stampOf(row: Row): number {
  const stamp = row.fields['intUpdated'];
  return typeof stamp === 'number' ? stamp : 0;
}

/** Position of the first row that is not before; the list is sorted by `before`. */
export function lowerBound(rows: readonly Row[], before: (row: Row) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && before(row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Compare = (a: Row, b: Row) => number;
const byId: Compare = (a, b) => a.id - b.id;
const COMPARE: Readonly<Record<'id' | 'intUpdated', Compare>> = {
  id: byId,
  intUpdated: (a, b) => stampOf(a) - stampOf(b) || byId(a, b),
};

export function createTable(): Table {
  const rows = new Map<number, Row>();
  const orders = new Map<'id' | 'intUpdated', Row[]>();
  const references = new Map<string, Map<Value, Set<number>>>();

  function unindex(row: Row): void {
    for (const [by, order] of orders) {
      order.splice(
        lowerBound(order, (other) => COMPARE[by](other, row) < 0),
        1,
      );
    }
    for (const [column, index] of references) index.get(row.fields[column] ?? '')?.delete(row.id);
  }
  function refer(index: Map<Value, Set<number>>, column: string, row: Row): void {
    const value = row.fields[column];
    if (value === undefined) return;
    const ids = index.get(value);
    if (ids === undefined) index.set(value, new Set([row.id]));
    else ids.add(row.id);
  }
  function indexOf(column: string): Map<Value, Set<number>> {
    let index = references.get(column);
    if (index === undefined) {
      index = new Map();
      for (const row of rows.values()) refer(index, column, row);
      references.set(column, index);
    }
    return index;
  }
  return {
    get: (id) => rows.get(id),
    size: () => rows.size,
    put(row) {
      const before = rows.get(row.id);
      if (before !== undefined) unindex(before);
      rows.set(row.id, row);
      for (const [by, order] of orders) {
        order.splice(
          lowerBound(order, (other) => COMPARE[by](other, row) < 0),
          0,
          row,
        );
      }
      for (const [column, index] of references) refer(index, column, row);
    },
    drop(id) {
      const before = rows.get(id);
      if (before === undefined) return;
      unindex(before);
      rows.delete(id);
    },
    ordered(by) {
      let order = orders.get(by);
      if (order === undefined) {
        order = [...rows.values()].sort(COMPARE[by]);
        orders.set(by, order);
      }
      return order;
    },
    referring(column, value) {
      const ids = indexOf(column).get(value);
      if (ids === undefined) return [];
      return [...ids].flatMap((id) => rows.get(id) ?? []).sort(byId);
    },
    countReferring: (column, value) => indexOf(column).get(value)?.size ?? 0,
  };
}
