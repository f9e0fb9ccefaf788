import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openStore, type Store } from '../../store/database.ts';
import { addConnection, openTestStore, type TestStore } from '../../store/store.fixture.ts';
import { createRateGovernor, type Throttle } from './rate-governor.ts';

const open = new AbortController().signal;
const now = () => performance.now();

function stoppable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('shared throttle', () => {
  let test: TestStore;
  /** A worker of its own: another pool, another process as far as the throttle knows. */
  let elsewhere: Store;
  let connectionId: string;
  beforeAll(async () => {
    test = await openTestStore();
    elsewhere = openStore({ url: test.url });
    // Every reservation, so that none can hide between two looks at the row.
    await test.admin.query(`
      create table reservation (seq serial, connection_id uuid, ms float8);
      create function note_reservation() returns trigger language plpgsql security definer as $$ begin
        insert into reservation (connection_id, ms)
          values (new.connection_id, extract(epoch from new.next_at - old.next_at) * 1000);
        return null;
      end $$;
      create trigger note_reservation after update of next_at on throttle
        for each row execute function note_reservation();`);
  });
  beforeEach(async () => {
    connectionId = await addConnection(test, test.tenantA);
  });
  afterAll(async () => {
    await elsewhere.close();
    await test.close();
  });

  const throttle = (requestsPerSecond: number | null, store = test.store): Throttle =>
    createRateGovernor({ store, tenantId: test.tenantA, connectionId, requestsPerSecond, now });

  /** All in milliseconds; `nextAt` is the instant itself, free of the clock. */
  async function row(): Promise<{ nextAt: number; nextIn: number; pausedFor: number }> {
    const found = await test.admin.query<{ nextAt: number; nextIn: number; pausedFor: number }>(
      `select (extract(epoch from next_at) * 1000)::float8 as "nextAt",
         (extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as "nextIn",
         (extract(epoch from greatest(paused_until, clock_timestamp()) - clock_timestamp()) * 1000)::float8 as "pausedFor"
       from throttle where connection_id = $1`,
      [connectionId],
    );
    return found.rows[0] ?? { nextAt: 0, nextIn: 0, pausedFor: 0 };
  }
  /** Moves the next free slot that far from now; returns the instant. */
  async function bookUntil(inMs: number): Promise<number> {
    await test.admin.query(
      `insert into throttle (connection_id, tenant_id, next_at) values ($1, $2, clock_timestamp() + $3 * interval '1 ms')`,
      [connectionId, test.tenantA, inMs],
    );
    return (await row()).nextAt;
  }
  /** The instant the row is moved to by a reservation that is under way. */
  async function movedFrom(nextAt: number): Promise<number> {
    for (;;) {
      const seen = await row();
      if (seen.nextAt !== nextAt) return seen.nextAt;
    }
  }

  /** How far each reservation moved the row, in slots. */
  async function reservations(requestsPerSecond: number): Promise<number[]> {
    const found = await test.admin.query<{ ms: number }>(
      'select ms from reservation where connection_id = $1 order by seq',
      [connectionId],
    );
    return found.rows.map(({ ms }) => Number(((ms * requestsPerSecond) / 1_050).toFixed(3)));
  }

  it('lets no second hold more than the budget, over eight workers', async () => {
    const stores = Array.from({ length: 8 }, () => openStore({ url: test.url, poolMax: 2 }));
    const sent: number[] = [];
    await Promise.all(
      stores.map(async (store) => {
        const own = throttle(20, store);
        for (let n = 0; n < 6; n += 1) {
          await own.acquire(open);
          sent.push(now());
        }
      }),
    );
    await Promise.all(stores.map((store) => store.close()));
    sent.sort((a, b) => a - b);
    // Any 21 in a row span more than a second.
    const spans = sent.slice(20).map((at, index) => at - (sent[index] ?? NaN));
    expect(spans).toHaveLength(28);
    expect(Math.min(...spans)).toBeGreaterThan(1_000);
  });

  it('takes one slot a request, 5 % wider than the budget', async () => {
    const booked = await bookUntil(60_000);
    const { signal, abort } = stoppable();
    const first = throttle(0.1).acquire(signal);
    const second = await movedFrom(booked);
    expect(second - booked).toBeCloseTo(10_500, 0);
    const other = throttle(0.1, elsewhere).acquire(signal);
    expect((await movedFrom(second)) - second).toBeCloseTo(10_500, 0);
    abort();
    await Promise.allSettled([first, other]);
  });

  it('reserves for all who wait in a worker at once, but no more than a second of the budget', async () => {
    const booked = await bookUntil(60_000);
    const { signal, abort } = stoppable();
    const own = throttle(10);
    const all = Array.from({ length: 25 }, () => own.acquire(signal));
    while ((await row()).nextAt < booked + 25 * 105 - 1);
    abort();
    await Promise.allSettled(all);
    // All 25 came before the first reservation was sent.
    expect(await reservations(10)).toEqual([10, 10, 5]);
  });

  it('takes slots ahead above 200 requests per second, and hands them out without asking again', async () => {
    const booked = await bookUntil(60_000);
    const { signal, abort } = stoppable();
    const own = throttle(1_000);
    const first = own.acquire(signal);
    const ahead = await movedFrom(booked);
    const others = Array.from({ length: 19 }, () => own.acquire(signal));
    for (let look = 0; look < 10; look += 1) expect((await row()).nextAt).toBe(ahead);
    const oneMore = own.acquire(signal);
    await movedFrom(ahead);
    abort();
    await Promise.allSettled([first, oneMore, ...others]);
    expect(await reservations(1_000)).toEqual([20, 20]);
  });

  it('does not mind a worker whose clock is wrong', async () => {
    const skewed = createRateGovernor({
      store: test.store,
      tenantId: test.tenantA,
      connectionId,
      requestsPerSecond: 50,
      now: () => performance.now() + 3_600_000,
    });
    await skewed.acquire(open);
    await throttle(50, elsewhere).acquire(open);
    expect((await row()).nextIn).toBeLessThan(1_000);
  });

  it('a pause holds those who come and those who wait already, in every worker', async () => {
    const booked = await bookUntil(200);
    const waiting = throttle(50, elsewhere).acquire(open);
    await movedFrom(booked);
    const pausing = throttle(50);
    await pausing.pause(600);
    const pausedUntil = now() + (await row()).pausedFor;
    const times = await Promise.all(
      [
        waiting,
        throttle(50).acquire(open),
        pausing.acquire(open),
        throttle(null, elsewhere).acquire(open),
      ].map(async (acquired) => {
        await acquired;
        return now();
      }),
    );
    for (const at of times) expect(at).toBeGreaterThanOrEqual(pausedUntil - 5);
  });

  it('a shorter pause does not end a longer one', async () => {
    const own = throttle(10);
    await own.pause(60_000);
    await own.pause(10);
    expect((await row()).pausedFor).toBeGreaterThan(50_000);
  });

  it('refuses to wait for minutes, tells how long, and reserves nothing', async () => {
    const booked = await bookUntil(300_000);
    await expect(throttle(10).acquire(open)).rejects.toMatchObject({
      kind: 'rate_limited',
      retryable: true,
      retryAfterMs: expect.closeTo(300_000, -5),
    });
    expect((await row()).nextAt).toBe(booked);
  });

  it('refuses to wait for a pause of minutes, with or without a budget', async () => {
    await throttle(10).pause(300_000);
    for (const rate of [10, null]) {
      await expect(throttle(rate).acquire(open)).rejects.toMatchObject({ kind: 'rate_limited' });
    }
  });

  it('stops waiting when the signal fires, and gives no slot back', async () => {
    const booked = await bookUntil(60_000);
    const own = throttle(10);
    const { signal, abort } = stoppable();
    const cancelled = own.acquire(signal);
    const taken = await movedFrom(booked);
    abort();
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(own.acquire(signal)).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await row()).nextAt).toBe(taken);
  });

  it('has no budget without a limit: no row is written', async () => {
    const free = throttle(null);
    await Promise.all(Array.from({ length: 1_000 }, () => free.acquire(open)));
    const rows = await test.admin.query('select 1 from throttle where connection_id = $1', [connectionId]);
    expect(rows.rows).toEqual([]);
  });

  it('says so when the connection is gone', async () => {
    connectionId = randomUUID();
    await expect(throttle(10).acquire(open)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(throttle(10).pause(10)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it.each([0, -1, NaN, Infinity])('refuses a limit of %s', (rate) => {
    expect(() => throttle(rate)).toThrow(expect.objectContaining({ kind: 'invalid_config' }));
  });
});
