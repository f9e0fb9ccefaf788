import { describe, expect, it } from '@jest/globals';
import { formatDate, parseDate } from '../time/days.ts';
import { nestedWork, type Package } from './nesting.ts';

const day = (text: string): number => parseDate(text) ?? NaN;
const every = (
  id: string,
  level: number,
  first: string,
  n: number,
  unit: Package['every']['unit'],
): Package => ({
  id,
  level,
  firstDay: day(first),
  every: { n, unit },
});

/** Such as `06-01 M (W 06-01)`. */
function work(packages: Package[], from: string, to: string, absorbDays = 0): string[] {
  return nestedWork({ packages, fromDay: day(from), toDay: day(to), absorbDays }).map(
    ({ day: date, run, absorbed }) => {
      const taken = absorbed.map((item) => `${item.id} ${formatDate(item.day).slice(5)}`).join(', ');
      return `${formatDate(date).slice(5)} ${run.join('+')}${taken === '' ? '' : ` (${taken})`}`;
    },
  );
}

// Monday 1 June 2026.
const W = every('W', 1, '2026-06-01', 1, 'week');
const M = every('M', 2, '2026-06-01', 1, 'month');
const Q = every('Q', 3, '2026-06-01', 3, 'month');

describe('nested packages', () => {
  it('run the highest on one date and absorb the lower ones in package order', () => {
    expect(work([W, M, Q], '2026-06-01', '2026-06-08')).toEqual(['06-01 Q (W 06-01, M 06-01)', '06-08 W']);
    expect(work([Q, M, W], '2026-06-01', '2026-06-01')).toEqual(['06-01 Q (M 06-01, W 06-01)']);
  });

  it('run those of one level together, in package order', () => {
    const other = every('V', 1, '2026-06-08', 2, 'week');
    expect(work([other, W], '2026-06-08', '2026-06-15')).toEqual(['06-08 V+W', '06-15 W']);
    expect(work([W, other, M], '2026-06-08', '2026-06-08')).toEqual(['06-08 W+V']);
  });

  it('clamp at the end of a month and count from the first date', () => {
    const end = every('E', 1, '2026-01-31', 1, 'month');
    expect(work([end], '2026-02-01', '2026-04-30')).toEqual(['02-28 E', '03-31 E', '04-30 E']);
    expect(work([end], '2025-01-01', '2026-01-31')).toEqual(['01-31 E']);
  });

  it('make eight monthly and four quarterly ones a year', () => {
    const dates = work([M, Q], '2026-06-01', '2027-05-31');
    expect(dates.filter((text) => / M/.test(text) && !text.includes('Q'))).toHaveLength(8);
    expect(dates.filter((text) => text.includes('Q'))).toHaveLength(4);
  });

  it('absorb within the window, before and after', () => {
    // Wednesday 1 July: Monday 29 June is two days before, Monday 6 July five after.
    expect(work([W, M], '2026-06-22', '2026-07-13', 2)).toEqual([
      '06-22 W',
      '07-01 M (W 06-29)',
      '07-06 W',
      '07-13 W',
    ]);
    expect(work([W, M], '2026-06-22', '2026-07-13', 1)).toEqual([
      '06-22 W',
      '06-29 W',
      '07-01 M',
      '07-06 W',
      '07-13 W',
    ]);
    expect(work([W, M], '2026-06-22', '2026-07-13', 5)).toEqual([
      '06-22 W',
      '07-01 M (W 06-29, W 07-06)',
      '07-13 W',
    ]);
  });

  it('absorb into the nearest, the earlier one when two are as near', () => {
    const low = every('L', 1, '2026-06-05', 1, 'year');
    const high = (id: string, first: string): Package => every(id, 2, first, 1, 'year');
    expect(
      work([low, high('A', '2026-06-02'), high('B', '2026-06-07')], '2026-06-01', '2026-06-30', 3),
    ).toEqual(['06-02 A', '06-07 B (L 06-05)']);
    expect(
      work([low, high('A', '2026-06-03'), high('B', '2026-06-07')], '2026-06-01', '2026-06-30', 3),
    ).toEqual(['06-03 A (L 06-05)', '06-07 B']);
  });

  it('absorb into nothing that is absorbed itself', () => {
    // L is 2 days from M; M is 2 days from Q, which is 4 days from L: with M absorbed, L runs.
    const [low, middle, high] = [
      every('L', 1, '2026-06-01', 1, 'year'),
      every('M', 2, '2026-06-03', 1, 'year'),
      every('Q', 3, '2026-06-05', 1, 'year'),
    ];
    expect(work([low, middle, high], '2026-06-01', '2026-06-30', 2)).toEqual([
      '06-01 L',
      '06-05 Q (M 06-03)',
    ]);
    expect(work([low, middle, high], '2026-06-01', '2026-06-30', 4)).toEqual(['06-05 Q (L 06-01, M 06-03)']);
  });

  it('absorb nothing of the same level', () => {
    const [one, two] = [every('A', 1, '2026-06-01', 1, 'year'), every('B', 1, '2026-06-02', 1, 'year')];
    expect(work([one, two], '2026-06-01', '2026-06-30', 3)).toEqual(['06-01 A', '06-02 B']);
  });

  it('count higher ones just outside the range, and show work inside it only', () => {
    const low = every('L', 1, '2026-06-30', 1, 'year');
    const high = every('H', 2, '2026-07-02', 1, 'year');
    expect(work([low, high], '2026-06-01', '2026-06-30', 2)).toEqual([]);
    expect(work([low, high], '2026-06-01', '2026-06-30', 1)).toEqual(['06-30 L']);
    expect(work([low, high], '2026-07-01', '2026-07-31', 2)).toEqual(['07-02 H']);
    const before = every('H', 2, '2026-06-29', 1, 'year');
    expect(work([low, before], '2026-06-30', '2026-07-31', 1)).toEqual([]);
  });

  it('list an absorbed package by its date when it comes twice', () => {
    const daily = every('D', 1, '2026-06-01', 1, 'day');
    const once = every('Z', 2, '2026-06-02', 1, 'year');
    expect(work([daily, once], '2026-06-01', '2026-06-04', 1)).toEqual([
      '06-02 Z (D 06-01, D 06-02, D 06-03)',
      '06-04 D',
    ]);
  });
});
