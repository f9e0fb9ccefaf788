import { describe, expect, it } from '@jest/globals';
import type { Quantity } from './compiled-rule.ts';
import { NO_MEMORY, observe, type QuantityMemory } from './quantity.ts';
import { median, robustScore, usualOf } from './robust.ts';

function follow(quantity: Quantity, readings: readonly (readonly [number, number])[]): (number | null)[] {
  let memory: QuantityMemory = NO_MEMORY;
  return readings.map(([at, value]) => {
    const observed = observe(quantity, memory, at, value);
    memory = observed.memory;
    return observed.value;
  });
}

describe('the median and its deviation', () => {
  it('is the middle of an odd number, and between the two of an even one', () => {
    expect(median([])).toBeNull();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([-10, 9, 100])).toBe(9);
  });

  it('by hand: of 1, 1, 2, 2, 4, 6, 9 the median is 2 and the deviation 1', () => {
    const usual = usualOf([1, 1, 2, 2, 4, 6, 9], 0.1);
    expect(usual).toEqual({ median: 2, spread: 1.4826 });
    expect(robustScore(9, { median: 2, spread: 1.4826 })).toBeCloseTo(4.7214, 4);
  });

  it('believes no spread below the smallest', () => {
    expect(usualOf([5, 5, 5], 0.5)).toEqual({ median: 5, spread: 0.5 });
  });
});

describe('a rate', () => {
  const rate: Quantity = { kind: 'rate', metric: 'm', windowMs: 10_000, perMs: 60_000 };

  it('is the change over the window, per minute', () => {
    const readings = [0, 5, 10, 15].map((t) => [t * 1_000, 2 * t] as const);
    expect(follow(rate, readings)).toEqual([null, 120, 120, 120]);
  });

  it('does not blow up two readings close together', () => {
    expect(
      follow(rate, [
        [0, 0],
        [1_000, 5],
        [4_999, 6],
      ]),
    ).toEqual([null, null, null]);
  });

  it('takes the newest reading that is a window old, also after a gap', () => {
    expect(
      follow(rate, [
        [0, 0],
        [60_000, 60],
        [65_000, 60],
        [70_000, 70],
      ]),
    ).toEqual([null, 60, expect.closeTo(55.3846, 4), 60]);
  });

  it('keeps a bounded number of readings', () => {
    let memory: QuantityMemory = NO_MEMORY;
    for (let at = 0; at < 100_000; at += 10) memory = observe(rate, memory, at, at).memory;
    expect(memory.kept.length).toBeLessThanOrEqual(130);
    expect(observe(rate, memory, 100_000, 100_000).value).toBeCloseTo(60_000, -2);
  });
});

describe('a deviation', () => {
  const deviation: Extract<Quantity, { kind: 'deviation' }> = {
    kind: 'deviation',
    metric: 'm',
    historyMs: 100,
    everyMs: 10,
    lagMs: 0,
    readingsMin: 5,
    spreadMin: 1,
  };
  const steady = Array.from({ length: 10 }, (_, index) => [index * 10, 50 + (index % 3)] as const);

  it('says nothing before it knows enough, then how many spreads the reading is off', () => {
    const scores = follow(deviation, [...steady, [105, 61]]);
    expect(scores.slice(0, 5)).toEqual([null, null, null, null, null]);
    // History 51 50 51 52 50 51 52 50 51 52: median 51, deviation 1 (of 0 1 0 1 1 0 1 1 0 1).
    expect(scores.at(-1)).toBeCloseTo((61 - 51) / 1.4826, 6);
  });

  it('takes one reading of each slice into the history', () => {
    let memory: QuantityMemory = NO_MEMORY;
    for (const at of [0, 1, 2, 9, 10, 11]) memory = observe(deviation, memory, at, at).memory;
    expect(memory.kept).toEqual([
      [0, 0],
      [10, 10],
    ]);
  });

  it('does not count the reading itself, nor what is newer than the lag or older than the history', () => {
    const jump = [...steady, ...[100, 110, 120, 130].map((at) => [at, 90] as const)];
    const scores = (lagMs: number): (number | null)[] => follow({ ...deviation, lagMs, historyMs: 50 }, jump);
    expect(scores(0).at(-1)).toBeLessThan(2);
    expect(scores(40).at(-1)).toBeGreaterThan(20);
  });

  it('keeps a bounded history', () => {
    let memory: QuantityMemory = NO_MEMORY;
    for (let at = 0; at < 5_000; at += 5) memory = observe({ ...deviation, lagMs: 50 }, memory, at, 1).memory;
    expect(memory.kept.length).toBeLessThanOrEqual(17);
  });
});
