import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import { appendChanges, drainFeed, entitiesToPush } from './changes.ts';
import { adoptFeed } from './feed-life.ts';
import { insertHubRecords } from './hub-records.ts';

/** As a server has them after years. */
const OLD = 5_000_000_000;

let test: TestStore;
let connectionId: string;
beforeAll(async () => {
  test = await openTestStore();
});
beforeEach(async () => {
  await test.admin.query('truncate change, push_queue');
  await test.admin.query(`delete from cursor`);
  connectionId = await addConnection(test, test.tenantA);
});
afterAll(() => test.close());

const scope = () => ({ tenantId: test.tenantA, connectionId, entity: 'work_order' as const });

async function addRecord(): Promise<string> {
  const id = randomUUID();
  await test.store.inTenant(test.tenantA, (tx) =>
    insertHubRecords(
      tx,
      {
        tenantId: test.tenantA,
        entity: 'work_order',
        originConnectionId: null,
        at: '2026-03-01T08:15:00.000Z',
      },
      [{ id, fields: { title: 'Replace slew bearing' } }],
    ),
  );
  return id;
}

/** A change as the other server wrote it. */
async function oldChange(xid: number, seq: number, tenantId = test.tenantA): Promise<string> {
  const id = await addRecord();
  await test.admin.query(
    `insert into change (xid, seq, tenant_id, entity, hub_ids, versions) overriding system value
     values ($1, $2, $3, 'work_order', array[$4::uuid], '{1}')`,
    [String(xid), seq, tenantId, id],
  );
  return id;
}

async function readUpTo(xid: number, seq: number): Promise<void> {
  await test.admin.query(
    `insert into cursor (tenant_id, connection_id, entity, kind, value) values ($1, $2, 'work_order', 'feed', $3)`,
    [test.tenantA, connectionId, `${String(xid)}:${String(seq)}`],
  );
}

/** What a person changes now. */
async function changeNow(): Promise<string> {
  const id = await addRecord();
  await test.store.inTenant(test.tenantA, (tx) =>
    appendChanges(
      tx,
      { tenantId: test.tenantA, entity: 'work_order', originConnectionId: null, runId: null },
      [{ hubId: id, version: 2 }],
    ),
  );
  return id;
}

/** Drains until nothing comes for a while of the server: other tests' transactions hold the feed back for a moment. */
async function drainUntil(count: number): Promise<string[]> {
  for (let tries = 0; tries < 5_000; tries += 1) {
    await test.store.inTenant(test.tenantA, (tx) => drainFeed(tx, scope()));
    const found = await test.admin.query<{ hub_id: string }>(
      'select hub_id from push_queue where connection_id = $1 order by 1',
      [connectionId],
    );
    if (found.rows.length >= count) return found.rows.map((row) => row.hub_id);
  }
  throw new Error(`the feed does not give ${String(count)} records`);
}

const adopt = () => test.store.inTenant(test.tenantA, (tx) => adoptFeed(tx, test.tenantA));

describe('a feed that another server wrote', () => {
  it('goes on where the reader was: what was read stays read, what was not and what comes now is queued', async () => {
    await oldChange(OLD, 10);
    await oldChange(OLD + 1, 7);
    await readUpTo(OLD + 1, 7);
    const unread = [await oldChange(OLD + 1, 8), await oldChange(OLD + 2, 3)];
    const now = await changeNow();
    expect(await drainUntil(3)).toEqual([...unread, now].sort());
  });

  it('is found by a reader that had reached its end and by one that never read', async () => {
    await oldChange(OLD, 10);
    await readUpTo(OLD, 10);
    const now = await changeNow();
    // The look with which a pass begins.
    const wanted = await test.store.inTenant(test.tenantA, (tx) =>
      entitiesToPush(tx, test.tenantA, connectionId),
    );
    expect([...wanted]).toEqual(['work_order']);
    expect(await drainUntil(1)).toEqual([now]);
    connectionId = await addConnection(test, test.tenantA);
    expect(await drainUntil(2)).toHaveLength(2);
  });

  it('is found by its reader alone when its rows are gone', async () => {
    await readUpTo(OLD, 10);
    const now = await changeNow();
    expect(await drainUntil(1)).toEqual([now]);
  });

  it('keeps the records that were changed together together', async () => {
    const ids = [await addRecord(), await addRecord()];
    await test.admin.query(
      `insert into change (xid, seq, tenant_id, entity, hub_ids, versions) overriding system value
       values ($1, 4, $2, 'work_order', $3, '{1,1}')`,
      [String(OLD), test.tenantA, ids],
    );
    expect(await drainUntil(2)).toEqual(ids.sort());
    const told = await test.admin.query(
      `select after from audit_log where action = 'feed.renumber' order by seq desc limit 1`,
    );
    expect(told.rows).toEqual([{ after: { changes: 2, cursors: 0 } }]);
  });

  it('keeps several readers each at their place', async () => {
    const ids = [];
    for (let n = 0; n < 6; n += 1) ids.push(await oldChange(OLD + (5 - n), n));
    const inOrder = ids.toReversed();
    await readUpTo(OLD + 1, 4);
    const first = connectionId;
    connectionId = await addConnection(test, test.tenantA);
    await readUpTo(OLD + 4, 1);
    expect(await drainUntil(1)).toEqual(inOrder.slice(5));
    connectionId = first;
    expect(await drainUntil(4)).toEqual(inOrder.slice(2).sort());
  });

  it('is renumbered once, whoever finds it, and said in the audit log', async () => {
    for (let n = 0; n < 50; n += 1) await oldChange(OLD + n, n);
    await readUpTo(OLD + 49, 49);
    const found = await Promise.all(Array.from({ length: 4 }, adopt));
    expect(found.filter((was) => was)).toHaveLength(1);
    const told = await test.admin.query(
      `select after from audit_log where action = 'feed.renumber' order by seq desc limit 1`,
    );
    expect(told.rows).toEqual([{ after: { changes: 50, cursors: 1 } }]);
    expect(await adopt()).toBe(false);
  });

  it('of one tenant says nothing about another', async () => {
    const other = await addConnection(test, test.tenantB);
    await oldChange(OLD, 1, test.tenantB);
    await test.admin.query(
      `insert into cursor (tenant_id, connection_id, entity, kind, value) values ($1, $2, 'work_order', 'feed', $3)`,
      [test.tenantB, other, `${String(OLD)}:1`],
    );
    expect(await adopt()).toBe(false);
    const kept = await test.admin.query('select xid::text as xid from change where tenant_id = $1', [
      test.tenantB,
    ]);
    expect(kept.rows).toEqual([{ xid: String(OLD) }]);
  });
});

describe('a feed of this server', () => {
  it('is left alone, also in the transaction that writes it and while others write', async () => {
    await changeNow();
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        test.store.inTenant(test.tenantA, async (tx) => {
          if (n % 2 === 0) {
            await appendChanges(
              tx,
              { tenantId: test.tenantA, entity: 'work_order', originConnectionId: null, runId: null },
              [{ hubId: randomUUID(), version: 1 }],
            );
          }
          return adoptFeed(tx, test.tenantA);
        }),
      ),
    );
    expect(found).not.toContain(true);
  });
});
