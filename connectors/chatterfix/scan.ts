/**
 * Walking a collection of ChatterFix from one end to the other. There are no filters and no change marks (contract 9), so every
 * read of everything is such a walk; what matters is that moving rows hide none and that a cut list is noticed.
 */
import { FEWEST_ON_A_PAGE } from '../kit/walk/short-page.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Client } from './client.ts';
import { assertGenuine } from './guard.ts';
import type { ObjectShape, Profile } from './profile.ts';
import { idOf } from './wire.ts';

/** Rows read again at each step, to notice that rows before them have moved (contract 9, stable paging). */
const OVERLAP = 5;
const FULL_PAGE = 1_000;
/** Walks until two agree, or one agrees with the count told before and after it. */
const TRIES_MAX = 4;
/** The statistics' names (contract 4.1). */
const COUNTS: Readonly<Record<string, string>> = {
  '/api/work-orders': 'work_orders_count',
  '/api/assets': 'assets_count',
  '/api/parts': 'parts_count',
};

/** How often a walk may go back for rows that moved before the order is taken for one that does not hold. */
const BACKS_MAX = 2;
/** Rows that may come while everything is fetched in one answer. */
const SLACK = 100;

/** Where an offset walk stands. */
export interface Step {
  offset: number;
  /** Ids of rows already delivered that the next page should show again. */
  tail: string[];
  /** Id of the first row of all; a later page that begins with it is the first one again. */
  head?: string | null;
  /** How often the rows that should be met again were not met. */
  backs?: number;
}

export const START: Step = { offset: 0, tail: [], head: null, backs: 0 };

export interface Walked {
  rows: JsonObject[];
  /** Null at the end. */
  next: Step | null;
  total: number | null;
}

export type Scanner = ReturnType<typeof createScanner>;

export function createScanner(client: Client, guard: boolean) {
  function judge<T extends Parameters<typeof assertGenuine>[0]>(
    list: T,
    profile: Profile,
    shape: ObjectShape,
  ): T {
    if (guard) assertGenuine(list, profile.name, client.hostOf(shape.service), shape.noun);
    return list;
  }

  /**
   * One page at an offset. Rows come newest first: what is created meanwhile shifts rows to the next page (seen twice), a delete
   * would hide one, so each page shows the last rows of the one before again; when none of them is met, the walk goes back.
   */
  async function step(profile: Profile, shape: ObjectShape, from: Step, pageSize: number): Promise<Walked> {
    const { listing } = shape;
    const max = listing.by === 'offset' ? (listing.max ?? FULL_PAGE + OVERLAP) : FULL_PAGE;
    let backs = from.backs ?? 0;
    for (let at = from.offset; ;) {
      const limit = Math.min(pageSize + from.tail.length, max);
      const page = judge(await client.list(shape, { limit: String(limit), offset: at }), profile, shape);
      const ids = page.rows.map(keyOf);
      if (at > 0 && from.tail.length > 0 && !ids.some((id) => id !== null && from.tail.includes(id))) {
        backs += 1;
        if (backs > BACKS_MAX) throw unstable(shape);
        at = Math.max(0, at - limit);
        continue;
      }
      const head = from.head ?? ids[0] ?? null;
      if (at > 0 && at === from.offset && head !== null && ids[0] === head)
        throw cut(shape, 'shows its first page whatever the offset');
      const seen = new Set(from.tail);
      const fresh = page.rows.filter((_, index) => !seen.has(ids[index] ?? ''));
      if (page.rows.length > limit) throw cut(shape, `ignores the limit of ${String(limit)} rows`);
      const shown = {
        rows: page.rows.length,
        fresh: fresh.length,
        end: at + page.rows.length,
        total: page.total,
      };
      if (page.rows.length < limit && isEnd(shown)) return { rows: fresh, next: null, total: page.total };
      const overlap = Math.min(OVERLAP, at + page.rows.length);
      return {
        rows: fresh,
        next: {
          offset: at + page.rows.length - overlap,
          tail: [...from.tail, ...ids.flatMap((id) => id ?? [])].slice(-overlap),
          head,
          backs,
        },
        total: page.total,
      };
    }
  }

  /** Everything in one answer; a list that may have been cut is refused, not taken for all there is. */
  async function whole(profile: Profile, shape: ObjectShape, limit: string | null): Promise<JsonObject[]> {
    const { listing } = shape;
    const { rows, total } = judge(await client.list(shape, { limit, offset: null }), profile, shape);
    const cap = listing.by === 'whole' ? listing.cap : null;
    if (limit === null || limit === '0' || cap !== null) {
      if (cap !== null && rows.length >= cap) throw cut(shape, `shows at most ${String(cap)}`);
      if (total !== null && total > rows.length)
        throw cut(shape, `shows ${String(rows.length)} of ${String(total)}`);
    }
    return rows;
  }

  /** Page after page, or the one answer there is. */
  async function* walk(profile: Profile, shape: ObjectShape, firstPage = FULL_PAGE): AsyncGenerator<Walked> {
    const { listing } = shape;
    if (listing.by === 'whole') {
      yield { rows: await whole(profile, shape, listing.limit), next: null, total: null };
      return;
    }
    let from: Step | null = START;
    for (let pageSize = firstPage; from !== null; pageSize = FULL_PAGE) {
      const size = Math.min(pageSize, listing.max ?? FULL_PAGE);
      const walked: Walked = await step(profile, shape, from, size).catch(async (error: unknown) => {
        if (!isUnstable(error)) throw error;
        return { rows: await atOnce(profile, shape), next: null, total: null };
      });
      yield walked;
      from = walked.next;
    }
  }

  /**
   * A paged list in one answer: rows of one second have no order between them on PostgreSQL, so that pages show some twice and
   * others never. Only where the count is told and a page may be as large as one likes.
   */
  async function atOnce(profile: Profile, shape: ObjectShape): Promise<JsonObject[]> {
    const { listing } = shape;
    const count = countName(shape) === undefined ? null : await client.countOf(countName(shape) ?? '');
    if (listing.by !== 'offset' || listing.max !== null || count === null) throw unstable(shape);
    const limit = count + SLACK;
    const { rows } = judge(await client.list(shape, { limit: String(limit), offset: 0 }), profile, shape);
    if (rows.length >= limit || rows.length < count) throw unstable(shape);
    return rows;
  }

  async function idsOf(
    profile: Profile,
    shape: ObjectShape,
  ): Promise<{ ids: Set<string>; count: number; total: number | null }> {
    const ids = new Set<string>();
    let [nameless, total]: [number, number | null] = [0, null];
    for await (const walked of walk(profile, shape)) {
      for (const row of walked.rows) {
        const id = keyOf(row);
        if (id === null) nameless += 1;
        else ids.add(id);
      }
      total = walked.total;
    }
    return { ids, count: ids.size + nameless, total };
  }

  /**
   * Every id of a collection, for deciding what is gone: complete only when the count told before and after agrees with what was
   * seen, or, where no count is told, when two walks agree (contract 9, deletes).
   */
  async function completeIds(profile: Profile, shape: ObjectShape): Promise<string[]> {
    const { listing } = shape;
    const counted = countName(shape);
    let last: Set<string> | null = null;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const before = counted === undefined ? null : await client.countOf(counted);
      const { ids, count, total } = await idsOf(profile, shape);
      const after = counted === undefined ? null : await client.countOf(counted);
      if (listing.by === 'whole') return [...ids];
      if (before !== null && before === after && count === before) return [...ids];
      if (total !== null && total === count) return [...ids];
      if (before === null && total === null && last !== null && equal(last, ids)) return [...ids];
      last = ids;
    }
    throw new Failure(
      'unavailable',
      `The ${shape.noun} list of ${client.hostOf(shape.service)} did not agree with its own count in ${String(TRIES_MAX)} walks, so nothing is taken for deleted; it will be tried again later.`,
      { code: 'INCOMPLETE_SCAN' },
    );
  }

  function unstable(shape: ObjectShape): Failure {
    return new Failure(
      'unavailable',
      `The ${shape.noun} list of ${client.hostOf(shape.service)} shows its rows in another order at each page, so that some would be missed; it will be tried again later, report it to who runs it if it stays.`,
      { code: UNSTABLE_ORDER },
    );
  }

  function cut(shape: ObjectShape, how: string): Failure {
    return new Failure(
      'unexpected_response',
      `The ${shape.noun} list of ${client.hostOf(shape.service)} ${how} and has no pages, so the rest cannot be read; connect a generation that shows everything.`,
      { code: 'TRUNCATED_LIST' },
    );
  }

  return { step, whole, atOnce, walk, completeIds };
}

/** A page shorter than asked for may be cut at a size of the server's own: the walk ends where nothing new comes, or all are counted. */
function isEnd(shown: { rows: number; fresh: number; end: number; total: number | null }): boolean {
  const { rows, fresh, end, total } = shown;
  return rows < FEWEST_ON_A_PAGE || fresh === 0 || (total !== null && end >= total);
}

const UNSTABLE_ORDER = 'UNSTABLE_ORDER';

export function isUnstable(error: unknown): boolean {
  return error instanceof Failure && error.code === UNSTABLE_ORDER;
}

/** The statistics' name for a list's count, where it has one. */
function countName({ listing, path }: ObjectShape): string | undefined {
  return listing.by === 'offset' && listing.total === 'stats' ? COUNTS[path] : undefined;
}

export function keyOf(row: JsonObject): string | null {
  return idOf(row['id']);
}

function equal(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
