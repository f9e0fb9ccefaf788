/**
 * Where a pull of Fiix stands. A first load walks the class itself by id. Later passes walk, in turn, the class and those
 * of its children that have a mark of change of their own, because a child's change may not move its parent (contract 4.2).
 * The mark a pass starts from is the vendor's own newest `intUpdated` when the pass before began, never a clock of ours.
 */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { manifest } from './manifest.ts';
import { seenSchema } from './seen.ts';

const mark = z.strictObject({
  /** Newest `intUpdated` known, epoch milliseconds of the vendor. */
  newest: z.number(),
  /** Our clock when it became known. */
  knownAt: z.number(),
  /** A whole pass that began an overlap later has found nothing newer: whatever was being written then is visible by now. */
  settled: z.boolean(),
});
export type Mark = z.infer<typeof mark>;

const position = z.strictObject({
  v: z.literal(1),
  /** One mark for each phase; empty before the first load. */
  marks: z.array(mark),
  /** The marks of the next pass, as far as known. */
  next: z.array(mark),
  /** Null: the first load. */
  phase: z.int().nonnegative().nullable(),
  /** Last id handed out in this phase. */
  after: z.int().nonnegative(),
  /** Our clock when the pass began; null between passes. */
  began: z.number().nullable(),
  /** What was read of the window behind each mark; a load gathers it as it goes. */
  seen: z.array(seenSchema).default([]),
  /** The same for the marks of the next pass. */
  seenNext: z.array(seenSchema).default([]),
});
export type Position = z.infer<typeof position>;

export const START: Position = {
  v: 1,
  marks: [],
  next: [],
  phase: null,
  after: 0,
  began: null,
  seen: [],
  seenNext: [],
};

export function readCursor(text: string | null): Position {
  if (text === null) return START;
  try {
    return position.parse(JSON.parse(text));
  } catch {
    throw foreignCursor();
  }
}

export function foreignCursor(): Failure {
  return new Failure(
    'invalid_request',
    'This cursor is not one of a Fiix pull; start over without a cursor.',
    {
      path: 'cursor',
    },
  );
}

export function writeCursor(at: Position): string {
  return JSON.stringify(at);
}

/** The mark that changes must exceed. */
export function sinceOf({ newest, settled }: Mark): number {
  return settled ? newest : newest - manifest.limits.overlapMs;
}

/** The mark for the next pass, from what this one saw as the newest. */
export function advance(before: Mark, seen: number, began: number, now: number): Mark {
  if (seen > before.newest) return { newest: seen, knownAt: now, settled: false };
  const waited = began - before.knownAt;
  return { ...before, settled: before.settled || waited >= manifest.limits.overlapMs };
}
