/** Random patterns over random short texts: what ours finds is what JavaScript's own matcher finds, groups included. */
import { expect, it } from '@jest/globals';
import { compilePattern, PatternRefused, type Pattern } from './pattern.ts';

interface Alphabet {
  units: readonly string[];
  atoms: readonly string[];
  flags: readonly string[];
  /** Share of atoms that are groups. */
  groups: number;
  partsMax: number;
  textMax: number;
}

/** All that a pattern can be made of. */
const WIDE: Alphabet = {
  units: ['a', 'b', 'B', '1', ' ', '\n', '\u2028', '-', 'é', 'É', 'ſ', 'ß', '\u00a0', '😀', '{', '.', '_'],
  atoms: (
    'a b B 1 . \\d \\w \\s \\W \\S \\D é [^a] [ab] [A-Z] [^] \\. { [\\w-] [\\d-x] [é-ü] ſ \\x61 \\u0062 [\\b] \\n \\- [a\\]] ' +
    '[^\\s1] \\cA \\0 😀 ^ $ \\b \\B'
  ).split(' '),
  flags: ['', 'i', 'm', 's', 'im'],
  groups: 0.35,
  partsMax: 3,
  textMax: 8,
};
/** Little of it, knotted: rounds within rounds that may match nothing. */
const KNOTTY: Alphabet = {
  units: ['a', 'b', 'c'],
  atoms: ['a', 'b', '.', '$', '^', '\\b'],
  flags: [''],
  groups: 0.5,
  partsMax: 2,
  textMax: 4,
};
const ASSERTIONS: ReadonlySet<string> = new Set(['^', '$', '\\b', '\\B']);
const QUANTIFIERS = ['*', '+', '?', '{2}', '{1,2}', '{0,2}', '{2,}', '{1}'];
const TEXTS_A_PATTERN = 8;

it.each<[string, Alphabet, number]>([
  ['of all kinds', WIDE, 15_000],
  ['that are knotted', KNOTTY, 25_000],
])('patterns %s find what RegExp finds', (_kind, alphabet, pairs) => {
  const { pattern, text, pick } = createRandom(alphabet);
  let [compared, matches] = [0, 0];
  while (compared < pairs) {
    const [source, flags] = [pattern(3), pick(alphabet.flags)];
    const ours = compiled(source, flags);
    if (!ours) continue;
    const theirs = new RegExp(source, `${flags}g`);
    for (let n = 0; n < TEXTS_A_PATTERN; n += 1) {
      const sample = text();
      const from = n % 3;
      if (from > sample.length) continue;
      theirs.lastIndex = from;
      const match = theirs.exec(sample);
      const found = ours.find(sample, from);
      const expected = match && [match.index, match.index + match[0].length, match.slice(1)];
      const actual = found && [found.start, found.end, [...found.groups]];
      if (JSON.stringify(actual) !== JSON.stringify(expected))
        expect({ source, flags, sample, from, found: actual }).toEqual({
          source,
          flags,
          sample,
          from,
          found: expected,
        });
      compared += 1;
      if (match) matches += 1;
    }
  }
  expect(matches).toBeGreaterThan(pairs / 4);
});

function compiled(source: string, flags: string): Pattern | null {
  try {
    return compilePattern(source, flags);
  } catch (error) {
    if (error instanceof PatternRefused) return null;
    throw error;
  }
}

function createRandom({ units, atoms, groups, partsMax, textMax }: Alphabet) {
  const random = numbers(20_261_201);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const atom = (depth: number): string =>
    depth > 0 && random() < groups ? `(${pick(['', '', '?:'])}${pattern(depth - 1)})` : pick(atoms);
  const part = (depth: number): string => {
    const made = atom(depth);
    if (ASSERTIONS.has(made) || random() < 0.5) return made;
    return made + pick(QUANTIFIERS) + (random() < 0.25 ? '?' : '');
  };
  const pattern = (depth: number): string =>
    Array.from({ length: random() < 0.35 ? 2 : 1 }, () =>
      Array.from({ length: below(partsMax + 1) }, () => part(depth)).join(''),
    ).join('|');
  const text = (): string => Array.from({ length: below(textMax + 1) }, () => pick(units)).join('');
  return { pattern, text, pick };
}

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
