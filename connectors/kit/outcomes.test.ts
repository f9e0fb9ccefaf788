import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../domain/kernel/failure.ts';
import type { FailureKind } from '../../domain/kernel/failure.ts';
import type { WriteOutcome } from './contract.ts';
import { outcomeOf, writeEach } from './outcomes.ts';

describe('outcomeOf', () => {
  it.each<[FailureKind, WriteOutcome['outcome']]>([
    ['rate_limited', 'retry'],
    ['unavailable', 'retry'],
    ['unauthorized', 'retry'],
    ['cancelled', 'retry'],
    ['invalid_config', 'retry'],
    ['rejected', 'rejected'],
    ['forbidden', 'rejected'],
    ['not_found', 'rejected'],
    ['conflict', 'rejected'],
    ['unexpected_response', 'rejected'],
    ['mapping_failed', 'rejected'],
    ['invalid_request', 'rejected'],
  ])('%s, surely not applied, is %s', (kind, outcome) => {
    expect(outcomeOf('k', new Failure(kind, 'x')).outcome).toBe(outcome);
    expect(outcomeOf('k', new Failure(kind, 'x', { applied: 'unknown' })).outcome).toBe('unknown');
  });

  it('a bug is nobody else to blame for', () => {
    expect(() => outcomeOf('k', new Failure('bug', 'oops'))).toThrow('oops');
  });
});

describe('writeEach', () => {
  const ops = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key }));
  async function run(fates: Record<string, Failure>): Promise<{ sent: string[]; outcomes: string[] }> {
    const sent: string[] = [];
    const outcomes = await writeEach(ops, async ({ key }) => {
      sent.push(key);
      const failure = fates[key];
      if (failure) throw failure;
      return { key, outcome: 'missing' };
    });
    expect(outcomes.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd', 'e']);
    return { sent, outcomes: outcomes.map(({ outcome }) => outcome) };
  }
  const lost = new Failure('unavailable', 'lost', { applied: 'unknown' });

  it('goes on after a refusal', async () => {
    expect(await run({ b: new Failure('rejected', 'no') })).toEqual({
      sent: ['a', 'b', 'c', 'd', 'e'],
      outcomes: ['missing', 'rejected', 'missing', 'missing', 'missing'],
    });
  });

  it('puts off the rest after a throttle or an outage, without sending it', async () => {
    expect(await run({ b: new Failure('rate_limited', 'slow down') })).toEqual({
      sent: ['a', 'b'],
      outcomes: ['missing', 'retry', 'retry', 'retry', 'retry'],
    });
  });

  it('goes on after one lost answer, not after three in a row', async () => {
    expect((await run({ a: lost, c: lost })).outcomes).toEqual([
      'unknown',
      'missing',
      'unknown',
      'missing',
      'missing',
    ]);
    expect(await run({ a: lost, b: lost, c: lost })).toEqual({
      sent: ['a', 'b', 'c'],
      outcomes: ['unknown', 'unknown', 'unknown', 'retry', 'retry'],
    });
  });

  it('goes on however many answers are lost with their connection', async () => {
    const reset = new Failure('unavailable', 'reset', { applied: 'unknown', code: 'ECONNRESET' });
    const { sent, outcomes } = await run({ a: reset, b: reset, c: reset, d: reset });
    expect(sent).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(outcomes).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'missing']);
  });

  it('throws when nothing could be sent for lack of credentials', async () => {
    await expect(run({ a: new Failure('unauthorized', 'who are you') })).rejects.toMatchObject({
      kind: 'unauthorized',
    });
    // Something was done before: its outcome may not be lost.
    expect((await run({ b: new Failure('unauthorized', 'who are you') })).outcomes[0]).toBe('missing');
  });

  it('throws a fault of the whole connection instead of refusing record after record', async () => {
    for (const failure of [
      new Failure('invalid_config', 'no such service'),
      new Failure('unexpected_response', 'a logon page', { code: 'HTML' }),
    ]) {
      await expect(run({ a: failure })).rejects.toBe(failure);
      expect((await run({ b: failure })).outcomes).toEqual(['missing', 'retry', 'retry', 'retry', 'retry']);
    }
  });

  it('several at a time: the first goes alone', async () => {
    const open: string[] = [];
    const seen: string[][] = [];
    await writeEach(
      ops,
      async ({ key }) => {
        open.push(key);
        seen.push([...open]);
        await Promise.resolve();
        open.splice(open.indexOf(key), 1);
        return { key, outcome: 'missing' };
      },
      2,
    );
    expect(seen.slice(0, 3)).toEqual([['a'], ['b'], ['b', 'c']]);
  });

  it('several at a time: what is under way ends, nothing more is sent, and what was applied is told', async () => {
    const sent: string[] = [];
    const outcomes = await writeEach(
      ops,
      async ({ key }) => {
        sent.push(key);
        if (key === 'b') throw new Failure('unauthorized', 'who are you');
        return { key, outcome: 'missing' };
      },
      2,
    );
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['missing', 'retry', 'missing', 'retry', 'retry']);
  });
});
