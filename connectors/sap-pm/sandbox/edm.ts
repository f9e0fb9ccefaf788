/** How values look on the wire: OData V2 JSON, OData V4 JSON, URL literals (contract 2.7, 3.1, 3.2). Knows no entity. */
import { SapError } from './sap-error.ts';
import type { Field, Value } from './schema.ts';

export function stripZeros(text: string): string {
  return /^0+\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text;
}

/** Text of a key or a NUMC field as it is stored: without leading zeros when it is all digits. */
export function canonical(field: Field, text: string): string {
  return field.alpha ? stripZeros(text) : text;
}

const TIME = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/;
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/;

/** `PT07H00M00S` of a duration or a clock time; null when it is neither. */
export function timeText(text: string): string | null {
  const match = TIME.exec(text) ?? CLOCK.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) =>
    (part ?? '0').padStart(2, '0'),
  );
  return `PT${hours ?? '00'}H${minutes ?? '00'}M${seconds ?? '00'}S`;
}

function bad(field: Field, shown: unknown): SapError {
  return new SapError(
    400,
    'CX_SXML_PARSE_ERROR/001EC94ABF591EDB9FC82A1C0C7A0F9C',
    `Property '${field.name}' has invalid value '${typeof shown === 'string' ? shown : JSON.stringify(shown)}'`,
    { target: field.name },
  );
}

/** Epoch milliseconds of `/Date(ms)/`, `/Date(ms+0000)/` or ISO text; null when it is none. */
export function momentOf(text: string): number | null {
  const match = /^\/Date\((-?\d+)([+-]\d{4})?\)\/$/.exec(text);
  if (match !== null) return Number(match[1]);
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return null;
  const zoned = /T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T');
  const ms = Date.parse(zoned ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : ms;
}

const DAY_MS = 86_400_000;
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

function text(field: Field, given: unknown): string {
  if (typeof given !== 'string') throw bad(field, given);
  if (field.numc && !/^\d*$/.test(given)) throw bad(field, given);
  const value = field.numc && given === '' ? '0' : canonical(field, given);
  if (field.length !== undefined && value.length > field.length) throw bad(field, given);
  return value;
}

function amount(field: Field, given: unknown): number {
  const number = typeof given === 'number' ? given : typeof given === 'string' ? Number(given) : Number.NaN;
  if (given === '' || !Number.isFinite(number)) throw bad(field, given);
  if (field.kind === 'n') {
    if (Math.abs(number) >= 10 ** ((field.precision ?? 31) - (field.scale ?? 0))) throw bad(field, given);
    const scaled = Number(number.toFixed(field.scale));
    if (Math.abs(scaled - number) > 1e-9) throw bad(field, given);
    return scaled;
  }
  if (field.kind !== 'dbl' && !Number.isInteger(number)) throw bad(field, given);
  return number;
}

/** A JSON value of a payload as it is stored; null empties the field. */
export function readJson(field: Field, given: unknown): Value {
  if (given === null || given === undefined) return field.initial;
  switch (field.kind) {
    case 's':
      return text(field, given);
    case 'b':
      if (typeof given !== 'boolean') throw bad(field, given);
      return given;
    case 'd':
    case 'dto': {
      const ms = typeof given === 'string' ? momentOf(given) : null;
      if (ms === null) throw bad(field, given);
      // Business timestamps have a resolution of a second (contract 4.1).
      return field.kind === 'd' ? dayOf(ms) : Math.floor(ms / 1000) * 1000;
    }
    case 't': {
      const time = typeof given === 'string' ? timeText(given) : null;
      if (time === null) throw bad(field, given);
      return time;
    }
    default:
      return amount(field, given);
  }
}

/** A URL literal as it is stored: `'x'`, `datetime'..'`, `datetimeoffset'..'`, `time'..'`, numbers with suffix, V4 forms. */
export function readLiteral(field: Field, literal: string): Value {
  if (literal === 'null') return null;
  const quoted = /^(datetimeoffset|datetime|time|guid)?'((?:[^']|'')*)'$/is.exec(literal);
  const inner = quoted?.[2]?.replaceAll("''", "'");
  const prefix = quoted?.[1]?.toLowerCase();
  switch (field.kind) {
    case 's':
      if (inner === undefined || prefix !== undefined) throw badLiteral(field, literal);
      return canonical(field, inner);
    case 'b':
      if (literal === 'true' || literal === '1') return true;
      if (literal === 'false' || literal === '0') return false;
      throw badLiteral(field, literal);
    case 'd':
    case 'dto': {
      if (quoted !== null && prefix !== 'datetime' && prefix !== 'datetimeoffset')
        throw badLiteral(field, literal);
      const ms = momentOf(inner ?? literal);
      if (ms === null) throw badLiteral(field, literal);
      return ms;
    }
    case 't': {
      const time = timeText(inner ?? literal);
      if (time === null || (quoted !== null && prefix !== 'time')) throw badLiteral(field, literal);
      return time;
    }
    default: {
      const number = Number((inner ?? literal).replace(/[mdlf]$/i, ''));
      if (!Number.isFinite(number) || inner !== undefined) throw badLiteral(field, literal);
      return number;
    }
  }
}

function badLiteral(field: Field, literal: string): SapError {
  return new SapError(
    400,
    '/IWBEP/CM_MGW_RT/055',
    `Invalid literal ${literal} for the property '${field.name}'`,
    { target: field.name },
  );
}

function exponent(value: number): string {
  if (value === 0) return '0';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  return `${digits}E${power.replace('+', '')}`;
}

/** JSON text of one value in OData V2. */
export function showV2(field: Field, value: Value): string {
  if (value === null) return 'null';
  switch (field.kind) {
    case 'd':
      return `"/Date(${String(value)})/"`;
    case 'dto':
      return `"/Date(${String(value)}+0000)/"`;
    case 'n':
      return `"${Number(value).toFixed(Math.min(field.scale ?? 0, 3))}"`;
    case 'dbl':
      return `"${exponent(Number(value))}"`;
    case 'i64':
      return `"${String(value)}"`;
    default:
      return JSON.stringify(value);
  }
}

/** JSON text of one value in OData V4. */
export function showV4(field: Field, value: Value): string {
  if (value === null) return 'null';
  switch (field.kind) {
    case 'd':
      return `"${new Date(Number(value)).toISOString().slice(0, 10)}"`;
    case 'dto':
      return `"${new Date(Number(value)).toISOString().replace('.000Z', 'Z')}"`;
    case 't': {
      const [, hours = '00', minutes = '00', seconds = '00'] = TIME.exec(String(value)) ?? [];
      return `"${hours}:${minutes}:${seconds}"`;
    }
    default:
      return JSON.stringify(value);
  }
}

/** A key value in a URL. */
export function keyLiteral(field: Field, value: Value, protocol: 2 | 4): string {
  if (typeof value === 'string') {
    const inner = encodeURIComponent(value.replaceAll("'", "''")).replaceAll('%27', "'");
    return field.kind === 't' ? `time'${inner}'` : `'${inner}'`;
  }
  if (field.kind === 'd' || field.kind === 'dto') {
    const iso = new Date(Number(value)).toISOString();
    if (protocol === 4) return field.kind === 'd' ? iso.slice(0, 10) : iso;
    return field.kind === 'd'
      ? `datetime'${encodeURIComponent(iso.slice(0, 19))}'`
      : `datetimeoffset'${encodeURIComponent(iso.slice(0, 19))}Z'`;
  }
  return field.kind === 'i64' && protocol === 2 ? `${String(value)}L` : String(value);
}

/** Zeros do not count between numbers (contract 3.3); otherwise code point order, the database's. */
export function compareValues(a: Value, b: Value, alpha: boolean): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (alpha && typeof a === 'string' && typeof b === 'string' && a.length !== b.length) {
    if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length - b.length;
  }
  return a < b ? -1 : 1;
}
