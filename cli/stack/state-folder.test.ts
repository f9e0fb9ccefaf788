import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openStateFolder } from './state-folder.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'chatterfix-state-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

it('keeps a secret between runs, readable by the owner only, until a fresh start', async () => {
  const first = await openStateFolder({ path });
  const key = await first.secret('key', 32);
  expect(key).toHaveLength(32);
  expect((await stat(join(path, 'key'))).mode & 0o777).toBe(0o600);
  await first.release();

  const second = await openStateFolder({ path });
  expect(await second.secret('key', 32)).toEqual(key);
  await second.release();

  const third = await openStateFolder({ path, fresh: true });
  expect(await third.secret('key', 32)).not.toEqual(key);
  await third.release();
});

it('belongs to one run at a time', async () => {
  const first = await openStateFolder({ path });
  await expect(openStateFolder({ path, fresh: true })).rejects.toThrow('Another chatterfix-sync uses');
  await first.release();
  await (await openStateFolder({ path })).release();
});

it('never touches a folder that holds something else', async () => {
  await writeFile(join(path, 'thesis.txt'), 'ten years of work');
  await expect(openStateFolder({ path, fresh: true })).rejects.toThrow('holds something else');
  expect(await readdir(path)).toEqual(['thesis.txt']);
});
