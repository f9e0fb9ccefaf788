import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../domain/kernel/failure.ts';
import { WALK_START } from './position.ts';
import type { WalkPosition } from './position.ts';
import { totalOf } from './style.ts';
import type { Walk, WalkStyle } from './style.ts';
import { createWalker } from './walk.ts';
import type { Walker } from './walk.ts';

interface Row {
  id: string;
}
const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, n) => ({ id: `r${String(n)}` }));
const ALL_CALLS = 5_000;

interface Told {
  ids: string[];
  incomplete: string | null;
  calls: number;
}

function walkOf(style: WalkStyle<Row>): Walk<Row> {
  return { id: 'w', list: 'The list /x of h', setting: 'list.paging', style, keyOf: ({ id }) => id };
}

/** Walks to the end; `renew` begins a new session, as another worker would. */
async function walked(
  style: WalkStyle<Row>,
  pageSize: number,
  renew: (step: number) => boolean = () => false,
) {
  const walk = walkOf(style);
  const told: Told = { ids: [], incomplete: null, calls: 0 };
  let walker: Walker = createWalker();
  for (let from: WalkPosition = WALK_START; ; told.calls += 1) {
    if (told.calls > ALL_CALLS) throw new Error('The walk does not end.');
    const step = await walker.step(walk, from, pageSize);
    told.ids.push(...step.rows.map(({ id }) => id));
    if (step.next === null) return { ...told, incomplete: step.incomplete };
    // What travels is JSON.
    from = JSON.parse(JSON.stringify(step.next)) as WalkPosition;
    if (renew(told.calls)) walker = createWalker();
  }
}

const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => id).sort();
const notThere = (): never => {
  throw new Failure('not_found', 'h answered 404.');
};
const refused = (): never => {
  throw new Failure('rejected', 'h answered 400 ("page out of range").');
};

/** A server of pages with manners. */
function pages(
  all: readonly Row[],
  manners: {
    by?: 'page' | 'offset';
    sizeMax?: number;
    size?: (asked: number) => number;
    beyond?: 'empty' | '404' | '400' | 'last' | 'first';
    total?: (shown: number) => unknown;
    order?: (rows: readonly Row[], asked: { at: number; size: number }) => readonly Row[];
  } = {},
): WalkStyle<Row> {
  const { by = 'page', sizeMax = 10, beyond = 'empty' } = manners;
  return {
    by,
    sizeMax,
    async ask(at: number, asked: number) {
      const size = manners.size?.(asked) ?? asked;
      const start = by === 'page' ? at * size : at;
      const rows = manners.order?.(all, { at, size }) ?? all;
      let shown = rows.slice(start, start + size);
      if (shown.length === 0 && start > 0) {
        if (beyond === '404') notThere();
        if (beyond === '400') refused();
        if (beyond === 'first') shown = rows.slice(0, size);
        if (beyond === 'last')
          shown = rows.slice(
            by === 'page' ? Math.floor((rows.length - 1) / size) * size : Math.max(0, rows.length - size),
          );
      }
      return { rows: shown, total: totalOf(manners.total?.(shown.length)) };
    },
  };
}

describe('lists in pages', () => {
  it.each(['empty', '404', 'last', 'first'] as const)('end where what is beyond is %s', async (beyond) => {
    for (const by of ['page', 'offset'] as const) {
      for (const count of [0, 1, 9, 10, 11, 20, 25]) {
        const told = await walked(pages(rowsOf(count), { by, beyond }), 10);
        expect({ by, count, ...told, ids: [...told.ids].sort() }).toMatchObject({
          by,
          count,
          ids: ids(rowsOf(count)),
          incomplete: null,
        });
        expect(told.calls).toBeLessThan(6);
      }
    }
  });

  it('end at a refusal behind a short page, and say so behind a full one', async () => {
    expect(await walked(pages(rowsOf(25), { beyond: '400' }), 10)).toMatchObject({ incomplete: null });
    const told = await walked(pages(rowsOf(20), { beyond: '400' }), 10);
    expect(told.ids).toHaveLength(20);
    expect(told.incomplete).toContain('page out of range');
  });

  it.each([
    ['ignored, fewer', () => 3],
    ['ignored, more', () => 17],
    ['cut', (asked: number) => Math.min(asked, 4)],
    ['ignored, all', () => 1_000],
  ])('whose size is %s are read whole', async (_how, size) => {
    for (const by of ['page', 'offset'] as const) {
      for (const beyond of ['empty', '404', 'last'] as const) {
        const told = await walked(pages(rowsOf(35), { by, size, beyond }), 10);
        expect({ by, beyond, ids: [...told.ids].sort(), incomplete: told.incomplete }).toEqual({
          by,
          beyond,
          ids: ids(rowsOf(35)),
          incomplete: null,
        });
      }
    }
  });

  it.each([
    ['as a number', () => 250],
    ['as text', () => '250'],
    ['as -1', () => -1],
    ["as the page's own count", (shown: number) => shown],
    ['not at all', () => undefined],
    ['as words', () => 'many'],
  ])('with a total told %s are read whole', async (_how, total) => {
    for (const by of ['page', 'offset'] as const) {
      for (const size of [(asked: number) => asked, () => 20, () => 50]) {
        const told = await walked(pages(rowsOf(250), { by, total, size, sizeMax: 100 }), 100);
        expect(told).toMatchObject({ incomplete: null });
        expect([...told.ids].sort()).toEqual(ids(rowsOf(250)));
      }
    }
  });

  it('say so when there are fewer than they tell', async () => {
    const told = await walked(pages(rowsOf(24), { total: () => 31 }), 10);
    expect(told.incomplete).toContain('it tells of 31 records and shows 24');
    expect(told.incomplete).toContain('Nothing that it did not show is taken for deleted');
  });

  it('that show their first page for ever say so, where more may follow', async () => {
    const first = (count: number): WalkStyle<Row> => ({
      by: 'page',
      sizeMax: 10,
      ask: async (_page, size) => ({ rows: rowsOf(count).slice(0, size) }),
    });
    expect(await walked(first(30), 10)).toMatchObject({ ids: ids(rowsOf(10)), calls: 2 });
    expect((await walked(first(30), 10)).incomplete).toContain('its first one again');
    expect((await walked(first(7), 10)).incomplete).toBeNull();
    // Ten rows, and pages that are obeyed: what is beyond shows the last page.
    expect((await walked(pages(rowsOf(10), { beyond: 'last' }), 10)).incomplete).toBeNull();
  });

  it('a first page that is not there is no empty list', async () => {
    await expect(walked({ by: 'page', sizeMax: 10, ask: async () => notThere() }, 10)).rejects.toThrow('404');
  });

  it('whose ties come in another order at each request are read whole', async () => {
    let random = 1;
    const next = (): number => (random = (random * 48271) % 2147483647) / 2147483647;
    const order = (rows: readonly Row[]): Row[] => {
      const shuffled: Row[] = [];
      for (let at = 0; at < rows.length; at += 10) {
        const group = rows.slice(at, at + 10);
        while (group.length > 0) shuffled.push(...group.splice(Math.floor(next() * group.length), 1));
      }
      return shuffled;
    };
    for (const by of ['page', 'offset'] as const) {
      for (const sizeMax of [100, 37]) {
        const told = await walked(pages(rowsOf(350), { by, order, sizeMax }), sizeMax);
        expect({ by, sizeMax, incomplete: told.incomplete }).toEqual({ by, sizeMax, incomplete: null });
        expect([...told.ids].sort()).toEqual(ids(rowsOf(350)));
        expect(told.calls).toBeLessThan(90);
      }
    }
  });

  it('whose whole order differs from page to page are read whole, or say that they were not', async () => {
    const order = (rows: readonly Row[], { at, size }: { at: number; size: number }): Row[] => {
      const turn = (at * 7 + size) % rows.length;
      return [...rows.slice(turn), ...rows.slice(0, turn)];
    };
    const told = await walked(pages(rowsOf(250), { by: 'offset', order, sizeMax: 100 }), 100);
    expect(told.ids.length === 250 || told.incomplete !== null).toBe(true);
    expect(told.calls).toBeLessThan(60);
  });

  it('that always show a row twice are whole all the same', async () => {
    const twice = [...rowsOf(30), { id: 'r3' }, { id: 'r4' }];
    for (const by of ['page', 'offset'] as const) {
      const told = await walked(pages(twice, { by, total: () => 32 }), 10);
      expect(told).toMatchObject({ incomplete: null });
      expect([...told.ids].sort()).toEqual(ids(rowsOf(30)));
    }
  });

  it('that move while they are read hide nothing that was there all the time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 0, max: 60 }),
          by: fc.constantFrom('page' as const, 'offset' as const),
          sizeMax: fc.integer({ min: 6, max: 12 }),
          beyond: fc.constantFrom('empty' as const, '404' as const, 'last' as const),
          // Rows that go, or rows that come: one that comes just when another goes can hide it between two calls.
          remove: fc.boolean(),
          moves: fc.array(fc.record({ call: fc.integer({ min: 1, max: 12 }), at: fc.nat(59) }), {
            maxLength: 4,
          }),
          renewed: fc.integer({ min: 0, max: 20 }),
        }),
        async ({ count, by, sizeMax, beyond, remove, moves, renewed }) => {
          const rows = rowsOf(count);
          const gone = new Set<string>();
          let [call, made] = [0, 0];
          const style = pages(rows, { by, sizeMax, beyond });
          const moving = {
            ...style,
            ask: async (at: number, size: number) => {
              call += 1;
              for (const move of moves.filter((one) => one.call === call)) {
                if (!remove)
                  rows.splice(Math.min(move.at, rows.length), 0, { id: `new${String((made += 1))}` });
                else for (const { id } of rows.splice(move.at, 1)) gone.add(id);
              }
              return (style as Extract<WalkStyle<Row>, { by: 'page' }>).ask(at, size);
            },
          } as WalkStyle<Row>;
          const told = await walked(moving, sizeMax, (step) => step === renewed);
          const stayed = rowsOf(count).filter(({ id }) => !gone.has(id));
          const missed = stayed.filter(({ id }) => !told.ids.includes(id));
          return missed.length === 0 || told.incomplete !== null;
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('lists that lead on by themselves', () => {
  const chain = (
    next: Record<string, { rows: number; next: string | null; total?: number }>,
  ): WalkStyle<Row> => ({
    by: 'pointer',
    sizeMax: 10,
    ask: async (pointer) => {
      const page = next[pointer ?? ''] ?? notThere();
      const rows = rowsOf(page.rows).map(({ id }) => ({ id: `${pointer ?? ''}${id}` }));
      return { rows, next: page.next, total: page.total ?? null };
    },
  });

  it('are followed to their end', async () => {
    const told = await walked(
      chain({ '': { rows: 2, next: 'b' }, b: { rows: 0, next: 'c' }, c: { rows: 1, next: null } }),
      9,
    );
    expect(told).toMatchObject({ ids: ['r0', 'r1', 'cr0'], incomplete: null });
  });

  it.each([1, 2, 3, 7, 40])('end in a circle of %s', async (length) => {
    const circle: Parameters<typeof chain>[0] = { '': { rows: 1, next: '0' } };
    for (let n = 0; n < length; n += 1) circle[String(n)] = { rows: 1, next: String((n + 1) % length) };
    const told = await walked(chain(circle), 10);
    expect(told.ids).toHaveLength(length + 1);
    expect(told.incomplete).toContain('leads back');
    expect(told.calls).toBeLessThanOrEqual(length + 2);
    // Nobody remembers: the position alone notices it.
    const forgetful = await walked(chain(circle), 10, () => true);
    expect(forgetful.incomplete).toContain('leads back');
    expect(forgetful.calls).toBeLessThan(4 * length + 8);
  });

  it('in a circle are whole when they showed as many as they tell', async () => {
    const circle = chain({ '': { rows: 2, next: 'a', total: 4 }, a: { rows: 2, next: 'a', total: 4 } });
    expect(await walked(circle, 10)).toMatchObject({ incomplete: null });
  });

  it('end where empty pages name further ones for ever, unless empty is the end', async () => {
    let n = 0;
    const endless: WalkStyle<Row> = {
      by: 'pointer',
      sizeMax: 10,
      ask: async (pointer) => ({ rows: pointer === null ? rowsOf(3) : [], next: String((n += 1)) }),
    };
    expect((await walked(endless, 10)).incomplete).toContain('showed nothing new');
    expect(n).toBeLessThan(30);
    expect(await walked({ ...endless, emptyEnds: true }, 10)).toMatchObject({ incomplete: null, calls: 1 });
  });

  it('begin anew when a kept pointer is not good any more, once in a session', async () => {
    let expired = true;
    const style: WalkStyle<Row> = {
      by: 'pointer',
      sizeMax: 2,
      ask: async (pointer) => {
        if (expired && pointer !== null) throw new Failure('not_found', 'h answered 410.');
        const at = Number(pointer ?? 0);
        return { rows: rowsOf(6).slice(at, at + 2), next: at + 2 < 6 ? String(at + 2) : null };
      },
    };
    const walk = walkOf(style);
    const kept = { ...WALK_START, at: '4', steps: 2, counted: 4 };
    const walker = createWalker();
    const first = await walker.step(walk, kept, 2);
    expect(first.rows.map(({ id }) => id)).toEqual(['r0', 'r1']);
    expect(first.next).toMatchObject({ at: '2', steps: 1, counted: 2 });
    // It goes bad again at once: that is no matter of age.
    await expect(walker.step(walk, first.next ?? WALK_START, 2)).rejects.toThrow('410');
    expired = false;
    expect(await walked(style, 2)).toMatchObject({ ids: ids(rowsOf(6)) });
  });

  it('by keys end at an empty page, and say when a key stands still', async () => {
    const byKey = (ask: Extract<WalkStyle<Row>, { by: 'key' }>['ask']): WalkStyle<Row> => ({
      by: 'key',
      sizeMax: 3,
      ask,
    });
    const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({ id }));
    const good = byKey(async (after, size) => ({
      rows: letters.filter(({ id }) => id > (after ?? '')).slice(0, size),
    }));
    expect(await walked(good, 3)).toMatchObject({ ids: ids(letters), incomplete: null });
    const stuck = byKey(async () => ({ rows: letters.slice(0, 3) }));
    expect((await walked(stuck, 3)).incomplete).toContain('rows behind a key begin with it again');
  });
});

describe('lists that come at once', () => {
  it('are handed on in the order of their keys, one answer a session', async () => {
    let calls = 0;
    const style: WalkStyle<Row> = {
      by: 'whole',
      ask: async () => {
        calls += 1;
        return { rows: [...rowsOf(9), { id: 'r4' }].reverse() };
      },
    };
    const told = await walked(style, 4);
    expect(told.ids).toEqual(ids([...rowsOf(9), { id: 'r4' }]));
    expect(calls).toBe(1);
    await walked(style, 4, () => true);
    expect(calls).toBeGreaterThan(2);
  });

  it('say so when the answer tells of more', async () => {
    const cut = (more: object): WalkStyle<Row> => ({
      by: 'whole',
      ask: async () => ({ rows: rowsOf(5), ...more }),
    });
    expect((await walked(cut({ total: 50 }), 2)).incomplete).toContain('tells of 50 records and shows 5');
    expect((await walked(cut({ doubt: 'its body names a next page' }), 2)).incomplete).toContain(
      'names a next page',
    );
    expect((await walked(cut({ total: 5 }), 2)).incomplete).toBeNull();
  });
});

describe('a total', () => {
  it.each([
    [12, 12],
    ['12', 12],
    [' 0 ', 0],
    [-1, null],
    ['-1', null],
    [1.5, null],
    [null, null],
    [true, null],
    ['12 of 20', null],
  ])('%j is %j', (value, total) => {
    expect(totalOf(value)).toBe(total);
  });
});
