/** Seeded scenarios under faults; every one must keep the four laws of the merge. `--seed N` replays one. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { faultSeeds } from '../support/fault-seeds.ts';
import { searchSeeds } from './search.ts';

/** One test a group, so that a long run shows how far it came. */
const GROUP = 20;
/** A bound on what a group may take on a machine that is busy with other things. */
const GROUP_MS = 1_200_000;

const groups = faultSeeds().flatMap(({ name, seeds }) =>
  Array.from({ length: Math.ceil(seeds.length / GROUP) }, (_, index) => {
    const group = seeds.slice(index * GROUP, (index + 1) * GROUP);
    return { group, name: `${name}, ${String(group[0])} to ${String(group.at(-1))}` };
  }),
);

/** What the laws let pass, told at the end: a law that excuses is a hole, and this is how large it is. */
const counts = new Map<string, number>();
afterAll(() => {
  const told = [...counts].sort(([, a], [, b]) => b - a).map(([why, count]) => `${why} ${count}`);
  process.stderr.write(`excused by the laws: ${told.join(', ') || 'nothing'}\n`);
});

describe('the laws of the merge under injected faults', () => {
  it.each(groups)(
    'hold for $name',
    async ({ group }) => {
      const { told, excused } = await searchSeeds(group);
      for (const [why, count] of excused) counts.set(why, (counts.get(why) ?? 0) + count);
      expect(told).toBe('');
    },
    GROUP_MS,
  );
});
