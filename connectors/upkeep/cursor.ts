/** Where a pull of UpKeep stands: JSON of our own making, good in another worker. */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { WALK_START, walkPosition } from '../kit/walk/position.ts';
import type { WalkPosition } from '../kit/walk/position.ts';

/** Keyset walks over what changed. */
const changes = z.strictObject({
  v: z.literal(1),
  /** Lower bound of `updatedAt` (inclusive, epoch ms); null from the beginning. */
  since: z.number().nullable(),
  offset: z.number().int().nonnegative(),
  /** Ids of already delivered rows that the next page may show again. */
  tail: z.array(z.string()),
  /** Server's clock when the pass began; null before its first page. */
  startedAt: z.number().nullable(),
  /** Newest `updatedAt` ever seen. */
  newest: z.number().nullable(),
  /** First row of the instant that is stepped through by offset; met again it says that the offset is not obeyed. */
  head: z.string().nullable().default(null),
});
export type ChangesPosition = z.infer<typeof changes>;

/** Walks over everything. */
const everything = z.strictObject({ v: z.literal(2), walk: walkPosition });

export const CHANGES_START: ChangesPosition = {
  v: 1,
  since: null,
  offset: 0,
  tail: [],
  startedAt: null,
  newest: null,
  head: null,
};

export function parseChanges(cursor: string | null): ChangesPosition {
  if (cursor === null) return CHANGES_START;
  const parsed = changes.safeParse(jsonOf(cursor));
  if (parsed.success) return parsed.data;
  throw foreign();
}

/** As full walks were kept before they had a position of their own, they begin anew. */
export function parseWalk(cursor: string | null): WalkPosition {
  if (cursor === null) return WALK_START;
  const value = jsonOf(cursor);
  const parsed = everything.safeParse(value);
  if (parsed.success) return parsed.data.walk;
  if (changes.safeParse(value).success) return WALK_START;
  throw foreign();
}

export function writeChanges(next: ChangesPosition): string {
  return JSON.stringify(next);
}

export function writeWalk(walk: WalkPosition): string {
  return JSON.stringify({ v: 2, walk });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function foreign(): Failure {
  return new Failure(
    'invalid_request',
    'The cursor is not one of UpKeep; start this entity from the beginning.',
  );
}
