/** Rows in one order: sorted when first asked for, and kept so that a page out of 100,000 costs a slice. */

export type Compare<R> = (a: R, b: R) => number;

export interface Order<R> {
  rows(): readonly R[];
  /** A row took the place of another; undefined where there was or is none. */
  replace(before: R | undefined, after: R | undefined): void;
}

/** Position of the first row that is not before; the rows are sorted by `before`. */
export function lowerBound<R>(rows: readonly R[], before: (row: R) => boolean): number {
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

/** `byId` holds the rows as they are; nothing is sorted before somebody looks. */
export function createOrder<R>(compare: Compare<R>, byId: ReadonlyMap<unknown, R>): Order<R> {
  let sorted: R[] | null = null;
  const place = (rows: readonly R[], row: R): number => lowerBound(rows, (other) => compare(other, row) < 0);
  return {
    rows() {
      sorted ??= [...byId.values()].sort(compare);
      return sorted;
    },
    replace(before, after) {
      if (sorted === null) return;
      if (before !== undefined) {
        const at = place(sorted, before);
        if (after !== undefined && compare(before, after) === 0) {
          sorted[at] = after;
          return;
        }
        sorted.splice(at, 1);
      }
      if (after === undefined) return;
      const last = sorted.at(-1);
      if (last === undefined || compare(last, after) < 0) sorted.push(after);
      else sorted.splice(place(sorted, after), 0, after);
    },
  };
}

/** By a number, or by text. */
export function byField<R>(value: (row: R) => string | number): Compare<R> {
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
