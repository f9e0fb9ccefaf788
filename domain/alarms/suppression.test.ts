import { describe, expect, it } from '@jest/globals';
import { ASSET_STATUSES } from '../entities/vocabulary.ts';
import { inhibitedBy, withDescendants } from './asset-tree.ts';
import { decideSuppression, mayEscalate, type SuppressionFacts } from './suppression.ts';

const PLAIN: SuppressionFacts = {
  phase: 'unack',
  hiddenBy: null,
  safety: false,
  assetStatus: 'operational',
  work: null,
  ancestorDown: null,
};
const decide = (facts: Partial<SuppressionFacts>): ReturnType<typeof decideSuppression> =>
  decideSuppression({ ...PLAIN, ...facts });

describe('the status of the asset', () => {
  it.each([
    ['operational', [], []],
    ['standby', [], []],
    ['testing', [], []],
    ['maintenance', ['suppress'], ['suppress']],
    ['repair', ['suppress'], []],
    ['spare', ['out_of_service'], ['out_of_service']],
    ['retired', ['out_of_service'], ['out_of_service']],
    ['decommissioned', ['out_of_service'], ['out_of_service']],
  ] as const)('%s: %j, of a safety alarm %j', (assetStatus, plain, safety) => {
    expect(decide({ assetStatus }).actions).toEqual(plain);
    expect(decide({ assetStatus, safety: true }).actions).toEqual(safety);
  });

  it('an alarm under test does not escalate', () => {
    expect(ASSET_STATUSES.filter((status) => !mayEscalate(status))).toEqual(['testing']);
  });
});

describe('work and ancestors', () => {
  it('suppress, with the reason, but not what protects people', () => {
    expect(decide({ work: 'WO-7', ancestorDown: 'A-1' })).toEqual({
      actions: ['suppress'],
      reason: { kind: 'work', workOrder: 'WO-7' },
    });
    expect(decide({ ancestorDown: 'A-1' })).toEqual({
      actions: ['suppress'],
      reason: { kind: 'ancestor_down', asset: 'A-1' },
    });
    expect(decide({ work: 'WO-7', ancestorDown: 'A-1', safety: true })).toEqual({
      actions: [],
      reason: null,
    });
  });

  it('end by themselves', () => {
    const hidden = { phase: 'suppressed', hiddenBy: 'design' } as const;
    expect(decide({ ...hidden, work: 'WO-7' }).actions).toEqual([]);
    expect(decide(hidden)).toEqual({ actions: ['unsuppress'], reason: null });
    expect(decide({ phase: 'out_of_service', hiddenBy: 'design' }).actions).toEqual(['in_service']);
    expect(decide({ ...hidden, assetStatus: 'retired' })).toEqual({
      actions: ['unsuppress', 'out_of_service'],
      reason: { kind: 'asset_status', status: 'retired' },
    });
  });

  it('change nothing that a person did', () => {
    for (const phase of ['shelved', 'suppressed', 'out_of_service'] as const) {
      expect(decide({ phase, hiddenBy: 'person' })).toEqual({ actions: [], reason: null });
      expect(decide({ phase, hiddenBy: 'person', assetStatus: 'retired', work: 'WO-7' }).actions).toEqual([]);
    }
    expect(decide({ phase: 'shelved', assetStatus: 'maintenance' }).actions).toEqual([]);
  });

  it('decide the same again: carried out, there is nothing left to do', () => {
    const phases = ['normal', 'unack', 'ack', 'suppressed', 'out_of_service'] as const;
    for (const phase of phases) {
      for (const assetStatus of ASSET_STATUSES) {
        for (const work of [null, 'WO-7']) {
          const hiddenBy = phase === 'suppressed' || phase === 'out_of_service' ? 'design' : null;
          const { actions, reason } = decide({ phase, hiddenBy, assetStatus, work });
          const last = actions.at(-1);
          if (last === undefined) continue;
          const after = last === 'suppress' ? 'suppressed' : last === 'out_of_service' ? last : 'unack';
          const now = after === 'unack' ? null : 'design';
          expect(decide({ phase: after, hiddenBy: now, assetStatus, work })).toEqual({ actions: [], reason });
        }
      }
    }
  });
});

describe('the asset tree', () => {
  const parents: Record<string, string | null> = {
    line: null,
    pump: 'line',
    motor: 'pump',
    bearing: 'motor',
    x: 'y',
    y: 'x',
  };
  const parentOf = (asset: string): string | null => parents[asset] ?? null;
  const childrenOf = (asset: string): string[] =>
    Object.keys(parents).filter((one) => parents[one] === asset);

  it('inhibits by the nearest ancestor that is down, never by the asset itself', () => {
    const down = new Set(['line', 'motor']);
    const isDown = (asset: string): boolean => down.has(asset);
    expect(['line', 'pump', 'motor', 'bearing'].map((asset) => inhibitedBy(asset, parentOf, isDown))).toEqual(
      [null, 'line', 'line', 'motor'],
    );
  });

  it('ends on a circle', () => {
    expect(inhibitedBy('x', parentOf, (asset) => asset === 'x')).toBeNull();
    expect(inhibitedBy('x', parentOf, () => false)).toBeNull();
    expect(withDescendants('x', childrenOf)).toEqual(['x', 'y']);
  });

  it('finds what hangs below an asset', () => {
    expect(withDescendants('pump', childrenOf)).toEqual(['pump', 'motor', 'bearing']);
  });
});
