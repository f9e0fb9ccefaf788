/**
 * What one session remembers of a walk: the keys it has shown and the pointers it has followed. Another session goes on
 * without it, by the position alone, and then proves less.
 */
import type { WalkPosition } from './position.ts';

/** Keys of the largest lists there are; what is larger is walked without this memory. */
const KEYS_MAX = 500_000;

export interface WalkMemory<Row> {
  /** Steps behind it; a position with another count is of another walk. */
  steps: number;
  /** It remembers the walk from its beginning, and all of it. */
  intact: boolean;
  seen: Set<string>;
  pointers: Set<string>;
  /** Key of the first row of all. */
  first: string | null;
  /** What the first page and the last one held, as a text; null of a page that holds a row twice. */
  firstPage: string | null;
  lastPage: string | null;
  /** A later page began with another row than the first: the parameter that names the page is obeyed. */
  paged: boolean;
  /** Which key stood at which place, when it was looked at last; and whether this round found another there. */
  places: string[];
  differs: boolean;
  /** Of a list that comes at once: its rows in the order of their keys, and what else was said. */
  whole: { rows: { key: string; row: Row }[]; doubt: string | null } | null;
  /** The walk began anew in this session because its pointer was not good any more. */
  begunAnew: boolean;
}

export interface WalkMemories {
  /** The memory of the walk that stands there; a new one when there is none. */
  of<Row>(id: string, from: WalkPosition): WalkMemory<Row>;
  forget(id: string): void;
}

export function createMemories(): WalkMemories {
  const memories = new Map<string, WalkMemory<never>>();
  return {
    of<Row>(id: string, from: WalkPosition): WalkMemory<Row> {
      const known = memories.get(id) as unknown as WalkMemory<Row> | undefined;
      if (known !== undefined && from.steps > 0 && known.steps === from.steps) return known;
      const fresh: WalkMemory<Row> = {
        steps: from.steps,
        intact: from.steps === 0,
        seen: new Set(from.tail),
        pointers: new Set(),
        first: null,
        firstPage: null,
        lastPage: null,
        paged: false,
        places: [],
        differs: false,
        whole: null,
        begunAnew: false,
      };
      memories.set(id, fresh as unknown as WalkMemory<never>);
      return fresh;
    },
    forget: (id) => void memories.delete(id),
  };
}

/** Notes what a page held: for later pages that repeat it, and rounds that compare. Gives whether it repeats one itself. */
export function notePage<Row>(memory: WalkMemory<Row>, keys: readonly string[], reached: number): boolean {
  const [first] = keys;
  if (first === undefined) return false;
  const page = new Set(keys).size === keys.length ? JSON.stringify([...keys].sort()) : null;
  const repeats = page !== null && (page === memory.lastPage || page === memory.firstPage);
  if (memory.first === null) {
    memory.first = first;
    memory.firstPage = page;
  } else if (first !== memory.first) memory.paged = true;
  memory.lastPage = page;
  for (const [index, key] of keys.entries()) {
    const place = reached - keys.length + index;
    const before = memory.places[place];
    if (before !== undefined && before !== key) memory.differs = true;
    if (place < KEYS_MAX) memory.places[place] = key;
  }
  return repeats;
}

/** Adds the keys; gives the positions of those that are new. */
export function remember<Row>(memory: WalkMemory<Row>, keys: readonly string[]): number[] {
  const news: number[] = [];
  for (const [index, key] of keys.entries()) {
    if (memory.seen.has(key)) continue;
    memory.seen.add(key);
    news.push(index);
  }
  if (memory.seen.size > KEYS_MAX) {
    memory.seen.clear();
    memory.intact = false;
    for (const key of keys) memory.seen.add(key);
  }
  return news;
}
