/** The engine against a second, ticking implementation of the same rules. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oracle, type OracleEvent, type OracleRule } from './alarm-oracle.fixture.ts';
import { answerAlarm } from './vectors.ts';

describe('against the ticking implementation', () => {
  const op = fc.constantFrom<OracleRule['op']>('gt', 'ge', 'lt', 'le', 'stale');
  const wait = fc.constantFrom(0, 0, 1, 3, 7);
  const anyRule: fc.Arbitrary<OracleRule> = op.chain((kind): fc.Arbitrary<OracleRule> => {
    const sign = kind.startsWith('l') ? -1 : 1;
    const levels = fc.constantFrom(1, 2, 3).map((count) =>
      ['info', 'warning', 'critical'].slice(0, count).map((severity, index) => ({
        severity,
        limit: kind === 'stale' ? 4 + 5 * index : 50 + sign * 10 * index,
        deadband: [0, 4, 12][index] ?? 0,
      })),
    );
    const times = fc.record({
      on_delay_s: wait,
      off_delay_s: wait,
      latching: fc.boolean(),
      realarm: fc.constantFrom(undefined, 1, 9),
    });
    return fc.tuple(levels, fc.boolean(), times).map(([all, leveled, { realarm, ...rest }]) => ({
      op: kind,
      ...rest,
      ...(realarm === undefined ? {} : { realarm_s: realarm }),
      ...(leveled ? { levels: all } : { limit: all[0]?.limit ?? 0, deadband: all[0]?.deadband ?? 0 }),
    }));
  });
  const action = fc.constantFrom(
    'ack',
    'ack',
    'reset',
    'shelve',
    'unshelve',
    'suppress',
    'unsuppress',
    'out_of_service',
    'in_service',
  );
  const t = fc.integer({ min: 0, max: 80 });
  const event: fc.Arbitrary<OracleEvent> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ t, value: fc.integer({ min: 25, max: 80 }) }) },
    {
      weight: 2,
      arbitrary: fc
        .record({ t, op: action, for_s: fc.integer({ min: 1, max: 20 }) })
        .map(({ for_s, ...rest }) => ({
          ...rest,
          ...(rest.op === 'shelve' ? { for_s } : {}),
        })),
    },
  );
  const mostlyInOrder = fc
    .tuple(fc.array(event, { maxLength: 40 }), fc.boolean())
    .map(([events, sorted]) => (sorted ? [...events].sort((a, b) => a.t - b.t) : events));

  it('says the same of any rule and any events', () => {
    fc.assert(
      fc.property(anyRule, mostlyInOrder, fc.integer({ min: 0, max: 100 }), (rule, events, until) => {
        expect(answerAlarm({ rule, events, until })).toEqual(oracle(rule, events, until));
      }),
      { numRuns: 4_000, seed: 20_131_202 },
    );
  });
});
