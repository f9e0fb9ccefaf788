/**
 * What rarely changes in a system and is asked for again and again: a tenant's priorities, statuses, sites, users, what a
 * service can do. Kept over the sessions of one connection for a while (`SessionDeps.kept`), and asked for anew when that
 * while is over or when somebody meets a value that is not in it.
 */
import type { Json } from '../../domain/json.ts';
import type { Kept, SessionDeps } from './contract.ts';

/** How long a list of settings is believed. A value that is not in it makes it be read again at once (`renew`). */
export const KEPT_FOR_MS = 3_600_000;

export interface KeptLists {
  /** The list as it was read at most `KEPT_FOR_MS` ago, else as it is now. */
  get<T extends Json>(name: string, load: () => Promise<T>): Promise<T>;
  /** The list as it is now; at most once a session, whoever asks. */
  renew<T extends Json>(name: string, load: () => Promise<T>): Promise<T>;
  /** The list as it is now, whenever it was asked for before; the caller bounds how often. */
  anew<T extends Json>(name: string, load: () => Promise<T>): Promise<T>;
}

export function createKeptLists({ kept, now }: Pick<SessionDeps, 'kept' | 'now'>): KeptLists {
  const known = new Map<string, Promise<Json>>();
  const renewed = new Map<string, Promise<Json>>();

  /** The first call that succeeds counts for all; a failure is not kept. */
  function once<T extends Json>(
    calls: Map<string, Promise<Json>>,
    name: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const under = calls.get(name);
    if (under !== undefined) return under as Promise<T>;
    const call = work();
    calls.set(name, call);
    call.catch(() => calls.delete(name));
    return call;
  }

  async function fresh<T extends Json>(name: string, load: () => Promise<T>): Promise<T> {
    const value = await load();
    await kept?.set(name, { value, at: now() });
    return value;
  }

  return {
    get: (name, load) =>
      once(known, name, async () => {
        const stored = (await kept?.get(name)) ?? null;
        const age = stored === null ? Infinity : now() - stored.at;
        if (stored !== null && age >= 0 && age < KEPT_FOR_MS)
          return stored.value as Awaited<ReturnType<typeof load>>;
        return fresh(name, load);
      }),
    renew: (name, load) =>
      once(renewed, name, async () => {
        const value = await fresh(name, load);
        known.set(name, Promise.resolve(value));
        return value;
      }),
    async anew(name, load) {
      const value = await fresh(name, load);
      known.set(name, Promise.resolve(value));
      return value;
    },
  };
}

/** In the memory of one process, for one connection. */
export function createMemoryKept(): Kept {
  const values = new Map<string, { value: Json; at: number }>();
  return {
    get: async (name) => values.get(name) ?? null,
    set: async (name, value) => void values.set(name, value),
  };
}
