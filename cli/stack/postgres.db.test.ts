import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { findApiKey, insertApiKey } from '../../store/access/api-keys.ts';
import { ensureTenant } from '../../store/access/tenants.ts';
import { openStore } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { migratePlainly } from './postgres-logins.ts';
import { startPostgres } from './postgres.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-postgres-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('keeps its data and password over a restart, whatever a dead server left behind', async () => {
  const first = await startPostgres({ folder, database: 'plant' });
  await query(first.adminUrl, 'create table kept as select 42 as answer');
  await first.stop();
  expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);

  // The process number of a dead server, now that of another program: this one.
  await writeFile(join(folder, 'data/postmaster.pid'), `${process.pid}\n${join(folder, 'data')}\n`);
  const second = await startPostgres({ folder, database: 'plant' });
  try {
    expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    const wrong = new URL(second.adminUrl);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(await query(second.adminUrl, 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
  } finally {
    await second.stop();
  }
  await expect(query(second.adminUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');
});

it('hands a database that the superuser migrated over to a plain owner, and lets the program in under a plain login', async () => {
  const server = await startPostgres({ folder, database: 'handed_over' });
  try {
    await migrate({ adminUrl: server.adminUrl });
    await query(server.adminUrl, `insert into tenant (id, slug, name) values (gen_random_uuid(), 'a', 'A')`);
    const { ownerUrl, runUrl } = await migratePlainly(server.adminUrl);
    const superuser = new URL(server.adminUrl).username;
    const left = await query(
      ownerUrl,
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relowner = '${superuser}'::regrole
       union all select proname from pg_proc where pronamespace = 'public'::regnamespace and proowner = '${superuser}'::regrole`,
    );
    expect(left).toEqual([]);
    // A change of the tables, as a later version brings it.
    await query(ownerUrl, 'alter table tenant add column colour text');

    const store = openStore({ url: runUrl });
    const key = { id: randomUUID(), hash: createHash('sha256').update('key').digest() };
    const tenant = await ensureTenant(store.db, { id: randomUUID(), slug: 'a', name: 'A' });
    await store.inTenant(tenant.id, (tx) =>
      insertApiKey(tx, tenant.id, {
        ...key,
        name: 'board',
        prefix: 'cfx_',
        role: 'viewer',
        scopes: null,
        createdBy: 'cli:maria',
        createdAt: new Date().toISOString(),
        expiresAt: null,
      }),
    );
    expect(await findApiKey(store.db, key.hash)).toMatchObject({ id: key.id });
    await store.close();
    // Once more is harmless: every start does it.
    expect(await migratePlainly(server.adminUrl)).toEqual({ ownerUrl, runUrl });
  } finally {
    await server.stop();
  }
});

it('says which setting to check when the given server does not answer', async () => {
  await expect(
    startPostgres({ databaseUrl: 'postgres://a:b@127.0.0.1:1/c', folder, database: 'plant' }),
  ).rejects.toThrow('check DATABASE_URL');
});

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
