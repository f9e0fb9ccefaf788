import { describe, expect, it } from '@jest/globals';
import { circlesOf } from './circles.ts';

const circles = (text: string): string[] =>
  circlesOf(new Map(text.split(' ').map((edge) => edge.split('>') as [string, string]))).map((circle) =>
    circle.join(''),
  );

describe('circles of a hierarchy', () => {
  it.each([
    ['a>b b>c', []],
    ['a>a', ['a']],
    ['a>b b>a', ['ab']],
    ['x>a a>b b>c c>a', ['abc']],
    ['a>b b>a c>d d>c e>c', ['ab', 'cd']],
    ['a>b b>b', ['b']],
    ['a>gone', []],
  ])('%s', (text, expected) => expect(circles(text)).toEqual(expected));
});
