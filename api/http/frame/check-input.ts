/** Judges what a caller sent against a route's schemas; every fault is told with the path of its field. */
import type { z } from 'zod';
import { Refusal, type FieldError } from '../problem.ts';
import type { Route } from './route.ts';

export interface RawInput {
  params: unknown;
  query: Readonly<Record<string, unknown>>;
  /** Undefined when there is none. */
  body: unknown;
}

export interface CheckedInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

export function checkInput(route: Route, input: RawInput): CheckedInput {
  assertStorable(input.params, '');
  assertStorable(input.query, '');
  assertStorable(input.body, '');
  const params = route.params === null ? undefined : checkParams(route.params, input.params);
  if (route.rawBody) return { params, query: checkQuery(route, input.query), body: undefined };
  const given = input.body ?? undefined;
  if (given !== undefined && !isObject(given) && !route.anyBody) {
    throw new Refusal(400, 'The body must be a JSON object.');
  }
  if (!route.queryAsBody) {
    const query = checkQuery(route, input.query);
    const body = route.body === null ? undefined : parse(route.body, given ?? {});
    return { params, query, body };
  }
  // What the body says counts; the query fills what it leaves out.
  const merged =
    given === undefined || isObject(given) ? { ...input.query, ...given } : { ...input.query, body: given };
  return { params, query: undefined, body: route.body === null ? undefined : parse(route.body, merged) };
}

function checkQuery(route: Route, query: Readonly<Record<string, unknown>>): unknown {
  if (route.query !== null) return parse(route.query, query);
  const [first] = Object.keys(query);
  if (first === undefined) return undefined;
  throw new Refusal(422, `There is no query parameter "${first}" here.`, [
    { field: first, message: 'This endpoint takes no query parameters.' },
  ]);
}

/** A path that cannot name anything names nothing. */
function checkParams(schema: z.ZodType, params: unknown): unknown {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new Refusal(404, 'There is nothing at this address: an id in it is not well formed.');
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(fieldErrors);
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : '';
  throw new Refusal(
    422,
    first === undefined ? 'The input does not fit.' : `${first.field}: ${first.message}${more}`,
    errors,
  );
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const field = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: field === '(body)' ? key : `${field}.${key}`,
      message: 'There is no such field.',
    }));
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.filter(
      (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
    );
    return [{ field, message: `Must be one of ${allowed.join(', ')}.`, allowed }];
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
    const inner = (closest ?? []).flatMap((one) =>
      fieldErrors({ ...one, path: [...issue.path, ...one.path] }),
    );
    if (inner.length > 0) return inner;
  }
  const missing = issue.code === 'invalid_type' && /received undefined/.test(issue.message);
  return [{ field, message: missing ? 'Is required.' : `${issue.message}.` }];
}

/** `steps[1].name` */
function pathOf(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (so, part) =>
      typeof part === 'number'
        ? `${so}[${String(part)}]`
        : so === ''
          ? String(part)
          : `${so}.${String(part)}`,
    '',
  );
  return text === '' ? '(body)' : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than any document of ours; what walks a value recursively ends long after. */
const DEPTH_MAX = 64;

/** PostgreSQL stores neither NUL nor half a character; both come from broken or hostile clients only, as does bottomless nesting. */
function assertStorable(value: unknown, path: string, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new Refusal(422, 'Text with a NUL or half a character cannot be stored.', [
        { field: path === '' ? '(body)' : path, message: 'Holds a NUL or half a surrogate pair.' },
      ]);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEPTH_MAX) {
    throw new Refusal(422, `Values may be nested ${String(DEPTH_MAX)} levels deep.`, [
      { field: path, message: 'Is nested too deeply.' },
    ]);
  }
  for (const [key, inner] of Object.entries(value)) {
    assertStorable(key, path, depth);
    assertStorable(inner, path === '' ? key : `${path}.${key}`, depth + 1);
  }
}
