/** Whether a walk has ended, and whether what it showed is all there is. Facts in, a decision out. */
import { WALK_BACKS_MAX } from './look.ts';
import type { Look } from './look.ts';
import type { WalkMemory } from './memory.ts';
import type { WalkPosition } from './position.ts';
import type { WalkStyle } from './style.ts';

/** Pages in a row without anything new that a pointer may lead through: filters after paging leave such gaps. */
const QUIET_MAX = 20;
/** Pages in a row that repeat another. */
const REPEATS_MAX = 2;
/** Walks over the same list, when rows were shown twice and others may have been passed over. */
const ROUNDS_MAX = 6;
/** Steps of one walk; a list of a hundred million records in pages of a hundred is no list of this product. */
const STEPS_MAX = 1_000_000;

export type EndDecision =
  | { go: 'on'; mark: string | null }
  /** Once more over everything: rows were shown twice, or moved again and again. */
  | { go: 'round' }
  | {
      go: 'end';
      /** Why records may be missing. */
      doubt: string | null;
      /** The doubt falls when the system turns out to obey the parameter that names the page. */
      unlessPaged?: true;
    };

export interface EndFacts {
  by: WalkStyle<never>['by'];
  /** Where the walk stood before this look, and where it stands behind it. */
  from: WalkPosition;
  now: WalkPosition;
  shown: Omit<Look<unknown>, 'from' | 'doubt'>;
  /** Rows of this look that were not shown before. */
  fresh: number;
  /** The page is the one before it, or the very first, again. */
  repeats: boolean;
  memory: Pick<WalkMemory<never>, 'pointers' | 'intact' | 'seen' | 'first' | 'paged' | 'differs'>;
}

export function decideEnd(facts: EndFacts): EndDecision {
  const { by, now, shown } = facts;
  if (now.steps >= STEPS_MAX) return end(`it did not end in ${String(STEPS_MAX)} pages`);
  if (by === 'pointer' || by === 'key') return decidePointer(facts);
  if (by === 'whole') return shown.next === null ? end(null) : { go: 'on', mark: null };
  return facts.from.round > 0 ? decideRound(facts) : decidePlaces(facts);
}

/**
 * Offsets and page numbers go on as long as there is something new. A page that repeats one before it is looked behind
 * once more: rows that came in front of it meanwhile look the same.
 */
function decidePlaces({ from, now, shown, repeats, memory }: EndFacts): EndDecision {
  const { total, next, reached, rows, size } = shown;
  const wentBack = now.backs > from.backs;
  const stuck = !wentBack && now.quiet >= (repeats ? REPEATS_MAX : QUIET_MAX);
  const counted = total !== null && reached >= total && !mayGoOn(total, rows.length, size);
  if (next !== null && !stuck && !counted) return { go: 'on', mark: null };
  const first = stuck && !memory.paged && memory.first !== null;
  if (first && memory.intact && rows.length === size && total === null)
    return {
      ...end('its later pages are its first one again, so that what follows cannot be seen'),
      unlessPaged: true,
    };
  const restless = now.backs >= WALK_BACKS_MAX;
  const shownTwice = memory.seen.size < now.length;
  const short = memory.seen.size < (total ?? now.length);
  if (memory.intact && (shownTwice || (restless && short))) return { go: 'round' };
  if (stuck && !repeats) return end(`${String(QUIET_MAX)} pages in a row showed nothing new`);
  return end(restless ? 'its rows move while it is read' : shortOf(total, placesOf(now)));
}

/** A further walk over the places of the first. It ends the search when it finds all, or each row where it was before. */
function decideRound({ from, now, shown, memory }: EndFacts): EndDecision {
  const further = shown.next !== null && Number(shown.next) > Number(from.at ?? -1);
  if (further && shown.reached < now.length) return { go: 'on', mark: null };
  if (memory.intact && (memory.seen.size >= now.length || !memory.differs))
    return end(shortOf(shown.total, placesOf(now)));
  if (now.round < ROUNDS_MAX && memory.intact) return { go: 'round' };
  return end('its order changes from page to page, so that rows are passed over');
}

/** Where the system leads; in a circle, or through nothing but empty pages, it leads nowhere. */
function decidePointer({ by, from, now, shown, memory }: EndFacts): EndDecision {
  const { next, total } = shown;
  if (next === null) return end(shortOf(total, now.counted));
  const pointer = String(next);
  const circle = pointer === from.at || pointer === from.mark || memory.pointers.has(pointer);
  memory.pointers.add(pointer);
  const all = total !== null && now.counted >= total;
  if (circle) {
    const why =
      by === 'key' ? 'rows behind a key begin with it again' : 'it leads back to a page it has shown';
    return end(all ? null : why);
  }
  if (now.quiet >= QUIET_MAX)
    return end(
      all ? null : `${String(QUIET_MAX)} pages in a row showed nothing new and each named a next one`,
    );
  // Brent: the mark moves on at powers of two, so that a circle of any length is noticed within a few times its length.
  return { go: 'on', mark: (now.steps & (now.steps - 1)) === 0 ? pointer : from.mark };
}

/**
 * Whether a list may go on behind a page that reaches its total: where the page is as full as it can be, or where the total
 * is the page's own count and the page of a size that servers choose.
 */
function mayGoOn(total: number, rows: number, size: number): boolean {
  if (rows === size) return true;
  if (total !== rows) return false;
  return rows > size || (rows >= 10 && (rows % 5 === 0 || (rows & (rows - 1)) === 0));
}

/** A row that a list shows twice, whenever it is asked, stands for two in its total. */
function placesOf({ counted, length }: WalkPosition): number {
  return Math.max(counted, length);
}

function shortOf(total: number | null, counted: number): string | null {
  if (total === null || counted >= total) return null;
  return `it tells of ${String(total)} records and shows ${String(counted)}`;
}

function end(doubt: string | null): Extract<EndDecision, { go: 'end' }> {
  return { go: 'end', doubt };
}
