import { describe, expect, it } from '@jest/globals';
import { createKeptLists, createMemoryKept, KEPT_FOR_MS } from './kept.ts';

describe('lists of settings', () => {
  function tenant() {
    const state = { now: 0, calls: 0, broken: false };
    const load = async (): Promise<string[]> => {
      state.calls += 1;
      if (state.broken) throw new Error('down');
      return [`read at ${String(state.now)}`];
    };
    const kept = createMemoryKept();
    const session = (memory = kept) => createKeptLists({ kept: memory, now: () => state.now });
    return { state, load, session };
  }

  it('are asked for once by all who want them, in this session and the next', async () => {
    const { state, load, session } = tenant();
    const one = session();
    await Promise.all([one.get('users', load), one.get('users', load)]);
    expect(await session().get('users', load)).toEqual(['read at 0']);
    expect(state.calls).toBe(1);
  });

  it('are asked for again when their time is over, and when a clock went back', async () => {
    const { state, load, session } = tenant();
    state.now = 1_000;
    await session().get('users', load);
    state.now = 1_000 + KEPT_FOR_MS;
    expect(await session().get('users', load)).toEqual([`read at ${String(state.now)}`]);
    state.now = 5;
    expect(await session().get('users', load)).toEqual(['read at 5']);
  });

  it('are renewed at most once a session, for the sessions after it too', async () => {
    const { state, load, session } = tenant();
    const one = session();
    await one.get('users', load);
    state.now = 7;
    expect(await one.renew('users', load)).toEqual(['read at 7']);
    expect(await one.renew('users', load)).toEqual(['read at 7']);
    expect(await one.get('users', load)).toEqual(['read at 7']);
    expect(await session().get('users', load)).toEqual(['read at 7']);
    expect(state.calls).toBe(2);
  });

  it('are read anew as often as it is asked for, and stay so', async () => {
    const { state, load, session } = tenant();
    const one = session();
    await one.renew('users', load);
    state.now = 9;
    expect(await one.anew('users', load)).toEqual(['read at 9']);
    state.now = 11;
    expect(await one.anew('users', load)).toEqual(['read at 11']);
    expect(await one.get('users', load)).toEqual(['read at 11']);
    expect(await session().get('users', load)).toEqual(['read at 11']);
  });

  it('a failed call is not kept', async () => {
    const { state, load, session } = tenant();
    const one = session();
    state.broken = true;
    await expect(one.get('users', load)).rejects.toThrow('down');
    state.broken = false;
    expect(await one.get('users', load)).toEqual(['read at 0']);
  });

  it('live as long as the session where there is no place for them', async () => {
    const { state, load } = tenant();
    await createKeptLists({ now: () => state.now }).get('users', load);
    await createKeptLists({ now: () => state.now }).get('users', load);
    expect(state.calls).toBe(2);
  });
});
