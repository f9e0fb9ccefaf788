import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactNumber } from './exact-number.ts';
import { readLoosely } from './loose-json.ts';
import { parseJson } from './parse-json.ts';

describe('numbers keep what was written', () => {
  it.each([
    ['7', 7],
    ['-0', -0],
    ['1.0', 1],
    ['12.50', 12.5],
    ['1e3', 1000],
    ['1.5E-7', 1.5e-7],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740993', '-9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    // As PHP and others print a double.
    ['0.10000000000000001', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['0.12345678901234567890', '0.12345678901234567890'],
    ['12345678901234567.89', '12345678901234567.89'],
    ['1e21', 1e21],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['0.000', 0],
    ['0e999', 0],
  ])('%s', (source, expected) => {
    expect(exactNumber(source)).toBe(expected);
    expect(parseJson(`{"a":[${source}]}`)).toMatchObject({ ok: true, value: { a: [expected] } });
  });

  it('every double written by us is read as itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const exact = exactNumber(JSON.stringify(value));
        return Number(exact) === value && (typeof exact === 'number' || Number.isInteger(value));
      }),
    );
  });

  it('digits in texts are left alone', () => {
    const text = '{"id":"9007199254740993","a":", 12345678901234567890"}';
    expect(parseJson(text)).toMatchObject({ value: JSON.parse(text) as unknown });
  });
});

describe('nearly JSON', () => {
  it('is read as the strict reader would, where that can', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // Unlike JSON.parse itself, both keep the digits of large numbers.
        expect(readLoosely(text)).toEqual(parseJson(text));
      }),
    );
  });

  it.each([
    ['[NaN]', ['NaN'], [{ steps: [0], what: 'NaN' }]],
    ['{"a":-Infinity}', { a: '-Infinity' }, [{ steps: ['a'], what: '-Infinity' }]],
    ['{"a":"1\t2"}', { a: '1\t2' }, [{ steps: ['a'], what: 'a raw control character (U+0009)' }]],
  ])('%j', (text, value, oddities) => {
    expect(parseJson(text)).toEqual({ ok: true, value, oddities });
  });

  it.each([
    ['{"a":[1,2', 'in a at its end'],
    ['{"a":01}', 'in a at character 6 of 8'],
    ['[1,]', 'in 1 at character 4 of 4'],
    ['{a:1}', 'at character 2 of 5'],
    ['[1] x', 'at character 5 of 5'],
    ['{"a":"\\x"}', 'in a at character 7 of 10'],
  ])('what is not even that says where: %s', (text, where) => {
    expect(parseJson(text)).toEqual({ ok: false, where });
  });

  it('ends in a text nested without end', () => {
    expect(readLoosely('['.repeat(100_000))).toMatchObject({ ok: false });
  });
});
