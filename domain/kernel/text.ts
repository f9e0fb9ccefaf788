/**
 * Text that every store and every wire can hold: whole characters without NUL. PostgreSQL refuses the rest, in a value, a
 * key, a file name and a message alike, so it is replaced where text enters and nothing is cut inside a character. No
 * imports: workflow code loads it.
 */

/** What stands in place of a character that was half or that cannot be kept: an identity that shows it was lost. */
export const LOST_CHARACTER = '\uFFFD';

/** In JSON as we write it: NUL or half of a pair. Whole pairs are written as they are. */
const ESCAPED = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The same text where it can be kept; else NUL and halves of pairs become `LOST_CHARACTER`. */
export function storableText(text: string): string {
  return isStorableText(text) ? text : text.toWellFormed().replaceAll('\0', LOST_CHARACTER);
}

/** A JSON value with every text and every name in it made storable. What needs nothing is given back as it is. */
export function storableJson<Value>(value: Value): Value {
  const serialised = JSON.stringify(value) as string | undefined;
  return serialised === undefined || !ESCAPED.test(serialised) ? value : (cleaned(value) as Value);
}

/** Whether a JSON text spells something that `storableJson` would replace; cheap, and sometimes true for nothing. */
export function mayHoldUnstorable(serialised: string): boolean {
  return ESCAPED.test(serialised);
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [storableText(name), cleaned(inner)]),
  );
}

/** The first characters of a text, at most `length` UTF-16 units, never half of a pair. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, endsInHalf(text, length) ? length - 1 : length);
}

/** A text of at most `length` units, whose cut end is shown by `mark`. */
export function shortenText(text: string, length: number, mark = '...'): string {
  return text.length <= length ? text : `${cutText(text, length - mark.length)}${mark}`;
}

function endsInHalf(text: string, length: number): boolean {
  const last = text.charCodeAt(length - 1);
  const next = text.charCodeAt(length);
  return last >= 0xd800 && last <= 0xdbff && next >= 0xdc00 && next <= 0xdfff;
}
