/** What every part of one sandbox shares: its time, its randomness, its counters. Made before the vendor part. */
import { createClock, type SandboxClock } from './clock.ts';
import { createRandom, type Random } from './random.ts';
import type { SavedState } from './state-file.ts';
import { createStats, type StatsBook } from './stats.ts';

export interface SandboxWorld {
  clock: SandboxClock;
  random: Random;
  stats: StatsBook;
}

/** With a saved state, time and randomness go on where they stood. */
export function createSandboxWorld(
  options: { random?: number },
  saved: SavedState | null = null,
): SandboxWorld {
  return {
    clock: createClock(saved?.clockOffsetMs ?? 0),
    random: createRandom(saved?.random ?? options.random ?? 1),
    stats: createStats(),
  };
}
