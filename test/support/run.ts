/**
 * The services one test run shares: a PostgreSQL, a Temporal server, the workflow bundle. They live in the process that
 * started Jest and are started by the first test file that asks, over loopback HTTP (`ask.ts` is the other end), so that
 * a run of unit tests starts nothing, and parallel test files never race for a start.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readSettings } from '../../cli/config.ts';
import { startPostgres } from '../../cli/stack/postgres.ts';
import { startTemporal } from '../../cli/stack/temporal-server.ts';
import { migrate } from '../../store/migrate.ts';
import type { Answers, Asked } from './ask.ts';

export interface TestRun {
  /** Where test files ask, e.g. `http://127.0.0.1:40001`. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startTestRun(): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-test-'));
  const stops: (() => Promise<void>)[] = [];
  const settings = readSettings();

  const postgres = once(async () => {
    const running = await startPostgres({
      ...(settings.databaseUrl === undefined ? {} : { databaseUrl: settings.databaseUrl }),
      folder: join(folder, 'postgres'),
      database: 'chatterfix_test',
      // A test's data need not survive a power cut; without waiting for the disk a database is made in 30 ms.
      settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
    });
    stops.push(() => running.stop());
    const databases = createDatabases(running.adminUrl);
    stops.push(() => databases.dropAll());
    await databases.createTemplate();
    return databases;
  });

  const temporal = once(async () => {
    const running = await startTemporal({
      settings,
      folder: join(folder, 'temporal'),
      say: (line) => process.stderr.write(`${line}\n`),
    });
    stops.push(() => running.stop());
    return { address: running.address, namespace: running.namespace };
  });

  const workflowBundle = once(async () => {
    const { bundleWorkflowCode } = await import('@temporalio/worker');
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(import.meta.dirname, '../../workflows/index.ts'),
      logger: { log: drop, trace: drop, debug: drop, info: drop, warn: drop, error: drop },
    });
    const codePath = join(folder, 'workflows.js');
    await writeFile(codePath, code);
    return { codePath };
  });

  const answer: { [K in Asked]: (body: string) => Promise<Answers[K]> } = {
    database: async () => (await postgres()).create(),
    'drop-database': async (name) => (await postgres()).drop(name),
    temporal,
    'workflow-bundle': workflowBundle,
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = (request.url ?? '').slice(1);
      const reply = Object.hasOwn(answer, asked) ? answer[asked as Asked] : undefined;
      const work =
        reply?.(Buffer.concat(chunks).toString('utf8')) ??
        Promise.reject(new Error(`nothing is called ${asked}`));
      work.then(
        (value) => response.end(JSON.stringify(value)),
        (error: unknown) => {
          response.statusCode = 500;
          response.end(error instanceof Error ? error.message : String(error));
        },
      );
    });
  });
  // A cold Temporal server is compiled for minutes before it answers.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const stop of stops.reverse()) await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Databases of this run, all copies of one migrated template. */
function createDatabases(adminUrl: string) {
  const prefix = `chatterfix_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  const names = new Set<string>();
  let count = 0;

  async function statement(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: adminUrl });
    client.on('error', drop);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
  function urlOf(name: string): string {
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  return {
    async createTemplate() {
      names.add(template);
      await statement(`create database ${template}`);
      await migrate({ adminUrl: urlOf(template) });
    },
    async create() {
      count += 1;
      const name = `${prefix}_${count}`;
      names.add(name);
      await statement(`create database ${name} template ${template}`);
      return { name, url: urlOf(name) };
    },
    async drop(name: string) {
      if (!names.delete(name)) throw new Error(`${name} is no database of this test run`);
      await statement(`drop database if exists ${name} with (force)`);
      return null;
    },
    async dropAll() {
      for (const name of names) await statement(`drop database if exists ${name} with (force)`);
    },
  };
}

/** The same promise for all who ask; a failed start is not repeated, so that every test file reports it at once. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}

function drop(): void {
  // What a stopping server or the bundler says is of no interest to a test.
}
