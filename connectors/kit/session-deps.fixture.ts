/** What a session is given when no store stands behind it: tests of connectors against their sandboxes on loopback. */
import type { SessionDeps, TokenStore } from './contract.ts';
import { createLocalThrottle } from './local-throttle.ts';
import type { NetworkPolicy } from './network.ts';

export const LOOPBACK: NetworkPolicy = { allowed: ['127.0.0.1', 'localhost'] };

/** Tokens of one process; `exclusive` queues like the database's lock does. */
export function createMemoryTokens(): TokenStore {
  let token: string | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get: async () => token,
    set: async (value) => {
      token = value;
    },
    exclusive(work) {
      const next = last.then(work, work);
      last = next.catch(() => undefined);
      return next;
    },
  };
}

export function createSessionDeps(changes: Partial<SessionDeps> = {}): SessionDeps {
  return {
    throttle: createLocalThrottle({ requestsPerSecond: 5_000, now: () => performance.now() }),
    signal: new AbortController().signal,
    now: () => Date.now(),
    tokens: createMemoryTokens(),
    network: LOOPBACK,
    ...changes,
  };
}
