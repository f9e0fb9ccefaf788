import { describe, expect, it } from '@jest/globals';
import { compilePath, setAt } from './access.ts';
import type { JsonObject } from '../../domain/json.ts';
import { pathProblem, pathSteps, pathText } from './path.ts';

describe('paths', () => {
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
    expect(compilePath('constructor.name')({}, {})).toBeUndefined();
  });

  it('reads and writes names with dots and blanks', () => {
    const record: JsonObject = { 'meta.serial': 1, meta: { serial: 2 }, 'Functional Loc.': { code: 'N' } };
    expect(compilePath('`meta.serial`')(record, {})).toBe(1);
    expect(compilePath('meta.serial')(record, {})).toBe(2);
    expect(compilePath('`Functional Loc.`.code')(record, {})).toBe('N');
    const payload: JsonObject = {};
    setAt(payload, ['meta', 'serial'], 'S');
    setAt(payload, ['meta', 'made'], 2020);
    setAt(payload, ['meta.serial'], 'T');
    expect(payload).toEqual({ meta: { serial: 'S', made: 2020 }, 'meta.serial': 'T' });
  });
});
