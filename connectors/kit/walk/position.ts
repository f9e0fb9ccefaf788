/** Where a walk stands: small, JSON, and good in another worker. What a session remembers beside it is in memory.ts. */
import { z } from 'zod';

export const walkPosition = z.strictObject({
  /** Offset, page number, pointer or last key; null at the beginning. */
  at: z.union([z.number(), z.string()]).nullable(),
  /** Steps made so far. */
  steps: z.number().int().nonnegative(),
  /** Keys of the rows delivered last, which the next page shows again where it can. */
  tail: z.array(z.string()),
  /** Rows delivered, each counted once. */
  counted: z.number().int().nonnegative(),
  /** Pages in a row that showed nothing new. */
  quiet: z.number().int().nonnegative(),
  /** How often the walk went back for rows that had moved. */
  backs: z.number().int().nonnegative(),
  /** Pages: how many rows the system gives in one, whatever is asked for; null until it is seen. */
  given: z.number().int().positive().nullable(),
  /** Pages: the size that is asked for is not obeyed, so that a single row cannot be asked for. */
  fixed: z.boolean(),
  /** Pointers: one met at a step that is a power of two; met again, the walk goes in a circle (Brent). */
  mark: z.string().nullable(),
  /** Walks over everything before this one, made because rows were shown twice. */
  round: z.number().int().nonnegative(),
  /** Rows that this round delivered. */
  news: z.number().int().nonnegative(),
  /** How many places the first round found. */
  length: z.number().int().nonnegative(),
  /** The last page held fewer rows than was asked for. */
  short: z.boolean(),
  /** Why it may not be all, once there is a reason. */
  doubt: z.string().nullable(),
});
export type WalkPosition = z.infer<typeof walkPosition>;

export const WALK_START: WalkPosition = {
  at: null,
  steps: 0,
  tail: [],
  counted: 0,
  quiet: 0,
  backs: 0,
  given: null,
  fixed: false,
  mark: null,
  round: 0,
  news: 0,
  length: 0,
  short: false,
  doubt: null,
};
