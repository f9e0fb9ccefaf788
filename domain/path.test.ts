import { describe, expect, it } from '@jest/globals';
import { mergeDeep, pathProblem, pathSteps, pathText, readPath, writePath } from './path.ts';

describe('a path', () => {
  it.each([
    ['title', ['title']],
    ['a.b.0.c', ['a', 'b', '0', 'c']],
    ['Kurz Text', ['Kurz Text']],
    ['Größe (mm)', ['Größe (mm)']],
    ['`meta.serial`', ['meta.serial']],
    ['`Functional Loc.`.code', ['Functional Loc.', 'code']],
    ['a.`b``c`.d', ['a', 'b`c', 'd']],
    ['` padded `', [' padded ']],
    ['``', ['']],
  ])('%s', (path, steps) => {
    expect(pathSteps(path)).toEqual(steps);
    expect(pathSteps(pathText(steps))).toEqual(steps);
  });

  it.each(['', '.a', 'a.', 'a..b', ' a', 'a ', '`a', '`a`b', 'a`b'])('%j is none', (path) => {
    expect(pathProblem(path)).toContain('stands in backticks');
  });

  it('never leads into what all objects share', () => {
    expect(pathProblem('a.__proto__.b')).toContain('__proto__');
    expect(readPath({}, ['constructor', 'name'])).toBeUndefined();
  });

  it.each([
    ['a.b', { a: { b: 1 } }, 1],
    ['a.b', { 'a.b': 1 }, 1],
    // The plain meaning wins.
    ['a.b', { 'a.b': 1, a: { b: 2 } }, 2],
    ['`a.b`', { 'a.b': 1, a: { b: 2 } }, 1],
    ['@odata.nextLink', { '@odata.nextLink': '/a' }, '/a'],
    ['x.`Functional Loc.`.y', { x: { 'Functional Loc.': { y: 1 } } }, 1],
    ['rows.1.id', { rows: [{ id: 1 }, { id: 2 }] }, 2],
    ['a.b', { a: { b: null } }, null],
    ['a.b', { a: null }, undefined],
    ['a.constructor', { a: {} }, undefined],
  ])('%s of %j is read', (path, value, expected) => {
    expect(readPath(value, pathSteps(path))).toEqual(expected);
  });

  it('is written without touching what was there', () => {
    const before = { a: { b: 1, c: 2 }, d: 3 };
    expect(writePath(before, pathSteps('a.b'), 9)).toEqual({ a: { b: 9, c: 2 }, d: 3 });
    expect(before).toEqual({ a: { b: 1, c: 2 }, d: 3 });
    expect(writePath({}, pathSteps('x.`y.z`'), 'r')).toEqual({ x: { 'y.z': 'r' } });
    expect(writePath({ x: [1] }, pathSteps('x.y'), 1)).toEqual({ x: { y: 1 } });
  });
});

describe('a deep merge', () => {
  it('keeps what the changes do not name, at every depth', () => {
    const there = { name: 'x', detail: { color: 'red', size: { w: 1, h: 2 } }, tags: ['a', 'b'] };
    expect(mergeDeep(there, { detail: { size: { w: 9 } }, tags: ['c'] })).toEqual({
      name: 'x',
      detail: { color: 'red', size: { w: 9, h: 2 } },
      tags: ['c'],
    });
    expect(mergeDeep(there, { detail: null })).toMatchObject({ detail: null });
    expect(mergeDeep({ detail: null }, { detail: { a: 1 } })).toEqual({ detail: { a: 1 } });
  });

  it('takes an object with another id as another thing', () => {
    const there = { asset: { id: 5, name: 'Pump' } };
    expect(mergeDeep(there, { asset: { id: 7 } })).toEqual({ asset: { id: 7 } });
    expect(mergeDeep(there, { asset: { id: '5', tag: 'P' } })).toEqual({
      asset: { id: '5', name: 'Pump', tag: 'P' },
    });
  });
});
