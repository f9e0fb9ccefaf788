/**
 * What the closures of one expression share while a record is evaluated. A closure decides only what it is sure to decide as the
 * interpreter does; everything else (errors, odd data, long lists) it leaves to the interpreter by throwing `GIVEN_UP`, so that
 * messages and limits stay the interpreter's own.
 */
export type Value = unknown;

export interface Frame {
  /** The whole record. */
  readonly root: Value;
  /** The connection's settings. */
  readonly context: Value;
  /** Values bound by name; a name's place is known when the expression is compiled. */
  readonly slots: Value[];
  /** Elements that may still be walked over. */
  left: number;
}

export type Evaluate = (input: Value, frame: Frame) => Value;

/** Thrown by a closure; one object for all, because nobody reads where it was thrown. */
class GivenUp extends Error {}
export const GIVEN_UP: GivenUp = new GivenUp('left to the interpreter');

export function undecided(): never {
  throw GIVEN_UP;
}

/** Beyond this many elements the interpreter's own bounds decide. */
export const ELEMENTS_MAX = 10_000;
/** Longer texts are the interpreter's. */
export const TEXT_CHARS_MAX = 100_000;
const CHARS_AN_ELEMENT = 64;

export function spend(frame: Frame, elements: number): void {
  frame.left -= elements;
  if (frame.left < 0) undecided();
}

/** A text that is looked through; 64 characters count as an element. */
export function spendText(frame: Frame, text: string): void {
  if (text.length >= CHARS_AN_ELEMENT) spend(frame, Math.floor(text.length / CHARS_AN_ELEMENT));
}

/** A text that was made; long ones are the interpreter's. */
export function made(frame: Frame, text: string): string {
  if (text.length > TEXT_CHARS_MAX) undecided();
  spendText(frame, text);
  return text;
}
