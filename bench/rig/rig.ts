/**
 * What every benchmark stands on: an embedded PostgreSQL with its normal settings, vendor sandboxes and a worker, each in
 * a process of its own, so that the cost of each can be told apart. Everything ends with the benchmark.
 */
import { fork, type ChildProcess } from 'node:child_process';
import nodeFlags from '../../cli/node-flags.json' with { type: 'json' };
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { z } from 'zod';
import { sandboxKind } from '../../cli/sandboxes.ts';
import { migratePlainly } from '../../cli/stack/postgres-logins.ts';
import { startPostgres } from '../../cli/stack/postgres.ts';
import { startChild } from '../../cli/stack/processes.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { FaultPlan } from '../../connectors/kit/sandbox/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { newId } from '../../domain/id.ts';
import type { JsonObject } from '../../domain/json.ts';
import { openStore } from '../../store/database.ts';
import { repositories } from '../../store/index.ts';
import { saveSecret } from '../../store/connections/secrets.ts';
import { ensureTenant } from '../../store/access/tenants.ts';
import { cpuSeconds, findDescendant, peakMemoryMb } from './process-cost.ts';
import { RING } from './ring.ts';
import type { Answer, Done, Order } from './worker.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

const sandboxLine = z.object({
  url: z.string(),
  controlUrl: z.string(),
  credentials: z.record(z.string(), z.string()),
});

export interface BenchSandbox extends z.infer<typeof sandboxLine> {
  system: string;
  seed: string;
  pid: number;
  /** One call of its control port. */
  control(method: string, path: string, body?: object): Promise<unknown>;
  setFaults(plan: FaultPlan): Promise<void>;
}

export interface BenchWorker {
  pid: number;
  run(order: Order): Promise<Done>;
  peakMemoryMb(): number;
  /** Ends it and waits, so that a profile is written. */
  end(): Promise<void>;
}

export interface Rig {
  /** The program's login. */
  databaseUrl: string;
  /** May make tables, for what we are compared with. */
  ownerUrl: string;
  postgresPid: number;
  tenantId: string;
  startSandbox(system: string, seed: string): Promise<BenchSandbox>;
  /** A connection whose budget never makes it wait. */
  connect(sandbox: BenchSandbox, config?: JsonObject): Promise<string>;
  startWorker(): Promise<BenchWorker>;
  /** As the superuser: counters and checks, no part of what is measured. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface StandOptions {
  /** Writes a CPU profile of each worker into this folder. */
  profile?: string;
  /** Prints the statements PostgreSQL spent most time on. */
  statements?: boolean;
}

/** How the benchmark's own sessions are told from those of the worker. */
export const OWN_SESSIONS = 'bench';

/** Requests a second of a connection's budget here: more than one process can send. */
export const NO_LIMIT = 10_000;

export async function withRig(options: StandOptions, measure: (rig: Rig) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-bench-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startPostgres({
      folder: join(folder, 'postgres'),
      database: 'bench',
      settings: options.statements === true ? { shared_preload_libraries: 'pg_stat_statements' } : {},
    });
    stops.push(() => postgres.stop());
    const { ownerUrl, runUrl } = await migratePlainly(postgres.adminUrl);
    const ownUrl = new URL(postgres.adminUrl);
    ownUrl.searchParams.set('application_name', OWN_SESSIONS);
    const admin = new pg.Client({ connectionString: ownUrl.href });
    await admin.connect();
    stops.push(() => admin.end());
    if (options.statements === true) await admin.query('create extension pg_stat_statements');
    const programUrl = new URL(runUrl);
    programUrl.searchParams.set('application_name', OWN_SESSIONS);
    const store = openStore({ url: programUrl.href, poolMax: 2 });
    stops.push(() => store.close());
    const tenant = await ensureTenant(store.db, { id: newId(Date.now()), slug: 'bench', name: 'Bench' });
    const pidFile = await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8');

    await measure({
      databaseUrl: runUrl,
      ownerUrl,
      postgresPid: Number(pidFile.split('\n')[0]),
      tenantId: tenant.id,
      async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
        return (await admin.query<Row>(text, values)).rows;
      },
      async startSandbox(system, seed) {
        const { sandbox, stop } = await startSandbox(system, seed);
        stops.push(stop);
        return sandbox;
      },
      async connect(sandbox, config = {}) {
        const id = newId(Date.now());
        const made = sandboxKind(sandbox.system).connection(sandbox, sandbox.seed);
        const parsed = connectorFor(sandbox.system).config.parse(made.config) as JsonObject;
        await store.inTenant(tenant.id, async (tx) => {
          await repositories.connections.insert(tx, {
            id,
            tenantId: tenant.id,
            system: sandbox.system,
            name: `${sandbox.system} ${id}`,
            config: { ...parsed, ...config },
            requestsPerSecond: NO_LIMIT,
          });
          const owner = { tenantId: tenant.id, connectionId: id, purpose: 'credentials' as const };
          await saveSecret(tx, RING, owner, made.secret);
        });
        return id;
      },
      async startWorker() {
        const worker = await startWorker(
          { databaseUrl: runUrl, tenantId: tenant.id },
          options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`],
        );
        stops.push(() => worker.end());
        return worker;
      },
    });
    if (options.statements === true) await printStatements(admin);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

export async function startSandbox(
  system: string,
  seed: string,
): Promise<{ sandbox: BenchSandbox; stop: () => Promise<void> }> {
  let serving: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => (serving = resolve));
  const child = startChild({
    name: `${system} sandbox`,
    command: process.execPath,
    args: [MAIN, 'sandbox', system, '--seed', seed, '--json'],
    stopSignal: 'TERM',
    onLine: (text) => {
      if (text.startsWith('{')) serving(text);
    },
  });
  const ended = child.exited.then((code) => {
    throw new Error(`the ${system} sandbox ended with ${String(code)}: ${child.tail()}`);
  });
  ended.catch(() => undefined);
  const parsed = sandboxLine.parse(JSON.parse(await Promise.race([line, ended])));
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${parsed.controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const sandbox: BenchSandbox = {
    ...parsed,
    system,
    seed,
    pid: findDescendant([MAIN, system, seed]),
    control,
    async setFaults(plan) {
      await control('PUT', '/faults', plan);
    },
  };
  return { sandbox, stop: () => child.stop() };
}

async function startWorker(setup: object, execArgv: string[]): Promise<BenchWorker> {
  // The flags the program gives its workers.
  const child = fork(WORKER, { execArgv: [...nodeFlags.worker, ...execArgv] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.send(setup);
  await nextAnswer(child);
  return {
    pid: child.pid ?? 0,
    async run(order) {
      child.send(order);
      const answer = await nextAnswer(child);
      if ('done' in answer) return answer.done;
      throw new Error('failure' in answer ? answer.failure : 'the worker is not ready');
    },
    peakMemoryMb: () => peakMemoryMb(child.pid ?? 0),
    async end() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the worker ended with ${String(code)}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as Answer);
    });
  });
}

/** Processor seconds of the three parts between two moments. */
export function meter(parts: Readonly<Record<string, number>>): () => Record<string, number> {
  const before = Object.entries(parts).map(([name, pid]) => [name, pid, cpuSeconds(pid)] as const);
  return () => Object.fromEntries(before.map(([name, pid, was]) => [name, cpuSeconds(pid) - was]));
}

/** Everything a work order refers to, so that none of them has to wait for it. */
export const BEFORE_WORK_ORDERS: readonly Entity[] = [
  'person',
  'location',
  'asset',
  'part',
  'meter',
  'plan',
  'request',
];

async function printStatements(admin: pg.Client): Promise<void> {
  const found = await admin.query<{
    calls: string;
    total: number;
    mean: number;
    rows: string;
    query: string;
  }>(
    `select calls, total_exec_time as total, mean_exec_time as mean, rows, regexp_replace(query, '\\s+', ' ', 'g') as query
     from pg_stat_statements order by total_exec_time desc limit 25`,
  );
  for (const { calls, total, mean, rows, query } of found.rows) {
    const figures = [total.toFixed(0), calls, mean.toFixed(2), rows]
      .map((text) => text.padStart(9))
      .join(' ');
    process.stdout.write(`${figures}  ${query.slice(0, 160)}\n`);
  }
}
