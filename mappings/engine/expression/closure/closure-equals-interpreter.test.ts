import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../domain/json.ts';
import { newBudget } from '../budget.ts';
import { plainResult } from '../compile-expression.ts';
import { createInterpreter } from '../interpreter.ts';
import { compareRandomly } from './compare.fixture.ts';
import { compileClosure } from './compile-closure.ts';

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

/** Shapes that chance seldom meets. */
it.each<[string, JsonObject]>([
  ['list.a[0]', { list: [{ a: [] }, { a: [[7]] }] }],
  ['list.a[0]', { list: [{ a: [[1, 2]] }] }],
  ['a[0][0]', { a: [[5]] }],
  ['a[$ > 1][0]', { a: [1, 2, 3] }],
  ['a[-1]', { a: [1, [2]] }],
  ['list.(s)', { list: [[{ x: 1 }, { s: [] }]] }],
  ['list.(s)', { list: [[{ s: [5] }]] }],
  ['list.(a[b])', { list: [{ a: [1, 2], b: 1 }] }],
  ['[list.a]', { list: [{ a: [1] }, { a: [2] }] }],
  ['{"x": list.a[], "y": 1}.y', { list: [] }],
  ['$map(list, function($v) { $v.a })', { list: [{ a: [1] }] }],
  ['$reduce(list, function($s, $v) { $s + $v })', { list: [null, 1] }],
  ['$reduce([], function($s, $v) { $s + $v }, 5)', {}],
  ['$reduce(list, function($s, $v) { $s & $v }, null)', { list: ['a'] }],
  ['$lookup(list, "a")', { list: [{ a: 1 }] }],
  ['"5" in list', { list: ['5'] }],
  ['a ~> $substring(1, 2)', { a: 'é😀xyz' }],
  ['($f := a; $f.b ?: "none")', { a: { b: 0 } }],
  ['$string(a)', { a: [0.1, { b: 1e21, c: 0.30000000000000004 }] }],
])('%s over %j', async (text, record) => {
  const interpreter = createInterpreter(text);
  const compiled = compileClosure(interpreter.ast);
  const run = async (): Promise<unknown> =>
    plainResult(await interpreter.evaluate(structuredClone(record), {}, newBudget(60_000)));
  const ours = compiled.closure === null ? await run() : outcomeOf(() => compiled.closure(record, {}));
  expect(ours).toEqual(await run().catch(() => 'undecided'));
});

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return 'undecided';
  }
}
