/**
 * Where a pull stands, and the rules by which it moves on. Pure: no requests, no clock. The kinds of walk:
 * - `walk`: everything by unique id, for objects without a change date; starts over when it has ended.
 * - `load`: the first full load of a dated object by unique id; ends as a `delta` from the mark taken before it began.
 * - `delta`: what changed since a mark, by change date; then `children`: records of which only child rows changed,
 *   because Maximo does not reliably move the parent's change date (contract 5.1).
 *
 * A delta pages by key, not by page number: a row that changes while we page leaves its place, all later rows move up
 * and a numbered page would skip one of them (contract 3.5). Maximo filters on fractions of a second and shows whole
 * seconds (5.1), so a full page hands out all seconds but its last, and the next page starts with that second again. A
 * second that fills a whole page is drained by unique id.
 */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';

const SECOND_MS = 1_000;
/** A change date further ahead of us than this is a mistake in the data; it may not move the mark. */
const FUTURE_MAX_MS = 24 * 3_600_000;

const uid = z.union([z.int(), z.string().regex(/^\d+$/)]);
export type Uid = z.infer<typeof uid>;

const walk = z.strictObject({ m: z.literal('walk'), after: uid.nullable() });
const load = z.strictObject({
  m: z.literal('load'),
  after: uid.nullable(),
  mark: z.int(),
  skew: z.int().nullable(),
});
const delta = z.strictObject({
  m: z.literal('delta'),
  /** Change dates from here on, epoch milliseconds of a whole second. */
  from: z.int(),
  /** Set while one second is drained by unique id: the last id seen of it. */
  drain: z.strictObject({ after: uid.nullable() }).optional(),
  /** Newest change date seen. */
  mark: z.int(),
  /** The vendor's clock is at least this much ahead of ours (negative: behind), from rows seen; null: none seen. */
  skew: z.int().nullable(),
  /** Our clock when this pass began, and where it began; null between passes. */
  began: z.int().nullable(),
  base: z.int().nullable(),
});
const children = z.strictObject({
  m: z.literal('children'),
  /** Which of the object's child dates is asked for. */
  phase: z.int(),
  after: uid.nullable(),
  from: z.int(),
  /** Where the next pass starts. */
  next: delta,
});
const cursorSchema = z.discriminatedUnion('m', [walk, load, delta, children]);
export type Cursor = z.infer<typeof cursorSchema>;
export type DeltaCursor = z.infer<typeof delta>;
export type LoadCursor = z.infer<typeof load>;
export type ChildrenCursor = z.infer<typeof children>;

export function readCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch {
    throw new Failure(
      'invalid_request',
      'This cursor is not one of a Maximo pull; start over without a cursor.',
      {
        path: 'cursor',
      },
    );
  }
}

/** What a cursor needs to know of a row. */
export interface Place {
  uid: Uid;
  /** Epoch milliseconds; NaN when the row has no change date. */
  changedAt: number;
}

/** Begins the load of a dated object. `newest` is the newest change date the vendor holds, NaN when it holds none. */
export function beginLoad(newest: number, now: number): LoadCursor {
  if (Number.isNaN(newest)) return { m: 'load', after: null, mark: 0, skew: null };
  // A mark from the data, not from our clock: it is right however far the two clocks are apart.
  const sane = newest <= now + FUTURE_MAX_MS;
  return { m: 'load', after: null, mark: sane ? newest : now, skew: sane ? newest - now : null };
}

export function endLoad(cursor: LoadCursor, overlapMs: number): DeltaCursor {
  return {
    m: 'delta',
    from: wholeSecond(cursor.mark - overlapMs),
    mark: cursor.mark,
    skew: cursor.skew,
    began: null,
    base: null,
  };
}

export interface Step {
  cursor: DeltaCursor;
  /** How many of the page's rows are handed out; the rest comes again with the next page. */
  take: number;
  more: boolean;
}

/** The move after one page. `full` says that further rows may match the page's filter. */
export function afterDeltaPage(
  cursor: DeltaCursor,
  page: readonly Place[],
  full: boolean,
  clock: { now: number; overlapMs: number },
): Step {
  const started = { ...cursor, began: cursor.began ?? clock.now, base: cursor.base ?? cursor.from };
  const seen = observe(started, page, clock.now);
  if (seen.drain !== undefined) return afterDrainPage(seen, page, full);
  const last = page.at(-1);
  if (!full || last === undefined) {
    return { cursor: endPass(seen, clock.overlapMs), take: page.length, more: false };
  }
  const lastSecond = wholeSecond(last.changedAt);
  const take = page.findIndex((place) => wholeSecond(place.changedAt) >= lastSecond);
  if (take > 0) return { cursor: { ...seen, from: lastSecond }, take, more: true };
  return { cursor: { ...seen, from: lastSecond, drain: { after: null } }, take: 0, more: true };
}

function afterDrainPage(cursor: DeltaCursor, page: readonly Place[], full: boolean): Step {
  const last = page.at(-1);
  if (full && last !== undefined) {
    return { cursor: { ...cursor, drain: { after: last.uid } }, take: page.length, more: true };
  }
  const drained: DeltaCursor = { ...cursor, from: cursor.from + SECOND_MS };
  delete drained.drain;
  return { cursor: drained, take: page.length, more: true };
}

function observe(cursor: DeltaCursor, page: readonly Place[], now: number): DeltaCursor {
  let { mark, skew } = cursor;
  for (const { changedAt } of page) {
    if (Number.isNaN(changedAt) || changedAt > now + FUTURE_MAX_MS) continue;
    if (changedAt > mark) mark = changedAt;
    if (skew === null || changedAt - now > skew) skew = changedAt - now;
  }
  return { ...cursor, mark, skew };
}

/**
 * The next pass starts at the newest change date seen or, when nothing has changed for long, at what the vendor's clock
 * showed at least when this pass began; else a bulk load would be read again by every later pass. The overlap covers
 * dates set at save and visible at commit, and our own clocks' small jumps.
 */
function endPass(cursor: DeltaCursor, overlapMs: number): DeltaCursor {
  const shown = cursor.began === null || cursor.skew === null ? 0 : cursor.began + cursor.skew;
  return {
    m: 'delta',
    from: wholeSecond(Math.max(cursor.mark, shown) - overlapMs),
    mark: cursor.mark,
    skew: cursor.skew,
    began: null,
    base: null,
  };
}

function wholeSecond(epochMs: number): number {
  return Math.max(0, Math.floor(epochMs / SECOND_MS) * SECOND_MS);
}
