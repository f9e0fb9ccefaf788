/** Seeded scenarios under faults; every one must keep the four laws of the merge. `--seed N` replays one. */
import { describe, expect, it } from '@jest/globals';
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

describe('the laws of the merge under injected faults', () => {
  it.each(groups)(
    'hold for $name',
    async ({ group }) => {
      expect(await searchSeeds(group)).toBe('');
    },
    GROUP_MS,
  );
});
