/**
 * The functions that mappings use, for arguments of the kinds they are meant for. Odd arguments, which the interpreter refuses, reads as
 * something else or fills from what is around, are undecided.
 */
import { keepsDigits } from '../../convert.ts';
import { FUNCTIONS as OWN } from '../functions.ts';
import { millisOf } from '../pictures.ts';
import { made, spend, spendText, TEXT_CHARS_MAX, undecided, type Frame, type Value } from './frame.ts';
import { finite } from './operators.ts';
import { isNumber, isObject, memberOf, refuseMarks, textOf, truth } from './values.ts';

export interface Known {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly apply: (frame: Frame, a: Value, b: Value, c: Value) => Value;
  /** The interpreter gives a list that becomes a value only where it is used. */
  readonly givesList?: true;
}

export function textOrNothing(value: Value): string | undefined {
  return value === undefined || typeof value === 'string' ? value : undecided();
}

function numberOrNothing(value: Value): number | undefined {
  return value === undefined || typeof value === 'number' ? value : undecided();
}

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
const SPACES = /[ \t\n\r]+/g;

function ofText(apply: (text: string, frame: Frame) => Value): Known {
  return {
    arity: [1, 1],
    apply: (frame, value) => {
      const text = textOrNothing(value);
      if (text === undefined) return undefined;
      spendText(frame, text);
      return apply(text, frame);
    },
  };
}

function ofNumber(apply: (value: number) => Value): Known {
  return {
    arity: [1, 1],
    apply: (_frame, value) => {
      const number = numberOrNothing(value);
      return number === undefined ? undefined : apply(number);
    },
  };
}

/** Of two texts, of which the second must be there. */
function ofTexts(apply: (text: string, other: string, frame: Frame) => Value): Known {
  return {
    arity: [2, 2],
    apply: (frame, value, second) => {
      const [text, other] = [textOrNothing(value), textOrNothing(second)];
      if (text === undefined) return undefined;
      spendText(frame, text);
      return other === undefined ? undecided() : apply(text, other, frame);
    },
  };
}

/** Of numbers, or of one. Nothing gives nothing. */
function ofNumbers(apply: (values: readonly number[]) => Value): Known {
  return {
    arity: [1, 1],
    apply: (frame, value) => {
      if (value === undefined) return undefined;
      const list: readonly Value[] = Array.isArray(value) ? value : [value];
      spend(frame, list.length);
      return list.every((one): one is number => typeof one === 'number') ? apply(list) : undecided();
    },
  };
}

/** One of ours; where it complains, the interpreter says so. */
function own(name: string, arity: Known['arity']): Known {
  const call = OWN[name]?.call;
  return {
    arity,
    apply: (_frame, value, zone) => {
      if (value !== undefined && typeof value !== 'string' && typeof value !== 'number') undecided();
      try {
        return call?.(value, textOrNothing(zone));
      } catch {
        return undecided();
      }
    },
  };
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return finite(total);
}

export const FUNCTIONS: Readonly<Record<string, Known>> = {
  exists: { arity: [1, 1], apply: (_frame, value) => value !== undefined },
  boolean: { arity: [1, 1], apply: (_frame, value) => truth(value) },
  not: {
    arity: [1, 1],
    apply: (_frame, value) => {
      const is = truth(value);
      return is === undefined ? undefined : !is;
    },
  },
  type: { arity: [1, 1], apply: (_frame, value) => typeOf(value) },
  count: {
    arity: [1, 1],
    apply: (_frame, value) => (value === undefined ? 0 : Array.isArray(value) ? value.length : 1),
  },
  sum: ofNumbers(sum),
  max: ofNumbers((values) => (values.length === 0 ? undefined : Math.max(...values))),
  min: ofNumbers((values) => (values.length === 0 ? undefined : Math.min(...values))),
  average: ofNumbers((values) => (values.length === 0 ? undefined : finite(sum(values) / values.length))),
  string: {
    arity: [1, 1],
    apply: (frame, value) => {
      const text = textOf(value, frame);
      return text === undefined ? undefined : made(frame, text);
    },
  },
  number: { arity: [1, 1], apply: (_frame, value) => asNumber(value) },
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  abs: ofNumber(Math.abs),
  round: {
    arity: [1, 2],
    apply: (_frame, value, decimals) => {
      const [number, digits] = [numberOrNothing(value), numberOrNothing(decimals)];
      return number === undefined ? undefined : finite(rounded(number, digits ?? 0));
    },
  },
  length: ofText((text) => (isPlain(text) ? text.length : Array.from(text).length)),
  uppercase: ofText((text) => text.toUpperCase()),
  lowercase: ofText((text) => text.toLowerCase()),
  trim: ofText(trimmed),
  substring: {
    arity: [2, 3],
    apply: (frame, value, from, length) => {
      if (typeof value === 'string') spendText(frame, value);
      return substring(value, from, length);
    },
  },
  substringBefore: ofTexts((text, mark) => {
    const at = text.indexOf(mark);
    return at < 0 ? text : text.slice(0, at);
  }),
  substringAfter: ofTexts((text, mark) => {
    const at = text.indexOf(mark);
    return at < 0 ? text : text.slice(at + mark.length);
  }),
  contains: ofTexts((text, part) => text.includes(part)),
  split: ofTexts((text, separator, frame) => {
    spend(frame, text.length + 1);
    return text.split(separator);
  }),
  join: { arity: [1, 2], apply: (frame, value, separator) => joined(value, separator, frame) },
  lookup: { arity: [2, 2], givesList: true, apply: (frame, value, name) => looked(value, name, frame) },
  toMillis: {
    arity: [1, 1],
    apply: (_frame, value) => {
      const text = textOrNothing(value);
      try {
        return text === undefined ? undefined : millisOf(text, undefined);
      } catch {
        return undecided();
      }
    },
  },
  stripHtml: ofText((text) => OWN['stripHtml']?.call(text)),
  toInstant: own('toInstant', [1, 2]),
  toDate: own('toDate', [1, 2]),
};

function typeOf(value: Value): Value {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (isObject(value)) refuseMarks(value);
  return Array.isArray(value) ? 'array' : typeof value;
}

function asNumber(value: Value): Value {
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || !DECIMAL.test(value) || !keepsDigits(value)) return undecided();
  return finite(Number.parseFloat(value));
}

function looked(value: Value, name: Value, frame: Frame): Value {
  return memberOf(value, textOrNothing(name) ?? 'undefined', frame);
}

function joined(value: Value, separator: Value, frame: Frame): Value {
  const between = textOrNothing(separator) ?? '';
  if (value === undefined || typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return undecided();
  spend(frame, value.length);
  const length = value.reduce((chars, one) => chars + one.length + between.length, 0);
  return length > TEXT_CHARS_MAX ? undecided() : made(frame, value.join(between));
}

function trimmed(text: string): string {
  const single = text.replace(SPACES, ' ');
  return single.slice(
    single.startsWith(' ') ? 1 : 0,
    single.length > 1 && single.endsWith(' ') ? -1 : undefined,
  );
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** By characters, not by halves of pairs. */
function substring(value: Value, from: Value, length: Value): Value {
  const text = textOrNothing(value);
  const [start, size] = [numberOrNothing(from), numberOrNothing(length)];
  if (text === undefined) return undefined;
  if (start === undefined) return undecided();
  const characters = isPlain(text) ? text : Array.from(text);
  const begin = characters.length + start < 0 ? 0 : start;
  if (size !== undefined && size <= 0) return '';
  const end = size === undefined ? undefined : begin >= 0 ? begin + size : characters.length + begin + size;
  const part = characters.slice(begin, end);
  return typeof part === 'string' ? part : part.join('');
}

/** Half to even, the decimal point moved in the number's own spelling. */
function rounded(value: number, digits: number): number {
  const moved = digits === 0 ? value : shifted(value, digits);
  let result = Math.round(moved);
  if (Math.abs(result - moved) === 0.5 && Math.abs(result % 2) === 1) result -= 1;
  const back = digits === 0 ? result : shifted(result, -digits);
  return Object.is(back, -0) ? 0 : back;
}

function shifted(value: number, digits: number): number {
  const [mantissa = '', exponent] = String(value).split('e');
  return Number(`${mantissa}e${exponent === undefined ? digits : Number(exponent) + digits}`);
}
