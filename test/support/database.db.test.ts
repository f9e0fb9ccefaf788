import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('gives a migrated database that no other test file sees', async () => {
  const other = await createTestDatabase();
  const [mine, theirs] = await Promise.all([connect(database.adminUrl), connect(other.adminUrl)]);
  try {
    await mine.query(`insert into tenant (id, slug, name) values (gen_random_uuid(), 'plant', 'Plant')`);
    expect((await mine.query('select slug from tenant')).rows).toEqual([{ slug: 'plant' }]);
    expect((await theirs.query('select slug from tenant')).rows).toEqual([]);
  } finally {
    await Promise.all([mine.end(), theirs.end()]);
    await other.drop();
  }
  await expect(connect(other.url)).rejects.toThrow('does not exist');
});

it("gives a login for the program that is no superuser and sees no table until it takes the application's role", async () => {
  const program = await connect(database.url);
  try {
    await expect(program.query('select 1 from connection')).rejects.toMatchObject({ code: '42501' });
    await program.query('set role chatterfix_app');
    expect((await program.query('select 1 from connection')).rows).toEqual([]);
    const login = await program.query(
      'select rolsuper, rolbypassrls from pg_roles where rolname = session_user',
    );
    expect(login.rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  } finally {
    await program.end();
  }
});

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
