/**
 * Compiled expressions against the interpreter over random expressions and records; prints what it compared and every difference, and
 * fails when there is one. The suite compares 50,000 pairs of one seed. `node bench/fuzz-expressions.ts [pairs 1000000] [seed 1]`
 */
import { compareRandomly } from '../mappings/engine/expression/closure/compare.fixture.ts';

const [pairs = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
const begun = performance.now();
const { differences, ...counts } = await compareRandomly(pairs, seed);
console.log({
  seed,
  ...counts,
  differences: differences.length,
  seconds: Math.round((performance.now() - begun) / 1_000),
});
for (const difference of differences) console.log(`- ${difference}`);
if (differences.length > 0) process.exitCode = 1;
