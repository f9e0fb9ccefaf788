/**
 * A MariaDB server of a test file's own, on a temporary folder, where the program is installed (Debian: `apt-get install -y
 * --no-install-recommends mariadb-server`). Loopback only, gone at the end.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const ROOT_PASSWORD = 'cmms-root-password';

export interface MariadbServer {
  adminUrl: string;
  stop(): Promise<void>;
}

export function mariadbProgram(): string | null {
  for (const name of ['mariadbd', 'mysqld']) {
    for (const folder of ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/libexec', '/opt/homebrew/bin']) {
      const file = join(folder, name);
      // A client-only installation has none of the tables a server starts from.
      if (spawnSync(file, ['--version']).status === 0) return file;
    }
  }
  return null;
}

export async function startMariadb(program: string): Promise<MariadbServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-mariadb-'));
  await chmod(folder, 0o755);
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const data = join(folder, 'data');
  const installer = await installerOf();
  await run(installer, [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot,
  ]);
  const port = await freePort();
  const child = spawn(
    program,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${join(folder, 'sock')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=0',
      ...asRoot,
    ],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const first = await untilReady(
      { socketPath: join(folder, 'sock'), user: 'root' },
      () => child.exitCode !== null,
    );
    await first.query(`create or replace user 'root'@'127.0.0.1' identified by '${ROOT_PASSWORD}'`);
    await first.query(`grant all privileges on *.* to 'root'@'127.0.0.1' with grant option`);
    await first.end();
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl: `mysql://root:${ROOT_PASSWORD}@127.0.0.1:${port}/mysql`, stop };
}

async function untilReady(options: mysql.ConnectionOptions, died: () => boolean): Promise<mysql.Connection> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await mysql.createConnection(options);
    } catch (error) {
      if (died() || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function installerOf(): Promise<string> {
  for (const file of [
    '/usr/bin/mariadb-install-db',
    '/usr/local/bin/mariadb-install-db',
    '/opt/homebrew/bin/mariadb-install-db',
  ]) {
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  throw new Error('mariadb-install-db is missing beside the server.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
