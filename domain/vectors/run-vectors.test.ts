import { describe, expect, it } from '@jest/globals';
import { Failure } from '../kernel/failure.ts';
import { createZones } from '../time/zones.ts';
import type { VectorAdapters } from './adapter.ts';
import { differences } from './differences.ts';
import { runVectors } from './run-vectors.ts';

const zones = createZones({ tzdb: '2026a' });
const ADAPTERS: VectorAdapters = {
  echo: { answer: (given) => given },
  more: { answer: (given) => ({ ...(given as object), extra: 1 }), mayHoldMore: true },
  less: { answer: (given) => ({ ...(given as object), extra: 1 }) },
  refuse: {
    answer: () => {
      throw new Failure('invalid_request', 'the zone is unknown', { path: 'zone' });
    },
  },
  broken: {
    answer: () => {
      throw new TypeError('x is not a function');
    },
  },
};

function run(vectors: unknown, rest: object = {}): { passed: number; failures: string[] } {
  const text = JSON.stringify({ format: 'pm-vectors/1', tzdb_min: '2025a', vectors, ...rest });
  return runVectors({ name: 'f', text }, ADAPTERS, { zones });
}

describe('runVectors', () => {
  it('counts what passed and says of a failure its id, its kind, what was expected and what came', () => {
    const report = run([
      {
        id: 'A',
        kind: 'echo',
        given: { n: 1, at: '2026-01-01T00:00:00Z' },
        expect: { n: 1, at: '2026-01-01T01:00:00+01:00' },
      },
      { id: 'B', kind: 'echo', given: { n: [1, { m: 2 }] }, expect: { n: [1, { m: 3 }] } },
    ]);
    expect(report).toEqual({ passed: 1, failures: ['f: B echo: n[1].m expected 3, got 2'] });
  });

  it('lets an answer hold more only where the kind allows it', () => {
    const vector = { id: 'A', given: { n: 1 }, expect: { n: 1 } };
    expect(run([{ ...vector, kind: 'more' }]).failures).toEqual([]);
    expect(run([{ ...vector, kind: 'less' }]).failures).toEqual(['f: A less: extra expected nothing, got 1']);
  });

  it.each([
    [[{ id: 'A', kind: 'tea', given: {}, expect: {} }], /A tea: the kind is unknown; known are echo, /],
    [[{ id: 'A', kind: 'toString', given: {}, expect: {} }], /the kind is unknown/],
    [
      [{ id: 'A', kind: 'refuse', given: {}, expect: {} }],
      /A refuse: expected \{\}, got invalid_request at zone: the zone/,
    ],
    [[{ id: 'A', kind: 'broken', given: {}, expect: {} }], /got bug: x is not a function/],
    [[{ kind: 'echo', given: {}, expect: {} }], /vectors\[0\] is no vector: id/],
    [[null], /vectors\[0\] is no vector/],
    [[{ id: 'A', kind: 'echo', given: {} }], /A echo: lacks expect/],
    [[], /f: holds no vectors/],
    ['none', /f: is not a file of the format pm-vectors\/1: vectors/],
  ])('%j is a failure with a sentence', (vectors, sentence) => {
    const { passed, failures } = run(vectors);
    expect(passed).toBe(0);
    expect(failures).toEqual([expect.stringMatching(sentence)]);
  });

  it('goes on after a broken vector', () => {
    const fine = { id: 'A', kind: 'echo', given: 1, expect: 1 };
    expect(run([fine, 7, { ...fine, kind: 'broken' }, fine])).toMatchObject({
      passed: 2,
      failures: { length: 2 },
    });
  });

  it('refuses a file of another format, one that is no JSON and one that needs newer zone data', () => {
    expect(run([1], { format: 'pm-vectors/2' }).failures[0]).toContain('is not a file of the format');
    expect(run([1], { tzdb_min: '2026b' }).failures[0]).toContain(
      'needs the tz database 2026b or newer, this program has 2026a',
    );
    expect(run([1], { tzdb_min: 'new' }).failures[0]).toContain('is no version');
    expect(runVectors({ name: 'f', text: '{' }, ADAPTERS, { zones }).failures[0]).toContain('f: is not JSON');
  });
});

describe('differences', () => {
  it.each<[unknown, unknown, boolean]>([
    [1, 1.0001, true],
    [1, 1.00011, false],
    [0, null, false],
    [null, undefined, false],
    [null, null, true],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', false],
    ['2026-01-01T00:00', '2026-01-01T00:00:00Z', false],
    ['a', 'b', false],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, {}, false],
    [1, '1', false],
    [true, 1, false],
  ])('%j and %j are the same: %s', (expected, got, same) => {
    expect(differences(expected, got).length === 0).toBe(same);
  });
});
