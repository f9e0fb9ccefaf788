/** Where a walk stands: opaque to everybody else, and good in another worker. */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';

const position = z.strictObject({
  v: z.literal(1),
  /** Lower bound of changes, epoch milliseconds; null reads everything. */
  since: z.number().nullable(),
  /** Page number, offset, the system's cursor or address, or the last key delivered; null at the beginning. */
  at: z.union([z.number(), z.string()]).nullable(),
  /** Key of the row delivered last: met again where it was, or rows before it have moved. */
  last: z.string().nullable(),
  /** The system's clock when the walk began. */
  startedAt: z.number().nullable(),
  /** Newest change ever seen. */
  newest: z.number().nullable(),
});
export type Position = z.infer<typeof position>;

export const START: Position = { v: 1, since: null, at: null, last: null, startedAt: null, newest: null };

export function parseCursor(cursor: string | null): Position {
  if (cursor === null) return START;
  try {
    return position.parse(JSON.parse(cursor));
  } catch {
    throw new Failure(
      'invalid_request',
      'The cursor is not one of this connection; start the entity from the beginning.',
    );
  }
}

export function writeCursor(next: Position): string {
  return JSON.stringify(next);
}
