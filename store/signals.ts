/**
 * Hears of commits as they happen (LISTEN/NOTIFY), over one connection of this process for all who wait, open only while somebody
 * does. A signal says that there may be something new, never what: whoever waits reads it from the tables. After each gap in
 * the listening everybody is signalled once, so that nothing is missed.
 */
import pg from 'pg';
import { LISTENER_LOCK, SIGNAL_CHANNEL } from './signal-names.ts';

/** The feed and the alerts of a tenant, one run. */
export type Topic = `change:${string}` | `alert:${string}` | `run:${string}`;

export interface Subscription {
  /** Resolves with the next signal, with one that came since the last wait, after `forMs`, or when the caller left. */
  wait(forMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface Signals {
  /** A new subscription is signalled as soon as the process listens. */
  subscribe(topic: Topic): Subscription;
  /** How many are open. */
  open(): number;
  close(): Promise<void>;
}

const RECONNECT_MS = 500;
const CONNECT_MS = 10_000;
/** Writers that began before this process listened gave no signal; they are waited for this often and this long. */
const SETTLE_EVERY_MS = 200;
const SETTLE_TRIES_MAX = 900;

interface Waiter {
  signalled: boolean;
  wake: (() => void) | null;
}

export function createSignals(url: string): Signals {
  const topics = new Map<string, Set<Waiter>>();
  let line: Listening | null = null;
  let closed = false;

  function signal(waiters: Iterable<Waiter>): void {
    for (const waiter of waiters) {
      waiter.signalled = true;
      waiter.wake?.();
    }
  }
  const signalAll = (): void => {
    for (const waiters of topics.values()) signal(waiters);
  };

  function listen(): void {
    if (line !== null || closed || topics.size === 0) return;
    const opened = startListening(url, {
      heard: (topic) => signal(topics.get(topic) ?? []),
      caughtUp: signalAll,
      lost: () => {
        if (line === opened) line = null;
        setTimeout(listen, RECONNECT_MS).unref();
      },
    });
    line = opened;
  }

  async function hangUp(): Promise<void> {
    const open = line;
    line = null;
    await open?.end();
  }

  return {
    subscribe(topic) {
      const waiter: Waiter = { signalled: false, wake: null };
      const waiters = topics.get(topic) ?? new Set();
      topics.set(topic, waiters.add(waiter));
      listen();
      // Whoever joins a line that is open has missed nothing since, and has read nothing yet.
      return {
        wait: (forMs, gone) => waitFor(waiter, forMs, gone),
        close: () => {
          waiters.delete(waiter);
          if (waiters.size === 0 && topics.get(topic) === waiters) topics.delete(topic);
          if (topics.size === 0) void hangUp();
        },
      };
    },
    open: () => [...topics.values()].reduce((n, waiters) => n + waiters.size, 0),
    async close() {
      closed = true;
      await hangUp();
    },
  };
}

function waitFor(waiter: Waiter, forMs: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      gone.removeEventListener('abort', done);
      waiter.wake = null;
      waiter.signalled = false;
      resolve();
    };
    const timer = setTimeout(done, forMs);
    gone.addEventListener('abort', done, { once: true });
    waiter.wake = done;
    if (waiter.signalled || gone.aborted) done();
  });
}

interface Listening {
  end(): Promise<void>;
}

interface Hooks {
  heard: (topic: string) => void;
  /** What was committed before is visible now. */
  caughtUp: () => void;
  lost: () => void;
}

function startListening(url: string, { heard, caughtUp, lost }: Hooks): Listening {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'chatterfix-sync signals',
  });
  let over = false;
  const gone = (): void => {
    if (over) return;
    over = true;
    void client.end().catch(() => undefined);
    lost();
  };
  client.on('error', gone);
  client.on('end', gone);
  client.on('notification', ({ payload = '' }) => heard(payload));
  const begin = async (): Promise<void> => {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1, $2)', [...LISTENER_LOCK]);
    await client.query(`listen ${SIGNAL_CHANNEL}`);
    const { rows } = await client.query<{ xid: string }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as xid',
    );
    caughtUp();
    await settle(client, rows[0]?.xid ?? '0', () => over);
    caughtUp();
  };
  begin().catch(gone);
  return {
    async end() {
      over = true;
      await client.end().catch(() => undefined);
    },
  };
}

/** Until every transaction that was under way when the listening began has ended. */
async function settle(client: pg.Client, before: string, over: () => boolean): Promise<void> {
  for (let tries = 0; tries < SETTLE_TRIES_MAX && !over(); tries += 1) {
    const { rows } = await client.query<{ ended: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as ended',
      [before],
    );
    if (rows[0]?.ended === true) return;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_EVERY_MS));
  }
}
