/** What rows are found by: the values of some fields as one text. */

export type RowId = string | number;

const SEPARATOR = '\u0001';
const NOTHING = '\u0000';

/** Nothing and null are the same, and no text is; a number and its text are. */
export function keyPart(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? NOTHING : JSON.stringify(value);
}

export function keyOf(values: readonly unknown[]): string {
  return values.length === 1 ? keyPart(values[0]) : values.map(keyPart).join(SEPARATOR);
}

/** The key of one more value behind those of a key. */
export function keyWith(key: string, value: unknown): string {
  return `${key}${SEPARATOR}${keyPart(value)}`;
}
