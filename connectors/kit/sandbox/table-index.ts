/** Ids of the rows that have the same values in some fields. */
import { keyOf, type RowId } from './table-key.ts';
import type { Compare } from './table-order.ts';

export interface Index<R> {
  /** A row took the place of another; undefined where there was or is none. */
  replace(before: R | undefined, after: R | undefined): void;
  /** In the table's own order. */
  find(key: string, byId: ReadonlyMap<RowId, R>): R[];
  count(key: string): number;
}

interface IndexParts<R> {
  fields: readonly string[];
  field: (row: R, name: string) => unknown;
  idOf: (row: R) => RowId;
  order: Compare<R>;
}

export function createIndex<R>({ fields, field, idOf, order }: IndexParts<R>): Index<R> {
  const ids = new Map<string, Set<RowId>>();
  const keyOfRow = (row: R): string => keyOf(fields.map((name) => field(row, name)));
  return {
    replace(before, after) {
      if (before !== undefined) ids.get(keyOfRow(before))?.delete(idOf(before));
      if (after === undefined) return;
      const key = keyOfRow(after);
      const found = ids.get(key);
      if (found === undefined) ids.set(key, new Set([idOf(after)]));
      else found.add(idOf(after));
    },
    find(key, byId) {
      const rows: R[] = [];
      for (const id of ids.get(key) ?? []) {
        const row = byId.get(id);
        if (row !== undefined) rows.push(row);
      }
      return inOrder(rows, order);
    },
    count: (key) => ids.get(key)?.size ?? 0,
  };
}

/** Most lie in order already. */
function inOrder<R>(rows: R[], order: Compare<R>): R[] {
  for (let at = 1; at < rows.length; at += 1) {
    const [before, row] = [rows[at - 1], rows[at]];
    if (before !== undefined && row !== undefined && order(before, row) > 0) return rows.sort(order);
  }
  return rows;
}
