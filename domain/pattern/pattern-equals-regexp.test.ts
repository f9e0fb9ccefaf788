/** Random patterns over random short texts: what ours finds is what JavaScript's own matcher finds, groups included. */
import { expect, it } from '@jest/globals';
import { compilePattern, PatternRefused } from './pattern.ts';

const PAIRS = 20_000;
const TEXTS_A_PATTERN = 8;
const UNITS = [
  'a',
  'b',
  'B',
  '1',
  ' ',
  '\n',
  '\u2028',
  '-',
  'é',
  'É',
  'ſ',
  'ß',
  '\u00a0',
  '😀',
  '{',
  '.',
  '_',
];
const ATOMS = [
  ...[
    'a',
    'b',
    'B',
    '1',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\W',
    '\\S',
    '\\D',
    'é',
    '[^a]',
    '[ab]',
    '[A-Z]',
    '[^]',
    '\\.',
    '{',
  ],
  ...[
    '[\\w-]',
    '[\\d-x]',
    '[é-ü]',
    'ſ',
    '\\x61',
    '\\u0062',
    '[\\b]',
    '\\n',
    '\\-',
    '[a\\]]',
    '[^\\s1]',
    '\\cA',
    '\\0',
    '😀',
  ],
];
const ASSERTIONS = ['^', '$', '\\b', '\\B'];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{1,2}', '{0,2}', '{2,}', '{1}'];

it('finds what RegExp finds', () => {
  const random = numbers(20_261_201);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const pattern = (depth: number): string => {
    const part = (): string => {
      const kind = random();
      if (kind < 0.1) return pick(ASSERTIONS);
      const inner = depth > 0 && kind < 0.45;
      const atom = inner ? `(${pick(['', '?:'])}${pattern(depth - 1)})` : pick(ATOMS);
      return random() < 0.45 ? `${atom}${pick(QUANTIFIERS)}${random() < 0.25 ? '?' : ''}` : atom;
    };
    const alternatives = Array.from({ length: random() < 0.3 ? 2 : 1 }, () =>
      Array.from({ length: Math.floor(random() * 4) }, part).join(''),
    );
    return alternatives.join('|');
  };
  let [pairs, matches] = [0, 0];
  while (pairs < PAIRS) {
    const source = pattern(3);
    const flags = ['', 'i', 'm', 's', 'im'][Math.floor(random() * 5)] ?? '';
    let ours: ReturnType<typeof compilePattern>;
    try {
      ours = compilePattern(source, flags);
    } catch (error) {
      if (error instanceof PatternRefused) continue;
      throw error;
    }
    for (let n = 0; n < TEXTS_A_PATTERN; n += 1) {
      const text = Array.from({ length: Math.floor(random() * 9) }, () => pick(UNITS)).join('');
      const from = Math.floor(random() * 3);
      if (from > text.length) continue;
      const theirs = new RegExp(source, `${flags}g`);
      theirs.lastIndex = from;
      const match = theirs.exec(text);
      const found = ours.find(text, from);
      const expected = match && [match.index, match.index + match[0].length, match.slice(1)];
      const actual = found && [found.start, found.end, [...found.groups]];
      if (JSON.stringify(actual) !== JSON.stringify(expected))
        expect({ source, flags, text, from, found: actual }).toEqual({
          source,
          flags,
          text,
          from,
          found: expected,
        });
      pairs += 1;
      if (match) matches += 1;
    }
  }
  expect(matches).toBeGreaterThan(PAIRS / 3);
});

/** Always the same numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
