/** Request fields as a Pydantic model declares them, and what its lax reading makes of a value. */
import { readDatetime } from './python-time.ts';
import type { Issue } from './validation-issue.ts';

export type Kind = 'string' | 'integer' | 'number' | 'boolean' | 'datetime' | 'any';

export interface Field {
  kind: Kind;
  /** Absent: the field is required. */
  fallback?: unknown;
  /** `Optional[..]`. */
  nullable?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  ge?: number;
  le?: number;
}

export type Fields = Readonly<Record<string, Field>>;
export type Values = Record<string, unknown>;

export interface Model {
  name: string;
  fields: Fields;
}

type More = Omit<Field, 'kind' | 'fallback' | 'nullable'>;

export function required(kind: Kind, more: More = {}): Field {
  return { kind, ...more };
}

export function optional(kind: Kind, more: More = {}): Field {
  return { kind, fallback: null, nullable: true, ...more };
}

export function withDefault(kind: Kind, fallback: unknown, more: More & { nullable?: boolean } = {}): Field {
  return { kind, fallback, ...more };
}

type Wrong = Pick<Issue, 'type' | 'msg' | 'ctx'>;
type Read = { value: unknown } | { wrong: Wrong };

function wrong(type: string, msg: string, ctx?: Record<string, unknown>): Read {
  return { wrong: { type, msg, ...(ctx === undefined ? {} : { ctx }) } };
}

const TRUE = new Set<unknown>([true, 1, '1', 'true', 't', 'yes', 'y', 'on']);
const FALSE = new Set<unknown>([false, 0, '0', 'false', 'f', 'no', 'n', 'off']);

function readString(value: unknown, { minLength = 0, maxLength, pattern }: Field): Read {
  if (typeof value !== 'string') return wrong('string_type', 'Input should be a valid string');
  if (value.length < minLength) {
    const plural = minLength === 1 ? '' : 's';
    return wrong('string_too_short', `String should have at least ${minLength} character${plural}`, {
      min_length: minLength,
    });
  }
  if (maxLength !== undefined && value.length > maxLength) {
    return wrong('string_too_long', `String should have at most ${maxLength} characters`, {
      max_length: maxLength,
    });
  }
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    return wrong('string_pattern_mismatch', `String should match pattern '${pattern}'`, { pattern });
  }
  return { value };
}

function inBounds(value: number, { ge, le }: Field): Read {
  if (ge !== undefined && value < ge) {
    return wrong('greater_than_equal', `Input should be greater than or equal to ${ge}`, { ge });
  }
  if (le !== undefined && value > le) {
    return wrong('less_than_equal', `Input should be less than or equal to ${le}`, { le });
  }
  return { value };
}

function readInteger(value: unknown, field: Field): Read {
  if (typeof value === 'boolean') return inBounds(Number(value), field);
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? inBounds(value, field)
      : wrong('int_from_float', 'Input should be a valid integer, got a number with a fractional part');
  }
  if (typeof value !== 'string') return wrong('int_type', 'Input should be a valid integer');
  const text = value.trim();
  return /^[+-]?\d+(\.0+)?$/.test(text)
    ? inBounds(Number(text), field)
    : wrong('int_parsing', 'Input should be a valid integer, unable to parse string as an integer');
}

function readNumber(value: unknown, field: Field): Read {
  if (typeof value === 'number') return inBounds(value, field);
  if (typeof value === 'boolean') return inBounds(Number(value), field);
  if (typeof value !== 'string') return wrong('float_type', 'Input should be a valid number');
  const text = value.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
    ? inBounds(Number(text), field)
    : wrong('float_parsing', 'Input should be a valid number, unable to parse string as a number');
}

function readBoolean(value: unknown): Read {
  const plain = typeof value === 'string' ? value.toLowerCase() : value;
  if (TRUE.has(plain)) return { value: true };
  if (FALSE.has(plain)) return { value: false };
  return typeof value === 'string' || typeof value === 'number'
    ? wrong('bool_parsing', 'Input should be a valid boolean, unable to interpret input')
    : wrong('bool_type', 'Input should be a valid boolean');
}

function readDate(value: unknown): Read {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return wrong('datetime_type', 'Input should be a valid datetime');
  }
  const read = readDatetime(value);
  const error =
    typeof value === 'string' && value.length < 10 ? 'input is too short' : 'invalid character in year';
  return read === null
    ? wrong('datetime_from_date_parsing', `Input should be a valid datetime or date, ${error}`, { error })
    : { value: read };
}

function readValue(value: unknown, field: Field): Read {
  if (value === null && field.nullable === true) return { value: null };
  switch (field.kind) {
    case 'any':
      return { value };
    case 'string':
      return readString(value, field);
    case 'integer':
      return readInteger(value, field);
    case 'number':
      return readNumber(value, field);
    case 'boolean':
      return readBoolean(value);
    case 'datetime':
      return readDate(value);
  }
}

/** Reads every declared field of `input`; undeclared ones are dropped silently. `within` opens each issue's `loc`. */
export function readFields(fields: Fields, input: Readonly<Values>, within: string, issues: Issue[]): Values {
  const values: Values = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = Object.hasOwn(input, name) ? input[name] : undefined;
    if (given === undefined) {
      if (Object.hasOwn(field, 'fallback')) values[name] = field.fallback;
      else {
        // Of a missing body field Pydantic shows the whole body; of a missing parameter nothing.
        const shown = within === 'body' ? { ...input } : null;
        issues.push({ type: 'missing', loc: [within, name], msg: 'Field required', input: shown });
      }
      continue;
    }
    const read = readValue(given, field);
    if ('value' in read) values[name] = read.value;
    else {
      const { type, msg, ctx } = read.wrong;
      const more = ctx === undefined ? {} : { ctx };
      issues.push({ type, loc: [within, name], msg, input: given, ...more });
    }
  }
  return values;
}
