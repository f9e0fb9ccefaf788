import { describe, expect, it } from '@jest/globals';
import { referencesOf, replaceReferences } from './references.ts';

const ORDER = {
  title: 'Swap bucket',
  asset: 'SITE|A',
  parts: [
    { part: 'SET|2', quantity: 1 },
    { part: 'SET|1', quantity: 4 },
  ],
};

describe('references of a record', () => {
  it('are found in fields and in list elements', () => {
    expect(referencesOf('work_order', ORDER)).toEqual([
      { entity: 'asset', value: 'SITE|A' },
      { entity: 'part', value: 'SET|2' },
      { entity: 'part', value: 'SET|1' },
    ]);
  });

  it('are replaced, unknown ones left out, lists put into the order of the new ids', () => {
    const ids: Record<string, string> = { 'SITE|A': 'a', 'SET|2': 'y', 'SET|1': 'x' };
    expect(replaceReferences('work_order', ORDER, ({ value }) => ids[value] ?? null)).toEqual({
      title: 'Swap bucket',
      asset: 'a',
      parts: [
        { part: 'x', quantity: 4 },
        { part: 'y', quantity: 1 },
      ],
    });
    expect(replaceReferences('work_order', { asset: 'gone' }, () => null)).toEqual({});
  });
});
