/**
 * How much a command loads. Most of a command's time is spent on that, and a count holds on any machine, which a
 * time does not: a bound here is some tenth above what it was when it was set.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { TEST_RING } from '../test/support/plant.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
/** Tells on standard error, at the end, every module that was loaded, ours and those of packages. */
const COUNTER = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const seen = new Set();
  registerHooks({ load(url, context, next) { seen.add(url); return next(url, context); } });
  process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify([...seen]) + '\\n'));
`)}`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const STORE_ONLY = [
  '@temporalio',
  '@grpc',
  'axios',
  'fastify',
  'jsonata',
  'mysql2',
  'pino',
  'protobufjs',
  'yaml',
];
const SERVICES = ['@temporalio', '@grpc', 'fastify', 'pino'];

it.each([
  { command: '--help', most: 40, never: [...STORE_ONLY, 'kysely', 'pg', 'zod'] },
  { command: 'help connections', most: 700, never: STORE_ONLY },
  { command: 'connections list', most: 700, never: STORE_ONLY },
  { command: 'conflicts list --json', most: 700, never: STORE_ONLY },
  { command: 'quarantine list', most: 700, never: STORE_ONLY },
  { command: 'deletions list', most: 700, never: STORE_ONLY },
  { command: 'keys list', most: 700, never: STORE_ONLY },
  { command: 'reviews list', most: 1_500, never: SERVICES },
  { command: 'explain WO-000001', most: 1_500, never: SERVICES },
])(
  '$command loads at most $most modules',
  async ({ command, most, never }) => {
    const loaded = await modulesOf(command.split(' '));
    expect(loaded.length).toBeGreaterThan(5);
    const packages = new Set(loaded.flatMap((url) => /\/node_modules\/(@?[^/]+)/.exec(url)?.[1] ?? []));
    expect(never.filter((name) => packages.has(name))).toEqual([]);
    expect(loaded.length).toBeLessThanOrEqual(most);
  },
  300_000,
);

function modulesOf(args: readonly string[]): Promise<string[]> {
  const keys = [...TEST_RING.keys].map(([id, key]) => `${id}:${key.toString('base64')}`);
  const child = spawn(process.execPath, ['--import', COUNTER, MAIN, ...args], {
    env: {
      DATABASE_URL: database.url,
      // Nobody listens there: what only looks into the store does not ask.
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      CHATTERFIX_ENCRYPTION_KEYS: keys.join(','),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const line = /^LOADED (.*)$/m.exec(stderr)?.[1];
      if (line === undefined) reject(new Error(stderr));
      else resolve(JSON.parse(line) as string[]);
    });
  });
}
