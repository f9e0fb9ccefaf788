/** What every part of one sandbox shares: its time, its randomness, its counters. Made before the vendor part. */
import { createClock, type SandboxClock } from './clock.ts';
import { createRandom, type Random } from './random.ts';
import { createStats, type StatsBook } from './stats.ts';

export interface SandboxWorld {
  clock: SandboxClock;
  random: Random;
  stats: StatsBook;
}

export function createSandboxWorld(options: { random?: number }): SandboxWorld {
  return { clock: createClock(), random: createRandom(options.random ?? 1), stats: createStats() };
}
