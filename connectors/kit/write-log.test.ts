import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, WriteStep } from './contract.ts';
import { createWriteLog, outcomeAfter } from './write-log.ts';

const unlock: WriteStep = { name: 'unlock', fields: [] };
const change: WriteStep = { name: 'change', fields: ['title'] };
const lock: WriteStep = { name: 'lock', fields: ['status'] };
const refused = new Failure('rejected', 'no');
const later = new Failure('unavailable', 'later');
const lost = new Failure('unavailable', 'lost', { applied: 'unknown' });
const now: ExternalRecord = {
  externalId: '1',
  address: null,
  version: null,
  updatedAt: null,
  number: null,
  raw: {},
};

async function logOf(steps: WriteStep[], failing?: { step: WriteStep; failure: Failure }) {
  const log = createWriteLog();
  log.expect([unlock, change, lock]);
  for (const step of steps) await log.step(step, async () => undefined);
  if (failing !== undefined) {
    const call = log.step(failing.step, async () => Promise.reject(failing.failure));
    await expect(call).rejects.toBe(failing.failure);
  }
  return log;
}

describe('the account of a write of several calls', () => {
  it('nothing sent is nothing to tell', async () => {
    const log = await logOf([]);
    expect([log.touched(), log.progress(refused)]).toEqual([false, undefined]);
  });

  it.each([
    ['the first is refused', [], unlock, refused, 'as_before', [], [unlock, change, lock]],
    ['a later one is refused', [unlock], change, refused, 'between', [unlock], [change, lock]],
    ['a later one waits', [unlock, change], lock, later, 'between', [unlock, change], [lock]],
    ['the first is lost', [], unlock, lost, 'unknown', [], [unlock, change, lock]],
  ])('%s', async (_, done, step, failure, stands, applied, remaining) => {
    const log = await logOf(done, { step, failure });
    expect(log.progress(failure)).toEqual({ stands, done: applied, remaining });
  });

  it('what was taken back stands no more', async () => {
    const log = await logOf([unlock], { step: change, failure: refused });
    log.takenBack([unlock]);
    expect(log.progress(refused)).toEqual({ stands: 'as_before', done: [], remaining: [change, lock] });
  });

  it('a failure between two steps leaves the rest to come, and nothing in doubt', async () => {
    const log = await logOf([unlock]);
    expect(log.progress(lost)).toEqual({ stands: 'between', done: [unlock], remaining: [change, lock] });
  });
});

describe('what became of it', () => {
  const after = async (done: WriteStep[], failure: Failure, record: ExternalRecord | null = now) => {
    const log = await logOf(done, { step: change, failure });
    const outcome = await outcomeAfter('k', failure, log, async () => record);
    return [outcome.outcome, 'record' in outcome ? outcome.record : undefined];
  };

  it.each([
    ['a refusal after a step is a refusal, with the record', [unlock], refused, now, ['rejected', now]],
    ['a refusal that cannot be looked at is unknown', [unlock], refused, null, ['unknown', undefined]],
    ['a refusal of the first step is a refusal', [], refused, null, ['rejected', undefined]],
    [
      'a later one that waits is unknown, because something stands there',
      [unlock],
      later,
      now,
      ['unknown', now],
    ],
    ['the first one that waits surely did nothing', [], later, null, ['retry', undefined]],
    ['a lost one is unknown', [], lost, now, ['unknown', now]],
  ])('%s', async (_, done, failure, record, expected) => {
    expect(await after(done, failure, record)).toEqual(expected);
  });
});
