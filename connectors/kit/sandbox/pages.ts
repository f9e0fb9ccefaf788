/**
 * What happens to lists while a client pages: somebody inserts or removes a record, and what real servers do wrong. The vendor
 * part cuts its pages here and says in its own words what is refused.
 */
import { choice, count, either, flag, kept, orNothing, shape, written, type Dial } from './dials.ts';
import type { SandboxWorld } from './world.ts';

export const PAGE_FAULTS = [
  /** The page before is served once more in the place of this one. */
  'repeated',
  /** Beyond the last page the last one is served again. */
  'clamped',
  /** Beyond the last page is an error. */
  'refused_beyond',
  /** The size a client asks for is not looked at. */
  'size_ignored',
  /** Rows come in another order with every page. */
  'unstable',
  /** The way to the next page leads back to the first. */
  'cycle',
  /** The way to the next page has run out. */
  'expired',
  /** The link to the next page names another scheme. */
  'other_scheme',
  'total_as_text',
  'total_unknown',
  /** An empty list is 204 without a body. */
  'empty_204',
] as const;
export type PageFaultName = (typeof PAGE_FAULTS)[number];

export interface PageFault {
  fault: PageFaultName;
  /** The only object whose lists suffer; all when null. */
  object: string | null;
  /** So many times. */
  times: number;
  /** Rows on a page when the wish for a size is ignored. */
  size: number;
}

export interface Paged {
  object: string | null;
  times: number;
}

export interface PageDials {
  insertWhilePaging: Paged;
  removeWhilePaging: Paged;
  pageFault: PageFault | null;
}

const ALWAYS = Number.MAX_SAFE_INTEGER;
const SIZE_IGNORED = 2;

function paged(objects: readonly string[] | null, usual: string | null): Dial<Paged> {
  const rest: Paged = { object: usual, times: 0 };
  const times = either(
    count(0),
    kept(flag(), ALWAYS, (always) => (always ? ALWAYS : 0)),
  );
  const takes = objects === null ? 'the name of an object' : `one of ${objects.join(', ')}`;
  const named = written<string>(usual ?? '', takes, (text) =>
    objects === null ? text : objects.find((one) => one === text),
  );
  const object = orNothing(named, usual);
  return kept(either(times, shape({ object, times })), rest, (value) =>
    typeof value === 'number' ? { ...rest, times: value } : value,
  );
}

function pageFault(): Dial<PageFault | null> {
  const name = choice('repeated', PAGE_FAULTS);
  const members = {
    fault: name,
    object: orNothing(written<string>('', 'the name of an object', (text) => text)),
    times: count(ALWAYS),
    size: count(SIZE_IGNORED, 1),
  };
  const rest: PageFault = { fault: 'repeated', object: null, times: ALWAYS, size: SIZE_IGNORED };
  return orNothing(
    kept(either(name, shape(members)), rest, (value) =>
      typeof value === 'string' ? { ...rest, fault: value } : value,
    ),
  );
}

/** The dials of everything that is paged; `objects` null takes any name. A number alone means `usual`, or whatever is paged when that is null. */
export function pageDials(
  objects: readonly string[] | null,
  usual: string | null,
): { [K in keyof PageDials]: Dial<PageDials[K]> } {
  return {
    insertWhilePaging: paged(objects, usual),
    removeWhilePaging: paged(objects, usual),
    pageFault: pageFault(),
  };
}

/** Positions among all rows that match; without a size everything is wanted. */
export interface PageWish {
  start: number;
  size: number | null;
}

export interface Page<R> {
  rows: readonly R[];
  size: number | null;
  /** Of all that match, as the server tells it. */
  total: number | string;
  /** Where the next page starts; null on the last one. */
  next: number | null;
  /** The answer is 204. */
  silent: boolean;
}

export interface Paging {
  /** Throws what the vendor part says to a page that is refused. */
  cut<R>(object: string, rows: readonly R[], wish: PageWish): Page<R>;
  /** A link to another page, as the server writes it. */
  link(object: string, link: string): string;
  /** A page was served: it is noted, and somebody else goes on working. */
  served(object: string, query: string): void;
}

interface PagingParts {
  world: SandboxWorld;
  dials: PageDials;
  refuse: (reason: 'beyond' | 'expired') => Error;
  /** Somebody else, working in the vendor's own screens. */
  somebody: { inserts(object: string): void; removes(object: string): void };
}

export function createPaging({ world, dials, refuse, somebody }: PagingParts): Paging {
  /** Uses the fault up once when it is the one that is on. */
  function suffers(object: string, ...faults: PageFaultName[]): boolean {
    const { pageFault: on } = dials;
    if (on === null || on.times <= 0 || !faults.includes(on.fault)) return false;
    if (on.object !== null && on.object !== object) return false;
    on.times -= 1;
    return true;
  }
  function totalOf(object: string, total: number): number | string {
    if (suffers(object, 'total_as_text')) return String(total);
    return suffers(object, 'total_unknown') ? -1 : total;
  }
  function startOf(object: string, total: number, { start, size }: PageWish): number {
    if (start === 0 || size === null || size === 0) return start;
    if (suffers(object, 'expired')) throw refuse('expired');
    if (suffers(object, 'repeated')) return Math.max(0, start - size);
    if (start < total) return start;
    if (suffers(object, 'refused_beyond')) throw refuse('beyond');
    return suffers(object, 'clamped') ? Math.max(0, Math.ceil(total / size) - 1) * size : start;
  }
  function happens(paging: Paged, object: string): boolean {
    if (paging.times <= 0 || (paging.object !== null && paging.object !== object)) return false;
    paging.times -= 1;
    return true;
  }
  return {
    cut(object, rows, wish) {
      const size = suffers(object, 'size_ignored') ? (dials.pageFault?.size ?? wish.size) : wish.size;
      const all = suffers(object, 'unstable') ? shuffled(rows, (below) => world.random.int(below)) : rows;
      const start = startOf(object, all.length, { ...wish, size });
      const page = size === null ? all.slice(start) : all.slice(start, start + size);
      const more = size !== null && wish.start + size < all.length;
      const next = suffers(object, 'cycle') ? 0 : more ? wish.start + size : null;
      const silent = page.length === 0 && suffers(object, 'empty_204');
      return { rows: page, size, total: totalOf(object, all.length), next, silent };
    },
    link: (object, link) =>
      suffers(object, 'other_scheme')
        ? link.replace(/^https?:/, (scheme) => (scheme === 'http:' ? 'https:' : 'http:'))
        : link,
    served(object, query) {
      world.stats.page(object, query);
      if (happens(dials.insertWhilePaging, object)) somebody.inserts(object);
      if (happens(dials.removeWhilePaging, object)) somebody.removes(object);
    },
  };
}

function shuffled<R>(rows: readonly R[], below: (limit: number) => number): R[] {
  const mixed = [...rows];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = below(at + 1);
    const [one, two] = [mixed[at], mixed[other]];
    if (one !== undefined && two !== undefined) [mixed[at], mixed[other]] = [two, one];
  }
  return mixed;
}
