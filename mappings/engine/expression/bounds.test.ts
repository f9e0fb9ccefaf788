/** Whatever an expression says, it ends soon, in little memory, with a sentence; and it says the same tomorrow. */
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../domain/json.ts';
import { newBudget } from './budget.ts';
import { compileExpression } from './compile-expression.ts';

const A30 = `${'a'.repeat(30)}!`;
/** Only the counted bounds say the same on every machine. */
const patient = () => newBudget(60_000);
const run = (text: string, input: JsonObject = {}, budget = patient()) =>
  compileExpression(text).evaluate(input, {}, budget);

describe('patterns', () => {
  it.each([
    ['$contains(t, /^(a+)+$/)', false],
    ["$replace(t, /^(a|a)*$/, 'x')", A30],
    ['$count($match(t, /(a*)*b/))', 0],
    ['$split(t, /(a|aa)+$/)', [A30]],
    ['$contains(t, /(.*.*.*.*)=/m)', false],
  ])('%s', async (text, expected) => expect(await run(text, { t: A30 })).toEqual(expected));

  it.each([
    ["$replace('2026-03-01', /(\\d+)-(\\d+)-(\\d+)/, '$3.$2.$1')", '01.03.2026'],
    ["$replace('abc', /b/, function($m) { $uppercase($m.match) & $m.start })", 'aB1c'],
    ["$match('a1b22', /[a-z](\\d+)/)[1].groups", ['22']],
    ["$match('a1b22', /[a-z](\\d+)/, 1).match", 'a1'],
    ["$split('a, b;c', /[,;]\\s*/)", ['a', 'b', 'c']],
    ["$contains('PUMP', /pump/i)", true],
    ["$match('x\\ny', /^y$/m).index", 2],
    ["$replace('aaa', /a/, 'b', 2)", 'bba'],
    ["$match('ac', /(a)(b)?(c)/).groups", ['a', null, 'c']],
  ])('%s', async (text, expected) => expect(await run(text)).toEqual(expected));

  it.each([
    ['$contains(t, /(a)\\1/)', 'refers back to a group'],
    ['$contains(t, /a(?=b)/)', 'looks ahead or behind'],
    ['$map(list, function($x) { $match($x, /(?<!a)b/) })', 'looks ahead or behind'],
    ['($p := /\\p{L}/; $match(t, $p))', 'Unicode property'],
  ])('refuses %s when it is written', (text, why) => expect(() => compileExpression(text)).toThrow(why));

  it('stops many matches that take long together', async () => {
    const t = 'a'.repeat(50_000);
    await expect(run("$replace(t, /a(?:.*b)?/, '')", { t }, newBudget())).rejects.toThrow(
      /too many steps|takes more time/,
    );
  });
});

describe('time', () => {
  const $sum = compileExpression('$sum([1..9000].($ * 2))');

  it('that others use is not counted', async () => {
    const budget = patient();
    const longAgo = { ...budget, startedAt: budget.startedAt - 120_000, lookAt: budget.lookAt - 120_000 };
    expect(await $sum.evaluate({}, {}, longAgo)).toBe(81_009_000);
  });

  it('of its own is', async () => {
    const budget = newBudget();
    const spent = { ...budget, usedAtStart: budget.usedAtStart - 60_000, lookAt: budget.startedAt };
    await expect($sum.evaluate({}, {}, spent)).rejects.toThrow('takes more time than 250 ms');
  });
});

/** Each of these took minutes, gigabytes, or never ended. */
const GROWTH: readonly string[] = [
  "$pad('x', 1000000000)",
  "$pad('x', -1000000000, 'ab')",
  "$map([1..20000], function($i) { $pad('', 900000) })",
  "$length($reduce([1..60], function($t, $i) { $t & $t }, 'xx'))",
  "$join($map([1..20000], function($i) { $pad('', 1000) }), $pad('', 1000))",
  "$replace($pad('', 100000, 'a'), 'a', $pad('', 100000, 'b'))",
  "$replace($pad('', 100000, 'a'), /a/, $pad('', 100000, 'b'))",
  "$reduce([1..60], function($t, $i) { {'l': $t, 'r': $t} }, {'x': 1})",
  "$string($reduce([1..60], function($t, $i) { {'l': $t, 'r': $t} }, {'x': 1}))",
  "($a := $reduce([1..40], function($t, $i) { {'l': $t, 'r': $t} }, {'x': 1}); $b := $reduce([1..40], function($t, $i) { {'l': $t, 'r': $t} }, {'x': 2}); $a = $b)",
  '$reduce([1..60], function($t, $i) { [[$t], [$t]] }, [1]).nothing',
  "$reduce([1..19000], function($t, $i) { {'in': $t} }, {})",
  '$formatNumber(1e308 * 10, "0.0e0")',
  '$formatInteger(1e308 * 10, "a")',
  '$formatInteger(1e300, "I")',
  "$formatNumber(12345, '#,##0', {'grouping-separator': ''})",
  "$fromMillis(0, '[Y,500000000]')",
  "$fromMillis(1e300, '[W]')",
  "$toMillis($pad('', 200, '1'), $join($map([1..14], function() { '[f]' })))",
  "$distinct($map([1..20000], function($i) { {'n': $i} })) ~> $count() > 20000 ? 1 : $error('no')",
  '$sum($map([1..19000], function($i) { $sum([1..19000]) }))',
  '$map([1..20000], function($i) { $reverse([1..20000]) })',
  '[1..1000000]',
  '($g := function($h) { $map([$h], $h) }; $g($g))',
  '$map([function($h) { $map([$h], $h) }], function($h) { $map([$h], $h) })',
  "$split($pad('', 900000, 'a'), '')",
  '$map(list, function($x) { $uppercase($$.big) })',
  '$map(list, function($x) { $contains($$.big, /(a|b)*c/) })',
  '$filter(list, function($x) { $substring($$.big, 0) = $$.big })',
  '$filter(list, function($x) { $contains($$.big, "b") })',
  "$string($reduce([1..190], function($t, $i) { {'in': $t} }, [1..20000]), true)",
];

describe('what grows', () => {
  it.each(GROWTH)('%s ends with a sentence', async (text) => {
    const list = Array.from({ length: 9_000 }, (_, n) => n);
    await expect(run(text, { list, big: 'a'.repeat(900_000) }, newBudget())).rejects.toThrow(/\w+ \w+/);
  });

  it('lists as long as the bound are fine', async () => {
    const list = Array.from({ length: 20_000 }, (_, n) => `n${String(n % 7_000)}`);
    expect(await run('$count($distinct(list))', { list })).toBe(7_000);
    expect(((await run('$sort(list)', { list })) as string[])[0]).toBe('n0');
    expect(await run("$count($spread(list.{'a': $}))", { list })).toBe(20_000);
  });

  it('the expressions of one record share what they may spend', async () => {
    const expression = compileExpression('$sum([1..9000].($ * 2))');
    const budget = patient();
    const all = async (): Promise<void> => {
      for (let n = 0; n < 20; n += 1) await expression.evaluate({}, {}, budget);
    };
    await expect(all()).rejects.toThrow('takes more than 100000 steps for this record');
    expect(await expression.evaluate({}, {}, patient())).toBe(81_009_000);
  });
});

describe('functions of our own give what JSONata gives', () => {
  it.each([
    [
      '$distinct([1, "1", 1, true, "true", null, null, {"a": 1, "b": [2]}, {"b": [2], "a": 1}, [1], [1], [[1]]])',
      [1, '1', true, 'true', null, { a: 1, b: [2] }, [1], [[1]]],
    ],
    ['$distinct("one")', 'one'],
    ['$spread({"a": 1, "b": 2})', [{ a: 1 }, { b: 2 }]],
    ['$spread([{"a": 1}, {"b": 2}])', [{ a: 1 }, { b: 2 }]],
    ['$spread("text")', 'text'],
    ['$sort(["b", "a", "C"])', ['C', 'a', 'b']],
    ['$sort([10, 9, -1])', [-1, 9, 10]],
    ['$sort([{"n": 2}, {"n": 1}], function($l, $r) { $l.n > $r.n }).n', [1, 2]],
    ['$map(["a", "b"], $uppercase)', ['A', 'B']],
    ['["a", "b"] ~> $map($uppercase) ~> $join("-")', 'A-B'],
    ['"abc" ~> $substring(1)', 'bc'],
    ["$pad('7', -3, '0')", '007'],
    ["$formatNumber(1234.5, '#,##0.00')", '1,234.50'],
    ["$formatNumber(1234.5, '#.##0,00', {'decimal-separator': ',', 'grouping-separator': '.'})", '1.234,50'],
    ["$formatInteger(7, '000')", '007'],
    ["$fromMillis(1772370900000, '[D01].[M01].[Y0001] [H01]:[m01]', '+0100')", '01.03.2026 14:15'],
    ['$fromMillis(1772370900000)', '2026-03-01T13:15:00.000Z'],
  ])('%s', async (text, expected) => expect(await run(text)).toEqual(expected));

  it('refuses to sort what has no order', async () => {
    await expect(run('$sort([1, "a"])')).rejects.toThrow('sort function');
  });
});

describe('dates by picture', () => {
  it.each([
    ["$toMillis('01.03.2026', '[D01].[M01].[Y0001]')", Date.UTC(2026, 2, 1)],
    ["$toMillis('20260301T081500', '[Y0001][M01][D01]T[H01][m01][s01]')", Date.UTC(2026, 2, 1, 8, 15)],
    ["$toMillis('3/1/2026 8:15 PM', '[M]/[D]/[Y] [h]:[m01] [P]')", Date.UTC(2026, 2, 1, 20, 15)],
    ["$toMillis('1 Mar 2026', '[D] [MNn] [Y]')", Date.UTC(2026, 2, 1)],
    [
      "$toMillis('2026-03-01 08:15:00.25+0100', '[Y]-[M]-[D] [H]:[m]:[s].[f][Z]')",
      Date.UTC(2026, 2, 1, 7, 15, 0, 250),
    ],
    ["$toMillis('2026-03', '[Y]-[M]')", Date.UTC(2026, 2, 1)],
    ["$toMillis('not like it', '[Y]-[M]-[D]')", undefined],
    ["$toMillis('2026-03-01T08:15:00Z')", Date.UTC(2026, 2, 1, 8, 15)],
    ["$toMillis('2026-03-01')", Date.UTC(2026, 2, 1)],
    ["$toMillis('2026-03')", Date.UTC(2026, 2, 1)],
    ["$toMillis('2026')", Date.UTC(2026, 0, 1)],
    ['$toMillis(nothing)', undefined],
  ])('%s', async (text, expected) => expect(await run(text)).toBe(expected));

  it.each([
    ["$toMillis(t, '[H01]:[m01]')", 'does not say the whole date'],
    ["$toMillis(t, '[D01].[M01].')", 'does not say the whole date'],
    ["$toMillis(t, '[Y]-[D]')", 'does not say the whole date'],
    ["$toMillis(t, '[Y]-[d]')", 'the picture has [d]'],
    ["$toMillis(t, '[Y01]-[M01]-[D01]')", 'could be of any century'],
    ["$toMillis(t, '[Y,2-2]-[M01]-[D01]')", 'could be of any century'],
    ["$toMillis(t, '[YI]-[M]-[D]-[D]')", 'the picture has [D]'],
    ['$now()', 'reads the clock'],
    ['$millis()', 'reads the clock'],
    ['$map(list, $millis)', 'reads the clock'],
    ["$fromMillis($millis(), '[Y]')", 'reads the clock'],
    ['$random()', 'is random'],
    ['$shuffle(list)', 'is random'],
    ["$eval('$now()')", 'runs text as code'],
    ['$substring(?, 1)', 'leaves out arguments'],
    ["$ ~> |a|{'b': 1}|", 'changes a copy'],
  ])('%s is refused when it is written', (text, why) => expect(() => compileExpression(text)).toThrow(why));

  it.each([
    ["$toMillis('08:15', p)", 'does not say the whole date'],
    ["$toMillis('0026-03-01', '[Y0001]-[M01]-[D01]')", 'is in the year 26'],
    ["$toMillis('0026-03-01')", 'is in the year 26'],
    ["$toMillis('30.02.2026', '[D01].[M01].[Y0001]')", 'names a day that does not exist'],
    ["$toMillis('2026-03-01T08:15:00')", 'has no offset'],
    ["$fromMillis(0, '[Y]', 'Europe/Berlin')", 'is no offset'],
  ])('%s is refused at run time', async (text, why) => {
    await expect(run(text, { p: '[H01]:[m01]' })).rejects.toThrow(why);
  });
});
