/** Empty databases for cases, one each: a file, and databases on servers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { CaseDatabase } from './sql-case.fixture.ts';

export async function inSqlite(work: (database: CaseDatabase) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chatterfix-case-'));
  const file = join(folder, 'plant.sqlite');
  const database = new DatabaseSync(file);
  try {
    await work({
      config: { dialect: 'sqlite', file },
      secret: {},
      allowed: [`file:${tmpdir()}/`],
      run: async (text) => database.exec(text),
    });
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** `url` names an empty database and somebody who may do anything in it. */
export async function onServer(url: string, work: (database: CaseDatabase) => Promise<void>): Promise<void> {
  const { protocol, hostname, port, pathname, username, password } = new URL(url);
  const isMysql = protocol === 'mysql:';
  const own = isMysql ? await mysqlClient(url) : await postgresClient(url);
  try {
    await work({
      config: {
        dialect: isMysql ? 'mysql' : 'postgres',
        host: hostname,
        port: Number(port === '' ? 5432 : port),
        database: decodeURIComponent(pathname.slice(1)),
        tls: 'off',
      },
      secret: { user: decodeURIComponent(username), password: decodeURIComponent(password) },
      allowed: [hostname],
      run: (text) => own.run(text),
    });
  } finally {
    await own.end();
  }
}

interface OwnClient {
  run(text: string): Promise<void>;
  end(): Promise<void>;
}

async function mysqlClient(url: string): Promise<OwnClient> {
  const connection = await mysql.createConnection({ uri: url });
  return {
    async run(text) {
      await connection.query(text);
    },
    end: () => connection.end(),
  };
}

async function postgresClient(url: string): Promise<OwnClient> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async run(text) {
      await client.query(text);
    },
    end: () => client.end(),
  };
}
