import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import {
  appendChanges,
  drainFeed,
  dropPushes,
  duePushes,
  enqueuePushes,
  holdPushes,
  postponePushes,
  postponeStalePushes,
  pushBacklog,
  renewVersions,
} from './changes.ts';
import { insertHubRecords } from './hub-records.ts';
import { writeLinks, type LinkWrite } from '../links/links.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';

const AT = '2026-03-01T08:15:00.000Z';

describe('change feed', () => {
  let test: TestStore;
  let scope: { tenantId: string; connectionId: string; entity: 'work_order' };
  beforeAll(async () => {
    test = await openTestStore();
  });
  beforeEach(async () => {
    await test.admin.query('truncate change');
    const connectionId = await addConnection(test, test.tenantA);
    scope = { tenantId: test.tenantA, connectionId, entity: 'work_order' };
  });
  afterAll(() => test.close());

  async function addRecords(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await test.store.inTenant(test.tenantA, (tx) =>
      insertHubRecords(
        tx,
        { tenantId: test.tenantA, entity: 'work_order', originConnectionId: null, at: AT },
        ids.map((id) => ({ id, fields: { title: 'Replace slew bearing' } })),
      ),
    );
    return ids;
  }

  /** Appends and stays uncommitted until told. */
  async function beginChange(hubId: string): Promise<{ commit(): Promise<void> }> {
    const appended = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    const work = test.store.inTenant(test.tenantA, async (tx) => {
      await appendChanges(
        tx,
        { tenantId: test.tenantA, entity: 'work_order', originConnectionId: null, runId: null },
        [{ hubId, version: 1 }],
      );
      appended.resolve(undefined);
      await gate.promise;
    });
    await Promise.race([appended.promise, work]);
    return {
      async commit() {
        gate.resolve(undefined);
        await work;
      },
    };
  }

  async function change(hubId: string): Promise<void> {
    await (await beginChange(hubId)).commit();
  }

  const drain = () => test.store.inTenant(test.tenantA, async (tx) => (await drainFeed(tx, scope)).queued);

  async function queued(): Promise<string[]> {
    const rows = await test.store.inTenant(test.tenantA, (tx) =>
      duePushes(tx, scope.connectionId, 'work_order', 1_000, []),
    );
    return rows.map((row) => row.hubId).sort();
  }

  /** Other test files share the server: their open transactions hold the feed back for a moment. */
  async function drainUntilQueued(count: number): Promise<void> {
    for (let tries = 0; (await queued()).length < count; tries += 1) {
      if (tries === 5_000) throw new Error(`the feed gives ${(await queued()).length} of ${count} records`);
      await drain();
    }
  }

  /** The way that does not work, to prove that the situation is the dangerous one. */
  async function readBySequence(after: number): Promise<{ seq: number; hubId: string }[]> {
    const found = await test.store.inTenant(test.tenantA, (tx) =>
      sql<{
        seq: number;
        hubId: string;
      }>`select seq, hub_id from changed_record where seq > ${after} order by seq`.execute(tx),
    );
    return found.rows;
  }

  it('loses nothing when transactions commit in the reverse order of their numbers; a bare sequence does', async () => {
    const [first = '', second = ''] = await addRecords(2);
    const slow = await beginChange(first);
    await change(second);

    const seenEarly = await readBySequence(0);
    expect(seenEarly.map((row) => row.hubId)).toEqual([second]);
    expect(await drain()).toBe(0);

    await slow.commit();
    const seenLate = await readBySequence(seenEarly[0]?.seq ?? 0);
    expect(seenLate).toEqual([]);
    await drainUntilQueued(2);
    expect(await queued()).toEqual([first, second].sort());
  });

  it('loses nothing under many writers, however the reader comes between', async () => {
    const ids = await addRecords(40);
    const writing = new Set(ids);
    const writers = ids.map(async (id) => {
      await change(id);
      writing.delete(id);
    });
    while (writing.size > 0) await Promise.race([drain(), Promise.all(writers)]);
    await drainUntilQueued(40);
    expect(await queued()).toEqual([...ids].sort());
  });

  it('reads to the end at once when transaction numbers gain a digit', async () => {
    const [first = '', second = ''] = await addRecords(2);
    await test.admin.query(
      `insert into change (xid, tenant_id, entity, hub_ids, versions)
       values ('9', $1, 'work_order', array[$2::uuid], '{1}'), ('10', $1, 'work_order', array[$3::uuid], '{1}')`,
      [test.tenantA, first, second],
    );
    expect(await drain()).toBe(2);
    expect(await drain()).toBe(0);
  });

  it('queues a record once, whatever the number of its changes, and gives a postponed push a new start', async () => {
    const [id = ''] = await addRecords(1);
    await change(id);
    await change(id);
    await drainUntilQueued(1);
    await test.store.inTenant(test.tenantA, (tx) => postponePushes(tx, scope.connectionId, [id]));
    expect(await queued()).toEqual([]);
    await change(id);
    await drainUntilQueued(1);
    const rows = await test.store.inTenant(test.tenantA, (tx) =>
      duePushes(tx, scope.connectionId, 'work_order', 10, []),
    );
    expect(rows).toEqual([{ hubId: id, attempts: 0 }]);
  });

  /** Seconds until the one queued push is due. */
  async function pause(): Promise<number> {
    const found = await test.admin.query<{ seconds: string }>(
      'select round(extract(epoch from not_before - now())) as seconds from push_queue where connection_id = $1',
      [scope.connectionId],
    );
    return Number(found.rows[0]?.seconds);
  }

  it('rests five minutes at most, also after the many tries of a long outage', async () => {
    const [id = ''] = await addRecords(1);
    await change(id);
    await drainUntilQueued(1);
    for (let tries = 0; tries < 60; tries += 1)
      await test.store.inTenant(test.tenantA, (tx) => postponePushes(tx, scope.connectionId, [id]));
    expect(await pause()).toBeGreaterThan(290);
    expect(await pause()).toBeLessThanOrEqual(300);
  });

  it('counts passes that found a record changed each time, whoever queues it anew meanwhile', async () => {
    const [id = ''] = await addRecords(1);
    await change(id);
    await drainUntilQueued(1);
    const { store } = test;
    const counts: (number | undefined)[] = [];
    for (let passes = 0; passes < 60; passes += 1) {
      const found = await store.inTenant(test.tenantA, (tx) =>
        postponeStalePushes(tx, scope.connectionId, [id, randomUUID()]),
      );
      expect([...found.keys()]).toEqual([id]);
      counts.push(found.get(id));
      if (passes < 59) await store.inTenant(test.tenantA, (tx) => enqueuePushes(tx, scope, [id]));
    }
    expect(counts).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    expect(await pause()).toBeGreaterThan(290);
    await change(id);
    await drainUntilQueued(1);
    expect(
      (await store.inTenant(test.tenantA, (tx) => postponeStalePushes(tx, scope.connectionId, [id]))).get(id),
    ).toBe(61);
    await store.inTenant(test.tenantA, (tx) => dropPushes(tx, scope.connectionId, [id]));
    await change(id);
    await drainUntilQueued(1);
    expect(
      (await store.inTenant(test.tenantA, (tx) => postponeStalePushes(tx, scope.connectionId, [id]))).get(id),
    ).toBe(1);
  });

  it('takes a newer version over only for content that the link knows', async () => {
    const [known = '', other = ''] = await addRecords(2);
    const [seen, unseen] = [randomUUID(), randomUUID()];
    await test.store.inTenant(test.tenantA, async (tx) => {
      await writeLinks(
        tx,
        scope,
        [known, other].map((id) => ({ ...link(id, 1), rawHash: seen, externalVersion: '1' })),
        true,
      );
      await renewVersions(tx, scope.connectionId, 'work_order', [
        { externalId: `ext-${known}`, externalVersion: '2', rawHash: seen },
        { externalId: `ext-${other}`, externalVersion: '2', rawHash: unseen },
      ]);
    });
    const found = await test.admin.query<{ hub_id: string; external_version: string }>(
      'select hub_id, external_version from link where connection_id = $1',
      [scope.connectionId],
    );
    expect(new Map(found.rows.map((row) => [row.hub_id, row.external_version]))).toEqual(
      new Map([
        [known, '2'],
        [other, '1'],
      ]),
    );
  });

  const link = (hub_id: string, hub_version: number): LinkWrite => ({
    externalId: `ext-${hub_id}`,
    hubId: hub_id,
    hubVersion: hub_version,
    address: null,
    externalVersion: null,
    externalNumber: null,
    externalUpdatedAt: null,
    rawHash: null,
    mappingVersion: null,
    baseHub: {},
    baseExternal: null,
    readOnly: false,
    scope: null,
  });

  it('leaves out what the link agrees with already, and queues what is newer', async () => {
    const [agreed = '', newer = '', unlinked = ''] = await addRecords(3);
    await test.store.inTenant(test.tenantA, (tx) =>
      writeLinks(tx, scope, [link(agreed, 1), link(newer, 0)], true),
    );
    for (const id of [agreed, newer, unlinked]) await change(id);
    await drainUntilQueued(2);
    await drain();
    expect(await queued()).toEqual([newer, unlinked].sort());
  });

  it('holds a push until the record it refers to is linked here', async () => {
    const [waiting = '', parent = ''] = await addRecords(2);
    await change(waiting);
    await drainUntilQueued(1);
    await test.store.inTenant(test.tenantA, (tx) =>
      holdPushes(tx, scope.connectionId, [{ hubId: waiting, waitsHubId: parent }]),
    );
    const backlog = () =>
      test.store.inTenant(test.tenantA, (tx) => pushBacklog(tx, scope.connectionId, 'work_order'));
    expect(await backlog()).toEqual({ waiting: 1, due: 0 });
    await test.store.inTenant(test.tenantA, (tx) => writeLinks(tx, scope, [link(parent, 1)], true));
    expect(await backlog()).toEqual({ waiting: 0, due: 1 });
  });
});
