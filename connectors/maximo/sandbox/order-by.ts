/** oslc.orderBy (contract 3.2): `+attr,-attr`, sign mandatory, persistent attributes of the root only. */
import type { Row } from './database.ts';
import type { Mbo } from './model.ts';
import { queryError } from './where-parse.ts';

export interface OrderTerm {
  attribute: string;
  descending: boolean;
}

export function parseOrderBy(mbo: Mbo, text: string): OrderTerm[] {
  let at = 0;
  return text.split(',').map((part) => {
    const match = /^([+-])(?:spi:)?(\w+)$/.exec(part);
    const attribute = mbo.attributes.get(match?.[2]?.toLowerCase() ?? '');
    if (match === null || attribute?.persistent !== true) throw queryError(text, at);
    at += part.length + 1;
    return { attribute: attribute.name, descending: match[1] === '-' };
  });
}

/** Sorts in place; rows that are in order already (scans by the unique id) cost one walk. Nulls come first ascending. */
export function sortRows(rows: Row[], order: readonly OrderTerm[]): Row[] {
  const compare = (a: Row, b: Row): number => {
    for (const { attribute, descending } of order) {
      const left = a.values[attribute] ?? null;
      const right = b.values[attribute] ?? null;
      if (left === right) continue;
      const sign = left === null || (right !== null && left < right) ? -1 : 1;
      return descending ? -sign : sign;
    }
    return 0;
  };
  for (let at = 1; at < rows.length; at += 1) {
    const before = rows[at - 1];
    const here = rows[at];
    if (before !== undefined && here !== undefined && compare(before, here) > 0) return rows.sort(compare);
  }
  return rows;
}
