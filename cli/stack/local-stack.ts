/** Starts the whole program on this machine, in order, and registers how each part stops: PostgreSQL, Temporal, sandboxes if any, worker, API. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import nodeFlags from '../node-flags.json' with { type: 'json' };
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { z } from 'zod';
import { OPERATOR } from '../../domain/access/delegation.ts';
import { authenticateApiKey, createApiKey } from '../../plant/keys/api-keys.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { migrate } from '../../store/migrate.ts';
import { API_PORT, readSettings } from '../config.ts';
import { RUN_FILE, type RunFile } from '../local-run.ts';
import { defaultTenant } from '../open.ts';
import { migratePlainly } from './postgres-logins.ts';
import { isPortFree } from './ports.ts';
import { startPostgres, type RunningPostgres } from './postgres.ts';
import { startChild, type Child } from './processes.ts';
import type { Shutdown } from './shutdown.ts';
import type { StateFolder } from './state-folder.ts';
import { startTemporal } from './temporal-server.ts';
import { openProgram, type Program } from '../wiring.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY_TIMEOUT_MS = 60_000;

export interface LocalSandbox {
  system: string;
  url: string;
  controlUrl: string;
  credentials: Record<string, string>;
}
const sandboxLine = z.object({
  system: z.string(),
  url: z.string(),
  controlUrl: z.string(),
  credentials: z.record(z.string(), z.string()),
});

/** Sandboxes run on this machine; without them private addresses stay closed. */
const SANDBOX_HOSTS = ['127.0.0.1'];

export interface LocalStack {
  program: Program;
  apiUrl: string;
  /** An administrator's API key of the tenant `default`, made at the first start and kept in the state folder. */
  apiKey: string;
  sandboxes: LocalSandbox[];
  temporalAddress: string;
  /** Rejects when a part ends that nobody stopped. */
  broken: Promise<never>;
}

export interface LocalStackOptions {
  state: StateFolder;
  shutdown: Shutdown;
  say: (line: string) => void;
  systems: readonly { system: string; seed: string }[];
}

export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { state, shutdown, say } = options;
  const settings = readSettings();
  // Other commands find them with the run, so that they reach what its worker reaches.
  const allowedHosts = [...settings.allowedHosts, ...(options.systems.length > 0 ? SANDBOX_HOSTS : [])];
  const postgres = await startPostgres({
    ...(settings.databaseUrl === undefined ? {} : { databaseUrl: settings.databaseUrl }),
    ...(settings.postgresPort === undefined ? {} : { port: settings.postgresPort }),
    folder: state.part('postgres'),
    database: 'chatterfix',
    say,
  });
  shutdown.add('PostgreSQL', () => postgres.stop());
  const databaseUrl = await migrated(postgres, settings.databaseUrl !== undefined);
  const temporal = await startTemporal({ settings, folder: state.part('temporal'), say });
  shutdown.add('Temporal', () => temporal.stop());

  const key = await state.secret('encryption-key', 32);
  const run: RunFile = {
    databaseUrl,
    temporalAddress: temporal.address,
    encryptionKey: `local:${key.toString('base64')}`,
    allowedHosts,
  };
  await tellOthers(state, run);

  const { sandboxes, parts } = await startSandboxes(options);
  const worker = await startPart('worker', ['worker'], (text) => text === 'worker ready', state);
  shutdown.add('worker', () => worker.child.stop());
  parts.push(worker.child);
  const api = await startApiPart(settings.api.port, state);
  shutdown.add('API', () => api.child.stop());
  parts.push(api.child);
  const apiUrl = api.line.replace('api ready at ', '');
  // Last, and again: whoever looks at the run's folder finds where it listens.
  await tellOthers(state, { ...run, apiUrl });
  say(`Worker and API: ${apiUrl}.`);

  const program = await openProgram({
    databaseUrl,
    ring: { active: 'local', keys: new Map([['local', key]]) },
    allowedHosts,
    temporal: { address: temporal.address, namespace: temporal.namespace },
    poolMax: 4,
  });
  shutdown.add('program', () => program.close());
  const broken = Promise.race(
    parts.map(async (child): Promise<never> => {
      const code = await child.exited;
      throw new Failure(
        'unavailable',
        `The ${child.name} ended by itself with ${String(code)}:\n${child.tail()}`,
      );
    }),
  );
  broken.catch(() => undefined);
  const apiKey = await localApiKey(program, state);
  return { program, apiUrl, apiKey, sandboxes, temporalAddress: temporal.address, broken };
}

/** In one step: another command may read it at any time. */
async function tellOthers(state: StateFolder, run: RunFile): Promise<void> {
  const file = state.part(RUN_FILE);
  await writeFile(`${file}.new`, JSON.stringify(run), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The port that was asked for; else the usual one when it is free, else any. Somebody may take it between look and start. */
async function startApiPart(
  wanted: number | undefined,
  state: StateFolder,
): Promise<{ child: Child; line: string }> {
  const start = (port: number) =>
    startPart('API', ['api', '--port', String(port)], (text) => text.startsWith('api ready'), state);
  if (wanted !== undefined) return start(wanted);
  return (await isPortFree(API_PORT)) ? start(API_PORT).catch(() => start(0)) : start(0);
}

/** The URL the program works with. A server of one's own is used with the one login it was given with, ours with plain ones. */
async function migrated(postgres: RunningPostgres, isGiven: boolean): Promise<string> {
  if (!isGiven) return (await migratePlainly(postgres.adminUrl)).runUrl;
  await migrate({ adminUrl: postgres.adminUrl });
  return postgres.adminUrl;
}

/** Side by side: each spends its first seconds reading its seed or its state. */
async function startSandboxes({
  state,
  shutdown,
  say,
  systems,
}: LocalStackOptions): Promise<{ sandboxes: LocalSandbox[]; parts: Child[] }> {
  const folder = state.part('sandboxes');
  const results = await Promise.allSettled(
    systems.map(async ({ system, seed }) => {
      const file = join(folder, `${system}.json`);
      const args = ['sandbox', system, '--seed', seed, '--json', '--state', file];
      const { child, line } = await startPart(
        `${system} sandbox`,
        args,
        (text) => text.startsWith('{'),
        state,
      );
      // Before anything is looked at: one that failed must not leave the others running.
      shutdown.add(`${system} sandbox`, () => child.stop());
      const sandbox = sandboxLine.parse(JSON.parse(line));
      say(`Sandbox: ${system} at ${sandbox.url}, seeded with ${seed}.`);
      return { sandbox, child };
    }),
  );
  const started = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return {
    sandboxes: started.map(({ sandbox }) => sandbox),
    parts: started.map(({ child }) => child),
  };
}

/** Made once; a key that was revoked or whose database is gone is made anew. */
async function localApiKey(program: Program, state: StateFolder): Promise<string> {
  const file = state.part('api-key');
  const kept = await readFile(file, 'utf8').catch(() => null);
  const deps = { store: program.store, now: program.sync.now };
  const works =
    kept !== null &&
    (await authenticateApiKey(deps, kept).then(
      () => true,
      () => false,
    ));
  if (works) return kept;
  const tenant = await defaultTenant(program);
  const { key } = await createApiKey(
    { ...deps, tenantId: tenant.id, actor: 'cli:local', newId: program.sync.newId },
    OPERATOR,
    { name: 'local administrator', role: 'admin' },
  );
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

/** Starts one of our own commands as a process and waits for the line that says it serves. */
async function startPart(
  name: string,
  args: readonly string[],
  ready: (line: string) => boolean,
  state: StateFolder,
): Promise<{ child: Child; line: string }> {
  let resolveLine: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => {
    resolveLine = resolve;
  });
  const folder = state.part('logs');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name.toLowerCase().replaceAll(' ', '-')}.log`);
  const lines = createWriteStream(file, { mode: 0o600 });
  // A full disk must not stop what only tells.
  lines.on('error', () => undefined);
  const flags = args[0] === 'worker' ? nodeFlags.worker : [];
  const child = startChild({
    name,
    command: process.execPath,
    args: [...flags, MAIN, ...args],
    stopSignal: 'TERM',
    onLine: (text) => {
      // The line of a sandbox holds its credentials.
      if (ready(text)) resolveLine(text);
      else lines.write(`${text}\n`);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Failure('unavailable', `The ${name} ${why}:\n${child.tail()}`));
    };
    timer = setTimeout(() => {
      fail(`did not serve within ${String(READY_TIMEOUT_MS / 1000)} s`);
    }, READY_TIMEOUT_MS);
    void child.exited.then((code) => {
      fail(`ended with ${String(code)} before it served`);
    });
  });
  failed.catch(() => undefined);
  try {
    return { child, line: await Promise.race([line, failed]) };
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
