/** One seeded generator (mulberry32): the same seed and the same calls give the same sandbox, ids included. */

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [0, below). */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** `length` characters of the alphabet. */
  text(length: number, alphabet: string): string;
  /** Where it stands: a generator made with this number goes on from here. */
  state(): number;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    state: () => state,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(items.length)] ?? items[0],
    text(length, alphabet) {
      let out = '';
      while (out.length < length) out += alphabet.charAt(int(alphabet.length));
      return out;
    },
  };
}
