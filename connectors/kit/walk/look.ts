/**
 * One look at a list, in whichever way it comes in pages: what the answer shows, and where the next look would be. Rows
 * that moved between two looks are noticed here, by the rows before, and gone back for. Whether the walk has ended is
 * decided in decide-end.ts.
 */
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import { WALK_START } from './position.ts';
import type { WalkMemory } from './memory.ts';
import type { WalkPosition } from './position.ts';
import type { Walk, WalkAnswer, WalkStyle } from './style.ts';

/** Rows shown again at each step of an offset: as many may vanish before it without hiding one behind it. */
export const WALK_OVERLAP = 5;
/** How often one walk goes back for rows that moved. */
export const WALK_BACKS_MAX = 10;

export interface Look<Row> {
  rows: readonly Row[];
  /** Where this look was made from: the position asked for, or the start when the walk began anew. */
  from: WalkPosition;
  /** Places of the list looked at so far, where places can be counted. */
  reached: number;
  /** Where the next look would be; null when this one showed the end. */
  next: number | string | null;
  total: number | null;
  /** Rows asked for. */
  size: number;
  backs: number;
  given: number | null;
  fixed: boolean;
  doubt: string | null;
}

export interface Looking<Row> {
  walk: Walk<Row>;
  from: WalkPosition;
  memory: WalkMemory<Row>;
  pageSize: number;
}

type Style<By extends WalkStyle<never>['by'], Row> = Extract<WalkStyle<Row>, { by: By }>;

export function look<Row>(looking: Looking<Row>): Promise<Look<Row>> {
  const { style } = looking.walk;
  switch (style.by) {
    case 'whole':
      return lookAtWhole(looking, style);
    case 'offset':
      return lookAtOffset(looking, style);
    case 'page':
      return lookAtPage(looking, style);
    case 'pointer':
      return lookAtPointer(looking, style);
    case 'key':
      return lookBehindKey(looking, style);
  }
}

/** Everything comes at once; it is handed on in pages, in the order of the keys, so that another worker can go on. */
async function lookAtWhole<Row>(
  { walk, from, memory, pageSize }: Looking<Row>,
  style: Style<'whole', Row>,
): Promise<Look<Row>> {
  const after = typeof from.at === 'string' ? from.at : null;
  if (memory.whole === null) {
    const { rows, total, doubt } = await style.ask();
    const keyed = rows.map((row) => ({ key: walk.keyOf(row), row }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const cut = typeof total === 'number' && total > rows.length;
    memory.whole = {
      rows: keyed,
      doubt: doubt ?? (cut ? `it tells of ${String(total)} records and shows ${String(rows.length)}` : null),
    };
  }
  const rest = memory.whole.rows.filter(({ key }) => after === null || key > after);
  // Rows that share a key stay together: the next page begins behind it.
  const edge = rest[Math.max(1, pageSize) - 1]?.key;
  const page = edge === undefined ? rest : rest.filter(({ key }) => key <= edge);
  const last = page.at(-1);
  return {
    ...still(from),
    rows: page.map(({ row }) => row),
    next: rest.length > page.length && last !== undefined ? last.key : null,
    doubt: memory.whole.doubt,
  };
}

/** Each look begins a few rows early, with rows that were delivered; when none of them is met, rows before have gone. */
async function lookAtOffset<Row>(looking: Looking<Row>, style: Style<'offset', Row>): Promise<Look<Row>> {
  const { walk, from, memory } = looking;
  const wanted = sizeOf(looking, style.sizeMax);
  // Fewer than the system gives in a page, or there would be no room for what is new.
  const room = Math.floor(Math.min(wanted, style.sizeMax, from.given ?? Infinity) / 2);
  const early = Math.min(from.tail.length, numberOf(from.at), room);
  let { backs } = from;
  for (let offset = numberOf(from.at); ;) {
    const before = Math.min(early, offset);
    const size = Math.min(wanted + before, style.sizeMax);
    const answer = await orEnd(offset > 0, from, () => style.ask(offset - before, size));
    const met = answer.rows.slice(0, before).some((row) => memory.seen.has(walk.keyOf(row)));
    const lost = before > 0 && !met && (answer.doubt ?? null) === null && from.round === 0;
    if (lost && backs < WALK_BACKS_MAX) {
      backs += 1;
      offset = Math.max(0, offset - wanted);
      continue;
    }
    const shown = answer.rows.length;
    const reached = shown === 0 ? offset : offset - before + shown;
    // Nothing but the rows that came early: the list ends with them.
    const ends = shown === 0 || (shown <= before && shown < size && met);
    return {
      ...still(from),
      ...told(answer),
      reached,
      next: ends ? null : reached,
      size,
      backs,
      given: from.given ?? (shown > 0 ? shown : null),
    };
  }
}

/** A page cannot begin early, so the row before it is asked for on its own, after the page was read. */
async function lookAtPage<Row>(looking: Looking<Row>, style: Style<'page', Row>): Promise<Look<Row>> {
  const { walk, from, memory } = looking;
  const size = sizeOf(looking, style.sizeMax);
  let { backs, fixed } = from;
  for (let page = numberOf(from.at); ;) {
    const answer = await orEnd(page > 0, from, () => style.ask(page, size));
    const given = from.given ?? (answer.rows.length > 0 ? answer.rows.length : null);
    const fresh = answer.rows.some((row) => !memory.seen.has(walk.keyOf(row)));
    // An end behind a short page needs no proof: what was read before it reached the end.
    const counts = fresh || (answer.rows.length === 0 && !from.short && (answer.doubt ?? null) === null);
    if (page > 0 && given !== null && counts && from.round === 0 && backs < WALK_BACKS_MAX) {
      const known = (row: Row | undefined): boolean => row !== undefined && memory.seen.has(walk.keyOf(row));
      const before = await knowsRowBefore(style, { page, size, given, fixed }, known);
      ({ fixed } = before);
      if (!before.known) {
        backs += 1;
        page -= 1;
        continue;
      }
    }
    return {
      ...still(from),
      ...told(answer),
      reached: page * (given ?? 0) + answer.rows.length,
      next: answer.rows.length === 0 ? null : page + 1,
      size,
      backs,
      given,
      fixed,
    };
  }
}

/** Whether the row before a page is known: asked for alone where the size is obeyed, else as the last of the page before. */
async function knowsRowBefore<Row>(
  style: Style<'page', Row>,
  { page, size, given, fixed }: { page: number; size: number; given: number; fixed: boolean },
  known: (row: Row | undefined) => boolean,
): Promise<{ known: boolean; fixed: boolean }> {
  const alone = fixed ? [] : (await style.ask(page * given - 1, 1).catch(asNothing)).rows;
  if (alone.length === 1 && known(alone[0])) return { known: true, fixed: false };
  const last = (await style.ask(page - 1, size)).rows.at(-1);
  // The same place, asked for in two ways: where only one of them is known, the size is not obeyed.
  return { known: known(last), fixed: fixed || known(last) };
}

/** The system says where to go on. A pointer that it does not take any more, kept too long, begins the walk anew. */
async function lookAtPointer<Row>(looking: Looking<Row>, style: Style<'pointer', Row>): Promise<Look<Row>> {
  const { memory } = looking;
  const size = sizeOf(looking, style.sizeMax);
  let { from } = looking;
  const pointer = typeof from.at === 'string' ? from.at : null;
  const answer = await style.ask(pointer, size).catch((error: unknown) => {
    if (pointer === null || memory.begunAnew || !isRefusal(error)) throw error;
    memory.begunAnew = true;
    memory.seen.clear();
    memory.pointers.clear();
    from = WALK_START;
    return style.ask(null, size);
  });
  const next = answer.next ?? null;
  const ends = style.emptyEnds === true && answer.rows.length === 0;
  return { ...still(from), ...told(answer), next: ends || next === '' ? null : next, size };
}

async function lookBehindKey<Row>(looking: Looking<Row>, style: Style<'key', Row>): Promise<Look<Row>> {
  const { walk, from } = looking;
  const size = sizeOf(looking, style.sizeMax);
  const answer = await style.ask(typeof from.at === 'string' ? from.at : null, size);
  const last = answer.rows.at(-1);
  const ends = last === undefined || answer.more === false;
  return {
    ...still(from),
    ...told(answer),
    next: ends ? null : walk.keyOf(last),
    size,
  };
}

function told<Row>(answer: WalkAnswer<Row>): Pick<Look<Row>, 'rows' | 'total' | 'doubt'> {
  return { rows: answer.rows, total: answer.total ?? null, doubt: answer.doubt ?? null };
}

function still<Row>(from: WalkPosition): Look<Row> {
  const { backs, given, fixed } = from;
  return { rows: [], from, reached: 0, next: null, total: null, size: 0, backs, given, fixed, doubt: null };
}

/** Later rounds ask for other sizes, so that what an unstable order hid between two pages comes to stand within one. */
function sizeOf<Row>({ from, pageSize }: Looking<Row>, sizeMax: number): number {
  const size = Math.max(1, Math.min(pageSize, sizeMax));
  return from.round === 0 ? size : Math.max(2, size - Math.ceil((size * from.round) / 9));
}

function numberOf(at: WalkPosition['at']): number {
  return typeof at === 'number' ? at : 0;
}

/** Beyond the last page many systems answer 404, others refuse the number; behind a full page that is a doubtful end. */
async function orEnd<Row>(
  beyond: boolean,
  from: WalkPosition,
  ask: () => Promise<WalkAnswer<Row>>,
): Promise<WalkAnswer<Row>> {
  try {
    return await ask();
  } catch (error) {
    const failure = toFailure(error);
    if (!beyond || !isRefusal(failure)) throw failure;
    const sure = failure.kind === 'not_found' || from.short;
    return { rows: [], doubt: sure ? null : `it refuses to go on (${failure.message.replace(/\.$/, '')})` };
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && (error.kind === 'not_found' || error.kind === 'rejected');
}

function asNothing(error: unknown): { rows: [] } {
  if (isRefusal(error)) return { rows: [] };
  throw error;
}
