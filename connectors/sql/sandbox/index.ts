/**
 * The "vendor" of the SQL connector: a real database with the default layout, and beside it what a sandbox offers to
 * tests: edits as a person makes them, a shifted clock, and for servers a wire that can break. With SQLite there is no wire.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlServer } from '../../kit/sandbox/control.ts';
import { createSandboxWorld, listen, NO_ELEMENTS, stopListening } from '../../kit/sandbox/index.ts';
import type { RunningSandbox, SandboxControl, SandboxOptions } from '../../kit/sandbox/index.ts';
import { openEngine } from './engine.ts';
import type { DialectName } from './engine.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { AFTER_SEED_POSTGRES, seedDatabase } from './seed.ts';
import { openSyncEngine } from './sync-engine.ts';
import { createTables, layoutOf, TABLES } from './tables.ts';

export interface SqlSandboxOptions extends SandboxOptions {
  /** An empty database of a running server, `postgres://` or `mysql://`; absent: an SQLite file. */
  server?: string;
}

/** `url` of the answer is the database's, without user and password; those are the credentials. */
export async function startSqlSandbox(options: SqlSandboxOptions): Promise<RunningSandbox> {
  const { server } = options;
  const folder =
    server === undefined && options.stateFile === undefined
      ? await mkdtemp(join(tmpdir(), 'chatterfix-sql-'))
      : null;
  const file = options.stateFile ?? join(folder ?? '', 'cmms.sqlite');
  const direct = server ?? `sqlite:${file}`;
  const dialect: DialectName =
    server === undefined ? 'sqlite' : server.startsWith('mysql') ? 'mysql' : 'postgres';
  const world = createSandboxWorld(options);
  const host = options.host ?? '127.0.0.1';

  await prepare(direct, dialect, options.seed);
  const proxy =
    server === undefined
      ? null
      : await proxyFor(server, world, { host, port: options.port ?? 0, random: options.random ?? 1 });
  const engine = await openSyncEngine(direct);
  const tables = createTables(engine, dialect, world);
  const control: SandboxControl = {
    stats: () => world.stats.snapshot(),
    resetStats: () => world.stats.reset(),
    pages: () => world.stats.pages(),
    setFaults: (plan) => wire(proxy).faults.set(plan),
    clearFaults: () => proxy?.faults.clear(),
    setLimit: () => {
      throw new TypeError('A database has no rate limit.');
    },
    objects: () => [...TABLES],
    list: tables.list,
    insert: tables.insert,
    change: tables.change,
    remove: tables.remove,
    elements: NO_ELEMENTS,
    setDial: (name) => {
      throw new TypeError(`There is no dial "${name}".`);
    },
    setClock: (offsetMs) => world.clock.setOffset(offsetMs),
    expireSessions: () => undefined,
  };
  const controlServer = createControlServer(control);
  const controlUrl = await listen(controlServer, options.controlPort, host);
  const parsed = server === undefined ? null : new URL(server);
  return {
    system: 'sql',
    url: parsed === null ? `sqlite:${file}` : `${dialect}://${host}:${proxy?.port ?? 0}${parsed.pathname}`,
    controlUrl,
    credentials:
      parsed === null
        ? { file }
        : {
            user: decodeURIComponent(parsed.username),
            password: decodeURIComponent(parsed.password),
            database: parsed.pathname.slice(1),
          },
    control,
    async close() {
      await stopListening(controlServer);
      await engine.close();
      await proxy?.close();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function prepare(url: string, dialect: DialectName, seed: string): Promise<void> {
  const engine = await openEngine(url);
  try {
    const exists = await engine.query('select count(*) as n from work_orders').catch(() => null);
    // A file kept from an earlier run holds what people did there.
    if (exists !== null) return;
    await engine.query(await layoutOf(dialect));
    await seedDatabase(engine, seed);
    if (dialect === 'postgres') for (const table of TABLES) await engine.query(AFTER_SEED_POSTGRES(table));
  } finally {
    await engine.close();
  }
}

function proxyFor(
  server: string,
  world: ReturnType<typeof createSandboxWorld>,
  listen: { host: string; port: number; random: number },
): Promise<Proxy> {
  const { hostname, port, protocol } = new URL(server);
  const usual = protocol === 'mysql:' ? 3306 : 5432;
  return startProxy({ host: hostname, port: port === '' ? usual : Number(port) }, world, listen);
}

function wire(proxy: Proxy | null): Proxy {
  if (proxy !== null) return proxy;
  throw new TypeError('An SQLite file has no wire that could break.');
}
