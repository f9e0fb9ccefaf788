import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterDeltaPage, beginLoad, endLoad, readCursor } from './cursor.ts';
import type { DeltaCursor, Place } from './cursor.ts';

const OVERLAP = 300_000;

interface Row {
  uid: number;
  /** Milliseconds; shown in whole seconds. */
  at: number;
}

/** A server: filters on milliseconds, shows whole seconds (contract 5.1). */
function serve(
  rows: readonly Row[],
  cursor: DeltaCursor,
  pageSize: number,
): { page: Place[]; full: boolean } {
  const { drain, from } = cursor;
  const found = rows
    .filter((row) => row.at >= from)
    .filter(
      (row) =>
        drain === undefined ||
        (row.at < from + 1_000 && (drain.after === null || row.uid > Number(drain.after))),
    )
    .sort((a, b) => (drain === undefined ? a.at - b.at || a.uid - b.uid : a.uid - b.uid));
  const page = found
    .slice(0, pageSize)
    .map(({ uid, at }) => ({ uid, changedAt: Math.floor(at / 1_000) * 1_000 }));
  return { page, full: found.length > pageSize };
}

/** Walks one pass; `disturb` is called between pages and may change rows. */
function pass(
  rows: Row[],
  start: DeltaCursor,
  pageSize: number,
  options: { now: number; disturb?: (step: number) => void },
): { seen: Row[]; cursor: DeltaCursor; pages: number } {
  const seen: Row[] = [];
  let cursor = start;
  for (let pages = 1; pages < 10_000; pages += 1) {
    const { page, full } = serve(rows, cursor, pageSize);
    const step = afterDeltaPage(cursor, page, full, { now: options.now, overlapMs: OVERLAP });
    for (const place of page.slice(0, step.take)) {
      const row = rows.find(({ uid }) => uid === place.uid);
      if (row) seen.push({ ...row });
    }
    cursor = step.cursor;
    if (!step.more) return { seen, cursor, pages };
    options.disturb?.(pages);
  }
  throw new Error('the pass does not end');
}

const fresh = (from: number): DeltaCursor => ({
  m: 'delta',
  from,
  mark: from,
  skew: null,
  began: null,
  base: null,
});
const NOW = 2_000_000_000_000;

describe('a delta pass', () => {
  it('ends and hands out every row when one second fills many pages', () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ uid: 100 - index, at: NOW + (index % 7) }));
    const { seen } = pass(rows, fresh(NOW), 4, { now: NOW });
    expect(new Set(seen.map(({ uid }) => uid)).size).toBe(25);
  });

  it('hands out each row once when nothing moves', () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({ uid: index, at: NOW + index * 400 }));
    const { seen } = pass(rows, fresh(NOW), 7, { now: NOW });
    expect(seen).toHaveLength(50);
  });

  it('loses no row that changes or appears while it pages, whatever the order and page size', () => {
    const place = fc.record({ uid: fc.integer({ min: 1, max: 60 }), at: fc.integer({ min: 0, max: 9_000 }) });
    const edit = fc.record({ step: fc.integer({ min: 1, max: 12 }), uid: fc.integer({ min: 1, max: 90 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(place, { selector: ({ uid }) => uid, maxLength: 60 }),
        fc.array(edit, { maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (places, edits, pageSize) => {
          const rows: Row[] = places.map(({ uid, at }) => ({ uid, at: NOW + at }));
          let clock = NOW + 10_000;
          const change = (uid: number): void => {
            clock += 1;
            const row = rows.find((candidate) => candidate.uid === uid);
            if (row) row.at = clock;
            else rows.push({ uid, at: clock });
          };
          const disturb = (step: number): void =>
            edits.filter((candidate) => candidate.step === step).forEach(({ uid }) => change(uid));
          const first = pass(rows, fresh(NOW), pageSize, { now: NOW + 20_000, disturb });
          const second = pass(rows, first.cursor, pageSize, { now: NOW + 40_000 });
          const seen = new Set([...first.seen, ...second.seen].map(({ uid, at }) => `${uid}@${at}`));
          for (const { uid, at } of rows) expect(seen).toContain(`${uid}@${at}`);
        },
      ),
    );
  });

  it('re-reads the overlap, so that a row saved before and committed after is found', () => {
    const rows = [{ uid: 1, at: NOW }];
    const { cursor } = pass(rows, fresh(NOW - 1_000), 10, { now: NOW });
    rows.push({ uid: 2, at: NOW - 200_000 });
    expect(pass(rows, cursor, 10, { now: NOW }).seen.map(({ uid }) => uid)).toContain(2);
  });

  it('does not read a bulk load again once it is older than the overlap', () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({ uid: index, at: NOW }));
    const first = pass(rows, fresh(NOW - 1_000), 50, { now: NOW });
    const later = pass(rows, first.cursor, 50, { now: NOW + 2 * OVERLAP });
    expect(pass(rows, later.cursor, 50, { now: NOW + 2 * OVERLAP + 1_000 }).seen).toHaveLength(0);
  });

  it.each([-3_600_000, 3_600_000])('finds a later change when the vendor clock is %i ms off ours', (skew) => {
    const rows = [{ uid: 1, at: NOW + skew }];
    let { cursor } = pass(rows, endLoad(beginLoad(NOW + skew, NOW), OVERLAP), 10, { now: NOW });
    for (let minute = 1; minute < 30; minute += 1) {
      cursor = pass(rows, cursor, 10, { now: NOW + minute * 60_000 }).cursor;
    }
    rows.push({ uid: 2, at: NOW + skew + 30 * 60_000 });
    expect(pass(rows, cursor, 10, { now: NOW + 30 * 60_000 }).seen.map(({ uid }) => uid)).toContain(2);
  });

  it('is not led into the future by a wrong date', () => {
    const rows = [{ uid: 1, at: NOW + 400 * 24 * 3_600_000 }];
    const { cursor } = pass(rows, endLoad(beginLoad(rows[0]?.at ?? 0, NOW), OVERLAP), 10, { now: NOW });
    rows.push({ uid: 2, at: NOW + 60_000 });
    expect(pass(rows, cursor, 10, { now: NOW + 60_000 }).seen.map(({ uid }) => uid)).toContain(2);
  });
});

describe('readCursor', () => {
  it('refuses what is not a cursor of this connector', () => {
    expect(() => readCursor('{"m":"page","n":2}')).toThrow('start over');
    expect(() => readCursor('nonsense')).toThrow('start over');
  });
});
