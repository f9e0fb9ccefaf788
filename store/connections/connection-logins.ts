/**
 * One login at a time at each connection's system: vendors count failed and parallel logins. Within a process the others queue;
 * between processes a lease says whose turn it is, which ends by itself when its holder dies. No connection to PostgreSQL is held
 * while a login is under way, so that those who wait never take from the pool what the one who works needs.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Store } from '../database.ts';

export interface ConnectionLogins {
  /** Throws `unavailable` when another process has the turn for longer than anybody should wait. */
  exclusive<T>(connection: LoginKey, work: () => Promise<T>): Promise<T>;
}

export interface LoginKey {
  tenantId: string;
  connectionId: string;
}

export interface LoginTimes {
  /** How long a turn lasts after its holder's last sign. */
  leaseMs: number;
  /** How often another process's turn is looked at. */
  lookEveryMs: number;
  waitMs: number;
}

const TIMES: LoginTimes = { leaseMs: 30_000, lookEveryMs: 250, waitMs: 90_000 };

export function createConnectionLogins(store: Store, times: LoginTimes = TIMES): ConnectionLogins {
  /** By connection, the end of the last turn that was asked for here. */
  const lastTurns = new Map<string, Promise<void>>();
  return {
    async exclusive(key, work) {
      const { connectionId } = key;
      const before = lastTurns.get(connectionId);
      const turn = Promise.withResolvers<undefined>();
      lastTurns.set(connectionId, turn.promise);
      try {
        await before;
        return await underLease(store, key, times, work);
      } finally {
        if (lastTurns.get(connectionId) === turn.promise) lastTurns.delete(connectionId);
        turn.resolve(undefined);
      }
    },
  };
}

async function underLease<T>(
  store: Store,
  key: LoginKey,
  times: LoginTimes,
  work: () => Promise<T>,
): Promise<T> {
  const holder = randomUUID();
  const until = performance.now() + times.waitMs;
  while (!(await takeLease(store, key, holder, times.leaseMs))) {
    if (performance.now() > until) {
      throw new Failure(
        'unavailable',
        'Another process is logging in at this system and does not come to an end; try again.',
      );
    }
    await pause(times.lookEveryMs);
  }
  const renewal = setInterval(() => {
    takeLease(store, key, holder, times.leaseMs).catch(() => undefined);
  }, times.leaseMs / 3);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    // A lease that cannot be given back now ends by itself.
    await store
      .inTenant(key.tenantId, (tx) =>
        sql`delete from connection_login where connection_id = ${key.connectionId} and holder = ${holder}`.execute(
          tx,
        ),
      )
      .catch(() => undefined);
  }
}

/** Takes the turn when it is free, or keeps it. */
async function takeLease(store: Store, key: LoginKey, holder: string, leaseMs: number): Promise<boolean> {
  const { tenantId, connectionId } = key;
  return store.inTenant(tenantId, async (tx) => {
    const taken = await sql`
      insert into connection_login as l (connection_id, tenant_id, holder, lease_until)
      select id, tenant_id, ${holder}::uuid, now() + make_interval(secs => ${leaseMs / 1_000}::float8)
      from connection where id = ${connectionId}
      on conflict (connection_id) do update set holder = excluded.holder, lease_until = excluded.lease_until
        where l.lease_until < now() or l.holder = excluded.holder
      returning 1`.execute(tx);
    if (taken.rows.length > 0) return true;
    const there = await sql`select 1 from connection where id = ${connectionId}`.execute(tx);
    if (there.rows.length === 0) throw new Failure('not_found', 'The connection is no more.');
    return false;
  });
}
