/**
 * The services one test run shares, each started when first asked for: a PostgreSQL with a migrated template, a Temporal
 * server, the workflow bundle.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readSettings } from '../../cli/config.ts';
import { startPostgres } from '../../cli/stack/postgres.ts';
import { startTemporal } from '../../cli/stack/temporal-server.ts';
import { ensureLogin, loginUrl, migratePlainly } from '../../cli/stack/postgres-logins.ts';
import { APP_ROLE } from '../../store/database.ts';
import type { Answers, Asked } from './ask.ts';

export interface TestServices {
  readonly answer: { readonly [K in Asked]: (body: string) => Promise<Answers[K]> };
  /** Stops what was started, last first, and removes the run's folder. */
  stop(): Promise<void>;
}

export async function openTestServices(): Promise<TestServices> {
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
    // An embedded server goes with its folder.
    if (settings.databaseUrl !== undefined) stops.push(() => databases.dropAll());
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

  const answer: TestServices['answer'] = {
    database: async () => (await postgres()).create(),
    'drop-database': async (name) => (await postgres()).drop(name),
    temporal,
    'workflow-bundle': workflowBundle,
  };
  return {
    answer,
    async stop() {
      for (const stop of stops.reverse()) await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Databases of this run, all copies of one template that a plain owner migrated. What `serverUrl` is for: making logins and
 * databases; no test gets it.
 */
function createDatabases(serverUrl: string) {
  const prefix = `chatterfix_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  const logins = { owner: `${prefix}_owner`, run: `${prefix}_run`, admin: `${prefix}_admin` };
  const names = new Set<string>();
  let count = 0;

  async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: serverUrl });
    client.on('error', drop);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const statement = (sql: string) => onServer((client) => client.query(sql));
  function urlOf(name: string, login?: string): string {
    const url = new URL(login === undefined ? serverUrl : loginUrl(serverUrl, login));
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Tests that look at or prepare several tenants' rows need a login that policies do not bind; the owner's rights do the rest. */
  async function makeAdmin(client: pg.Client): Promise<void> {
    await ensureLogin(client, serverUrl, logins.admin, 'createdb createrole bypassrls');
    await client.query(`grant ${logins.owner} to ${logins.admin} with inherit true, set true`);
    await client.query(`grant ${APP_ROLE} to ${logins.admin} with admin option, inherit false, set true`);
    // References are not checked while rows are put in table by table; sessions of others are looked at.
    await client.query(`grant set on parameter session_replication_role to ${logins.admin}`);
    await client.query(`grant pg_monitor to ${logins.admin}`);
  }

  return {
    async createTemplate() {
      names.add(template);
      await statement(`create database ${template}`);
      await migratePlainly(urlOf(template), logins);
      await onServer(async (client) => {
        await client.query(`alter role ${logins.owner} createdb`);
        await makeAdmin(client);
      });
    },
    async create() {
      count += 1;
      const name = `${prefix}_${count}`;
      names.add(name);
      await statement(`create database ${name} template ${template} owner ${logins.owner}`);
      return {
        name,
        adminUrl: urlOf(name, logins.admin),
        ownerUrl: urlOf(name, logins.owner),
        url: urlOf(name, logins.run),
      };
    },
    async drop(name: string) {
      if (!names.delete(name)) throw new Error(`${name} is no database of this test run`);
      await statement(`drop database if exists ${name} with (force)`);
      return null;
    },
    async dropAll() {
      for (const name of names) await statement(`drop database if exists ${name} with (force)`);
      await onServer(async (client) => {
        // What the administrator's login granted on goes first; the application's role stays for others on this server.
        for (const login of [logins.admin, logins.run, logins.owner]) {
          await client.query(`drop owned by ${login} cascade`);
          await client.query(`drop role ${login}`);
        }
      });
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
