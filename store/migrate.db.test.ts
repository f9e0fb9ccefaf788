import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { openStore } from './database.ts';
import { assertMigrated, migrate } from './migrate.ts';

describe('migrate', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const made: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.ownerUrl });
    await admin.connect();
  });
  afterAll(async () => {
    for (const name of made) await admin.query(`drop database ${name}`);
    await admin.end();
    await database.drop();
  });

  async function emptyDatabase(): Promise<string> {
    const name = `empty_${randomUUID().replaceAll('-', '')}`;
    await admin.query(`create database ${name}`);
    made.push(name);
    const url = new URL(database.ownerUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  it('applies each migration once when several programs start together, and nothing afterwards', async () => {
    const adminUrl = await emptyDatabase();
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate({ adminUrl })));
    const names = applied.flat();
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(applied.filter((list) => list.length > 0)).toHaveLength(1);
    expect(await migrate({ adminUrl })).toEqual([]);
    await assertMigrated(adminUrl);
  });

  it('different databases of one server can be migrated at once', async () => {
    const urls = [await emptyDatabase(), await emptyDatabase()];
    await Promise.all(urls.map((adminUrl) => migrate({ adminUrl })));
    for (const url of urls) await assertMigrated(url);
  });

  it('says what to do about a database that was never migrated', async () => {
    const adminUrl = await emptyDatabase();
    const expected = {
      kind: 'invalid_config',
      message: expect.stringMatching(/run `chatterfix-sync migrate`/),
    };
    await expect(assertMigrated(adminUrl)).rejects.toMatchObject(expected);
    const programUrl = new URL(database.url);
    programUrl.pathname = new URL(adminUrl).pathname;
    const store = openStore({ url: programUrl.href });
    await expect(
      store.inTenant(randomUUID(), (tx) => sql`select 1 from connection`.execute(tx)),
    ).rejects.toMatchObject(expected);
    await store.close();
  });

  it('names the migration that is missing', async () => {
    const adminUrl = await emptyDatabase();
    const [, last = ''] = await migrate({ adminUrl });
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await client.query('delete from schema_migration where name = $1', [last]);
    await client.end();
    await expect(assertMigrated(adminUrl)).rejects.toMatchObject({
      kind: 'invalid_config',
      message: expect.stringContaining(last),
    });
  });
});

describe('a database that cannot be reached', () => {
  /** A port nobody listens on: it was free a moment ago. */
  async function deadUrl(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `postgres://planner:geheim@127.0.0.1:${address.port}/chatterfix`;
  }

  it('is one sentence that says what to check and holds no password', async () => {
    const url = await deadUrl();
    const store = openStore({ url });
    const attempts = [
      () => store.inTenant(randomUUID(), (tx) => sql`select 1`.execute(tx)),
      () => migrate({ adminUrl: url }),
      () => assertMigrated(url),
    ];
    for (const attempt of attempts) {
      const failure = await attempt().catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind: 'unavailable', retryable: true });
      const { message } = failure as Error;
      expect(message).toMatch(/check DATABASE_URL/);
      expect(message).not.toMatch(/geheim/);
    }
    await store.close();
  });
});
