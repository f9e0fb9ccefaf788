import { expect, it } from '@jest/globals';
import { matchKey } from './match-keys.ts';

it('gives different texts different keys that fit a bigint', () => {
  const texts = Array.from(
    { length: 50_000 },
    (_, n) => `work_order|title=synthetic order ${String(n)}|asset=a${String(n % 7)}`,
  );
  const keys = texts.map(matchKey);
  expect(new Set(keys).size).toBe(texts.length);
  for (const key of keys) expect(BigInt.asIntN(64, BigInt(key)).toString()).toBe(key);
  expect(matchKey('same')).toBe(matchKey('same'));
});
