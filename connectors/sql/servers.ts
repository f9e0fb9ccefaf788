/** Pools of the two servers' drivers: bounds on time and connections, and values as they are meant. */
import { CompiledQuery, MysqlDialect, PostgresDialect } from 'kysely';
import type { Dialect as KyselyDialect } from 'kysely';
import mysql from 'mysql2';
import type { TypeCastField, TypeCastNext } from 'mysql2';
import pg from 'pg';
import { Failure } from '../../domain/kernel/failure.ts';
import { exactNumber } from '../kit/exact-number.ts';
import { parseJson } from '../kit/parse-json.ts';
import type { SqlConfig, SqlSecret } from './config.ts';
import { Moment } from './moment.ts';
import type { Sockets } from './sockets.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Object ids of PostgreSQL's types (pg_type.dat). */
const {
  BOOL,
  BYTEA,
  INT2,
  INT4,
  INT8,
  FLOAT4,
  FLOAT8,
  NUMERIC,
  JSON: JSON_TYPE,
  JSONB,
  TIMESTAMP,
  TIMESTAMPTZ,
} = pg.types.builtins;
const PARSERS = new Map<number, (text: string) => unknown>([
  [BOOL, (text) => text === 't'],
  [INT2, Number],
  [INT4, Number],
  [INT8, wholeNumber],
  [FLOAT4, Number],
  [FLOAT8, Number],
  [NUMERIC, exactNumber],
  [JSON_TYPE, jsonValue],
  [JSONB, jsonValue],
  [TIMESTAMP, (text) => new Moment(text, false)],
  [TIMESTAMPTZ, (text) => new Moment(text, true)],
  [BYTEA, (text) => Buffer.from(text.replace(/^\\x/, ''), 'hex').toString('base64')],
]);

export function postgresDialect(config: SqlConfig, secret: SqlSecret, sockets: Sockets): KyselyDialect {
  const pool = new pg.Pool({
    host: need(config.host, 'host'),
    port: config.port ?? 5432,
    database: need(config.database, 'database'),
    user: need(secret.user, 'user'),
    password: secret.password ?? '',
    max: config.connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: config.timeoutMs + CONNECT_TIMEOUT_MS,
    application_name: 'chatterfix-sync',
    options: `-c timezone=UTC -c datestyle=ISO -c statement_timeout=${config.timeoutMs} -c lock_timeout=${config.timeoutMs} -c idle_in_transaction_session_timeout=${config.timeoutMs * 2}`,
    stream: () => sockets.create(),
    ...(config.tls === 'off' ? { ssl: false } : { ssl: tlsOptions(config) }),
    types: { getTypeParser: (oid: number) => PARSERS.get(oid) ?? String },
  });
  // An idle connection that loses its server must not take the process down; the next statement reports it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return new PostgresDialect({ pool });
}

export function mysqlDialect(config: SqlConfig, secret: SqlSecret, sockets: Sockets): KyselyDialect {
  const host = need(config.host, 'host');
  const port = config.port ?? 3306;
  const pool = mysql.createPool({
    host,
    port,
    database: need(config.database, 'database'),
    user: need(secret.user, 'user'),
    password: secret.password ?? '',
    connectionLimit: config.connectionsMax,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4',
    multipleStatements: false,
    // Files of this machine are nobody's business: LOAD DATA LOCAL stays off.
    flags: ['-LOCAL_FILES'],
    stream: () => sockets.connect(port, host),
    ...(config.tls === 'off' ? {} : { ssl: tlsOptions(config) }),
    typeCast: castMysql,
  });
  pool.on('connection', (connection) => {
    // Errors are reported by the statement they break.
    connection.on('error', () => undefined);
  });
  return new MysqlDialect({
    pool,
    async onCreateConnection(connection) {
      const run = (text: string): Promise<{ rows: unknown[] }> =>
        connection.executeQuery(CompiledQuery.raw(text));
      const [row] = (await run('select version() as version')).rows as { version: string }[];
      const seconds = config.timeoutMs / 1_000;
      const limit = /mariadb/i.test(row?.version ?? '')
        ? `max_statement_time = ${seconds}`
        : `max_execution_time = ${config.timeoutMs}`;
      await run(
        `set session time_zone = '+00:00', sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES'), innodb_lock_wait_timeout = ${Math.max(1, Math.ceil(seconds))}, ${limit}`,
      );
    },
  });
}

function castMysql(field: TypeCastField, next: TypeCastNext): unknown {
  // MariaDB's JSON is a long text, and says so beside its type.
  if ('extendedFormat' in field && field.extendedFormat === 'json') return jsonOrNull(field.string());
  switch (field.type) {
    case 'TINY':
      return numberOf(field.string());
    case 'BIT': {
      const bytes = field.buffer();
      if (bytes === null) return null;
      if (field.length === 1) return bytes[0] === 1;
      return wholeNumber(String(bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)));
    }
    case 'LONGLONG': {
      const text = field.string();
      if (text === null) return null;
      // A text would be compared with the column as a double.
      const whole = wholeNumber(text);
      return typeof whole === 'string' ? BigInt(text) : whole;
    }
    case 'NEWDECIMAL':
    case 'DECIMAL':
      return numberOf(field.string());
    case 'JSON':
      return jsonOrNull(field.string('utf8'));
    case 'TIMESTAMP':
    case 'DATETIME': {
      const text = field.string();
      // The session's zone is UTC, which TIMESTAMP is converted to; DATETIME is a clock on somebody's wall.
      return text === null ? null : new Moment(text, field.type === 'TIMESTAMP');
    }
    case 'DATE':
      return field.string();
    default: {
      const value: unknown = next();
      return Buffer.isBuffer(value) ? value.toString('base64') : value;
    }
  }
}

function numberOf(text: string | null): number | string | null {
  return text === null ? null : exactNumber(text);
}

function jsonOrNull(text: string | null): unknown {
  return text === null ? null : jsonValue(text);
}

/** Out of a JSON column, with every digit of its numbers. */
function jsonValue(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : text;
}

/** A number when it is exact, its digits when it is not. */
function wholeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

function tlsOptions({ tls, ca, host }: SqlConfig): {
  rejectUnauthorized: boolean;
  ca?: string;
  servername?: string;
} {
  const named = host !== undefined && /[a-z]/i.test(host) && !host.includes(':');
  return {
    rejectUnauthorized: tls === 'verify',
    ...(ca === undefined ? {} : { ca }),
    ...(named ? { servername: host } : {}),
  };
}

function need(value: string | undefined, field: string): string {
  if (value !== undefined) return value;
  throw new Failure('invalid_config', `The connection needs "${field}" to log in.`, { path: field });
}
