import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTemporalProgram } from './temporal-program.ts';

let folder: string;
let server: Server;
let downloadUrl: string;
let requests: string[];
let archive: Buffer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-program-'));
  // A module that Go refuses at once, so that the download is tried.
  await mkdir(join(folder, 'module'));
  await writeFile(
    join(folder, 'module/go.mod'),
    'module x\n\nrequire github.com/temporalio/cli v9.9.9 // indirect\n',
  );
  await writeFile(join(folder, 'temporal'), '#!/bin/sh\necho temporal version 9.9.9\n');
  await chmod(join(folder, 'temporal'), 0o755);
  archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'temporal']);
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end(archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  downloadUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/cli/archive`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function find(said: string[] = []) {
  return findTemporalProgram({
    cacheDir: join(folder, 'cache'),
    moduleDir: join(folder, 'module'),
    downloadUrl,
    lookOnPath: false,
    say: (line) => said.push(line),
  });
}

describe('findTemporalProgram', () => {
  it('downloads once what cannot be built, also for two who ask at the same time', async () => {
    const [first, second] = await Promise.all([find(), find()]);
    expect(first).toMatchObject({ version: '9.9.9', origin: 'downloaded' });
    expect(second).toEqual(first);
    expect(execFileSync(first.path, ['--version'], { encoding: 'utf8' })).toContain('9.9.9');
    expect(await find()).toEqual(first);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/^\/cli\/archive\/v9\.9\.9\?platform=\w+&arch=\w+$/);
  });

  it('takes over from a builder that is gone', async () => {
    const { path } = await find();
    await rm(path);
    const lock = join(path, '../../lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    expect((await find()).path).toBe(path);
  });

  it('never keeps a program that does not run, and says what can be done', async () => {
    await writeFile(join(folder, 'temporal'), '#!/bin/sh\nexit 1\n');
    archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'temporal']);
    await expect(find()).rejects.toThrow(/set TEMPORAL_ADDRESS .*\nTried: .*\nTried: .*does not run/s);
    await expect(readFile(join(folder, 'cache', 'lock'))).rejects.toThrow('ENOENT');
  });
});
