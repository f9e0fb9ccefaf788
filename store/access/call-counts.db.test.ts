import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openTestStore, type TestStore } from '../store.fixture.ts';
import { addCallCounts, forgetCallCounts } from './call-counts.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const add = (caller: string, calls: number) => addCallCounts(test.store.db, [{ caller, calls }], 60);

describe('call counts in the database', () => {
  it('add up, whoever hands them in, and tell when the window ends', async () => {
    await Promise.all(Array.from({ length: 10 }, () => add('rate/a', 3)));
    const [sum] = await add('rate/a', 0);
    expect(sum).toMatchObject({ caller: 'rate/a', calls: 30 });
    expect(sum?.endsInMs).toBeGreaterThan(0);
    expect(sum?.endsInMs).toBeLessThanOrEqual(60_000);
  });

  it('begin anew after the window', async () => {
    await add('rate/b', 5);
    await test.admin.query(
      `update call_count set began_at = now() - interval '61 s' where caller = 'rate/b'`,
    );
    expect(await add('rate/b', 2)).toMatchObject([{ calls: 2 }]);
  });

  it('of many callers never wait for each other in a circle', async () => {
    const callers = Array.from({ length: 200 }, (_, n) => ({ caller: `rate/c${String(n)}`, calls: 1 }));
    const batches = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? callers : callers.toReversed()));
    const sums = await Promise.all(batches.map((batch) => addCallCounts(test.store.db, batch, 60)));
    const last = await addCallCounts(
      test.store.db,
      callers.map(({ caller }) => ({ caller, calls: 0 })),
      60,
    );
    expect(sums.flat()).toHaveLength(1_600);
    expect(last.every(({ calls }) => calls === 8)).toBe(true);
  });

  it('are forgotten after their time, and not read by the program itself', async () => {
    await add('rate/old', 1);
    await test.admin.query(
      `update call_count set began_at = now() - interval '1 h' where caller = 'rate/old'`,
    );
    await add('rate/new', 1);
    await forgetCallCounts(test.store.db, 600);
    const left = await test.admin.query(
      `select caller from call_count where caller in ('rate/old', 'rate/new')`,
    );
    expect(left.rows).toEqual([{ caller: 'rate/new' }]);
    await expect(sql`select * from call_count`.execute(test.store.db)).rejects.toMatchObject({
      code: '42501',
    });
  });
});
