import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { APP_ROLE, databaseFailure } from './database.ts';
import { openTestStore, type TestStore } from './store.fixture.ts';

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
