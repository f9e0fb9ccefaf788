import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { createsAllowed, decideCreates, type CreateFacts } from './judge-creates.ts';

const FLOOR = LIMITS.createBreakerFloor;
const few: CreateFacts = { due: 3, total: 10, stopped: null };
const stopped = (due: number, allowed: number | null): CreateFacts['stopped'] => ({
  why: 'too_many',
  due,
  total: 10,
  allowed,
});

describe('when new records may be made', () => {
  it.each<[string, Partial<CreateFacts>, ReturnType<typeof decideCreates>]>([
    ['few', {}, { right: 'now', over: false }],
    ['as many as the floor', { due: FLOOR }, { right: 'now', over: false }],
    ['more than the floor of a small entity', { due: FLOOR + 1 }, { right: 'stopped' }],
    ['the same of a large one', { due: FLOOR + 1, total: 100 * FLOOR }, { right: 'now', over: false }],
    ['nobody has answered yet', { due: 900, stopped: stopped(900, null) }, { right: 'stopped' }],
    ['as many as a person allowed', { due: 900, stopped: stopped(900, 900) }, { right: 'now', over: false }],
    ['more than a person allowed', { due: 901, stopped: stopped(900, 900) }, { right: 'stopped' }],
    ['few again', { stopped: stopped(900, 900) }, { right: 'now', over: true }],
    [
      'what was allowed of an incomplete reading allows no flood',
      { due: 900, stopped: { why: 'incomplete_reading', due: 0, total: 0, allowed: 900 } },
      { right: 'stopped' },
    ],
  ])('%s', (_, facts, expected) => expect(decideCreates({ ...few, ...facts })).toEqual(expected));

  it('a share of what is held, and never fewer than the floor', () => {
    expect(createsAllowed(0)).toBe(FLOOR);
    expect(createsAllowed(100_000)).toBe(100_000 * LIMITS.createBreakerShare);
  });
});
