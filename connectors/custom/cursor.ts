/** Where a pull stands: opaque to everybody else, and good in another worker. */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { WALK_START, walkPosition } from '../kit/walk/position.ts';

const position = z.strictObject({
  v: z.literal(2),
  /** Lower bound of changes, epoch milliseconds; null reads everything. */
  since: z.number().nullable(),
  walk: walkPosition,
  /** The system's clock when the walk began. */
  startedAt: z.number().nullable(),
  /** Newest change ever seen. */
  newest: z.number().nullable(),
});
export type Position = z.infer<typeof position>;

/** As it was kept before walks had a position of their own: such a walk begins anew, behind the same bound. */
const earlier = z.looseObject({
  v: z.literal(1),
  since: z.number().nullable(),
  newest: z.number().nullable(),
});

export const START: Position = { v: 2, since: null, walk: WALK_START, startedAt: null, newest: null };

export function parseCursor(cursor: string | null): Position {
  if (cursor === null) return START;
  const value = jsonOf(cursor);
  const old = earlier.safeParse(value);
  if (old.success) return { ...START, since: old.data.since, newest: old.data.newest };
  const parsed = position.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'invalid_request',
    'The cursor is not one of this connection; start the entity from the beginning.',
  );
}

export function writeCursor(next: Position): string {
  return JSON.stringify(next);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
