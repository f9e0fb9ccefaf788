/**
 * JSON as vendors send it, into values that lose nothing: every digit of a number is kept, text that no store can hold is
 * replaced, and what is nearly JSON (NaN, control characters in a text) is read with a note of where it stands, so that
 * one bad value need not hide the records beside it.
 */
import { mayHoldUnstorable, storableJson } from '../../domain/kernel/text.ts';
import { exactNumber } from './exact-number.ts';
import { readLoosely } from './loose-json.ts';
import type { ParsedJson } from './parsed-json.ts';

/**
 * Numbers that a double may not hold: sixteen digits and more, or an exponent. Sought only behind what may stand before
 * a value, because long digits in texts are common and the exact way costs five times the usual one.
 */
const LONG_NUMBER = /(?:^|[[,:])\s*-?(?:[\d.]{16}|[\d.]+[eE])/;

export function parseJson(text: string): ParsedJson {
  if (text.trim() === '') return { ok: true, value: null, oddities: [] };
  try {
    return { ok: true, value: storable(strictly(text), text), oddities: [] };
  } catch {
    const read = readLoosely(text);
    return read.ok ? { ...read, value: storable(read.value, text) } : read;
  }
}

/** `assets.0.purchase_cost` */
export function placeOf(steps: readonly (string | number)[]): string {
  return steps.length === 0 ? 'its beginning' : steps.join('.');
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

function strictly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as unknown;
  const exact: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactNumber(source) : value;
  // The third argument is the text a value was read from (ECMAScript 2026); TypeScript's library does not know it yet.
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown) as unknown;
}

function storable(value: unknown, text: string): unknown {
  return mayHoldUnstorable(text) || text.includes('\0') ? storableJson(value) : value;
}
