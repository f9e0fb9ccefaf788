/** The committed document in the hands of others: a second validator takes it, and two generators make clients of it that compile. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = join(ROOT, 'api/http/openapi.json');
const PACKAGES = join(ROOT, 'node_modules');
const TYPESCRIPT = join(PACKAGES, 'typescript/bin/tsc');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-clients-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Programs of their own: what they load is none of the test run's. */
function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...args], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function compile(file: string): Promise<{ code: number | null; output: string }> {
  const how =
    '--noEmit --strict --skipLibCheck --ignoreConfig --target es2022 --module esnext --moduleResolution bundler';
  return run([TYPESCRIPT, ...how.split(' '), '--lib', 'es2022,dom,dom.iterable', file]);
}

/** A generator and a compiler work for seconds, on a busy machine for many. */
const WITHIN_MS = 300_000;

describe('api/http/openapi.json', () => {
  it('is valid for a second validator', async () => {
    const script = `
      import parser from ${JSON.stringify(join(PACKAGES, '@apidevtools/swagger-parser/lib/index.js'))};
      const document = await parser.validate(${JSON.stringify(DOCUMENT)});
      console.log(Object.keys(document.paths).length);`;
    const { code, output } = await run(['--input-type=module', '--eval', script]);
    expect([code, output]).toEqual([0, expect.stringMatching(/^\d{2,}\n$/)]);
  });

  it.each([
    {
      generator: '@hey-api/openapi-ts',
      args: ['@hey-api/openapi-ts/bin/run.js', '-i', DOCUMENT, '-o', 'hey', '-c', '@hey-api/client-fetch'],
      made: 'hey/index.ts',
    },
    {
      generator: 'swagger-typescript-api',
      args: [
        'swagger-typescript-api/dist/cli.mjs',
        'generate',
        '-p',
        DOCUMENT,
        '-o',
        'swagger',
        '-n',
        'client.ts',
      ],
      made: 'swagger/client.ts',
    },
  ])(
    'becomes a client that compiles, by $generator',
    async ({ args: [program = '', ...args], made }) => {
      const generated = await run([join(PACKAGES, program), ...args]);
      expect([generated.code, await readdir(join(folder, made, '..'))]).toEqual([
        0,
        expect.arrayContaining([made.split('/')[1]]),
      ]);
      expect(await compile(join(folder, made))).toEqual({ code: 0, output: '' });
    },
    WITHIN_MS,
  );
});
