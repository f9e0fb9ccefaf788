import { describe, expect, it } from '@jest/globals';
import type { CallCount } from '../../store/access/call-counts.ts';
import { createCallCounts, WINDOW_MS, type CallCounts } from './call-counts.ts';

/** The database's side, with a clock that the test moves. */
function createSums() {
  const sums = new Map<string, { calls: number; beganAt: number }>();
  const timers: { at: number; work: () => void }[] = [];
  const state = { now: 1_000_000, exchanges: 0, fails: false, forgotten: 0 };

  async function exchange(added: { caller: string; calls: number }[]): Promise<CallCount[]> {
    state.exchanges += 1;
    if (state.fails) throw new Error('no database');
    return added.map(({ caller, calls }) => {
      const known = sums.get(caller);
      const open = known !== undefined && known.beganAt > state.now - WINDOW_MS;
      const sum = open ? { ...known, calls: known.calls + calls } : { calls, beganAt: state.now };
      sums.set(caller, sum);
      return { caller, calls: sum.calls, endsInMs: sum.beganAt + WINDOW_MS - state.now };
    });
  }
  return {
    state,
    sums,
    process: (): CallCounts =>
      createCallCounts({
        exchange,
        forget: async () => void (state.forgotten += 1),
        now: () => state.now,
        after: (ms, work) => void timers.push({ at: state.now + ms, work }),
      }),
    /** Lets time pass; what is due is done, and everything it starts. */
    async pass(ms: number): Promise<void> {
      state.now += ms;
      for (const timer of timers.splice(0)) {
        if (timer.at <= state.now) timer.work();
        else timers.push(timer);
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('call counts', () => {
  it('of one process are exact at once', () => {
    const counts = createSums().process();
    expect([1, 2, 3].map(() => counts.add('rate/a', 100).calls)).toEqual([1, 2, 3]);
    expect(counts.read('rate/a').calls).toBe(3);
    expect(counts.read('rate/b').calls).toBe(0);
  });

  it('of several processes add up within a second', async () => {
    const sums = createSums();
    const [one, other] = [sums.process(), sums.process()];
    for (let n = 0; n < 30; n += 1) one.add('rate/a', 1_000);
    for (let n = 0; n < 20; n += 1) other.add('rate/a', 1_000);
    await sums.pass(1_000);
    expect(sums.sums.get('rate/a')?.calls).toBe(50);
    one.add('rate/a', 1_000);
    await sums.pass(1_000);
    other.add('rate/a', 1_000);
    await sums.pass(1_000);
    expect(other.read('rate/a').calls).toBe(52);
  });

  it('are handed in once a second, all callers in one statement', async () => {
    const sums = createSums();
    const counts = sums.process();
    for (let second = 0; second < 5; second += 1) {
      for (let caller = 0; caller < 40; caller += 1) counts.add(`rate/${String(caller)}`, 1_000);
      await sums.pass(1_000);
    }
    expect(sums.state.exchanges).toBe(5);
  });

  it('near a bound are told the others at once', async () => {
    const sums = createSums();
    const [one, other] = [sums.process(), sums.process()];
    for (let n = 0; n < 6; n += 1) one.add('guess/10.0.0.7', 60);
    await sums.pass(0);
    other.add('guess/10.0.0.7', 10);
    await sums.pass(0);
    expect(other.read('guess/10.0.0.7').calls).toBe(7);
  });

  it('begin anew when the window that the database keeps has ended', async () => {
    const sums = createSums();
    const counts = sums.process();
    counts.add('rate/a', 1_000);
    await sums.pass(1_000);
    expect(counts.read('rate/a').endsInMs).toBe(WINDOW_MS);
    await sums.pass(WINDOW_MS);
    expect(counts.read('rate/a').calls).toBe(0);
    counts.add('rate/a', 1_000);
    await sums.pass(1_000);
    expect(sums.sums.get('rate/a')?.calls).toBe(1);
  });

  it('outlive a database that is away, and nothing is counted twice', async () => {
    const sums = createSums();
    const counts = sums.process();
    sums.state.fails = true;
    counts.add('rate/a', 1_000);
    await sums.pass(1_000);
    counts.add('rate/a', 1_000);
    expect(counts.read('rate/a').calls).toBe(2);
    sums.state.fails = false;
    await sums.pass(1_000);
    await sums.pass(1_000);
    expect(sums.sums.get('rate/a')?.calls).toBe(2);
    expect(counts.read('rate/a').calls).toBe(2);
  });

  it('of long ago are removed once a minute', async () => {
    const sums = createSums();
    const counts = sums.process();
    for (let second = 0; second < 125; second += 1) {
      counts.add('rate/a', 1_000);
      await sums.pass(1_000);
    }
    expect(sums.state.forgotten).toBe(2);
  });
});
