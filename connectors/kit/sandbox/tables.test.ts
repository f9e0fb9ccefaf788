import { describe, expect, it } from '@jest/globals';
import { createPast, staleReads } from './past.ts';
import { createStamp } from './stamps.ts';
import { keyOf, keyWith } from './table-key.ts';
import { byField } from './table-order.ts';
import { createTables, objectNamed, type Change, type Tables } from './tables.ts';

interface Row {
  id: number;
  name?: string | null;
  size?: number;
}
type Name = 'pumps' | 'people';

const byId = byField<Row>(({ id }) => id);
const byName = byField<Row>(({ name }) => name ?? '');

function make(...pumps: Row[]): Tables<Name, Row> {
  const tables = createTables<Name, Row>({
    names: ['pumps', 'people'],
    idOf: ({ id }) => id,
    order: () => byId,
    field: (row, name) => row[name as keyof Row],
  });
  for (const row of pumps) tables.put('pumps', row);
  return tables;
}

const ids = (rows: readonly Row[]): number[] => rows.map(({ id }) => id);

describe('tables', () => {
  it('keep their own order, whatever came first and whatever is replaced or dropped', () => {
    const tables = make({ id: 3 }, { id: 1 });
    expect(ids(tables.rows('pumps'))).toEqual([1, 3]);
    for (const id of [5, 2, 4]) tables.put('pumps', { id });
    tables.put('pumps', { id: 3, name: 'new' });
    tables.drop('pumps', 4);
    tables.drop('pumps', 99);
    expect(tables.rows('pumps')).toEqual([{ id: 1 }, { id: 2 }, { id: 3, name: 'new' }, { id: 5 }]);
    expect([tables.size('pumps'), tables.get('pumps', 3)]).toEqual([4, { id: 3, name: 'new' }]);
    expect(tables.rows('people')).toEqual([]);
  });

  it('keep other orders as rows move in them', () => {
    const tables = make({ id: 1, name: 'b' }, { id: 2, name: 'c' });
    const named = (): number[] => ids(tables.ordered('pumps', 'name', byName));
    expect(named()).toEqual([1, 2]);
    tables.put('pumps', { id: 2, name: 'a' });
    tables.put('pumps', { id: 3, name: 'ab' });
    expect(named()).toEqual([2, 3, 1]);
    tables.drop('pumps', 3);
    expect(named()).toEqual([2, 1]);
  });

  it('find by values, nothing being the same as null and unlike any text', () => {
    const tables = make(
      { id: 2, name: 'a', size: 1 },
      { id: 1, name: 'a', size: 2 },
      { id: 3 },
      { id: 4, name: '' },
    );
    expect(ids(tables.where('pumps', ['name'], ['a']))).toEqual([1, 2]);
    expect(ids(tables.where('pumps', ['name', 'size'], ['a', 2]))).toEqual([1]);
    expect(ids(tables.where('pumps', ['name'], [null]))).toEqual([3]);
    tables.put('pumps', { id: 3, name: 'a' });
    tables.put('pumps', { id: 2, name: null });
    expect(ids(tables.where('pumps', ['name'], ['a']))).toEqual([1, 3]);
    expect([
      tables.countWhere('pumps', ['name'], ['a']),
      tables.countWhere('people', ['name'], ['a']),
    ]).toEqual([2, 0]);
    const find = tables.finder('pumps', ['name', 'size']);
    expect(ids(find(keyWith(keyOf(['a']), 2)))).toEqual([1]);
  });

  it('undo a unit of work that throws, and only its own part of an outer one', () => {
    const tables = make({ id: 1, name: 'a' });
    const before = tables.revision();
    const inner = (): void =>
      tables.atomically(() => {
        tables.drop('pumps', 1);
        tables.put('people', { id: 7 });
        throw new Error('no');
      });
    tables.atomically(() => {
      tables.put('pumps', { id: 1, name: 'b' });
      expect(inner).toThrow('no');
      tables.put('pumps', { id: 2 });
    });
    expect(tables.rows('pumps')).toEqual([{ id: 1, name: 'b' }, { id: 2 }]);
    expect(tables.rows('people')).toEqual([]);
    expect(ids(tables.where('pumps', ['name'], ['b']))).toEqual([1]);
    expect(tables.revision()).toBeGreaterThan(before);
  });

  it('tell what each unit changed once it holds', () => {
    const tables = make();
    const told: Change<Name, Row>[][] = [];
    tables.onCommit((changes) => told.push([...changes]));
    tables.put('pumps', { id: 1 });
    expect(() =>
      tables.atomically(() => {
        tables.put('pumps', { id: 2 });
        throw new Error('no');
      }),
    ).toThrow();
    tables.atomically(() => {
      tables.atomically(() => tables.put('pumps', { id: 1, name: 'b' }));
      tables.drop('pumps', 1);
    });
    expect(told).toEqual([
      [{ table: 'pumps', id: 1, before: undefined, after: { id: 1 } }],
      [
        { table: 'pumps', id: 1, before: { id: 1 }, after: { id: 1, name: 'b' } },
        { table: 'pumps', id: 1, before: { id: 1, name: 'b' }, after: undefined },
      ],
    ]);
  });

  it('count on where they stood, with rows and sequences as they were', () => {
    const tables = make({ id: 1 });
    expect([tables.next('order', 100), tables.next('order', 100)]).toEqual([100, 101]);
    tables.passed('order', 200);
    tables.passed('order', 150);
    const again = make();
    again.restore(tables.kept(), tables.everything());
    expect([again.rows('pumps'), again.next('order')]).toEqual([[{ id: 1 }], 201]);
    again.clear();
    expect([again.rows('pumps'), again.next('order')]).toEqual([[], 1]);
  });

  it('name what there is when somebody asks for another object', () => {
    expect(() => objectNamed(['pumps', 'people'], 'pump')).toThrow(
      'There is no object "pump"; use one of pumps, people.',
    );
  });
});

describe('reads that lag behind', () => {
  function stand(turned: unknown) {
    const tables = make({ id: 1, name: 'a' }, { id: 2 });
    let now = 1_000;
    const clock = { now: () => now, offset: () => 0, setOffset: () => undefined };
    const dials = { staleReads: staleReads().read(turned) ?? { ms: 0, writes: 0, reads: 0 } };
    const past = createPast<Name, Row>({ tables, clock, dials, idOf: ({ id }) => id });
    past.turned();
    tables.put('pumps', { id: 1, name: 'b' });
    now += 500;
    tables.put('pumps', { id: 3 });
    tables.drop('pumps', 2);
    return {
      past,
      seen: () => past.seen('pumps', tables.rows('pumps'), byId),
      later: (ms: number) => (now += ms),
    };
  }

  it('show what was when the dial was turned, for so many reads', () => {
    const { seen, past } = stand(1);
    expect(seen()).toEqual([{ id: 1, name: 'a' }, { id: 2 }]);
    expect([past.seenRow('pumps', 3), past.seenRow('pumps', 1)]).toEqual([undefined, { id: 1, name: 'a' }]);
    past.answered();
    expect(seen()).toEqual([{ id: 1, name: 'b' }, { id: 3 }]);
    expect(past.undone('pumps')).toBeNull();
  });

  it('miss the last changes, or those of the last moments', () => {
    expect(stand({ writes: 2 }).seen()).toEqual([{ id: 1, name: 'b' }, { id: 2 }]);
    const timed = stand({ ms: 400 });
    expect(timed.seen()).toEqual([{ id: 1, name: 'b' }, { id: 2 }]);
    timed.later(400);
    expect(timed.seen()).toEqual([{ id: 1, name: 'b' }, { id: 3 }]);
  });
});

describe('stamps', () => {
  it('are shared by as many writes in a row as the dial says', () => {
    let now = 0;
    const dials = { equalTimestamps: 1 };
    const stamp = createStamp({ now: () => (now += 1), offset: () => 0, setOffset: () => undefined }, dials);
    expect([stamp(), stamp()]).toEqual([1, 2]);
    dials.equalTimestamps = 2;
    expect([stamp(), stamp(), stamp()]).toEqual([3, 3, 4]);
  });
});
