import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Tx } from '../index.ts';
import { insertLinkedRecords } from '../hub/new-records.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import { logOfRecord } from './explain.ts';
import { logOfRun, type RunLogRow } from './run-list.ts';
import { logAlike, logRecords } from './runs.ts';

const AT = '2026-03-01T08:15:00.123Z';

let test: TestStore;
let scope: { tenantId: string; connectionId: string; entity: 'work_order'; runId: string; at: string };
beforeAll(async () => {
  test = await openTestStore();
});
beforeEach(async () => {
  const connectionId = await addConnection(test, test.tenantA);
  scope = { tenantId: test.tenantA, connectionId, entity: 'work_order', runId: randomUUID(), at: AT };
});
afterAll(() => test.close());

const inA = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => test.store.inTenant(test.tenantA, work);

/** Records as a page of a first sync makes and logs them. */
async function make(names: readonly string[]): Promise<string[]> {
  const records = names.map((externalId) => ({
    id: randomUUID(),
    fields: { title: externalId },
    meta: { externalId, address: null, version: null, updatedAt: null, number: null, hash: randomUUID() },
    incomplete: false,
  }));
  const logged = records.map(({ id, meta }) => ({ externalId: meta.externalId, hubId: id }));
  await inA(async (tx) => {
    await insertLinkedRecords(tx, scope, 'v1', records);
    await logAlike(tx, scope, { direction: 'pull', action: 'created' }, logged);
  });
  return records.map(({ id }) => id);
}

const logOne = (externalId: string, hubId: string, action = 'updated'): Promise<void> =>
  inA((tx) => logRecords(tx, scope, 'pull', [{ externalId, hubId, action, decisions: { field: 'title' } }]));

async function readRun(limit: number, filter: { action?: string } = {}): Promise<RunLogRow[]> {
  const rows: RunLogRow[] = [];
  for (;;) {
    const page = await inA((tx) =>
      logOfRun(tx, scope.runId, filter, { after: rows.at(-1)?.seq ?? 0, limit }),
    );
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

it('a run shows what pages made between what was decided one by one, however its pages are cut', async () => {
  const [a = ''] = await make(['a1', 'a2', 'a3']);
  await logOne('a1', a);
  await make(['b1', 'b2']);
  for (const limit of [1, 2, 3, 4, 50]) {
    const rows = await readRun(limit);
    expect(rows.map(({ externalId, action }) => `${String(externalId)} ${action}`)).toEqual([
      'a1 created',
      'a2 created',
      'a3 created',
      'a1 updated',
      'b1 created',
      'b2 created',
    ]);
    expect(new Set(rows.map(({ seq }) => seq)).size).toBe(6);
  }
  const created = await readRun(2, { action: 'created' });
  expect(created.map(({ externalId }) => externalId)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
  expect(created.map(({ direction, entity, at }) => [direction, entity, at.toISOString()])).toEqual(
    created.map(() => ['pull', 'work_order', AT]),
  );
});

it('more records than a page owns numbers for are several pages, and keep their order', async () => {
  const names = Array.from({ length: 2_001 }, (_, n) => `n${String(n).padStart(4, '0')}`);
  await make(names);
  expect((await readRun(700)).map(({ externalId }) => externalId)).toEqual(names);
});

it('a record tells which page made it, before what was decided later', async () => {
  const [first = '', second = ''] = await make(['a1', 'a2']);
  await make(['b1']);
  await logOne('a2', second);
  const told = await inA((tx) => logOfRecord(tx, second, 10));
  expect(told.map(({ externalId, action, runId }) => [externalId, action, runId])).toEqual([
    ['a2', 'updated', scope.runId],
    ['a2', 'created', scope.runId],
  ]);
  expect(await inA((tx) => logOfRecord(tx, first, 10))).toHaveLength(1);
  expect(await inA((tx) => logOfRecord(tx, second, 1))).toMatchObject([{ action: 'updated' }]);
});

it('a page keeps commas, quotes and backslashes of external ids', async () => {
  const odd = ['a,b', 'say "so"', 'back\\slash', '{curly}', 'NULL', ''];
  await make(odd);
  expect((await readRun(50)).map(({ externalId }) => externalId)).toEqual(odd);
});
