import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { findLocalRun, RUN_FILE, type LocalRun } from './local-run.ts';
import { openStateFolder, type StateFolder } from './stack/state-folder.ts';

let folder: string;
let open: StateFolder[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-run-'));
});
afterEach(async () => {
  for (const state of open) await state.release();
  open = [];
  await rm(folder, { recursive: true, force: true });
});

async function start(name: LocalRun): Promise<StateFolder> {
  const state = await openStateFolder({ path: join(folder, name) });
  open.push(state);
  const run = { databaseUrl: `postgres://${name}`, temporalAddress: 'a:1', encryptionKey: 'local:x' };
  await writeFile(state.part(RUN_FILE), JSON.stringify(run));
  return state;
}

it('finds the one that runs, and never one that has ended', async () => {
  expect(await findLocalRun(folder)).toBeNull();
  await (await start('demo')).release();
  expect(await findLocalRun(folder)).toBeNull();
  await start('up');
  expect(await findLocalRun(folder)).toMatchObject({ databaseUrl: 'postgres://up' });
});

it('does not guess between two', async () => {
  await start('demo');
  await start('up');
  await expect(findLocalRun(folder)).rejects.toThrow('`up` and `demo` both run here');
});

it('knows nothing of a run that is still starting', async () => {
  open.push(await openStateFolder({ path: join(folder, 'up') }));
  expect(await findLocalRun(folder)).toBeNull();
});
