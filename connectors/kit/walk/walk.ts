/**
 * The one way lists are walked: step by step, each step good in another worker, and never without end. A walk ends where
 * the system says so, where a page shows nothing new, or at its bound; what cannot be shown to be complete is said, so
 * that nobody takes what is missing for deleted. Which call brings a page is the connector's business (style.ts).
 */
import { decideEnd } from './decide-end.ts';
import { look, WALK_OVERLAP } from './look.ts';
import type { Look } from './look.ts';
import { createMemories, notePage, remember } from './memory.ts';
import type { WalkMemory } from './memory.ts';
import type { WalkPosition } from './position.ts';
import type { Walk } from './style.ts';

export interface WalkStep<Row> {
  /** What was not delivered before. */
  rows: Row[];
  /** Where the next step starts; null at the end. */
  next: WalkPosition | null;
  /** At the end: why records may be missing, a sentence; null when the walk is complete. */
  incomplete: string | null;
}

export interface Walker {
  step<Row>(walk: Walk<Row>, from: WalkPosition, pageSize: number): Promise<WalkStep<Row>>;
}

/** One for each session: it remembers what its walks have shown. */
export function createWalker(): Walker {
  const memories = createMemories();
  return {
    async step<Row>(walk: Walk<Row>, from: WalkPosition, pageSize: number): Promise<WalkStep<Row>> {
      const memory = memories.of<Row>(walk.id, from);
      const shown = await look({ walk, from, memory, pageSize });
      const step = await conclude(walk, memory, shown, pageSize);
      if (step.next === null) memories.forget(walk.id);
      else memory.steps = step.next.steps;
      return step;
    },
  };
}

async function conclude<Row>(
  walk: Walk<Row>,
  memory: WalkMemory<Row>,
  shown: Look<Row>,
  pageSize: number,
): Promise<WalkStep<Row>> {
  const { from } = shown;
  const keys = shown.rows.map((row) => walk.keyOf(row));
  // A list that comes at once is handed on by its keys: nothing in it is shown twice.
  const fresh = walk.style.by === 'whole' ? [...keys.keys()] : remember(memory, keys);
  const rows = fresh.flatMap((index) => shown.rows.slice(index, index + 1));
  const repeats = notePage(memory, keys, shown.reached);
  const now = standing(walk, shown, { keys, fresh: rows.length, repeats });
  const { by } = walk.style;
  const decision = decideEnd({ by, from, now, shown, fresh: rows.length, repeats, memory });
  if (decision.go === 'on')
    return { rows, next: { ...now, at: shown.next, mark: decision.mark }, incomplete: null };
  if (decision.go === 'round') {
    memory.differs = false;
    return { rows, next: nextRound(now), incomplete: null };
  }
  const paged = decision.unlessPaged === true && (await obeysPages(walk, memory, pageSize));
  const doubt = now.doubt ?? (paged ? null : decision.doubt);
  return { rows, next: null, incomplete: doubt === null ? null : sentence(walk, doubt) };
}

function standing<Row>(
  walk: Walk<Row>,
  shown: Look<Row>,
  { keys, fresh, repeats }: { keys: readonly string[]; fresh: number; repeats: boolean },
): WalkPosition {
  const { from } = shown;
  const places = walk.style.by === 'offset' || walk.style.by === 'page';
  return {
    ...from,
    steps: from.steps + 1,
    tail: places ? [...new Set([...from.tail, ...keys])].slice(-WALK_OVERLAP) : [],
    counted: from.counted + fresh,
    quiet: fresh === 0 ? from.quiet + 1 : 0,
    news: from.news + fresh,
    length: isReached(shown, repeats) ? Math.max(from.length, shown.reached) : from.length,
    short: keys.length > 0 ? keys.length < shown.size : from.short,
    backs: shown.backs,
    given: shown.given,
    fixed: shown.fixed,
    doubt: from.doubt ?? shown.doubt,
  };
}

/** Places of a page that repeats another are no places, unless the total has room for them. */
function isReached<Row>({ from, rows, total, reached }: Look<Row>, repeats: boolean): boolean {
  return from.round === 0 && rows.length > 0 && (!repeats || (total !== null && reached <= total));
}

function nextRound(now: WalkPosition): WalkPosition {
  return { ...now, at: null, tail: [], quiet: 0, given: null, short: false, round: now.round + 1, news: 0 };
}

/** Whether another place of the list begins with another row. */
async function obeysPages<Row>(walk: Walk<Row>, memory: WalkMemory<Row>, pageSize: number): Promise<boolean> {
  const { style } = walk;
  if (style.by !== 'offset' && style.by !== 'page') return false;
  const size = Math.min(pageSize, style.sizeMax);
  const { rows } = await style.ask(1, style.by === 'offset' ? size : Math.max(1, Math.floor(size / 2)));
  const [first] = rows;
  return first !== undefined && walk.keyOf(first) !== memory.first;
}

function sentence<Row>({ list, setting }: Walk<Row>, doubt: string): string {
  return `${list} may hold more than it showed: ${doubt}. Nothing that it did not show is taken for deleted; correct ${setting}, or the system.`;
}
