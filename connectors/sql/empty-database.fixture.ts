/** Empty databases on a server, one a test, gone after it. */
import mysql from 'mysql2/promise';
import pg from 'pg';

export interface EmptyDatabases {
  /** URL of a new, empty database. */
  create(): Promise<string>;
  dropAll(): Promise<void>;
}

let count = 0;

/** `adminUrl` may make databases on its server. */
export function emptyDatabases(adminUrl: string): EmptyDatabases {
  const made: string[] = [];
  return {
    async create() {
      count += 1;
      const name = `cmms_${process.pid}_${count}`;
      await statement(
        adminUrl,
        `create database ${name}${adminUrl.startsWith('mysql') ? '' : ' template template0'}`,
      );
      made.push(name);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    async dropAll() {
      for (const name of made.splice(0)) {
        if (!adminUrl.startsWith('mysql')) await statement(adminUrl, endSessions(name));
        await statement(adminUrl, `drop database ${name}`);
      }
    },
  };
}

/** Clients only: `drop database ... with (force)` by a plain role is refused while the server's own autovacuum is there. */
function endSessions(name: string): string {
  return `select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = '${name}' and backend_type = 'client backend'`;
}

async function statement(url: string, text: string): Promise<void> {
  if (url.startsWith('mysql')) {
    const connection = await mysql.createConnection({ uri: url });
    await connection.query(text).finally(() => connection.end());
    return;
  }
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(text).finally(() => client.end());
}
