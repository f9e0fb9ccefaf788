/**
 * Transactions in somebody's database: reads in read-only ones and repeated over a blip, writes once and with the
 * knowledge whether the commit had been sent when something broke. Bounds on time hold for both; SQL is others' business.
 */
import { Kysely, sql } from 'kysely';
import type { ControlledTransaction, RawBuilder } from 'kysely';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { Applied } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { SessionDeps } from '../kit/contract.ts';
import { assertFile } from '../kit/network.ts';
import type { Dialect, SqlConfig, SqlSecret } from './config.ts';
import { createClassify } from './failures.ts';
import { mysqlDialect, postgresDialect } from './servers.ts';
import { createSockets } from './sockets.ts';
import type { Sockets } from './sockets.ts';
import { sqliteDialect } from './sqlite.ts';

export type Rows = Record<string, unknown>[];
export interface Tx {
  /** Rows of a statement. */
  rows(statement: RawBuilder<unknown>): Promise<Rows>;
  /** Rows changed, and the key the server made. */
  run(statement: RawBuilder<unknown>): Promise<{ changed: number; insertId: string | null; rows: Rows }>;
}

export interface Database {
  dialect: Dialect;
  /** How messages name it. */
  where: string;
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Commits unless `work` throws or gives `keep: false`. */
  write<T>(work: (tx: Tx) => Promise<{ keep: boolean; value: T }>): Promise<T>;
  close(): Promise<void>;
}

/** Beyond the server's own bound: a server that hangs does not keep its promises. */
const SPARE_MS = 5_000;
const BLIP_PAUSE_MS = 100;

export function openDatabase(config: SqlConfig, secret: SqlSecret, deps: SessionDeps): Database {
  const { dialect } = config;
  const port = config.port ?? (dialect === 'mysql' ? 3306 : 5432);
  const where =
    dialect === 'sqlite' ? `the SQLite file ${nameOf(config.file)}` : `${config.host ?? ''}:${port}`;
  const secrets = [secret.password, secret.user].filter((one) => one !== undefined);
  const classify = createClassify(dialect, where, secrets);
  const { reader, writer, sockets } = openDialect(config, secret, deps, port);
  const line = createLine(dialect === 'sqlite');

  /** Ends with the signal or when time is up, whatever the driver is waiting for. */
  async function bounded<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => undefined;
    const ended = new Promise<never>((_, reject) => {
      const end = (failure: Failure): void => {
        reject(failure);
        sockets?.cut();
      };
      timer = setTimeout(
        () =>
          end(
            new Failure('unavailable', `${where} did not answer in time; it will be tried again later.`, {
              applied: 'unknown',
              code: 'ETIMEDOUT',
            }),
          ),
        config.timeoutMs + SPARE_MS,
      );
      onAbort = () =>
        end(new Failure('cancelled', `The work at ${where} was cancelled.`, { applied: 'unknown' }));
      if (deps.signal.aborted) onAbort();
      else deps.signal.addEventListener('abort', onAbort, { once: true });
    });
    // Whichever loses the race still ends; nobody listens to it then.
    work.catch(() => undefined);
    ended.catch(() => undefined);
    try {
      return await Promise.race([work, ended]);
    } finally {
      clearTimeout(timer);
      deps.signal.removeEventListener('abort', onAbort);
    }
  }

  async function readOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    await deps.throttle.acquire(deps.signal);
    const begin = reader.transaction();
    const started = dialect === 'sqlite' ? begin : begin.setAccessMode('read only');
    return bounded(line(() => started.execute((trx) => work(txOf(trx)))));
  }

  return {
    dialect,
    where,
    async read(work) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await readOnce(work);
        } catch (error) {
          const failure = classify(error);
          // A statement that took too long takes too long again.
          const blip = failure.retryable && failure.code !== '57014' && failure.code !== 'ETIMEDOUT';
          if (!blip || attempt >= LIMITS.blipRetriesMax) throw withApplied(failure, 'no');
          await pause(BLIP_PAUSE_MS * 2 ** attempt, deps.signal);
        }
      }
    },
    async write(work) {
      await deps.throttle.acquire(deps.signal);
      const sent = { commit: false };
      try {
        return await bounded(
          line(async () => {
            const trx = await writer.startTransaction().execute();
            const { keep, value } = await work(txOf(trx)).catch(async (error: unknown) => {
              await giveUp(trx);
              throw error;
            });
            if (!keep) {
              await giveUp(trx);
              return value;
            }
            sent.commit = true;
            await trx
              .commit()
              .execute()
              .catch(async (error: unknown) => {
                // Only this gives the connection back to the pool.
                await giveUp(trx);
                throw error;
              });
            return value;
          }),
        );
      } catch (error) {
        const failure = classify(error);
        // Without a commit the server takes everything back; a commit that it answered with a refusal is none.
        const lost = sent.commit && (failure.kind === 'unavailable' || failure.kind === 'cancelled');
        throw withApplied(failure, lost ? 'unknown' : 'no');
      }
    },
    async close() {
      const ending = Promise.allSettled([...new Set([reader, writer])].map((one) => one.destroy()));
      sockets?.cut();
      await ending;
    },
  };
}

function openDialect(
  config: SqlConfig,
  secret: SqlSecret,
  deps: SessionDeps,
  port: number,
): { reader: Kysely<unknown>; writer: Kysely<unknown>; sockets: Sockets | null } {
  if (config.dialect === 'sqlite') {
    const file = config.file ?? '';
    assertFile(file, deps.network);
    const open = (readOnly: boolean): Kysely<unknown> =>
      new Kysely<unknown>({ dialect: sqliteDialect(file, readOnly) });
    return { reader: open(true), writer: open(false), sockets: null };
  }
  const sockets = createSockets(config.host ?? '', port, deps.network);
  const dialect = config.dialect === 'postgres' ? postgresDialect : mysqlDialect;
  const database = new Kysely<unknown>({ dialect: dialect(config, secret, sockets) });
  return { reader: database, writer: database, sockets };
}

function txOf(executor: Kysely<unknown>): Tx {
  return {
    rows: async (statement) => (await statement.execute(executor)).rows as Rows,
    async run(statement) {
      const { rows, numAffectedRows, insertId } = await statement.execute(executor);
      return {
        changed: Number(numAffectedRows ?? 0n),
        insertId: insertId === undefined ? null : String(insertId),
        rows: rows as Rows,
      };
    },
  };
}

async function giveUp(trx: ControlledTransaction<unknown>): Promise<void> {
  await trx
    .rollback()
    .execute()
    .catch(() => undefined);
}

/** SQLite has one connection a handle: transactions stand in line for it. */
function createLine(oneByOne: boolean): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    if (!oneByOne) return work();
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

export function withApplied(failure: Failure, applied: Applied): Failure {
  return new Failure(failure.kind, failure.message, {
    applied,
    ...(failure.code === null ? {} : { code: failure.code }),
    ...(failure.path === null ? {} : { path: failure.path }),
    ...(failure.kind === 'bug' ? { cause: failure.cause } : {}),
  });
}

async function pause(forMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, forMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
  if (signal.aborted) throw toFailure(new Failure('cancelled', 'The work was cancelled.'));
}

/** The last part of a path: messages need not tell where the operator keeps things. */
function nameOf(file: string | undefined): string {
  return file?.split(/[/\\]/).at(-1) ?? '';
}

export { sql };
