/** What an operator can get wrong, through the program itself: one sentence, an exit code, and nothing half done. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createStack, type Plant, type Stack } from '../workflows/stack.ts';
import { runProgram, settingsOf, type Ended, type Environment } from './program.ts';

let stack: Stack;
let plant: Plant;
let good: Environment;
/** A connection that would work. */
let file: { system: string; name: string; config: object; secret: object };

beforeAll(async () => {
  stack = await createStack({ worker: false });
  plant = await stack.connect('maximo', 'orders:1', { name: 'first' });
  good = settingsOf(stack);
  file = {
    system: 'maximo',
    name: 'second',
    config: { baseUrl: `${plant.sandbox.url}/maximo`, auth: 'apikey', site: 'BEDFORD' },
    secret: { apiKey: plant.sandbox.credentials['apiKey'] },
  };
});
afterAll(() => stack.close());

function add(changes: object = {}, env: Environment = good): Promise<Ended> {
  return runProgram(['connections', 'add', '-'], env, JSON.stringify({ ...file, ...changes }));
}

/** Everything that adding a connection leaves behind. */
async function traces(): Promise<object> {
  const rows = await stack.inTenant((tx) =>
    sql`select (select count(*) from connection) as connections, (select count(*) from connection_secret) as secrets,
      (select count(*) from run) as runs`.execute(tx),
  );
  const { workflow } = stack.program.temporal;
  return { ...(rows.rows[0] as object), workflows: (await workflow.count()).count };
}

async function expectRefused(ended: Ended, sentence: RegExp): Promise<void> {
  expect(ended.stderr).toMatch(/^chatterfix-sync: [^\n]+\n$/);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stdout).toBe('');
  expect(ended.code).toBe(1);
}

describe('connections add', () => {
  const wrongs: [string, object, RegExp][] = [
    ['a system that there is not', { system: 'nosuch' }, /"?nosuch"?.*maximo.*upkeep/],
    ['credentials that are wrong', { secret: { apiKey: 'of-last-year' } }, /401.*check the credentials/],
    ['credentials that are not complete', { secret: {} }, /credentials.*not complete/],
    [
      'a host that refuses',
      { config: { baseUrl: 'http://127.0.0.1:1/maximo', auth: 'apikey', site: 'A' } },
      /127\.0\.0\.1:1 refuses connections/,
    ],
    [
      'an address that is none',
      { config: { baseUrl: 'maximo.plant', auth: 'apikey', site: 'A' } },
      /baseUrl/,
    ],
    ['a name that is taken', { name: 'first' }, /"first" exists already/],
    ['a setting that there is not', { pollsecs: 3 }, /pollsecs/],
  ];
  it.each(wrongs)('refuses %s', async (_what, changes, sentence) => {
    const before = await traces();
    await expectRefused(await add(changes), sentence);
    expect(await traces()).toEqual(before);
  });

  it('refuses JSON that is broken, without quoting what it holds', async () => {
    const before = await traces();
    const ended = await runProgram(['connections', 'add', '-'], good, '{"secret": "do not quote me"');
    await expectRefused(ended, /is not JSON/);
    expect(ended.stderr).not.toContain('quote me');
    expect(await traces()).toEqual(before);
  });

  it('refuses a file that is not there', async () => {
    await expectRefused(
      await runProgram(['connections', 'add', '/nonexistent.json'], good),
      /cannot be read/,
    );
  });

  it('takes one that is right', async () => {
    const before = await traces();
    const ended = await add();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await traces()).not.toEqual(before);
  });
});

describe('settings', () => {
  const without = (name: string): Environment =>
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
  const unmigrated = (): string => Object.assign(new URL(stack.databaseUrl), { pathname: '/postgres' }).href;
  const wrongs: [string, () => Environment, RegExp][] = [
    [
      'no encryption key',
      () => without('CHATTERFIX_ENCRYPTION_KEYS'),
      /CHATTERFIX_ENCRYPTION_KEY is not set/,
    ],
    [
      'an encryption key that is none',
      () => ({ ...good, CHATTERFIX_ENCRYPTION_KEYS: 'secret' }),
      /id:base64/,
    ],
    ['no database', () => without('DATABASE_URL'), /DATABASE_URL .*not set/],
    [
      'a database that is not migrated',
      () => ({ ...good, DATABASE_URL: unmigrated() }),
      /not migrated; run `chatterfix-sync migrate`/,
    ],
    [
      'a database that does not answer',
      () => ({ ...good, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }),
      /DATABASE_URL/,
    ],
    [
      'a Temporal that does not answer',
      () => ({ ...good, TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      /Temporal does not answer at 127\.0\.0\.1:1/,
    ],
    [
      'a Temporal namespace that there is not',
      () => ({ ...good, TEMPORAL_NAMESPACE: 'nosuch' }),
      /namespace.*nosuch/,
    ],
  ];
  it.each(wrongs)('refuses %s', async (_what, env, sentence) => {
    const before = await traces();
    await expectRefused(await add({ name: 'third' }, env()), sentence);
    expect(await traces()).toEqual(before);
  });
});

describe('other commands', () => {
  it.each([
    [['sandbox', 'nosuch'], /no sandbox of "nosuch".*maximo.*upkeep/],
    [['sandbox', 'maximo', '--seed', 'nosuch'], /nosuch.*excavators/],
    [['sync', 'nosuch'], /no connection "nosuch".*first/],
    [['runs', 'first', '--limit', 'x'], /--limit must be/],
    [['progress', 'first'], /first does not answer; start a worker/],
  ])('%j is refused', async (args, sentence) => {
    await expectRefused(await runProgram(args, good), sentence);
  });

  it('an unknown command shows the help and fails', async () => {
    const ended = await runProgram(['nosuch'], good);
    expect(ended.stderr).toMatch(/unknown command 'nosuch'/);
    expect(ended.code).toBe(1);
  });
});
