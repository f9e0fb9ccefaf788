/**
 * The one door to PostgreSQL. Opens pools under the application's role and runs work inside a tenant: every
 * statement of the product goes through `inTenant`, so that row-level security has its tenant.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  CamelCasePlugin,
  CompiledQuery,
  Kysely,
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type Driver,
  type PostgresDialectConfig,
  Transaction,
} from 'kysely';
import pg from 'pg';
import { DATA_REFUSED, Failure } from '../domain/kernel/failure.ts';
import { shortenText } from '../domain/kernel/text.ts';
import { createSignals, type Signals } from './signals.ts';

/** The role the product works under: no superuser, no table owner, so policies bind it. */
export const APP_ROLE = 'chatterfix_app';

/** Statements are written with the `sql` tag; result types are given where they are read. */
export type Database = Kysely<unknown>;
export type Tx = Transaction<unknown>;

export interface Store {
  readonly db: Database;
  /** Runs `work` in one transaction in which only this tenant's rows exist. */
  inTenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Hears of commits; costs a connection while somebody waits. */
  readonly signals: Signals;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** PostgreSQL URL of a login that may `set role chatterfix_app`. */
  url: string;
  /** Connections of this process; a worker needs one per running activity and one for prefetch. */
  poolMax?: number;
  /**
   * Refuses a transaction that is begun inside another one: it holds one pooled connection and waits for a second, and as many of
   * them as the pool has connections wait for ever. For tests, so that such code is never written.
   */
  refuseNested?: boolean;
}

export function openStore(options: StoreOptions): Store {
  // jsonb, numeric and bigint stay as pg gives them, except int8: counters here are far below 2^53.
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax ?? 10,
    options: `-c role=${APP_ROLE} -c timezone=UTC -c statement_timeout=120000`,
    connectionTimeoutMillis: 10_000,
    // Statements of a transaction that do not wait for each other's rows are sent one behind the other.
    pipeline: true,
    types,
  });
  // An idle client that loses its server must not take the process down; the next statement reports it.
  pool.on('error', () => undefined);
  const dialect = new TenantDialect({ pool });
  const db = new Kysely<unknown>({
    dialect,
    // Columns are snake_case, code is camelCase; what lies inside a document is data and keeps its names.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const inside = new AsyncLocalStorage<true>();
  const signals = createSignals(options.url);
  return {
    db,
    signals,
    async inTenant(tenantId, work) {
      if (options.refuseNested === true && inside.getStore() === true)
        throw new Failure('bug', 'A transaction was begun inside another; hand its `tx` on instead.');
      try {
        return await db.transaction().execute((transaction) =>
          inPipeline(transaction, dialect, async (tx) => {
            // Sent with the first statements of the work; without it they see no tenant's rows.
            const [, result] = await Promise.all([
              tx.executeQuery(beginInTenant(tenantId)),
              options.refuseNested === true ? inside.run(true, () => work(tx)) : work(tx),
            ]);
            return result;
          }),
        );
      } catch (error) {
        throw databaseFailure(error);
      }
    },
    async close() {
      await signals.close();
      await db.destroy();
    },
  };
}

/**
 * A transaction whose statements are sent when they are called, in that order: Kysely's own waits for each answer before it sends the
 * next. When one fails, PostgreSQL refuses those behind it, and the first failure is the one that `Promise.all` tells.
 */
function inPipeline<T>(transaction: Tx, dialect: TenantDialect, work: (tx: Tx) => Promise<T>): Promise<T> {
  const serial = transaction.getExecutor();
  return serial.provideConnection((connection) => {
    const executor = serial.withConnectionProvider({ provideConnection: (send) => send(connection) });
    return work(new Transaction({ config: { dialect }, dialect, driver: dialect.createDriver(), executor }));
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Begins and names the tenant in one round trip: simple queries may be several, and take no parameters. */
function beginInTenant(tenantId: string): CompiledQuery {
  if (tenantId !== '' && !UUID.test(tenantId)) throw new Failure('bug', 'A tenant id is no uuid.');
  return CompiledQuery.raw(`begin; set local app.tenant = '${tenantId}'`);
}

/** Leaves `begin` to the first statement of a transaction; `commit` and `rollback` are Kysely's. */
class TenantDriver extends PostgresDriver {
  override async beginTransaction(_connection: DatabaseConnection): Promise<void> {
    await Promise.resolve();
  }
}

class TenantDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new TenantDriver(this.#config);
  }
}

/**
 * A server that never saw a migration lacks the role that pools open under. 22023 is the code of any value that does not do,
 * a time zone of ours say, and the sentence is in the server's language: only the name of the role tells them apart.
 */
function namesNoRole(code: string, message: string): boolean {
  return code === '22023' && message.includes(APP_ROLE);
}

/** PostgreSQL's own errors as failures: an unreachable or overloaded server is worth repeating, the rest is ours. */
export function databaseFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '42P01' || namesNoRole(code, error.message)) {
    return new Failure(
      'invalid_config',
      'The database is not migrated; run `chatterfix-sync migrate` and start again.',
      { cause: error },
    );
  }
  if (/^28/.test(code)) {
    return new Failure(
      'invalid_config',
      'PostgreSQL refuses the login; check user and password in DATABASE_URL.',
      { cause: error },
    );
  }
  // Only what a grant would mend: writing over the audit log, say, is a fault of ours.
  if (code === '42501' && /set role|for schema|schema_migration/.test(error.message)) {
    return new Failure(
      'invalid_config',
      `The login of DATABASE_URL lacks a right (${error.message}); grant it ${APP_ROLE} and the schema, see docs/operations.md.`,
      { cause: error },
    );
  }
  if (code === '3D000') {
    return new Failure(
      'invalid_config',
      'The database of DATABASE_URL does not exist; create it or correct the name.',
      {
        cause: error,
      },
    );
  }
  // A value out of its range, text that no column can hold, a row too large: the same value is refused every time.
  // 22023 is an argument of ours that no function takes, never a value that somebody sent.
  if ((/^(22|54)/.test(code) && code !== '22023') || code === '23514') {
    return new Failure('rejected', `PostgreSQL cannot store this: ${shortenText(error.message, 300)}.`, {
      code: DATA_REFUSED,
      cause: error,
    });
  }
  const transient = /^(08|40|53|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code);
  if (transient || /Connection terminated|timeout exceeded when trying to connect/.test(error.message)) {
    return new Failure(
      'unavailable',
      `PostgreSQL cannot be used now (${code || error.message}); check DATABASE_URL.`,
      {
        cause: error,
      },
    );
  }
  return error;
}
