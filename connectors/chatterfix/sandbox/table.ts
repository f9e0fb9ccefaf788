/** Rows of a generation, and the orders its lists serve them in. */
import { byField, type Compare as CompareOf } from '../../kit/sandbox/index.ts';
import { textOf } from './text-of.ts';

export interface Row {
  /** The id as text. */
  readonly key: string;
  /** Order of creation. */
  readonly seq: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Compare = CompareOf<Row>;

/** Ascending by a text column, ties in order of creation. */
export function oldestFirst(column: string): Compare {
  return byField(({ fields }) => textOf(fields[column]));
}

export function newestFirst(column: string): Compare {
  const reversed = oldestFirst(column);
  return (a, b) => reversed(b, a);
}

export const asInserted: Compare = byField(({ seq }) => seq);
