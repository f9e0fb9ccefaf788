/** How much the fuzz lane sends: `npm run test:fuzz -- --seed 7`, `-- --runs 5000`; tools/test.mjs hands them on. */

/** `npm test` sends the same requests each time and takes the time for few; the lane of its own sends others each time. */
const SHORT = 12;

export function fuzzRuns(): { seed: number; runs: number } {
  const { CHATTERFIX_FUZZ_SEED: seed = '1', CHATTERFIX_FUZZ_RUNS: runs = String(SHORT) } = process.env;
  return { seed: Number(seed), runs: Number(runs) };
}
