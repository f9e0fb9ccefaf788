import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  assertFence,
  countUnauthorized,
  insertConnection,
  listConnections,
  loadConnection,
  setConnectionState,
  takeFence,
} from './connections.ts';
import type { Tx } from '../database.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';

describe('connections', () => {
  let test: TestStore;
  let inA: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  beforeAll(async () => {
    test = await openTestStore();
    inA = (work) => test.store.inTenant(test.tenantA, work);
  });
  afterAll(() => test.close());

  it('refuses a name twice within a tenant, not across tenants', async () => {
    const named = (tenant_id: string) =>
      test.store.inTenant(tenant_id, (tx) =>
        insertConnection(tx, {
          id: randomUUID(),
          tenantId: tenant_id,
          system: 'fiix',
          name: 'Pit 4',
          config: {},
        }),
      );
    await named(test.tenantA);
    await expect(named(test.tenantA)).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('"Pit 4"'),
    });
    await named(test.tenantB);
  });

  it("does not know another tenant's connection", async () => {
    const id = await addConnection(test, test.tenantB);
    await expect(inA((tx) => loadConnection(tx, id))).rejects.toMatchObject({ kind: 'not_found' });
    await expect(inA((tx) => takeFence(tx, id))).rejects.toMatchObject({ kind: 'not_found' });
    expect((await inA(listConnections)).map((row) => row.id)).not.toContain(id);
  });

  it('counts unauthorized runs in a row; another end or a new state starts anew', async () => {
    const id = await addConnection(test, test.tenantA);
    const count = (unauthorized: boolean) => inA((tx) => countUnauthorized(tx, id, unauthorized));
    expect([await count(true), await count(true), await count(false), await count(true)]).toEqual([
      1, 2, 0, 1,
    ]);
    await inA((tx) => setConnectionState(tx, id, 'paused', 'the password is refused'));
    expect(await inA((tx) => loadConnection(tx, id))).toMatchObject({
      state: 'paused',
      stateReason: 'the password is refused',
      unauthorizedRuns: 0,
    });
  });

  it('refuses the writer that was replaced', async () => {
    const id = await addConnection(test, test.tenantA);
    const older = await inA((tx) => takeFence(tx, id));
    await inA((tx) => assertFence(tx, id, older));
    const newer = await inA((tx) => takeFence(tx, id));
    expect(newer).toBeGreaterThan(older);
    await expect(inA((tx) => assertFence(tx, id, older))).rejects.toMatchObject({ kind: 'cancelled' });
    await inA((tx) => assertFence(tx, id, newer));
  });

  it('makes the new writer wait until the old one has committed what it had begun', async () => {
    const id = await addConnection(test, test.tenantA);
    const older = await inA((tx) => takeFence(tx, id));
    const order: string[] = [];
    const checked = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    const oldWriter = inA(async (tx) => {
      await assertFence(tx, id, older);
      checked.resolve(undefined);
      await gate.promise;
      order.push('old writer ends');
    });
    await checked.promise;
    const takeover = inA((tx) => takeFence(tx, id)).then(() => order.push('new writer starts'));
    const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while (order.length === 0 && (await test.admin.query(waits)).rowCount === 0);
    gate.resolve(undefined);
    await Promise.all([oldWriter, takeover]);
    expect(order).toEqual(['old writer ends', 'new writer starts']);
  });
});
