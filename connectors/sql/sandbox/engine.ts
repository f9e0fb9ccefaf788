/** One real database, spoken to as a person at its console would: plain statements, one after the other. */
import { DatabaseSync } from 'node:sqlite';
import mysql from 'mysql2/promise';
import pg from 'pg';

export type DialectName = 'postgres' | 'mysql' | 'sqlite';
export type Row = Record<string, unknown>;

export interface Engine {
  query(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** `url` is a server's, or `sqlite:` and the path of a file. */
export async function openEngine(url: string): Promise<Engine> {
  if (url.startsWith('sqlite:')) return sqliteEngine(url.slice('sqlite:'.length));
  return url.startsWith('mysql') ? mysqlEngine(url) : postgresEngine(url);
}

/** Placeholders are `?` for all; PostgreSQL numbers them. */
export function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${(count += 1)}`);
}

function sqliteEngine(file: string): Engine {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  return {
    async query(text, values = []) {
      // Scripts with several statements bring no values.
      if (values.length === 0 && !/^\s*(select|pragma)/i.test(text)) {
        database.exec(text);
        return [];
      }
      return database.prepare(text).all(...values.map(plain));
    },
    close: async () => database.close(),
  };
}

function plain(value: unknown): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  throw new TypeError(`A ${typeof value} is no value of a column.`);
}

async function postgresEngine(connectionString: string): Promise<Engine> {
  const client = new pg.Client({
    connectionString,
    options: '-c timezone=UTC',
    types: { getTypeParser: () => String },
  });
  client.on('error', () => undefined);
  await client.connect();
  return {
    async query(text, values) {
      const { rows } = await (values === undefined
        ? client.query(text)
        : client.query(numbered(text), [...values]));
      return rows as Row[];
    },
    close: () => client.end(),
  };
}

async function mysqlEngine(uri: string): Promise<Engine> {
  const connection = await mysql.createConnection({
    uri,
    multipleStatements: true,
    dateStrings: true,
    timezone: 'Z',
  });
  connection.on('error', () => undefined);
  await connection.query(`set session time_zone = '+00:00'`);
  return {
    async query(text, values) {
      const [rows] = await connection.query(text, values === undefined ? undefined : [...values]);
      return Array.isArray(rows) ? (rows as Row[]) : [];
    },
    close: () => connection.end(),
  };
}
