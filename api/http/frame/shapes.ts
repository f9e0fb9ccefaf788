/** The pieces that the routes' schemas are made of: ids, times, numbers as text, pages, and the success envelope. */
import { z } from 'zod';
import { Refusal } from '../problem.ts';

export const uuid = z.uuid().meta({ example: '01920000-0000-7000-8000-000000000001' });
export const idParams = z.strictObject({ id: uuid });

/** A hub record as callers name it; numbers are ids before an operation sees them (record-numbers.ts). */
export const recordId = z
  .string()
  .regex(
    /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{1,4}-\d{1,12})$/i,
    'must be an id or a number such as WO-000001',
  )
  .meta({ example: '01920000-0000-7000-8000-000000000001', description: 'Id or number.' });
export const recordParams = z.strictObject({ id: recordId });

/**
 * A point in time as callers write it: RFC 3339 with an offset, or naive, which means UTC, or a date alone (midnight UTC).
 * Comes out in the one spelling the hub keeps, `2026-03-01T08:15:00.000Z`.
 */
export const instantInput = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[ +-]\d\d:?\d\d)?)?$/,
    'must be a time such as 2026-03-01T08:15:00Z',
  )
  .transform((text, context) => {
    const spelled = text
      .replace(/^(\S{10}) /, '$1T')
      .toUpperCase()
      // A plus that was not encoded in an address arrives as a blank.
      .replace(' ', '+')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
    const dated = spelled.length === 10 ? `${spelled}T00:00:00Z` : spelled;
    const time = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(dated) ? dated : `${dated}Z`);
    // Date.parse takes February 30 for March 2.
    const day = Number(spelled.slice(8, 10));
    const real = new Date(Date.UTC(Number(spelled.slice(0, 4)), Number(spelled.slice(5, 7)) - 1, day));
    if (Number.isNaN(time) || real.getUTCDate() !== day) {
      context.addIssue({ code: 'custom', message: 'there is no such time in the calendar' });
      return z.NEVER;
    }
    return new Date(time).toISOString();
  })
  .meta({ format: 'date-time', example: '2026-03-01T08:15:00Z' });

/** As the API answers: RFC 3339 in UTC. */
export const instantOutput = z.string().meta({ format: 'date-time', example: '2026-03-01T08:15:00.000Z' });

/**
 * Fields of a resource that the server sets. Some clients send whole resources, these among them: they are known
 * and not read. Names that no resource has are still refused.
 */
export function notRead<N extends string>(...names: readonly N[]): Record<N, z.ZodOptional<z.ZodType>> {
  const field = z.json().optional().meta({ description: 'Not read: the server sets it.' });
  return Object.fromEntries(names.map((name) => [name, field])) as unknown as Record<
    N,
    z.ZodOptional<z.ZodType>
  >;
}

/** A number, also as text where it came in the query. */
export const numberInput = z.preprocess(
  (value) => (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value),
  z.number(),
);
export const integerInput = numberInput.pipe(z.number().int());

/** A flag, also as the text `true` or `false`. */
export const booleanInput = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

export const PAGE_SIZE = 50;
export const PAGE_SIZE_MAX = 200;

/** Every list takes these; pages go by a cursor from the answer before. */
export const pageQuery = {
  limit: integerInput
    .pipe(z.number().min(1).max(PAGE_SIZE_MAX))
    .default(PAGE_SIZE)
    .meta({ description: `Records per page, at most ${String(PAGE_SIZE_MAX)}.` }),
  cursor: z.string().min(1).max(500).optional().meta({ description: '`next_cursor` of the page before.' }),
} as const;

/** Opaque to callers: where the next page starts. */
export function encodeCursor(position: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Throws a 422 for a cursor that this list did not give. */
export function decodeCursor<T extends z.ZodType>(cursor: string | undefined, shape: T): z.output<T> | null {
  if (cursor === undefined) return null;
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new Refusal(422, 'cursor: is not one that this list gave.', [
      { field: 'cursor', message: 'Take next_cursor of the page before, with the same filters.' },
    ]);
  }
}

/** An answer that is no JSON: content of this media type. The document names it; the handler streams it. */
export function bytes(mediaType: string, description: string) {
  return z.any().meta({ mediaType, description });
}

/** `{ success: true, ... }`: the envelope that existing clients expect. */
export function envelope<T extends z.ZodRawShape>(shape: T) {
  return z.object({ success: z.literal(true), ...shape, message: z.string().optional() });
}

/** A page of a list: `{ success, <plural>: [...], count, next_cursor }`; `count` is the length of this page. */
export function listEnvelope<N extends string, T extends z.ZodType>(name: N, item: T) {
  return z.object({
    success: z.literal(true),
    [name]: z.array(item),
    count: z.number().int(),
    next_cursor: z.string().nullable(),
  } as { success: z.ZodLiteral<true>; count: z.ZodNumber; next_cursor: z.ZodNullable<z.ZodString> } & Record<
    N,
    z.ZodArray<T>
  >);
}
