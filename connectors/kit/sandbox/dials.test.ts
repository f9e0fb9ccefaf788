import { describe, expect, it } from '@jest/globals';
import {
  choice,
  count,
  either,
  flag,
  kept,
  orNothing,
  restOf,
  shape,
  textByName,
  texts,
  turnDial,
  written,
} from './dials.ts';

const SET = {
  strict: flag(),
  size: count(25, 1),
  mode: choice('own', ['own', 'none']),
  names: texts(),
  renamed: textByName(),
  zone: written(0, 'a number in words', (text) => (text === 'one' ? 1 : null)),
  limit: orNothing(count(0), 1_000),
  hook: shape({ delayMs: count(5), drop: flag() }),
  title: either(flag(), texts()),
  odd: kept(either(flag(), count(0)), 7, (value) => (typeof value === 'boolean' ? Number(value) : value)),
};

function turned(name: keyof typeof SET, value: unknown): unknown {
  const values = restOf(SET);
  turnDial(SET, values, name, value);
  return values[name];
}

describe('a dial', () => {
  it.each([
    ['strict', true, true],
    ['size', 3, 3],
    ['mode', 'none', 'none'],
    ['names', ['a'], ['a']],
    ['renamed', { a: 'b' }, { a: 'b' }],
    ['zone', 'one', 1],
    ['limit', 4, 4],
    ['limit', null, null],
    ['hook', { drop: true }, { delayMs: 5, drop: true }],
    ['hook', { delayMs: null }, { delayMs: 5, drop: false }],
    ['title', ['x'], ['x']],
    ['odd', true, 1],
    ['odd', 0, 0],
  ] as const)('%s takes %j', (name, value, kept) => {
    expect(turned(name, value)).toEqual(kept);
  });

  it.each([
    ['strict', 'yes', 'true or false'],
    ['size', 0, 'a number of 1 or more'],
    ['size', '3', 'a number of 1 or more'],
    ['mode', 'bearer', 'one of own, none'],
    ['names', 'a', 'a list of texts'],
    ['names', [1], 'a list of texts'],
    ['renamed', { a: 1 }, 'an object of texts'],
    ['zone', 'two', 'a number in words'],
    ['limit', -1, 'a number of 0 or more, or null for none'],
    ['hook', { delay: 1 }, '"delayMs": a number of 0 or more'],
    ['hook', { drop: 1 }, '"drop": true or false'],
    ['hook', true, 'an object of'],
    ['title', 3, 'true or false, or a list of texts'],
    ['strict', undefined, 'nothing does not fit'],
  ] as const)('%s refuses %j and says what it takes', (name, value, takes) => {
    expect(() => turned(name, value)).toThrow(takes);
  });

  it('goes back to rest with null, and its rest is nobody else’s', () => {
    const values = restOf(SET);
    values.hook.delayMs = 9;
    turnDial(SET, values, 'size', 4);
    turnDial(SET, values, 'size', null);
    turnDial(SET, values, 'hook', null);
    expect(values).toEqual(restOf(SET));
    expect(SET.hook.rest.delayMs).toBe(5);
  });

  it('that is not there is refused with those that are', () => {
    expect(() => turnDial(SET, restOf(SET), 'size_', 1)).toThrow(
      'The dial "size_" is unknown; use one of strict',
    );
    expect(() => turnDial(SET, restOf(SET), 'toString', 1)).toThrow('unknown');
  });
});
