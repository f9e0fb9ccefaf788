/**
 * Conversions of single values, chosen once per rule: vendor spelling to canonical type for pulls, canonical value to
 * vendor spelling for pushes. A conversion gives the value or the end of a sentence (`is no number`); it never throws.
 */
import type { Json } from '../../domain/json.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { CanonicalType } from './canonical-type.ts';
import { cutHtml, escapeHtml, stripHtml } from '../../domain/html/html.ts';
import { dateText, instantText, readDate, readInstant, usualInstantText } from './instant.ts';
import { rounded } from './run.ts';
import type { Convert } from './run.ts';
import type { Rule } from './source.ts';

const NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
const TRUE: ReadonlySet<unknown> = new Set([true, 1, '1', 'true', 'TRUE', 'True', 'Y', 'y', 'yes']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, '0', 'false', 'FALSE', 'False', 'N', 'n', 'no']);
const DECIMALS = 6;
/** A zero time says that there is none. */
const NOTHING = { value: '' };
/** Longer texts are no numbers, and matching them could take quadratic time. */
const NUMBER_CHARS_MAX = 64;

/** Vendor value to the canonical kind. */
export function pullConversion(kind: CanonicalType['kind'], rule: Rule): Convert {
  const zone = rule.zone ?? null;
  switch (kind) {
    case 'text':
    case 'enum':
      return textConversion(rule, stripHtml, cutText);
    case 'integer':
    case 'number':
      return numberConversion(rule, kind === 'integer', (value) => value * (rule.factor ?? 1));
    case 'boolean':
      return booleanConversion;
    case 'instant':
      return (value) => {
        const usual = typeof value === 'string' ? usualInstantText(value) : null;
        if (usual !== null) return { value: usual };
        const ms = readInstant(value, zone);
        if (ms === null) return NOTHING;
        return typeof ms === 'string' ? ms : { value: instantText(ms) };
      };
    case 'date':
      return (value) => {
        const day = readDate(value, zone);
        if (day === null) return NOTHING;
        return typeof day === 'string' ? day : { value: day.date };
      };
    default:
      return (value) => ({ value });
  }
}

/** Canonical value to the vendor's spelling. Without `type` and other keys the value goes as it is. */
export function pushConversion(kind: CanonicalType['kind'] | null, rule: Rule): Convert {
  if (rule.type === 'epoch' || rule.precision !== undefined || rule.type === 'date')
    return momentConversion(rule, kind);
  if (rule.type === 'boolean') return booleanConversion;
  if (
    rule.type === 'integer' ||
    rule.type === 'number' ||
    rule.factor !== undefined ||
    rule.decimals !== undefined
  )
    return numberConversion(rule, rule.type === 'integer', (value) => value / (rule.factor ?? 1));
  if (rule.type === 'text' || rule.maxLength !== undefined || rule.case !== undefined || rule.html === true)
    return textConversion(rule, escapeHtml, cutHtml);
  return (value) => ({ value });
}

function textConversion(
  rule: Rule,
  html: (text: string) => string,
  cutMarkup: (text: string, length: number) => string,
): Convert {
  const { maxLength = Infinity, truncate = false } = rule;
  return (value) => {
    if (typeof value === 'object' && value !== null) return 'is no text';
    let text = typeof value === 'string' ? value : String(value);
    if (rule.html === true) text = html(text);
    if (rule.case === 'upper') text = text.toUpperCase();
    else if (rule.case === 'lower') text = text.toLowerCase();
    if (text.length <= maxLength) return { value: text };
    if (truncate) return { value: (rule.html === true ? cutMarkup : cutText)(text, maxLength) };
    return `has ${text.length} characters, ${maxLength} are allowed; shorten it or set \`truncate: true\``;
  };
}

function numberConversion(rule: Rule, integer: boolean, scale: (value: number) => number): Convert {
  const decimals = rule.decimals ?? DECIMALS;
  return (value) => {
    if (typeof value !== 'number' && !isNumeric(value)) return 'is no number';
    if (!keepsDigits(value)) return 'has more digits than a number can hold; keep it as text';
    const scaled = rounded(scale(Number(value)), decimals);
    if (!Number.isFinite(scaled)) return 'is no finite number';
    if (integer && !Number.isInteger(scaled)) return 'is no whole number';
    return { value: scaled };
  };
}

export function isNumeric(value: Json): value is string {
  return typeof value === 'string' && value.length <= NUMBER_CHARS_MAX && NUMBER.test(value);
}

/** Whole numbers beyond 2^53 arrive as texts; as numbers their last digits would be others, and two ids one. */
export function keepsDigits(value: string | number): boolean {
  return typeof value === 'number' || !/^\s*[-+]?\d+\s*$/.test(value) || Number.isSafeInteger(Number(value));
}

const booleanConversion: Convert = (value) => {
  if (TRUE.has(value)) return { value: true };
  return FALSE.has(value) ? { value: false } : 'is neither true nor false';
};

/** Instants to what vendors store: epoch milliseconds, whole seconds with a numeric offset, or a calendar date. */
function momentConversion(rule: Rule, kind: CanonicalType['kind'] | null): Convert {
  const zone = rule.zone ?? null;
  const day = rule.precision === 'day' || rule.type === 'date';
  return (value) => {
    if (day && kind === 'date') return { value };
    const ms = readInstant(value, zone);
    if (ms === null) return { value: null };
    if (typeof ms === 'string') return ms;
    if (day) return { value: dateText(ms, zone) };
    if (rule.type === 'epoch') return { value: rule.precision === 'second' ? Math.floor(ms / 1_000) : ms };
    return { value: `${instantText(ms).slice(0, 19)}+00:00` };
  };
}
