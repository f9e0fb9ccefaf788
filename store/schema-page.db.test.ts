import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { writesSchema } from '../test/support/schema-file.ts';
import { schemaPage } from './schema-page.fixture.ts';

const FILE = new URL('../docs/schema.md', import.meta.url);

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

it('docs/schema.md is the schema that the migrations make (UPDATE_SCHEMA=1 writes it)', async () => {
  const page = await schemaPage(client, new URL(database.ownerUrl).username);
  if (writesSchema()) writeFileSync(FILE, page);
  expect(page).toBe(readFileSync(FILE, 'utf8'));
});

it('the page shows what changes: a column, an index, a policy, a right', async () => {
  const owner = new URL(database.ownerUrl).username;
  const before = (await schemaPage(client, owner)).split('\n');
  await client.query('begin');
  try {
    await client.query('alter table calendar add column colour text');
    await client.query('create index calendar_colour on calendar (colour)');
    await client.query('create policy all_of_it on calendar to chatterfix_app using (true)');
    await client.query('revoke delete on calendar from chatterfix_app');
    const added = (await schemaPage(client, owner)).split('\n').filter((line) => !before.includes(line));
    expect(added).toEqual([
      '| colour | text |  |',
      '- `INDEX calendar_colour (colour)`',
      '- the program may: insert, select, update',
      '- policy all_of_it for all to chatterfix_app: `true`, check `null`',
      '- policies: all_of_it, owner_reads, tenant_only',
    ]);
  } finally {
    await client.query('rollback');
  }
});
