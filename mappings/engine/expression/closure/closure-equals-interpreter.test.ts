import { expect, it } from '@jest/globals';
import { compareRandomly } from './compare.fixture.ts';

it('what closures decide is what the interpreter gives, over 50,000 random expressions and records', async () => {
  const { differences, pairs, withValue, leftThoughFine, leftRightly } = await compareRandomly(
    50_000,
    20_261_201,
  );
  expect(differences).toEqual([]);
  expect(pairs).toBeGreaterThanOrEqual(50_000);
  // Many pairs say something, and closures seldom give up where the interpreter has nothing to complain about.
  expect(withValue).toBeGreaterThan(pairs / 4);
  expect(leftThoughFine).toBeLessThan(leftRightly / 10);
});
