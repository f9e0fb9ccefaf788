/**
 * Measures the shared rate governor: eight processes send through it, each on its own, to one HTTP server that counts
 * every second like a vendor does. Prints the violations and the share of the budget used.
 * Usage: `node bench/governor.ts [requestsPerSecond=10] [seconds=20] [processes=8]`.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migratePlainly } from '../cli/stack/postgres-logins.ts';
import { startPostgres } from '../cli/stack/postgres.ts';
import { insertConnection } from '../store/connections/connections.ts';
import { openStore } from '../store/database.ts';
import { ensureTenant } from '../store/access/tenants.ts';
import { createRateGovernor } from '../plant/connections/rate-governor.ts';

interface Job {
  databaseUrl: string;
  vendorUrl: string;
  tenantId: string;
  connectionId: string;
  requestsPerSecond: number;
  /** Requests each process keeps under way. */
  parallel: number;
}

const WINDOW_MS = 1_000;

if (process.send === undefined) await measure();
else process.once('message', (job: Job) => void send(job));

async function measure(): Promise<void> {
  const [requestsPerSecond = 10, seconds = 20, processes = 8] = process.argv.slice(2).map(Number);
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-bench-'));
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), database: 'chatterfix_bench' });
  try {
    const { runUrl } = await migratePlainly(postgres.adminUrl);
    const ids = await makeConnection(runUrl);
    const vendor = await startVendor();
    const job: Job = {
      ...ids,
      databaseUrl: runUrl,
      vendorUrl: vendor.url,
      requestsPerSecond,
      parallel: Math.max(2, Math.ceil(requestsPerSecond / processes / 10)),
    };
    const children = Array.from({ length: processes }, () => fork(import.meta.filename));
    const ends = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of children) child.send(job);
    // The first second belongs to the start of the processes.
    await vendor.arrived(requestsPerSecond);
    const from = performance.now();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const until = performance.now();
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(ends);
    vendor.close();
    const { violations, worst } = countViolations(vendor.arrivals, requestsPerSecond);
    const used = vendor.arrivals.filter((at) => at > from && at <= until).length;
    const share = used / ((requestsPerSecond * (until - from)) / 1_000);
    process.stdout.write(
      `${processes} processes, ${requestsPerSecond} requests/s, ${seconds} s: ${violations} violations in ${vendor.arrivals.length} requests ` +
        `(most in one second: ${worst}), ${(share * 100).toFixed(1)} % of the budget used\n`,
    );
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeConnection(url: string): Promise<{ tenantId: string; connectionId: string }> {
  const store = openStore({ url });
  const tenantId = randomUUID();
  const connectionId = randomUUID();
  await ensureTenant(store.db, { id: tenantId, slug: 'bench', name: 'Bench' });
  await store.inTenant(tenantId, (tx) =>
    insertConnection(tx, {
      id: connectionId,
      tenantId,
      system: 'custom',
      name: 'bench',
      config: {},
    }),
  );
  await store.close();
  return { tenantId, connectionId };
}

async function startVendor() {
  const arrivals: number[] = [];
  const server = createServer((request, response) => {
    arrivals.push(performance.now());
    request.resume();
    response.end('{}');
    server.emit('counted');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrivals,
    async arrived(count: number) {
      while (arrivals.length < count) await new Promise((resolve) => server.once('counted', resolve));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A request violates the limit when the second that ends with it holds more than the limit. */
function countViolations(arrivals: readonly number[], limit: number): { violations: number; worst: number } {
  let first = 0;
  let violations = 0;
  let worst = 0;
  for (const [index, at] of arrivals.entries()) {
    while ((arrivals[first] ?? at) <= at - WINDOW_MS) first += 1;
    const within = index - first + 1;
    worst = Math.max(worst, within);
    if (within > limit) violations += 1;
  }
  return { violations, worst };
}

/** A worker: sends as fast as the throttle lets it until it is told to stop. */
async function send(job: Job): Promise<void> {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  const store = openStore({ url: job.databaseUrl });
  const throttle = createRateGovernor({ ...job, store, now: () => performance.now() });
  const loop = async (): Promise<void> => {
    for (;;) {
      await throttle.acquire(stop.signal);
      await (await fetch(job.vendorUrl, { signal: AbortSignal.timeout(10_000) })).arrayBuffer();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: job.parallel }, loop));
  for (const end of ends) {
    if (end.status === 'rejected' && !stop.signal.aborted) process.stderr.write(`${String(end.reason)}\n`);
  }
  await store.close();
  process.disconnect();
}
