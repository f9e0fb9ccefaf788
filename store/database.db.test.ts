import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { APP_ROLE, databaseFailure, type Tx } from './database.ts';
import { addConnection, openTestStore, type TestStore } from './store.fixture.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

/** What PostgreSQL says where the product's role is missing: it goes by another name until the transaction is rolled back. */
async function withoutRole(): Promise<unknown> {
  const client = await test.admin.connect();
  try {
    await client.query('begin');
    await client.query(`alter role ${APP_ROLE} rename to "gone_${randomUUID()}"`);
    return await client.query(`set local role ${APP_ROLE}`).catch((error: unknown) => error);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('databaseFailure', () => {
  it('says that a server without the role of the product is not migrated', async () => {
    const error = await withoutRole();
    expect(error).toMatchObject({ code: '22023' });
    expect(databaseFailure(error)).toMatchObject({
      kind: 'invalid_config',
      message: expect.stringContaining('run `chatterfix-sync migrate`'),
    });
  });

  it('leaves other values that do not do what they are: mistakes of ours', async () => {
    const attempt = test.store.inTenant(test.tenantA, (tx) =>
      sql`select now() at time zone 'Nowhere/At_All'`.execute(tx),
    );
    await expect(attempt).rejects.toMatchObject({
      code: '22023',
      message: expect.stringContaining('Nowhere/At_All'),
    });
  });
});

describe('a transaction', () => {
  it('carries statements out in the order in which they were called, however many wait for no other', async () => {
    const seen = await test.store.inTenant(test.tenantA, (tx) =>
      Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          sql<{ before: string | null; tenant: string }>`
            select current_setting('app.last', true) as before, current_setting('app.tenant') as tenant,
              set_config('app.last', ${String(n)}, true)`.execute(tx),
        ),
      ),
    );
    expect(seen.map(({ rows }) => rows[0]?.tenant)).toEqual(seen.map(() => test.tenantA));
    expect(seen.slice(1).map(({ rows }) => rows[0]?.before)).toEqual(seen.slice(1).map((_, n) => String(n)));
  });

  it('tells the failure that came first and leaves nothing behind, not even of what was sent after it', async () => {
    const connectionId = await addConnection(test, test.tenantA);
    const rename = (name: string) => sql`update connection set name = ${name} where id = ${connectionId}`;
    const attempt = test.store.inTenant(test.tenantA, (tx) =>
      Promise.all([rename('one').execute(tx), sql`select 1 / 0`.execute(tx), rename('two').execute(tx)]),
    );
    await expect(attempt).rejects.toMatchObject({ message: expect.stringContaining('division by zero') });
    const kept = await test.admin.query('select name from connection where id = $1', [connectionId]);
    expect(kept.rows).toEqual([{ name: `connection ${connectionId}` }]);
    const next = await test.store.inTenant(test.tenantA, (tx) => sql`select 1 as one`.execute(tx));
    expect(next.rows).toEqual([{ one: 1 }]);
  });

  it('sends nothing any more once it is over', async () => {
    let kept: Tx | undefined;
    await test.store.inTenant(test.tenantA, async (tx) => {
      kept = tx;
      await sql`select 1`.execute(tx);
    });
    await expect((async () => kept && sql`select 1`.execute(kept))()).rejects.toThrow(/already committed/i);
  });
});
