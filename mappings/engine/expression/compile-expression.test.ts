import { describe, expect, it } from '@jest/globals';
import { compileExpression } from './compile-expression.ts';

const run = (text: string, input: Record<string, never> | object = {}, context = {}) =>
  compileExpression(text).evaluate(JSON.parse(JSON.stringify(input)) as Record<string, string>, context);

describe('what an expression reads', () => {
  it.each([
    ['a & b.c', ['a', 'b.c'], false],
    ["labtrans[transtype = 'WORK'].laborcode", ['labtrans.laborcode'], false],
    ['$map(parts, function($p, $i) { $p & other[$i] })', ['parts', 'other'], false],
    ['list.{ "x": inner, "y": $$.outer }', ['list', 'outer'], false],
    ['$sum(list^(>cost).cost)', ['list'], false],
    ['$context.site & $.tag', ['tag'], false],
    ['**.name', [], true],
    ['$keys($)', [], true],
    ['$string($$)', [], true],
    ['*', [], true],
  ])('%s', (text, reads, readsAll) => {
    const compiled = compileExpression(text);
    expect([...compiled.reads].sort()).toEqual([...reads].sort());
    expect(compiled.readsAll).toBe(readsAll);
  });
});

describe('results', () => {
  it('are free of sequences, and nothing is undefined, not null', async () => {
    const result = await run('a.b', { a: [{ b: 1 }, { b: 2 }] });
    expect(result).toEqual([1, 2]);
    expect(Object.keys(result as object)).toEqual(['0', '1']);
    expect(await run('nowhere.at.all')).toBeUndefined();
  });

  it('may not be functions or infinite', async () => {
    await expect(run('$uppercase')).rejects.toThrow('is a function');
    await expect(run('function($x) { $x }')).rejects.toThrow('is a function');
    await expect(run('1 / 0')).rejects.toThrow();
  });

  it('leave the input as it was', async () => {
    const input = { list: [3, 1, 2] };
    await compileExpression('$sort(list)').evaluate(input, {});
    expect(input).toEqual({ list: [3, 1, 2] });
  });
});

describe('bounds at run time', () => {
  it('stop recursion that the lint could not see', async () => {
    // A function handed to itself, called by a built-in.
    await expect(run('($g := function($h) { $map([$h], $h) }; $g($g))')).rejects.toThrow(/stack|takes more/i);
  });

  it('stop long loops', async () => {
    await expect(run('$sum($map([1..19000], function($i) { $sum([1..19000]) }))')).rejects.toThrow(
      /takes more/,
    );
  });

  it('stop sequences that grow', async () => {
    await expect(run('[1..1000000]')).rejects.toThrow(/sequence/);
  });
});

describe('custom functions', () => {
  it.each([
    ["$stripHtml('<p>a &amp; b</p><p>c</p>')", 'a & b\nc'],
    ["$toInstant('2026-03-01T08:15:00-05:00')", '2026-03-01T13:15:00.000Z'],
    ['$toInstant(1772370900000)', '2026-03-01T13:15:00.000Z'],
    ["$toInstant('2026-03-01 08:15', 'Australia/Perth')", '2026-03-01T00:15:00.000Z'],
    ["$toDate('2026-03-01T20:00:00Z', 'Australia/Perth')", '2026-03-02'],
    ["$toDate('2026-03-01T20:00:00Z')", '2026-03-01'],
  ])('%s', async (text, expected) => expect(await run(text)).toBe(expected));

  it('give nothing for nothing and refuse what they cannot read', async () => {
    expect(await run('$toInstant(gone)')).toBeUndefined();
    expect(await run('$stripHtml(gone)')).toBeUndefined();
    expect(await run('$toDate(gone)')).toBeUndefined();
    await expect(run("$toInstant('soon')")).rejects.toThrow('is no instant');
    await expect(run("$toDate('2026-03-01', 'Mars/Base')")).rejects.toThrow('no IANA time zone');
  });

  it('may not be shadowed', () => {
    expect(() => compileExpression('($context := 1; $context)')).toThrow('reserved');
    expect(() => compileExpression('($now := 1; $now)')).toThrow('reserved');
  });
});
