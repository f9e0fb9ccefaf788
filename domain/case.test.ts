import { describe, expect, it } from '@jest/globals';
import { inCamelCase, inSnakeCase } from './case.ts';

describe('names of members', () => {
  it('are renamed both ways, and only those of the object itself', () => {
    const row = { id: 1, hubId: 2, lastRun: { finished_at: null } };
    expect(inSnakeCase(row)).toEqual({ id: 1, hub_id: 2, last_run: { finished_at: null } });
    expect(inCamelCase(inSnakeCase(row))).toEqual(row);
  });
});
