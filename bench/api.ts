/**
 * Measures the HTTP API under a steady load: the whole program as `up` starts it, a plant of N work orders and N assets,
 * and requests at a steady rate, which wait for no answer.
 * `node bench/api.ts [--records 100000] [--seconds 10]`
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { newId } from '../domain/id.ts';
import type { JsonObject } from '../domain/json.ts';
import { openStore, type Store } from '../store/database.ts';
import { repositories } from '../store/index.ts';
import { report, type Row } from './rig/report.ts';
import { steadyLoad, type LoadResult } from './rig/steady-load.ts';

const { values } = parseArgs({
  options: { records: { type: 'string', default: '100000' }, seconds: { type: 'string', default: '10' } },
});
const records = Number(values.records);
const seconds = Number(values.seconds);

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const BATCH = 2_000;
const METERS = 1_000;
const READINGS = 1_000;

interface Program {
  url: string;
  apiKey: string;
  databaseUrl: string;
  /** The superuser of the embedded server: cleans up as autovacuum does. */
  adminUrl: string;
  stop(): Promise<void>;
}

async function startProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-bench-'));
  const settings = [`CHATTERFIX_STATE_DIR=${folder}`, 'CHATTERFIX_API_REQUESTS_PER_MINUTE=100000000'];
  const child: ChildProcess = spawn('env', [...settings, process.execPath, MAIN, 'up', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`The program ended with ${String(code)}.`)));
  });
  const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string };
  const run = JSON.parse(await readFile(join(folder, 'up', 'run.json'), 'utf8')) as { databaseUrl: string };
  return {
    url,
    apiKey,
    databaseUrl: run.databaseUrl,
    adminUrl: await superuserUrl(folder, run.databaseUrl),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function superuserUrl(folder: string, databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  url.username = 'chatterfix';
  url.password = (await readFile(join(folder, 'postgres/password'), 'utf8')).trim();
  return url.href;
}

const STATUSES = ['scheduled', 'in_progress', 'on_hold', 'completed', 'cancelled'] as const;
const ASSET_STATUSES = ['operational', 'maintenance', 'repair', 'spare'] as const;
const ASSET_TYPES = ['equipment', 'machinery', 'vehicle', 'tool'] as const;

interface Plant {
  assets: string[];
  orders: string[];
  meters: string[];
}

async function fill(store: Store, tenantId: string): Promise<Plant> {
  const at = '2026-03-01T08:00:00.000Z';
  const ids = (n: number): string[] => Array.from({ length: n }, () => newId(Date.now()));
  const plant: Plant = { assets: ids(records), orders: ids(records), meters: ids(METERS) };
  const insert = async (
    entity: 'asset' | 'work_order' | 'meter',
    all: readonly string[],
    fields: (n: number) => JsonObject,
  ): Promise<void> => {
    for (let from = 0; from < all.length; from += BATCH) {
      const rows = all.slice(from, from + BATCH).map((id, index) => ({ id, fields: fields(from + index) }));
      await store.inTenant(tenantId, (tx) =>
        repositories.hubRecords.insert(tx, { tenantId, entity, originConnectionId: null, at }, rows),
      );
    }
  };
  const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
  await insert('asset', plant.assets, (n) => ({
    tag: `EX-${String(n)}`,
    name: `Machine ${String(n)} of the north pit`,
    type: pick(ASSET_TYPES, n),
    status: pick(ASSET_STATUSES, n),
    department: `Department ${String(n % 200)}`,
    manufacturer: 'O&K',
    model: 'RH120E',
    serialNumber: `S-${String(n)}`,
  }));
  await insert('work_order', plant.orders, (n) => ({
    title: `Change hydraulic hose ${String(n)}`,
    description:
      'Hose on the left boom cylinder leaks at the fitting; change hose and seal, check the other side.',
    status: pick(STATUSES, n),
    priority: pick(['low', 'medium', 'high', 'critical'], n),
    type: 'corrective',
    asset: pick(plant.assets, n * 7),
    assigneeName: `technician_${String(n % 500)}`,
    scheduledStart: at,
    // A tenth of what has not begun is overdue.
    dueAt: n % 50 === 0 ? '2026-03-02T08:00:00.000Z' : '2099-03-02T08:00:00.000Z',
    estimatedMinutes: 90,
  }));
  await insert('meter', plant.meters, (n) => ({ name: `Hours ${String(n)}`, kind: 'counter', unit: 'h' }));
  return plant;
}

interface Load {
  name: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Requests a second. */
  rate: number;
  path: (n: number) => string;
  body?: (n: number) => unknown;
}

function measure(program: Program, { method = 'GET', rate, path, body }: Load): Promise<LoadResult> {
  return steadyLoad({
    url: program.url,
    apiKey: program.apiKey,
    rate,
    seconds,
    next: (n) => ({ method, path: `/api/v1${path(n)}`, ...(body === undefined ? {} : { body: body(n) }) }),
  });
}

/** Batches from two senders, each one after the other, as fast as they are answered. */
async function ingest(program: Program, meters: readonly string[], from: number): Promise<number> {
  const batches = 40;
  let next = 0;
  const send = async (): Promise<void> => {
    for (let batch = next++; batch < batches; batch = next++) {
      const readings = Array.from({ length: READINGS }, (_, index) => ({
        meter_id: meters[index % meters.length],
        value: (from + batch) * READINGS + index,
        at: new Date(Date.UTC(2026, 2, 1) + ((from + batch) * READINGS + index) * 1_000).toISOString(),
      }));
      const answer = await fetch(`${program.url}/api/v1/meters/readings`, {
        method: 'POST',
        headers: { authorization: `Bearer ${program.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ readings }),
      });
      if (!answer.ok) throw new Error(`Readings were refused: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  const started = performance.now();
  await Promise.all([send(), send()]);
  return (batches * READINGS * 1_000) / (performance.now() - started);
}

const program = await startProgram();
try {
  const store = openStore({ url: program.databaseUrl });
  const tenant = (await sql<{ id: string }>`select id from tenant where slug = 'default'`.execute(store.db))
    .rows[0];
  if (tenant === undefined) throw new Error('The program has no tenant.');
  const { orders, meters } = await fill(store, tenant.id);
  // What autovacuum does within a minute; the figures are those of a plant that was not filled a second ago.
  const owner = new pg.Client({ connectionString: program.adminUrl });
  await owner.connect();
  await owner.query('vacuum analyze');
  await owner.end();
  const of = (list: readonly string[], n: number): string => list[(n * 7_919) % list.length] ?? '';
  const loads: Load[] = [
    { name: 'read a work order', rate: 200, path: (n) => `/work-orders/${of(orders, n)}` },
    { name: 'read an asset', rate: 200, path: (n) => `/assets/EX-${String((n * 7_919) % records)}` },
    { name: 'list work orders', rate: 50, path: () => '/work-orders?limit=50' },
    {
      name: 'list by status',
      rate: 50,
      path: (n) => `/work-orders?status=${STATUSES[n % STATUSES.length] ?? ''}&limit=50`,
    },
    { name: 'list by asset', rate: 50, path: (n) => `/work-orders?asset_id=EX-${String((n * 7) % records)}` },
    {
      name: 'list by technician and status',
      rate: 50,
      path: (n) => `/work-orders?assigned_to=technician_${String(n % 500)}&status=scheduled`,
    },
    { name: 'list overdue', rate: 50, path: () => '/work-orders?status=overdue&limit=50' },
    {
      name: 'list assets by department',
      rate: 50,
      path: (n) => `/assets?department=Department%20${String(n % 200)}`,
    },
    {
      name: 'create a work order',
      method: 'POST',
      rate: 50,
      path: () => '/work-orders',
      body: (n) => ({
        asset_id: `EX-${String(n % records)}`,
        title: `Grease slew ring ${String(n)}`,
        description: 'As planned.',
        priority: 'medium',
        estimated_hours: 1.5,
      }),
    },
    {
      name: 'change a status',
      method: 'PUT',
      rate: 50,
      path: (n) => `/work-orders/${of(orders, n * 5)}/status`,
      body: () => ({ status: 'in_progress' }),
    },
    {
      name: 'record performance of an asset',
      method: 'POST',
      rate: 50,
      path: (n) => `/assets/EX-${String(n % records)}/performance`,
      body: (n) => ({ uptime_percentage: 95, efficiency_rating: 90, temperature: 60 + (n % 30) }),
    },
  ];
  const rows: Row[] = [];
  for (const load of loads) {
    const { p50, p99, max, sent, failed } = await measure(program, load);
    rows.push(
      [`${load.name}: median`, p50, 'ms'],
      [`${load.name}: p99`, p99, 'ms'],
      [`${load.name}: longest`, max, 'ms'],
      [`${load.name}: requests`, sent, `at ${String(load.rate)}/s`],
      [`${load.name}: refused`, failed, ''],
    );
  }
  const few = await ingest(program, meters.slice(0, 100), 0);
  const many = await ingest(program, meters, 1_000);
  rows.push(
    ['readings in batches of 1,000, of 100 meters', few, '/s'],
    ['the same of 1,000 meters', many, '/s'],
  );
  report(`HTTP API over ${String(records)} work orders and as many assets`, rows);
  await store.close();
} finally {
  await program.stop();
}
