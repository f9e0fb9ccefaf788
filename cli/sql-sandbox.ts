/**
 * The "sandbox" of the system `sql`: a real database. An SQLite file unless the seed begins with `postgres:`, as in
 * `postgres:excavators`; then a PostgreSQL of its own is started and goes with it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSandbox, SandboxOptions } from '../connectors/kit/sandbox/index.ts';
import { startSqlSandbox } from '../connectors/sql/sandbox/index.ts';
import type { JsonObject } from '../domain/json.ts';
import { startPostgres } from './stack/postgres.ts';

const SERVER = 'postgres:';

export async function startSqlDatabase(options: SandboxOptions): Promise<RunningSandbox> {
  if (!options.seed.startsWith(SERVER)) return startSqlSandbox(options);
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-sql-server-'));
  const server = await startPostgres({ folder, database: 'cmms' });
  const end = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const { stateFile: _, ...rest } = options;
  const seed = options.seed.slice(SERVER.length);
  const sandbox = await startSqlSandbox({ ...rest, seed, server: server.adminUrl }).catch(
    async (error: unknown) => {
      await end();
      throw error;
    },
  );
  return {
    ...sandbox,
    async close() {
      await sandbox.close();
      await end();
    },
  };
}

export function sqlConnection({ url, credentials }: Pick<RunningSandbox, 'url' | 'credentials'>): {
  config: JsonObject;
  secret: JsonObject;
} {
  const file = credentials['file'];
  if (file !== undefined) return { config: { dialect: 'sqlite', file }, secret: {} };
  const { hostname, port } = new URL(url);
  return {
    config: {
      dialect: 'postgres',
      host: hostname,
      port: Number(port),
      database: credentials['database'] ?? '',
      tls: 'off',
    },
    secret: { user: credentials['user'] ?? '', password: credentials['password'] ?? '' },
  };
}
