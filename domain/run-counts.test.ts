import { describe, expect, it } from '@jest/globals';
import { joinCounts } from './run-counts.ts';

describe('counters of two runs', () => {
  it('add up what was done, and not what merely stood there twice', () => {
    expect(
      joinCounts(
        { in: 460, quarantined: 230, created: 230, parked: 3 },
        { in: 460, quarantined: 230, updated: 2, created: 1, parked: 5 },
      ),
    ).toEqual({ in: 460, quarantined: 230, created: 231, updated: 2, parked: 5 });
  });
});
