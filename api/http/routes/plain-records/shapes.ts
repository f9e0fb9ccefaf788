/** Pieces that the records of a plant share as the API takes and shows them. */
import { z } from 'zod';
import { LIMITS } from '../../../../domain/kernel/limits.ts';
import { RECORD_SORTS, type PlainQuery } from '../../../../plant/records/plain-records.ts';
import {
  decodeCursor,
  encodeCursor,
  instantInput,
  instantOutput,
  pageQuery,
  uuid,
} from '../../frame/shapes.ts';

/** Names and codes. */
export const line = z.string().trim().min(1).max(1_000);
export const text = z.string().max(LIMITS.textCharsMax);
/** Sums and stock stay far from where numbers lose their cents. */
export const amount = z.number().min(0).max(1e9);
/** A reference as callers write it. */
export const named = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .meta({ description: 'Hub id, number, or the code or name that only this record has.' });
export const personNamed = named.meta({
  description: 'Hub id, number, code, e-mail address or exact name of a person.',
});
export const scalars = z
  .record(z.string().min(1).max(200), z.union([z.string().max(10_000), z.number(), z.boolean()]))
  .meta({ description: 'Name to text, number or flag.' });

/** A day, also written as a point in time: the date as written counts, whatever its offset. */
export const dayInput = z
  .string()
  .transform((value, context) => {
    const read = instantInput.safeParse(value);
    if (read.success) return value.trim().slice(0, 10);
    context.addIssue({ code: 'custom', message: 'must be a date such as 2026-03-01 or a time of that day' });
    return z.NEVER;
  })
  .meta({ format: 'date-time', example: '2026-03-01' });

/** What every record shows. */
export const recordShape = {
  id: uuid.meta({ description: 'Hub id.' }),
  number: z.string().meta({ example: 'A-000123' }),
  created_at: instantOutput,
  updated_at: instantOutput,
} as const;

export const refParams = z.strictObject({
  id: z.string().min(1).max(300).meta({ description: 'Hub id, number, or what else names the record.' }),
});

export const recordQuery = {
  ...pageQuery,
  sort: z
    .enum(RECORD_SORTS)
    .default('created_at')
    .meta({ description: 'A minus sign turns the order round.' }),
  updated_since: instantInput.optional(),
} as const;

type RecordQuery = z.output<z.ZodObject<typeof recordQuery>> &
  Readonly<Record<string, string | number | boolean | undefined>>;

const position = z.tuple([z.enum(RECORD_SORTS), z.iso.datetime(), z.uuid()]);

/** The query of a list as its operation takes it; every parameter that is not of the page is a filter. */
export function plainQuery(query: RecordQuery): PlainQuery {
  const { limit, cursor, sort, updated_since: updatedSince, ...filters } = query;
  // A cursor of another order is not one of this list.
  const after = decodeCursor(
    cursor,
    position.refine(([of]) => of === sort),
  );
  return {
    filters: Object.fromEntries(
      Object.entries(filters).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    ),
    updatedSince,
    sort,
    after: after === null ? null : { at: after[1], id: after[2] },
    limit,
  };
}

export function nextCursor(query: { sort: string }, next: { at: string; id: string } | null): string | null {
  return next === null ? null : encodeCursor([query.sort, next.at, next.id]);
}
