import { describe, expect, it } from '@jest/globals';
import { restOf, turnDial } from './dials.ts';
import { createPaging, pageDials, type PageFaultName } from './pages.ts';
import { createSandboxWorld } from './world.ts';

const ROWS = [0, 1, 2, 3, 4];
const SET = pageDials(['orders', 'assets'], 'orders');

function stand(fault: PageFaultName | object | null) {
  const world = createSandboxWorld({});
  const dials = restOf(SET);
  turnDial(SET, dials, 'pageFault', fault);
  const did: string[] = [];
  const paging = createPaging({
    world,
    dials,
    refuse: (reason) => new RangeError(reason),
    somebody: { inserts: (object) => did.push(`+${object}`), removes: (object) => did.push(`-${object}`) },
  });
  const cut = (start: number, size: number | null = 2) => paging.cut('orders', ROWS, { start, size });
  return { paging, dials, did, cut, world };
}

describe('pages', () => {
  it('are cut where the client asks, with the way to the next', () => {
    const { cut } = stand(null);
    expect(cut(0)).toEqual({ rows: [0, 1], size: 2, total: 5, next: 2, silent: false });
    expect(cut(4)).toMatchObject({ rows: [4], next: null });
    expect(cut(6)).toMatchObject({ rows: [], next: null });
    expect(cut(1, null)).toMatchObject({ rows: [1, 2, 3, 4], next: null });
  });

  it('are noted, and somebody works behind them', () => {
    const { paging, dials, did, world } = stand(null);
    turnDial(SET, dials, 'insertWhilePaging', 1);
    turnDial(SET, dials, 'removeWhilePaging', { object: 'assets', times: 1 });
    for (const object of ['orders', 'orders', 'assets', 'assets']) paging.served(object, 'q');
    expect(did).toEqual(['+orders', '-assets']);
    expect(world.stats.pages()).toHaveLength(4);
    turnDial(SET, dials, 'insertWhilePaging', true);
    paging.served('orders', 'q');
    paging.served('orders', 'q');
    expect(did.slice(2)).toEqual(['+orders', '+orders']);
    expect(() => turnDial(SET, dials, 'insertWhilePaging', { object: 'people' })).toThrow(
      'one of orders, assets',
    );
    expect(() => turnDial(SET, dials, 'pageFault', 'late')).toThrow('one of repeated, clamped');
  });
});

describe('what servers do wrong with pages', () => {
  it.each([
    ['repeated', 2, [0, 1]],
    ['clamped', 6, [4]],
    ['clamped', 2, [2, 3]],
    ['size_ignored', 0, [0, 1]],
  ] as const)('%s, asked from %i', (fault, start, rows) => {
    expect(stand(fault).cut(start).rows).toEqual(rows);
  });

  it('a size is ignored', () => {
    expect(stand({ fault: 'size_ignored', size: 3 }).cut(0, 100)).toMatchObject({ rows: [0, 1, 2], next: 3 });
  });

  it.each([
    ['refused_beyond', 6, 'beyond'],
    ['expired', 2, 'expired'],
  ] as const)('%s is said in the vendor’s words', (fault, start, reason) => {
    const { cut } = stand(fault);
    expect(cut(0).rows).toEqual([0, 1]);
    expect(() => cut(start)).toThrow(reason);
  });

  it('every page comes in another order', () => {
    const { cut } = stand('unstable');
    const [first, second] = [cut(0, 5).rows, cut(0, 5).rows];
    expect(first).not.toEqual(second);
    expect([...first].sort()).toEqual(ROWS);
  });

  it('the way on leads back, also from the last page', () => {
    const { cut } = stand('cycle');
    expect([cut(2).next, cut(4).next]).toEqual([0, 0]);
  });

  it('links, totals and empty lists are not what they should be', () => {
    expect(stand('other_scheme').paging.link('orders', 'http://h/x?next=http:')).toBe(
      'https://h/x?next=http:',
    );
    expect(stand('total_as_text').cut(0).total).toBe('5');
    expect(stand('total_unknown').cut(0).total).toBe(-1);
    const { paging } = stand('empty_204');
    expect(paging.cut('orders', [], { start: 0, size: 2 }).silent).toBe(true);
    expect(paging.cut('orders', ROWS, { start: 0, size: 2 }).silent).toBe(false);
  });

  it('as often as told, and in the lists that were named', () => {
    const { paging, cut } = stand({ fault: 'total_as_text', times: 1 });
    expect([cut(0).total, cut(0).total]).toEqual(['5', 5]);
    expect(stand({ fault: 'total_as_text', object: 'assets' }).cut(0).total).toBe(5);
    expect(paging.link('orders', 'http://h')).toBe('http://h');
  });
});
