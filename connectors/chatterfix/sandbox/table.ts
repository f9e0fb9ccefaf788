/** One table's rows in the order its list serves them, kept sorted, each with its JSON text once it was asked for. */

export interface Row {
  /** The id as text. */
  readonly key: string;
  /** Order of creation. */
  readonly seq: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Compare = (a: Row, b: Row) => number;

export interface Table {
  get(key: string): Row | undefined;
  /** In list order. */
  rows(): readonly Row[];
  put(row: Row): void;
  drop(key: string): void;
}

/** So many new rows are placed one by one; more, as a seed brings them, are sorted once. */
const PLACED_MAX = 64;

export function createTable(compare: Compare): Table {
  const byKey = new Map<string, Row>();
  const sorted: Row[] = [];
  let waiting: Row[] = [];
  const total = (a: Row, b: Row): number => compare(a, b) || a.seq - b.seq;

  function place(row: Row): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sorted[middle];
      if (other !== undefined && total(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function settle(): void {
    const rows = waiting;
    waiting = [];
    if (rows.length <= PLACED_MAX) {
      for (const row of rows) sorted.splice(place(row), 0, row);
      return;
    }
    for (const row of rows) sorted.push(row);
    sorted.sort(total);
  }
  return {
    get: (key) => byKey.get(key),
    rows() {
      if (waiting.length > 0) settle();
      return sorted;
    },
    put(row) {
      const before = byKey.get(row.key);
      if (before !== undefined) {
        settle();
        byKey.set(row.key, row);
        if (total(before, row) === 0) {
          sorted[place(before)] = row;
          return;
        }
        sorted.splice(place(before), 1);
      }
      byKey.set(row.key, row);
      waiting.push(row);
    },
    drop(key) {
      const row = byKey.get(key);
      if (row === undefined) return;
      settle();
      sorted.splice(place(row), 1);
      byKey.delete(key);
    },
  };
}

/** Descending by a text column, ties in order of creation. */
export function newestFirst(column: string): Compare {
  return (a, b) => {
    const left = String(a.fields[column]);
    const right = String(b.fields[column]);
    return left < right ? 1 : left > right ? -1 : 0;
  };
}

export function oldestFirst(column: string): Compare {
  const reversed = newestFirst(column);
  return (a, b) => reversed(b, a);
}

export const asInserted: Compare = (a, b) => a.seq - b.seq;
