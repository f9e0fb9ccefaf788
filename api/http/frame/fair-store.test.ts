import { describe, expect, it } from '@jest/globals';
import type { PersonDeps } from '../../../plant/person.ts';
import { createFairStore } from './fair-store.ts';

/** A pool whose transactions end when the test says so. */
function createPool() {
  const open: (() => void)[] = [];
  const inTenant = (): Promise<never> => {
    const gate = Promise.withResolvers<never>();
    open.push(() => gate.resolve(undefined as never));
    return gate.promise;
  };
  return { open, store: { inTenant } as unknown as PersonDeps['store'] };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a store for each caller', () => {
  it('gives one caller its part of the pool, and the rest to the others', async () => {
    const { open, store } = createPool();
    const storeOf = createFairStore(store, { atOnce: 2, waitingMax: 100 });
    const ask = (caller: string) => storeOf(caller).inTenant('t', async () => undefined);
    const busy = Array.from({ length: 14 }, () => ask('key:1'));
    await turn();
    expect(open).toHaveLength(2);
    const other = ask('key:2');
    await turn();
    expect(open).toHaveLength(3);
    open.pop()?.();
    await other;
    while (open.length > 0) {
      open.shift()?.();
      await turn();
    }
    await Promise.all(busy);
  });

  it('passes the turn on after a failure', async () => {
    const storeOf = createFairStore(
      { inTenant: () => Promise.reject(new Error('lost')) } as unknown as PersonDeps['store'],
      { atOnce: 1, waitingMax: 100 },
    );
    const asked = Array.from({ length: 5 }, () => storeOf('a').inTenant('t', async () => undefined));
    const ends = await Promise.allSettled(asked);
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
  });

  it('refuses a caller who lets too many wait', async () => {
    const { open, store } = createPool();
    const storeOf = createFairStore(store, { atOnce: 1, waitingMax: 2 });
    const ask = () => storeOf('a').inTenant('t', async () => undefined);
    const kept = [ask(), ask(), ask()];
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
    for (let n = 0; n < 3; n += 1) {
      open.shift()?.();
      await turn();
    }
    await Promise.all(kept);
    const again = ask();
    await turn();
    open.shift()?.();
    await again;
  });
});
