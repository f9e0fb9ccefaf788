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
        await statement(
          adminUrl,
          `drop database ${name}${adminUrl.startsWith('mysql') ? '' : ' with (force)'}`,
        );
      }
    },
  };
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
