/**
 * Where a pull stands, and the rules by which it moves on. Pure: no requests, no clock.
 * - `walk`: everything by key, for objects without a usable change date; starts over when it has ended.
 * - `load`: the first full load by key; ends as a `delta` from the marks taken before it began.
 * - `delta`: first what changed since a mark, by change date; then what was created since and never changed, because such
 *   rows have no change date at all and no filter on it finds them (contract, surprise 5, and 4.2); last, for objects that
 *   move without their date, one page of a slow walk over everything, so that no pass waits for a whole round of it.
 *
 * Pages go by value, never by offset: a row that changes meanwhile leaves its place and others move up. Change dates have
 * whole seconds or finer (4.1), so a full page hands out all seconds but its last and the next page begins with that
 * second; a second that fills a page is drained by key.
 */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/**
 * When nothing changes, marks follow our clock at this distance, so that a bulk load is not read again for ever. SAP's
 * clock may be that far behind ours.
 */
const QUIET_MS = DAY_MS;
/**
 * Least time from the beginning of one slow walk to the beginning of the next: what moved without its date is seen within
 * this and a round, one page a pass.
 */
export const AGAIN_EVERY_MS = 3_600_000;

const marks = z.strictObject({ changed: z.int(), created: z.int() });
export type Marks = z.infer<typeof marks>;

const walk = z.strictObject({ m: z.literal('walk'), after: z.string().nullable() });
const load = z.strictObject({ m: z.literal('load'), after: z.string().nullable(), marks, began: z.int() });
const delta = z.strictObject({
  m: z.literal('delta'),
  /** Newest dates seen, epoch milliseconds. */
  marks,
  /** Null between passes. */
  pass: z
    .discriminatedUnion('phase', [
      z.strictObject({
        phase: z.literal('changed'),
        began: z.int(),
        from: z.int(),
        /** Set while one second is drained by key. */
        drain: z.strictObject({ after: z.string().nullable() }).optional(),
        seen: marks,
      }),
      z.strictObject({
        phase: z.literal('created'),
        began: z.int(),
        after: z.string().nullable(),
        seen: marks,
      }),
      z.strictObject({ phase: z.literal('again'), began: z.int() }),
    ])
    .nullable(),
  /** The slow walk: when its round began, and the key it goes on behind; null when the round has ended. */
  again: z.strictObject({ began: z.int(), after: z.string().nullable() }).optional(),
});
const cursorSchema = z.discriminatedUnion('m', [walk, load, delta]);
export type Cursor = z.infer<typeof cursorSchema>;
export type DeltaCursor = z.infer<typeof delta>;
type Pass = NonNullable<DeltaCursor['pass']>;
export type ChangedPass = Extract<Pass, { phase: 'changed' }>;
export type CreatedPass = Extract<Pass, { phase: 'created' }>;
export type AgainPass = Extract<Pass, { phase: 'again' }>;

export function readCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch {
    throw new Failure(
      'invalid_request',
      'This cursor is not one of an SAP pull; start over without a cursor.',
      {
        path: 'cursor',
      },
    );
  }
}

/** What a cursor needs to know of a row; times are NaN where the row has none. */
export interface Place {
  key: string;
  changedAt: number;
  createdAt: number;
}

export interface Rules {
  overlapMs: number;
  /** Creation is told by day only. */
  createdByDay: boolean;
}

export function beginPass(cursor: DeltaCursor, now: number, { overlapMs }: Rules): Pass {
  return (
    cursor.pass ?? {
      phase: 'changed',
      began: now,
      from: wholeSecond(cursor.marks.changed - overlapMs),
      seen: cursor.marks,
    }
  );
}

/** Bounds of the search for what was created since: a moment, or the start of a day. */
export function createdFrom({ marks: { created } }: DeltaCursor, pass: Pass, rules: Rules): number {
  if (!rules.createdByDay) return Math.max(0, created - rules.overlapMs);
  // A row of the day before can only show up late within the overlap after midnight.
  return Math.max(0, Math.min(wholeDay(created), wholeDay(pass.began - rules.overlapMs)));
}

export interface Step {
  cursor: DeltaCursor;
  /** How many of the page's rows are handed out; the rest comes again with the next page. */
  take: number;
}

export function afterChangedPage(
  cursor: DeltaCursor,
  pass: ChangedPass,
  page: readonly Place[],
  more: boolean,
): Step {
  const seen = observe(pass.seen, page, pass.began);
  const last = page.at(-1);
  const go = (next: Partial<ChangedPass>, take: number): Step => {
    const { drain: _drain, ...rest } = pass;
    return { cursor: { ...cursor, pass: { ...rest, seen, ...next } }, take };
  };
  if (pass.drain !== undefined) {
    if (more && last !== undefined) return go({ drain: { after: last.key } }, page.length);
    return go({ from: pass.from + SECOND_MS }, page.length);
  }
  if (!more || last === undefined) {
    const created: CreatedPass = { phase: 'created', began: pass.began, after: null, seen };
    return { cursor: { ...cursor, pass: created }, take: page.length };
  }
  const lastSecond = wholeSecond(last.changedAt);
  const take = page.findIndex(({ changedAt }) => wholeSecond(changedAt) >= lastSecond);
  if (take > 0) return go({ from: lastSecond }, take);
  return go({ from: lastSecond, drain: { after: null } }, 0);
}

/** The pass ends with the last page of what was created since, unless a page of the slow walk is due (`withAgain`). */
export function afterCreatedPage(
  cursor: DeltaCursor,
  pass: CreatedPass,
  page: readonly Place[],
  more: boolean,
): DeltaCursor {
  const seen = observe(pass.seen, page, pass.began);
  const last = page.at(-1);
  if (more && last !== undefined) return { ...cursor, pass: { ...pass, seen, after: last.key } };
  return { ...cursor, marks: settled(seen, pass.began), pass: null };
}

/** Lets a pass that has ended go on with a page of the slow walk, when a round is under way or the next one is due. */
export function withAgain(cursor: DeltaCursor, now: number): DeltaCursor {
  const { again } = cursor;
  if (cursor.pass !== null) return cursor;
  if (again?.after === null && now - again.began < AGAIN_EVERY_MS) return cursor;
  return { ...cursor, pass: { phase: 'again', began: now } };
}

/** Ends the pass. Marks stay where they are: this page says nothing of what lies between them and its rows. */
export function afterAgainPage(cursor: DeltaCursor, pass: AgainPass, last: string | null): DeltaCursor {
  const under = cursor.again?.after === null ? undefined : cursor.again;
  return { ...cursor, pass: null, again: { began: under?.began ?? pass.began, after: last } };
}

/** A load reads everything, so the slow walk rests as long after it as after a round of its own. */
export function endLoad({ marks: taken, began }: Extract<Cursor, { m: 'load' }>): DeltaCursor {
  return { m: 'delta', marks: settled(taken, began), pass: null, again: { began, after: null } };
}

function settled({ changed, created }: Marks, began: number): Marks {
  const quiet = began - QUIET_MS;
  return { changed: Math.max(changed, quiet), created: Math.max(created, wholeDay(quiet - DAY_MS)) };
}

/** The newest dates; those further ahead of us than a day are mistakes in the data and may not move a mark. */
export function observe(seen: Marks, page: readonly Place[], now: number): Marks {
  const newest = (mark: number, times: number[]): number =>
    times.reduce((best, at) => (at > best && at <= now + DAY_MS ? at : best), mark);
  return {
    changed: newest(
      seen.changed,
      page.map(({ changedAt }) => changedAt),
    ),
    created: newest(
      seen.created,
      page.map(({ createdAt }) => createdAt),
    ),
  };
}

function wholeSecond(epochMs: number): number {
  return Math.max(0, Math.floor(epochMs / SECOND_MS) * SECOND_MS);
}

function wholeDay(epochMs: number): number {
  return Math.max(0, Math.floor(epochMs / DAY_MS) * DAY_MS);
}
