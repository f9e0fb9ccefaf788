/** The commands of mappings as a person types them, without Temporal: it is not asked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '../../domain/id.ts';
import { ensureTenant } from '../../store/access/tenants.ts';
import { openStore, type Store } from '../../store/database.ts';
import { repositories } from '../../store/index.ts';
import { runProgram, type Ended } from '../../test/e2e/program.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { TEST_RING } from '../../test/support/plant.ts';

/** Each command is a process of its own: seconds on a machine that is busy. */
const WITHIN_MS = 300_000;

let database: TestDatabase;
let store: Store;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-mappings-'));
  store = openStore({ url: database.url, poolMax: 2 });
  const tenant = await ensureTenant(store.db, { id: newId(0), slug: 'default', name: 'Default plant' });
  await store.inTenant(tenant.id, (tx) =>
    repositories.connections.insert(tx, {
      id: newId(0),
      tenantId: tenant.id,
      system: 'upkeep',
      name: 'pit',
      config: {},
      requestsPerSecond: null,
    }),
  );
});
afterAll(async () => {
  await store.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function mappings(command: string, file?: unknown): Promise<Ended> {
  const path = join(folder, 'file.json');
  if (file !== undefined) await writeFile(path, JSON.stringify(file));
  const keys = [...TEST_RING.keys].map(([id, key]) => `${id}:${key.toString('base64')}`);
  const words = command.split(' ').map((word) => (word === 'FILE' ? path : word));
  return runProgram(['mappings', ...words], {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    CHATTERFIX_ENCRYPTION_KEYS: keys.join(','),
  });
}

it(
  'set, show, preview and roll back',
  async () => {
    const upper = { pull: { name: { path: 'name', case: 'upper', required: true } } };
    expect((await mappings('show pit asset')).stdout).toMatch(/^asset of upkeep from .*, as it ships\n/);

    const tried = await mappings('preview pit asset --override FILE', upper);
    expect([tried.code, tried.stdout]).toEqual([0, expect.stringMatching(/^name: [^a-z]+ {2}<- .*upper/m)]);
    expect((await mappings('set pit asset FILE --note loud', upper)).stdout).toMatch(
      /^Version 1 holds from the next run on\.\n/,
    );
    expect((await mappings('show pit asset')).stdout).toMatch(/^pull name <- .*"case":"upper"/m);
    expect((await mappings('show pit asset --versions')).stdout).toMatch(/^1 \(holds\) .* loud /);

    expect((await mappings('rollback pit asset shipped')).stdout).toBe('It is as it ships.\n');
    expect((await mappings('rollback pit asset 1')).stdout).toBe('Version 2 holds from the next run on.\n');
    await mappings('rollback pit asset shipped');
  },
  WITHIN_MS,
);

it(
  'refuse what preview finds wrong, with the same words, and change nothing',
  async () => {
    const wrong = { pull: { name: { path: 'nmae' } } };
    const tried = await mappings('preview pit asset --override FILE', wrong);
    expect([tried.code, tried.stdout]).toEqual([
      1,
      expect.stringMatching(/^error: pull\.name\.path .*nmae/m),
    ]);
    const refused = await mappings('set pit asset FILE', wrong);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/pull\.name\.path .*nmae/)]);
    expect((await mappings('show pit asset')).stdout).toContain('as it ships');
    expect((await mappings('rollback pit asset 9')).stderr).toContain('There is no version 9');
  },
  WITHIN_MS,
);
