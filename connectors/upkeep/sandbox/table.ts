/**
 * One resource's rows, each with its JSON text kept, and an index per orderable field that is built on first use and then
 * maintained, so that a page of 1,000 out of 100,000 costs a slice and a join. Rows are never changed in place.
 */

export interface Row {
  readonly id: string;
  /** Order of creation; breaks ties of equal timestamps. */
  readonly seq: number;
  /** What the single get shows, references as ids. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is never shown: passwords, team members, the requester of a request. */
  readonly hidden: Readonly<Record<string, unknown>>;
  /** JSON of `fields`, made on first use. */
  text: string | null;
}

export interface Table {
  get(id: string): Row | undefined;
  rows(): Iterable<Row>;
  size(): number;
  /** Adds or replaces. */
  put(row: Row): void;
  drop(id: string): void;
  /** Ascending by field, then by creation; rows without the field come first. */
  ordered(field: string): readonly Row[];
}

/** ISO timestamps of one format compare as text. */
export function sortValue(row: Row, field: string): string {
  const value = row.fields[field];
  return typeof value === 'string' ? value : '';
}

export function compareRows(field: string): (a: Row, b: Row) => number {
  return (a, b) => {
    const left = sortValue(a, field);
    const right = sortValue(b, field);
    return left < right ? -1 : left > right ? 1 : a.seq - b.seq;
  };
}

/** Position of the first element that is not before; the list is sorted by `before`. */
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

export function createTable(): Table {
  const byId = new Map<string, Row>();
  const indexes = new Map<string, Row[]>();

  function place(index: Row[], field: string, row: Row): number {
    const compare = compareRows(field);
    return lowerBound(index, (other) => compare(other, row) < 0);
  }
  function unindex(row: Row): void {
    for (const [field, index] of indexes) index.splice(place(index, field, row), 1);
  }
  return {
    get: (id) => byId.get(id),
    rows: () => byId.values(),
    size: () => byId.size,
    put(row) {
      const before = byId.get(row.id);
      if (before !== undefined) unindex(before);
      byId.set(row.id, row);
      for (const [field, index] of indexes) index.splice(place(index, field, row), 0, row);
    },
    drop(id) {
      const before = byId.get(id);
      if (before === undefined) return;
      unindex(before);
      byId.delete(id);
    },
    ordered(field) {
      let index = indexes.get(field);
      if (index === undefined) {
        index = [...byId.values()].sort(compareRows(field));
        indexes.set(field, index);
      }
      return index;
    },
  };
}
