/**
 * Reads what a client sent into stored values (contract 2.2): numbers and booleans may come as text, dates as epoch
 * milliseconds, digits or ISO 8601. Null clears; so does an empty value of anything but text, since forms cannot say null.
 */
import { ApiError } from './api-error.ts';
import type { FieldType, ObjectDef, ObjectName } from './schema.ts';

/** null = clear the field. */
export type Values = Record<string, unknown>;
export type Exists = (object: ObjectName, id: string) => boolean;

export function readDate(value: unknown): string | null {
  const ms =
    typeof value === 'number'
      ? value
      : typeof value !== 'string'
        ? NaN
        : /^-?\d+$/.test(value)
          ? Number(value)
          : /^\d{4}-\d\d-\d\d/.test(value)
            ? Date.parse(value)
            : NaN;
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : null;
}

function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}

function readText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function readScalar(type: Exclude<FieldType, object>, field: string, value: unknown): unknown {
  const refuse = (what: string): never => {
    throw new ApiError(400, `${field} must be ${what}`);
  };
  switch (type) {
    case 'text':
      return readText(value) ?? refuse('a string');
    case 'number':
      return readNumber(value) ?? refuse('a number');
    case 'integer': {
      const number = readNumber(value);
      return number !== null && Number.isInteger(number) ? number : refuse('an integer');
    }
    case 'priority': {
      const number = readNumber(value);
      return number !== null && [0, 1, 2, 3].includes(number) ? number : refuse('an integer from 0 to 3');
    }
    case 'boolean':
      if (value === true || value === 'true' || value === 1 || value === '1') return true;
      if (value === false || value === 'false' || value === 0 || value === '0') return false;
      return refuse('a boolean');
    case 'date':
      return readDate(value) ?? refuse('a date in milliseconds or ISO 8601');
    case 'texts':
      return asList(value).map((item) => readText(item) ?? refuse('a list of strings'));
    case 'integers':
      return asList(value).map((item) => {
        const number = readNumber(item);
        return number !== null && Number.isInteger(number) ? number : refuse('a list of integers');
      });
    case 'json':
      return value;
  }
}

function readReference(object: ObjectName, field: string, value: unknown, exists: Exists): string {
  if (typeof value !== 'string') throw new ApiError(400, `${field} must be an id`);
  if (!exists(object, value)) throw new ApiError(400, `${field} ${value} does not exist`);
  return value;
}

function readValue(type: FieldType, field: string, value: unknown, exists: Exists): unknown {
  if (value === null || (value === '' && type !== 'text')) return null;
  if (typeof type === 'string') return readScalar(type, field, value);
  if ('ref' in type) return readReference(type.ref, field, value, exists);
  if ('refs' in type) return asList(value).map((item) => readReference(type.refs, field, item, exists));
  if (typeof value !== 'string' || !type.oneOf.includes(value)) {
    throw new ApiError(400, `${field} must be one of ${type.oneOf.join(', ')}`);
  }
  return value;
}

/** The known fields of a body; unknown ones are dropped, or refused when `strict` (contract 8). */
export function readFields(
  def: ObjectDef,
  body: Values,
  options: { strict: boolean; creating: boolean; exists: Exists },
): Values {
  const values: Values = {};
  for (const [field, value] of Object.entries(body)) {
    const type = Object.hasOwn(def.fields, field) ? def.fields[field] : undefined;
    if (type === undefined) {
      if (options.strict) throw new ApiError(400, `${field} is not a field of a ${def.singular}`);
      continue;
    }
    if (value !== undefined) values[field] = readValue(type, field, value, options.exists);
  }
  for (const field of def.required) {
    const missing = Object.hasOwn(values, field)
      ? values[field] === null || values[field] === ''
      : options.creating;
    if (missing) throw new ApiError(400, `${field} cannot be null`);
  }
  return values;
}
