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
  const [mine, theirs] = await Promise.all([connect(database.url), connect(other.url)]);
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

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
