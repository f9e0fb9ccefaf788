/** Which seeds of the fault lane to run: `npm run test:faults -- --seed 7`, `-- --seeds 10000`; tools/test.mjs hands them on. */

/** As many as `npm test` takes time for; the lane of its own runs more. */
const SHORT = 40;

export function faultSeeds(): number[] {
  const { CHATTERFIX_FAULT_SEED: chosen, CHATTERFIX_FAULT_SEEDS: count } = process.env;
  if (chosen !== undefined) return chosen.split(',').map(Number);
  return Array.from({ length: Number(count ?? SHORT) }, (_, index) => index + 1);
}
