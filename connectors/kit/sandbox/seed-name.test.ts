import { describe, expect, it } from '@jest/globals';
import { EXCAVATORS } from './excavator-site.ts';
import { readSeedName } from './seed-name.ts';

describe('the name of a seed', () => {
  it.each([
    ['empty', { kind: 'empty' }],
    ['orders:12', { kind: 'orders', count: 12 }],
    ['excavators', { kind: 'site', site: { machines: [...EXCAVATORS], visiting: [] }, whole: true }],
    ['site:B:5', { kind: 'site', site: { machines: ['B'], visiting: [], newest: 5 }, whole: false }],
    ['site:D+C', { kind: 'site', site: { machines: ['C', 'D'], visiting: ['C'] }, whole: false }],
  ])('%s', (seed, read) => {
    expect(readSeedName(seed)).toEqual(read);
  });

  it.each(['moon', 'site:', 'site:AX', 'site:A:', 'orders:', 'orders:x', 'orders:99999999'])(
    'is not %s',
    (seed) => {
      expect(() => readSeedName(seed)).toThrow(
        `The seed "${seed}" is unknown; use empty, excavators, orders:<number>`,
      );
    },
  );
});
