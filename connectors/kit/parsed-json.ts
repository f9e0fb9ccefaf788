/** What reading a JSON text gives: its value with what was odd about it, or where it breaks. Types only. */

/** Something in the text that JSON does not know, read as well as it can be. */
export interface Oddity {
  /** Keys and positions from the root to it. */
  steps: readonly (string | number)[];
  /** `NaN`, `a raw control character (U+0007)`. */
  what: string;
}

export type ParsedJson =
  | { ok: true; value: unknown; oddities: readonly Oddity[] }
  /** `where`: the part of a sentence that says where it breaks, such as `after assets.0.name (character 71)`. */
  | { ok: false; where: string };
