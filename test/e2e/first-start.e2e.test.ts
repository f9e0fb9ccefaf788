/**
 * Follows "First start" of docs/operations.md block by block: SQL under the login each block names, commands in a shell that
 * keeps what earlier blocks exported, worker and API as processes of their own. The server's administrator is no superuser.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import nodeFlags from '../../cli/node-flags.json' with { type: 'json' };
import { readSettings } from '../../cli/config.ts';
import { sandboxKind } from '../../cli/sandboxes.ts';
import { startPostgres, type RunningPostgres } from '../../cli/stack/postgres.ts';
import { findTemporalProgram } from '../../cli/stack/temporal-program.ts';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import { testTemporal } from '../support/temporal.ts';

const PAGE = new URL('../../docs/operations.md', import.meta.url);
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const PASSWORD = 'pump-house-7';
const NAMESPACE = 'first-start';
const READY_MS = 90_000;

interface Block {
  language: string;
  text: string;
}

/** The fenced blocks of one section, without the indentation of the list they stand in. */
function blocksOf(page: string, heading: string): Block[] {
  const [, section = ''] = new RegExp(`\\n## ${heading}\\n([\\s\\S]*?)\\n## `).exec(page) ?? [];
  const fenced = /^( *)```(sql|sh)\n([\s\S]*?)\n\1```$/gm;
  return [...section.matchAll(fenced)].map(([, indent = '', language = '', text = '']) => ({
    language,
    text: text
      .split('\n')
      .map((line) => line.slice(indent.length))
      .join('\n'),
  }));
}

describe('the first start, as docs/operations.md has it', () => {
  let folder: string;
  let server: RunningPostgres;
  let sandbox: RunningSandbox;
  let environment: Record<string, string>;
  const services: ChildProcess[] = [];
  const output: string[] = [];
  let apiUrl = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chatterfix-first-start-'));
    server = await startPostgres({ folder: join(folder, 'postgres'), database: 'postgres' });
    await query(server.adminUrl, `create role managed login createdb createrole password '${PASSWORD}'`);
    sandbox = await sandboxKind('maximo').start({ seed: 'orders:1' });
    const { config, secret } = sandboxKind('maximo').connection(sandbox, 'orders:1');
    await writeFile(
      join(folder, 'file.json'),
      JSON.stringify({ system: 'maximo', name: 'maximo', config, secret }),
    );
    const temporal = await testTemporal();
    const { path } = await findTemporalProgram({ cacheDir: readSettings().cacheDir, say: () => undefined });
    // The names the page speaks of, as functions of the shell.
    await writeFile(
      join(folder, 'names.sh'),
      `set -e
       chatterfix-sync() { "${process.execPath}" "${MAIN}" "$@"; }
       temporal() { "${path}" "$@"; }`,
    );
    environment = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: NAMESPACE,
      CHATTERFIX_STATE_DIR: join(folder, 'nothing-runs-here'),
      CHATTERFIX_ALLOWED_HOSTS: '127.0.0.1',
      CHATTERFIX_API_PORT: '0',
    };
    await shell(`temporal operator namespace create --namespace ${NAMESPACE} --retention 24h`);
  }, 180_000);

  afterAll(async () => {
    for (const child of services.reverse()) await ended(child);
    await sandbox.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function loginUrl(user: string, database: string): string {
    const url = new URL(server.adminUrl);
    url.username = user;
    url.password = PASSWORD;
    url.pathname = `/${database}`;
    return url.href;
  }

  /** Passwords and addresses of our own, as the page says. */
  function filledIn(text: string): string {
    return text
      .replaceAll("'...'", `'${PASSWORD}'`)
      .replaceAll(':...@db:5432', `:${PASSWORD}@${new URL(server.adminUrl).host}`)
      .replaceAll('temporal:7233', environment['TEMPORAL_ADDRESS'] ?? '')
      .replaceAll('https://sync.plant.example', apiUrl);
  }

  /** Runs a script to its end; what it exported is there for the next. */
  async function shell(text: string): Promise<string> {
    const kept = join(folder, 'environment');
    const script = `. ${join(folder, 'names.sh')}\n${text}\nenv -0 >${kept}\n`;
    const child = spawn('bash', ['-c', script], { cwd: folder, env: environment });
    let said = '';
    let complained = '';
    child.stdout.on('data', (part: Buffer) => (said += String(part)));
    child.stderr.on('data', (part: Buffer) => (complained += String(part)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${text}\nended with ${String(code)}: ${complained}`);
    const exported = (await readFile(kept, 'utf8')).split('\0').filter((line) => line.includes('='));
    environment = Object.fromEntries(
      exported.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    return said;
  }

  /** A process that serves; gives the line with which it says so. */
  async function serve(command: 'worker' | 'api'): Promise<string> {
    const flags = command === 'worker' ? nodeFlags.worker : [];
    const child = spawn(process.execPath, [...flags, MAIN, command], { cwd: folder, env: environment });
    services.push(child);
    let said = '';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${command} does not serve: ${said}`)), READY_MS);
      const read = (part: Buffer): void => {
        said += String(part);
        const line = said.split('\n').find((one) => one.startsWith(`${command} ready`));
        if (line === undefined) return;
        clearTimeout(timer);
        resolve(line);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('close', () => reject(new Error(`${command} ended: ${said}`)));
    });
  }

  async function carryOut({ language, text }: Block): Promise<void> {
    if (language === 'sql') {
      const [, user = '', database = 'postgres'] =
        /^-- as (an administrator|sync_owner)[^,\n]*(?:, in (\w+))?/.exec(text) ?? [];
      const login = user === 'sync_owner' ? user : 'managed';
      // Each statement by itself, as psql sends them: a database is not made inside a transaction.
      for (const statement of filledIn(text).split(/;\n|;$/)) {
        if (statement.trim() !== '') await query(loginUrl(login, database), statement);
      }
    } else if (text === 'chatterfix-sync worker') await serve('worker');
    else if (text === 'chatterfix-sync api') apiUrl = (await serve('api')).replace('api ready at ', '');
    else output.push(await shell(filledIn(text)));
  }

  it('ends with a key that is accepted and a webhook that is resolved', async () => {
    const blocks = blocksOf(await readFile(PAGE, 'utf8'), 'First start');
    expect(blocks.map(({ language }) => language)).toEqual([
      'sql',
      'sh',
      'sql',
      'sh',
      'sh',
      'sh',
      'sh',
      'sh',
    ]);
    for (const block of blocks) await carryOut(block);
    expect((await fetch(`${apiUrl}/ready`)).status).toBe(200);

    const said = output.join('\n');
    const key = /cfx_[\w-]{43}/.exec(said)?.[0] ?? '';
    const call = (authorization: string): Promise<Response> =>
      fetch(`${apiUrl}/api/v1/cmms/connections`, { headers: { authorization } });
    const answer = await call(`Bearer ${key}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { connections: [{ connection_name: 'maximo' }] },
    ]);
    expect((await call(`Bearer ${key.slice(0, -3)}AAA`)).status).toBe(401);

    const address = /http\S+\/webhooks\/\S+(?=;)/.exec(said)?.[0] ?? '';
    expect((await fetch(address, { method: 'POST', body: '{}' })).status).toBe(202);
    expect((await fetch(`${address}x`, { method: 'POST', body: '{}' })).status).toBe(404);
  }, 300_000);

  it('leaves no login with a right over other tenants', async () => {
    const found = await query(
      loginUrl('sync_owner', 'chatterfix'),
      `select rolname, rolsuper or rolbypassrls as over from pg_roles
       where rolname in ('managed', 'sync_owner', 'sync_run', 'chatterfix_app') order by 1`,
    );
    expect(found).toEqual(
      ['chatterfix_app', 'managed', 'sync_owner', 'sync_run'].map((rolname) => ({ rolname, over: false })),
    );
  });
});

async function query(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await closed;
}
