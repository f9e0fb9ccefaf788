/** A new connector in a project of its own: type-checked, linted by nobody, and its suite run by a Jest of its own. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newConnector } from './connector.ts';

const ROOT = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-connector-'));
  for (const name of ['domain', 'connectors/kit'])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'mappings'));
  await cp(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  const { testEnvironment, extensionsToTreatAsEsm, transform } = (
    (await import(join(ROOT, 'jest.config.mjs'))) as { default: Record<string, unknown> }
  ).default;
  await writeFile(
    join(folder, 'jest.config.json'),
    JSON.stringify({ testEnvironment, extensionsToTreatAsEsm, transform, testMatch: ['**/*.test.ts'] }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
      },
    );
  });
}

describe('connector new', () => {
  it('writes the fixed anatomy, which compiles', async () => {
    const files = await newConnector({ name: 'acme-cmms', title: "Acme's CMMS", folder });
    const names = files.map((file) => file.replace('connectors/acme-cmms/', ''));
    expect(names.sort()).toEqual([
      'README.md',
      'client.ts',
      'config.ts',
      'conformance.fixture.ts',
      'connector.test.ts',
      'failures.ts',
      'index.ts',
      'manifest.ts',
      'read.ts',
      'sandbox/README.md',
      'sandbox/index.ts',
      'wire.ts',
      'write.ts',
    ]);
    expect(await readFile(join(folder, 'connectors/acme-cmms/manifest.ts'), 'utf8')).toContain(
      "system: 'acme_cmms'",
    );
    const tsc = await run([
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '-p',
      '.',
      '--incremental',
      'false',
    ]);
    expect(tsc.output.split('\n').filter((line) => line.includes('acme-cmms'))).toEqual([]);
  });

  it('its suite runs, and fails until it is built', async () => {
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const { code, output } = await run([
      '--experimental-vm-modules',
      jest,
      '--config',
      'jest.config.json',
      '--runInBand',
      'connectors/acme-cmms',
    ]);
    expect(code).toBe(1);
    expect(output).toContain('reads at least one entity, and every entity it reads has a fixture');
    expect(output).toMatch(/Tests: +\d+ failed, \d+ passed/);
    // What holds already: it is a connector, its credentials are checked, its address is named.
    expect(output).toMatch(/✓ wrong credentials are unauthorized/);
  });

  it.each(['acme-cmms', 'kit'])('refuses the name %s, which is in use', async (name) => {
    await expect(newConnector({ name, title: name, folder })).rejects.toThrow('exists already');
  });

  it.each(['Acme', 'acme_cmms', '../acme', '', 'a--b'])('refuses "%s", which is no name', async (name) => {
    await expect(newConnector({ name, title: name, folder })).rejects.toThrow('is no name for a connector');
  });
});
