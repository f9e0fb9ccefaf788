import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../json.ts';
import {
  basesAfterPush,
  fieldsToPush,
  mergeRecord,
  type ConflictPolicy,
  type MergeInput,
  type MergeResult,
} from './merge.ts';

const FIELDS = ['title', 'status', 'note'];

function input(over: Partial<MergeInput>): MergeInput {
  return {
    hub: {},
    external: {},
    baseHub: {},
    baseExternal: {},
    fields: FIELDS,
    policy: () => 'newest',
    hubChangedAt: () => null,
    externalChangedAt: null,
    ...over,
  };
}

function pushedFields(hub: JsonObject, { baseHub }: MergeResult, held: string[] = []): string[] {
  return [...fieldsToPush({ hub, baseHub, pushFields: FIELDS, held: new Set(held) })];
}

describe('mergeRecord', () => {
  it('does nothing when neither side changed', () => {
    const same = { title: 'A' };
    const result = mergeRecord(input({ hub: same, external: same, baseHub: same, baseExternal: same }));
    expect(result).toMatchObject({ changes: {}, decisions: [] });
  });

  it('takes the external value when only it changed, and a cleared one as null', () => {
    const base = { title: 'A', note: 'n' };
    const result = mergeRecord(
      input({ hub: base, external: { title: 'B' }, baseHub: base, baseExternal: base }),
    );
    expect(result.changes).toEqual({ title: 'B', note: null });
    expect(result.baseHub).toEqual({ title: 'B' });
    expect(result.baseExternal).toEqual({ title: 'B' });
  });

  it('leaves a hub change for the push', () => {
    const base = { title: 'A' };
    const result = mergeRecord(
      input({ hub: { title: 'H' }, external: base, baseHub: base, baseExternal: base }),
    );
    expect(result).toMatchObject({ changes: {}, baseHub: base });
    expect(pushedFields({ title: 'H' }, result)).toEqual(['title']);
  });

  it('agrees when both changed to the same value', () => {
    const base = { title: 'A' };
    const both = { title: 'X' };
    const result = mergeRecord(input({ hub: both, external: both, baseHub: base, baseExternal: base }));
    expect(result).toMatchObject({ changes: {}, baseHub: both, baseExternal: both });
    expect(pushedFields(both, result)).toEqual([]);
    expect(result.decisions[0]?.rule).toBe('agree');
  });

  it.each<[ConflictPolicy, number | null, number | null, 'hub' | 'external' | null]>([
    ['hub', 1, 9, 'hub'],
    ['external', 9, 1, 'external'],
    ['newest', 1, 9, 'external'],
    ['newest', 9, 1, 'hub'],
    ['newest', 5, 5, 'hub'],
    ['newest', 5, null, 'hub'],
    ['newest', null, 5, 'external'],
    ['manual', 1, 9, null],
  ])('policy %s with hub at %s and external at %s: %s wins', (policy, hubAt, externalAt, winner) => {
    const base = { title: 'A' };
    const result = mergeRecord(
      input({
        hub: { title: 'H' },
        external: { title: 'E' },
        baseHub: base,
        baseExternal: base,
        policy: () => policy,
        hubChangedAt: () => hubAt,
        externalChangedAt: externalAt,
      }),
    );
    expect(result.decisions).toEqual([
      { field: 'title', rule: 'conflict', policy, winner, hub: 'H', external: 'E' },
    ]);
    expect(result.changes).toEqual(winner === 'external' ? { title: 'E' } : {});
    if (winner === null) expect([result.baseHub, result.baseExternal]).toEqual([base, base]);
    expect(pushedFields({ title: 'H', ...result.changes }, result, winner === null ? ['title'] : [])).toEqual(
      winner === 'hub' ? ['title'] : [],
    );
  });

  it('does not destroy the hub value through a lossy vendor', () => {
    // The vendor knows `complete` only; the hub says closed. A push gave baseExternal `completed`.
    const hub = { status: 'closed' };
    const result = mergeRecord(
      input({ hub, external: { status: 'completed' }, baseHub: hub, baseExternal: { status: 'completed' } }),
    );
    expect(result).toMatchObject({ changes: {}, decisions: [] });
    expect(pushedFields(hub, result)).toEqual([]);
  });
});

describe('the merge over any history', () => {
  const value = fc.constantFrom('a', 'b', 'c', null);
  const record = fc.record({ title: value, status: value, note: value }).map((fields) => {
    return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null));
  });
  const policy = fc.constantFrom<ConflictPolicy>('hub', 'external', 'newest');

  it('converges: merge, push, read back, and a further merge does nothing', () => {
    fc.assert(
      fc.property(
        record,
        record,
        record,
        record,
        policy,
        fc.boolean(),
        (hub, external, baseHub, baseExternal, p, lossy) => {
          const project = (fields: JsonObject): JsonObject =>
            lossy && fields['status'] === 'c' ? { ...fields, status: 'b' } : fields;
          const first = mergeRecord(
            input({
              hub,
              external: project(external),
              baseHub,
              baseExternal: project(baseExternal),
              policy: () => p,
            }),
          );
          const hubNow = clean({ ...hub, ...first.changes });
          const changed = fieldsToPush({
            hub: hubNow,
            baseHub: first.baseHub,
            pushFields: FIELDS,
            held: new Set(),
          });
          const vendor = project(
            clean({ ...external, ...Object.fromEntries([...changed].map((f) => [f, hubNow[f] ?? null])) }),
          );
          const bases = basesAfterPush({
            baseHub: first.baseHub,
            baseExternal: first.baseExternal,
            pushed: hubNow,
            pushedFields: changed,
            affected: changed,
            external: vendor,
          });
          const second = mergeRecord(input({ hub: hubNow, external: vendor, ...bases, policy: () => p }));
          expect(second.changes).toEqual({});
          expect(second.decisions).toEqual([]);
          expect(
            fieldsToPush({ hub: hubNow, baseHub: second.baseHub, pushFields: FIELDS, held: new Set() }).size,
          ).toBe(0);
        },
      ),
    );
  });

  it('loses nothing silently: every value that changed is kept, pushed or named in a conflict', () => {
    fc.assert(
      fc.property(record, record, record, record, policy, (hub, external, baseHub, baseExternal, p) => {
        const result = mergeRecord(input({ hub, external, baseHub, baseExternal, policy: () => p }));
        const hubNow = clean({ ...hub, ...result.changes });
        for (const field of FIELDS) {
          const decided = result.decisions.find((d) => d.field === field);
          if ((hub[field] ?? null) !== (hubNow[field] ?? null))
            expect(decided?.rule).toMatch(/take_external|conflict/);
          const externalMoved = (external[field] ?? null) !== (baseExternal[field] ?? null);
          if (externalMoved && (hubNow[field] ?? null) !== (external[field] ?? null)) {
            expect(decided).toMatchObject({
              rule: 'conflict',
              winner: 'hub',
              external: external[field] ?? null,
            });
          }
        }
      }),
    );
  });
});

function clean(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null));
}
