/**
 * A quick yes: whether a value surely satisfies a zod schema. `false` means "ask zod", which has the last word and the messages. Made once
 * from the schema itself, so that it cannot say another thing; what it does not know it never accepts.
 */
import { z } from 'zod';
import { instant } from '../../domain/entities/field.ts';

export type Accepts = (value: unknown) => boolean;

const never: Accepts = () => false;
const always: Accepts = () => true;
const NONE: ReadonlySet<string> = new Set();

/** `sure`: members of an object that are made by conversions which cannot give anything else. */
export function compileAccepts(schema: unknown, sure: ReadonlySet<string> = NONE): Accepts {
  if (schema === instant) return isInstant;
  if (schema instanceof z.ZodOptional) return orNothing(compileAccepts(schema.unwrap()));
  if (schema instanceof z.ZodString) return acceptsText(schema);
  if (schema instanceof z.ZodNumber) return acceptsNumber(schema);
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.ZodEnum) {
    const words = new Set<unknown>(schema.options);
    return (value) => words.has(value);
  }
  if (schema instanceof z.ZodUnion) {
    const forms = schema.options.map((form) => compileAccepts(form));
    return (value) => forms.some((accepts) => accepts(value));
  }
  if (schema instanceof z.ZodArray) return acceptsList(schema);
  if (schema instanceof z.ZodObject) return acceptsObject(schema, sure);
  return schema instanceof z.ZodRecord ? acceptsRecord(schema) : never;
}

function orNothing(inner: Accepts): Accepts {
  return (value) => value === undefined || inner(value);
}

type Definition = Readonly<Record<string, unknown>>;

/** The checks of a schema; null when it does something else as well, as coercing or transforming. */
function checksOf(schema: z.ZodType): Definition[] | null {
  const {
    checks = [],
    coerce,
    check,
  } = schema.def as unknown as {
    checks?: { _zod: { def: Definition } }[];
    coerce?: boolean;
    check?: string;
  };
  if (coerce === true) return null;
  const own = check === undefined ? [] : [schema.def as unknown as Definition];
  return [...own, ...checks.map((one) => one._zod.def)];
}

function acceptsText(schema: z.ZodString): Accepts {
  const checks = checksOf(schema);
  let [min, max] = [0, Number.POSITIVE_INFINITY];
  let pattern: RegExp | null = null;
  for (const { check, minimum, maximum, format, pattern: given } of checks ?? [{ check: 'unknown' }]) {
    if (check === 'min_length') min = Math.max(min, Number(minimum));
    else if (check === 'max_length') max = Math.min(max, Number(maximum));
    else if (check === 'string_format' && format === 'regex' && pattern === null && isStateless(given))
      pattern = given;
    else return never;
  }
  return (value) =>
    typeof value === 'string' &&
    value.length >= min &&
    value.length <= max &&
    (pattern === null || pattern.test(value));
}

function isStateless(pattern: unknown): pattern is RegExp {
  return pattern instanceof RegExp && !pattern.global && !pattern.sticky;
}

function acceptsNumber(schema: z.ZodNumber): Accepts {
  let [min, max, above] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let isWhole = false;
  for (const { check, value, inclusive, format } of checksOf(schema) ?? [{ check: 'unknown' }]) {
    if (check === 'greater_than' && inclusive === true) min = Math.max(min, Number(value));
    else if (check === 'greater_than') above = Math.max(above, Number(value));
    else if (check === 'less_than' && inclusive === true) max = Math.min(max, Number(value));
    else if (check === 'number_format' && (format === 'safeint' || format === 'int')) isWhole = true;
    else return never;
  }
  return (value) =>
    typeof value === 'number' &&
    (isWhole ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    value >= min &&
    value <= max &&
    value > above;
}

function acceptsList(schema: z.ZodArray): Accepts {
  const accepts = compileAccepts(schema.element);
  let max = Number.POSITIVE_INFINITY;
  for (const { check, maximum } of checksOf(schema) ?? [{ check: 'unknown' }]) {
    if (check !== 'max_length') return never;
    max = Math.min(max, Number(maximum));
  }
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return false;
    for (let index = 0; index < value.length; index += 1) if (!accepts(value[index])) return false;
    return true;
  };
}

/** Strict objects only: an unknown name is zod's to complain about. */
function acceptsObject(schema: z.ZodObject, sure: ReadonlySet<string>): Accepts {
  const isStrict = schema.def.catchall instanceof z.ZodNever;
  const names = Object.keys(schema.shape);
  if (!isStrict || (checksOf(schema)?.length ?? 1) > 0 || names.some((name) => name in {})) return never;
  const members = new Map<string, Accepts>(
    names.map((name) => [name, sure.has(name) ? always : compileAccepts(schema.shape[name])]),
  );
  const required = names.filter((name) => !(schema.shape[name] instanceof z.ZodOptional));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const given = value as Record<string, unknown>;
    for (const name of required) if (given[name] === undefined) return false;
    for (const name in given) {
      const accepts = members.get(name);
      if (accepts === undefined || !accepts(given[name])) return false;
    }
    return true;
  };
}

function acceptsRecord(schema: z.ZodRecord): Accepts {
  const [name, member] = [compileAccepts(schema.keyType), compileAccepts(schema.valueType)];
  if ((checksOf(schema)?.length ?? 1) > 0) return never;
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.entries(value).every(([key, inner]) => key !== '__proto__' && name(key) && member(inner));
}

/** `2026-03-01T08:15:00.000Z`: digits where digits stand, as the schema's own expression says. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 24) return false;
  for (let at = 0; at < 24; at += 1) {
    const code = value.charCodeAt(at);
    const mark = MARKS[at];
    if (mark === 0 ? code < 48 || code > 57 : code !== mark) return false;
  }
  return true;
}

const MARKS: readonly number[] = Array.from('dddd-dd-ddTdd:dd:dd.dddZ', (one) =>
  one === 'd' ? 0 : one.charCodeAt(0),
);
