/** Where a walk over rows stands: opaque to everybody else, and good in another worker. */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Mark } from './moment.ts';

/** A value of a key or of a changed-at column. Whole numbers that a double cannot hold travel as their digits. */
const bound = z.union([
  z.string(),
  z.number(),
  z.strictObject({ int: z.string().regex(/^-?\d+$/) }).transform(({ int }) => BigInt(int)),
]);
export type KeyValue = Mark;

const position = z.strictObject({
  v: z.literal(1),
  /**
   * `all`: every row, by key. `untold`: rows whose changed-at is empty or no time, by key, in every pass because nothing
   * tells when they change. `changed`: the rest, by changed-at and key.
   */
  phase: z.enum(['all', 'untold', 'changed']),
  /** Key of the row delivered last in this phase. */
  key: z.array(bound).nullable(),
  /** Its changed-at, as the database spells it. */
  mark: bound.nullable(),
  /** Lower bound of changed-at; null reads from the beginning. */
  since: bound.nullable(),
  /** Newest changed-at ever seen that is a time and not of the future. */
  newest: bound.nullable(),
});
export type Position = z.output<typeof position>;

export function startOf(changedAt: string | undefined): Position {
  const phase = changedAt === undefined ? 'all' : 'untold';
  return { v: 1, phase, key: null, mark: null, since: null, newest: null };
}

export function parseCursor(cursor: string | null, changedAt: string | undefined): Position {
  const start = startOf(changedAt);
  if (cursor === null) return start;
  const parsed = position.safeParse(jsonOf(cursor));
  // A changed-at column that came or went makes an older cursor meaningless.
  if (parsed.success && (parsed.data.phase === 'all') === (start.phase === 'all')) return parsed.data;
  throw new Failure(
    'invalid_request',
    'The cursor is not one of this connection; start the entity from the beginning.',
  );
}

export function writeCursor(next: Position): string {
  return JSON.stringify(next, (_, value: unknown) =>
    typeof value === 'bigint' ? { int: String(value) } : value,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
