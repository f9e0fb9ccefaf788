import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openStore } from '../database.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import { createConnectionLogins } from './connection-logins.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const QUICK = { leaseMs: 30_000, lookEveryMs: 5, waitMs: 60_000 };

async function key() {
  return { tenantId: test.tenantA, connectionId: await addConnection(test, test.tenantA) };
}

describe('logins at a connection', () => {
  it('happen one at a time, in as many processes as there are', async () => {
    const connection = await key();
    const processes = [createConnectionLogins(test.store, QUICK), createConnectionLogins(test.store, QUICK)];
    let under = 0;
    let most = 0;
    let done = 0;
    const login = async (): Promise<void> => {
      under += 1;
      most = Math.max(most, under);
      await test.store.inTenant(test.tenantA, (tx) => sql`select 1`.execute(tx));
      under -= 1;
      done += 1;
    };
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => processes[n % 2]?.exclusive(connection, login)),
    );
    expect({ most, done }).toEqual({ most: 1, done: 20 });
  });

  it('of many callers leave the pool to the one that works', async () => {
    const connection = await key();
    // Two connections: with one held by each who waits, the work would never get one.
    const store = openStore({ url: test.url, poolMax: 2 });
    const logins = createConnectionLogins(store, QUICK);
    const work = () =>
      store.inTenant(test.tenantA, (tx) => sql<{ one: number }>`select 1 as one`.execute(tx));
    const answers = await Promise.all(Array.from({ length: 14 }, () => logins.exclusive(connection, work)));
    expect(answers.map(({ rows }) => rows[0]?.one)).toEqual(Array.from({ length: 14 }, () => 1));
    await store.close();
  });

  it('of different connections do not wait for each other', async () => {
    const logins = createConnectionLogins(test.store, QUICK);
    const [one, other] = [await key(), await key()];
    const gate = Promise.withResolvers<undefined>();
    const held = logins.exclusive(one, () => gate.promise);
    expect(await logins.exclusive(other, async () => 'in')).toBe('in');
    gate.resolve(undefined);
    await held;
  });

  it('go on after a process died in one', async () => {
    const connection = await key();
    const dead = createConnectionLogins(test.store, QUICK);
    void dead.exclusive(connection, () => new Promise(() => undefined));
    const there = `select 1 from connection_login where connection_id = $1`;
    while ((await test.admin.query(there, [connection.connectionId])).rowCount === 0);
    const alive = createConnectionLogins(test.store, QUICK).exclusive(connection, async () => 'in');
    // The dead process gives no more signs of life: its lease ends.
    await test.admin.query(
      `update connection_login set lease_until = now() - interval '1 s' where connection_id = $1`,
      [connection.connectionId],
    );
    expect(await alive).toBe('in');
    expect((await test.admin.query(there, [connection.connectionId])).rowCount).toBe(0);
  });

  it('pass the turn on after one failed, and say so when nobody ends', async () => {
    const connection = await key();
    const logins = createConnectionLogins(test.store, { ...QUICK, waitMs: 0 });
    await expect(
      logins.exclusive(connection, () => Promise.reject(new Error('wrong password'))),
    ).rejects.toThrow('wrong password');
    const gate = Promise.withResolvers<undefined>();
    const held = logins.exclusive(connection, () => gate.promise);
    const other = createConnectionLogins(test.store, { ...QUICK, waitMs: 0 });
    while ((await test.admin.query('select 1 from connection_login')).rowCount === 0);
    await expect(other.exclusive(connection, async () => 'in')).rejects.toMatchObject({
      kind: 'unavailable',
    });
    gate.resolve(undefined);
    await held;
  });

  it('of a connection that is no more are refused at once', async () => {
    const logins = createConnectionLogins(test.store, QUICK);
    const gone = { tenantId: test.tenantB, connectionId: (await key()).connectionId };
    await expect(logins.exclusive(gone, async () => 'in')).rejects.toMatchObject({ kind: 'not_found' });
  });
});
