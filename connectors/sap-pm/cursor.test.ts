import { describe, expect, it } from '@jest/globals';
import {
  AGAIN_EVERY_MS,
  afterAgainPage,
  afterChangedPage,
  afterCreatedPage,
  beginPass,
  createdFrom,
  endLoad,
  observe,
  readCursor,
  withAgain,
} from './cursor.ts';
import type { AgainPass, ChangedPass, DeltaCursor, Place } from './cursor.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2031-05-04T12:00:00Z');
const RULES = { overlapMs: 600_000, createdByDay: true };

interface Row {
  key: string;
  changedAt: number | null;
  createdAt: number;
}

const place = ({ key, changedAt, createdAt }: Row): Place => ({
  key,
  changedAt: changedAt ?? NaN,
  createdAt,
});
const byKey = (a: Row, b: Row): number => (a.key < b.key ? -1 : 1);

/** A whole pass over a table that may change between two pages; the keys handed out, in order. */
function walk(
  start: DeltaCursor,
  table: Row[],
  size: number,
  between: (page: number) => void = () => undefined,
): { keys: string[]; cursor: DeltaCursor } {
  const keys: string[] = [];
  let cursor = start;
  for (let page = 0; page < 200; page += 1) {
    const pass = beginPass(cursor, NOW, RULES);
    if (pass.phase === 'changed') {
      const after = pass.drain?.after ?? '';
      const rows = table
        .filter(({ changedAt }) => changedAt !== null && changedAt >= pass.from)
        .filter(
          ({ changedAt, key }) =>
            pass.drain === undefined || ((changedAt ?? 0) < pass.from + 1_000 && key > after),
        )
        .sort((a, b) => (pass.drain ? byKey(a, b) : (a.changedAt ?? 0) - (b.changedAt ?? 0) || byKey(a, b)))
        .slice(0, size);
      const step = afterChangedPage(cursor, pass, rows.map(place), rows.length === size);
      keys.push(...rows.slice(0, step.take).map(({ key }) => key));
      cursor = step.cursor;
    } else if (pass.phase === 'created') {
      const from = createdFrom(cursor, pass, RULES);
      const rows = table
        .filter(({ createdAt, key }) => createdAt >= from && key > (pass.after ?? ''))
        .sort(byKey)
        .slice(0, size);
      keys.push(...rows.filter(({ changedAt }) => changedAt === null).map(({ key }) => key));
      cursor = afterCreatedPage(cursor, pass, rows.map(place), rows.length === size);
      if (cursor.pass === null) return { keys, cursor };
    }
    between(page);
  }
  throw new Error('The pass does not end.');
}

const start: DeltaCursor = {
  m: 'delta',
  marks: { changed: NOW - HOUR, created: NOW - (NOW % DAY) },
  pass: null,
};

describe('a delta', () => {
  it.each([1, 2, 3, 7, 50])('reads every change once, in pages of %i', (size) => {
    const table = Array.from({ length: 12 }, (_, n) => ({
      key: `K${String(n).padStart(2, '0')}`,
      // Three rows a second, one of them with a fraction.
      changedAt: NOW - 60_000 + Math.floor(n / 3) * 1_000 + (n % 3 === 2 ? 400 : 0),
      createdAt: NOW - 10 * DAY,
    }));
    const { keys } = walk(start, table, size);
    expect([...new Set(keys)].sort()).toEqual(table.map(({ key }) => key));
    expect(keys.length).toBeLessThanOrEqual(table.length);
  });

  it('finds what was created and never changed, which no filter on the change date shows', () => {
    const table = [
      { key: 'NEW', changedAt: null, createdAt: NOW - (NOW % DAY) },
      { key: 'OLD', changedAt: null, createdAt: NOW - 30 * DAY },
    ];
    expect(walk(start, table, 5).keys).toEqual(['NEW']);
  });

  it('loses no row that moves while pages are read', () => {
    const table = Array.from({ length: 9 }, (_, n) => ({
      key: `K${String(n)}`,
      changedAt: NOW - 60_000 + n * 1_000,
      createdAt: 0,
    }));
    const { keys } = walk(start, table, 3, (page) => {
      const [first] = table;
      if (page === 0 && first) first.changedAt = NOW;
    });
    expect(new Set(keys).size).toBe(9);
  });

  it('begins where the newest change was, less the overlap', () => {
    const table = [{ key: 'A', changedAt: NOW - 5_000, createdAt: 0 }];
    const { cursor } = walk(start, table, 5);
    expect(cursor.marks.changed).toBe(NOW - 5_000);
    expect((beginPass(cursor, NOW, RULES) as ChangedPass).from).toBe(NOW - 605_000);
  });

  it('does not read a bulk load for ever, nor trust a date in the far future', () => {
    const quiet = walk({ ...start, marks: { changed: NOW - 90 * DAY, created: 0 } }, [], 5).cursor;
    expect(quiet.marks.changed).toBe(NOW - DAY);
    const marks = observe(start.marks, [{ key: 'X', changedAt: NOW + 400 * DAY, createdAt: NaN }], NOW);
    expect(marks).toEqual(start.marks);
  });

  it('looks at yesterday as well right after midnight', () => {
    const midnight = NOW - (NOW % DAY) + 60_000;
    const pass = beginPass({ ...start, marks: { changed: 0, created: NOW } }, midnight, RULES);
    expect(new Date(createdFrom(start, pass, RULES)).toISOString()).toBe('2031-05-03T00:00:00.000Z');
  });
});

describe('the slow walk', () => {
  const resting = { ...start, again: { began: NOW, after: null } };
  const step = (cursor: DeltaCursor, now: number, last: string | null): DeltaCursor => {
    const due = withAgain(cursor, now);
    expect(due.pass).toEqual({ phase: 'again', began: now });
    return afterAgainPage(due, due.pass as AgainPass, last);
  };

  it('rests until its time has come, begins with the first key, and takes one page a pass', () => {
    expect(withAgain(resting, NOW + AGAIN_EVERY_MS - 1)).toEqual(resting);
    const began = NOW + AGAIN_EVERY_MS;
    const first = step(resting, began, 'K5');
    expect(first).toEqual({ ...start, again: { began, after: 'K5' } });
    const second = step(first, began + 60_000, 'K9');
    expect(second.again).toEqual({ began, after: 'K9' });
    const last = step(second, began + 120_000, null);
    expect(last).toEqual({ ...start, again: { began, after: null } });
    expect(withAgain(last, began + AGAIN_EVERY_MS - 1).pass).toBeNull();
    expect(withAgain(last, began + AGAIN_EVERY_MS).pass).not.toBeNull();
  });

  it('begins at once for a cursor from before there was one, and lets a pass under way end first', () => {
    expect(step(start, NOW, null).again).toEqual({ began: NOW, after: null });
    const busy: DeltaCursor = {
      ...start,
      pass: { phase: 'created', began: NOW, after: 'K1', seen: start.marks },
    };
    expect(withAgain(busy, NOW)).toEqual(busy);
  });

  it('stays where it is while the passes between go on', () => {
    const under = { ...start, again: { began: NOW, after: 'K5' } };
    expect(walk(under, [{ key: 'A', changedAt: NOW - 5_000, createdAt: 0 }], 5).cursor.again).toEqual(
      under.again,
    );
  });
});

describe('cursors', () => {
  it('a load ends as a delta from before it began', () => {
    const end = endLoad({ m: 'load', after: 'Z', marks: { changed: NOW - 10, created: NOW }, began: NOW });
    expect(end).toEqual({
      m: 'delta',
      marks: { changed: NOW - 10, created: NOW },
      pass: null,
      again: { began: NOW, after: null },
    });
    expect(readCursor(JSON.stringify(end))).toEqual(end);
  });

  it.each(['', '{}', '{"m":"delta"}', 'null', '{"m":"walk","after":1}'])('"%s" is refused', (text) => {
    expect(() => readCursor(text)).toThrow('not one of an SAP pull');
  });
});
