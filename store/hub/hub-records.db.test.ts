import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import { insertHubRecords, loadHubRecords, setHubDeleted } from './hub-records.ts';
import { openTestStore, type TestStore } from '../store.fixture.ts';

const AT = '2026-03-01T08:15:00.000Z';

describe('hub records', () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  async function add(tenantId: string, entity: Entity, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await test.store.inTenant(tenantId, (tx) =>
      insertHubRecords(
        tx,
        { tenantId, entity, originConnectionId: null, at: AT },
        ids.map((id) => ({ id, fields: { name: 'Excavator 301' } })),
      ),
    );
    return ids;
  }

  async function numbers(tenantId: string, ids: string[]): Promise<string[]> {
    const rows = await test.store.inTenant(tenantId, (tx) => loadHubRecords(tx, ids));
    return [...rows.values()].map((row) => row.number).sort();
  }

  it('gives every record a number of its own, without gaps, however many write at once', async () => {
    const batches = await Promise.all(Array.from({ length: 8 }, () => add(test.tenantA, 'asset', 25)));
    expect(await numbers(test.tenantA, batches.flat())).toEqual(
      Array.from({ length: 200 }, (_, index) => `A-${String(index + 1).padStart(6, '0')}`),
    );
  });

  it('counts by tenant and by entity', async () => {
    expect(await numbers(test.tenantB, await add(test.tenantB, 'asset', 1))).toEqual(['A-000001']);
    expect(await numbers(test.tenantA, await add(test.tenantA, 'location', 1))).toEqual(['L-000001']);
  });

  it('a number taken by a transaction that failed is given again', async () => {
    const tenantId = test.tenantA;
    const scope = { tenantId, entity: 'part' as const, originConnectionId: null, at: AT };
    const failed = test.store.inTenant(tenantId, async (tx) => {
      await insertHubRecords(tx, scope, [{ id: randomUUID(), fields: { name: 'Seal kit' } }]);
      throw new Error('the page did not go through');
    });
    await expect(failed).rejects.toThrow('the page did not go through');
    expect(await numbers(tenantId, await add(tenantId, 'part', 1))).toEqual(['PT-000001']);
  });

  it('marks as deleted and brings back once each, with a new version', async () => {
    const [id = ''] = await add(test.tenantA, 'asset', 1);
    const set = (at: string | null) => test.store.inTenant(test.tenantA, (tx) => setHubDeleted(tx, [id], at));
    expect(await set(AT)).toMatchObject([{ id, version: 2, deletedAt: new Date(AT) }]);
    expect(await set(AT)).toEqual([]);
    expect(await set(null)).toMatchObject([{ id, version: 3, deletedAt: null }]);
  });
});
