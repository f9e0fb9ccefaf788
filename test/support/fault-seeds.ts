/** Which seeds of the fault lane to run: `npm run test:faults -- --seed 7`, `-- --seeds 10000`; tools/test.mjs hands them on. */

/** As many as `npm test` takes time for, and above them those that broke a law once; the lane of its own runs more. */
const SHORT = 40;
const ONCE_BROKEN = [105, 139];

export function faultSeeds(): number[] {
  const { CHATTERFIX_FAULT_SEED: chosen, CHATTERFIX_FAULT_SEEDS: count } = process.env;
  if (chosen !== undefined) return chosen.split(',').map(Number);
  const seeds = Array.from({ length: Number(count ?? SHORT) }, (_, index) => index + 1);
  return count === undefined ? [...seeds, ...ONCE_BROKEN] : seeds;
}
