import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Tx } from '../index.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import { addCounts, finishRun, forgetEmptyRuns, listRuns, startRun, type RunKind } from './runs.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

it('forgets runs that found nothing, but the newest and what somebody may ask for', async () => {
  const connectionId = await addConnection(test, test.tenantA);
  const inA = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => test.store.inTenant(test.tenantA, work);
  const run = async (
    minute: number,
    counts: Record<string, number>,
    end: { kind?: RunKind; state?: 'completed' | 'failed' } = {},
  ): Promise<string> => {
    const id = randomUUID();
    const at = new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();
    await inA(async (tx) => {
      const kind = end.kind ?? 'pass';
      await startRun(tx, { id, tenantId: test.tenantA, connectionId, kind, at, mappingVersions: {} });
      await addCounts(tx, id, 'asset', counts);
      await finishRun(tx, id, end.state ?? 'completed', null, at);
    });
    return id;
  };
  const empty = await run(0, { in: 5, unchanged: 5 });
  const nothing = await run(1, {});
  const kept = [
    await run(2, { in: 5, unchanged: 4, updated: 1 }),
    await run(3, {}, { kind: 'backfill' }),
    await run(4, {}, { state: 'failed' }),
    await run(20, {}),
  ];
  const newest = await run(20, {});
  await inA((tx) => forgetEmptyRuns(tx, connectionId, newest));
  const left = (await inA((tx) => listRuns(tx, connectionId, 100))).map(({ id }) => id);
  expect(left.toSorted()).toEqual([...kept, newest].toSorted());
  expect(left).not.toContain(empty);
  expect(left).not.toContain(nothing);
});
