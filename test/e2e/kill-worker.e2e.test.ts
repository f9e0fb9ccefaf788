/**
 * A worker killed with -9 at random moments of a first sync: nothing is lost, nothing is made twice, next to nothing is
 * fetched again. The seed of a failed run is in the name of its test.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import { createRandom } from '../../connectors/kit/sandbox/random.ts';
import { repositories } from '../../store/index.ts';
import { createStack, until, type Plant, type Stack } from '../workflows/stack.ts';
import { startWorkerProcess, type WorkerProcess } from './program.ts';

const ORDERS = 2_000;
const PAGE = 100;
const SEED = 20_261_121;
const LIMIT_MS = 150_000;
/** A little less, so that it is told what did not happen. */
const UNTIL_MS = LIMIT_MS - 20_000;

describe(`a worker killed in the first sync (seed ${String(SEED)})`, () => {
  const random = createRandom(SEED);
  let stack: Stack;
  let maximo: Plant;
  let upkeep: Plant;
  let worker: WorkerProcess;
  beforeAll(async () => {
    stack = await createStack({ worker: false });
    maximo = await stack.connect('maximo', `orders:${String(ORDERS)}`, { config: { pageSize: PAGE } });
    upkeep = await stack.connect('upkeep', 'empty');
    upkeep.sandbox.control.insert('users', {
      email: 'wilson@plant.example',
      password: 'invited by hand',
      accountType: 'TECHNICIAN',
    });
    await stack.start(maximo, upkeep);
    worker = await startWorkerProcess(stack);
  });
  afterAll(async () => {
    await worker.kill();
    await stack.close();
  });

  it(
    'while it reads: another one goes on, and at most one page of an entity is fetched again',
    async () => {
      const killAt = random.int(ORDERS / PAGE - 2) + 1;
      await until('it reads', () => pagesOf(maximo.sandbox, 'mxapiwodetail') >= killAt);
      await pause(random.int(50));
      await worker.kill();
      const read = pagesOf(maximo.sandbox, 'mxapiwodetail');
      worker = await startWorkerProcess(stack);
      await until('all is read', async () => (await hubOrders()) === ORDERS, UNTIL_MS);
      expect(read).toBeLessThanOrEqual(ORDERS / PAGE);
      for (const [object, times] of fetchedAgain(maximo.sandbox))
        expect([object, times]).toEqual([object, 1]);
    },
    LIMIT_MS,
  );

  it(
    'while it writes: another one goes on, and nothing is there twice',
    async () => {
      const killAt = random.int(ORDERS / 2) + 1;
      await until('it writes', () => upkeep.sandbox.control.list('work-orders').length >= killAt, UNTIL_MS);
      await pause(random.int(50));
      await worker.kill();
      expect(upkeep.sandbox.control.list('work-orders').length).toBeLessThan(ORDERS);
      worker = await startWorkerProcess(stack);
      await until('all is written', async () => (await due()) === 0, UNTIL_MS);

      const titles = (sandbox: RunningSandbox, object: string, field: string): string[] =>
        sandbox.control.list(object).map((row) => String((row as Record<string, unknown>)[field]));
      const there = titles(upkeep.sandbox, 'work-orders', 'title').sort();
      expect(there).toEqual(titles(maximo.sandbox, 'mxapiwodetail', 'description').sort());
      expect(new Set(there).size).toBe(ORDERS);
      expect(await hubOrders()).toBe(ORDERS);
      expect(upkeep.sandbox.control.stats().writes.created).toMatchObject({ 'work-orders': ORDERS });
      expect(maximo.sandbox.control.stats().writes.created).toEqual({});
    },
    LIMIT_MS,
  );

  it('and the run that was killed is the run that ended', async () => {
    for (const plant of [maximo, upkeep]) {
      await until('it rests', async () => (await stack.progress(plant)).state === 'idle');
      for (const run of await stack.runs(plant))
        expect(run).toMatchObject({ state: 'completed', failure: null });
    }
  });

  it('ends when it is asked to', async () => {
    expect(await worker.stop()).toBe(143);
  });

  async function hubOrders(): Promise<number> {
    const found = await stack.inTenant((tx) =>
      sql<{ n: number }>`select count(*) as n from hub_record where entity = 'work_order'`.execute(tx),
    );
    return found.rows[0]?.n ?? 0;
  }

  async function due(): Promise<number> {
    const counts = await stack.inTenant(async (tx) =>
      Promise.all([maximo, upkeep].map(({ connection }) => repositories.pushes.countDue(tx, connection.id))),
    );
    const orders = upkeep.sandbox.control.list('work-orders').length;
    return counts.reduce((sum, n) => sum + n, Math.max(0, ORDERS - orders));
  }
});

function pagesOf(sandbox: RunningSandbox, object: string): number {
  return sandbox.control.pages().filter((page) => page.object === object).length;
}

/** How often pages of an object were served that had been served before. */
function fetchedAgain(sandbox: RunningSandbox): Map<string, number> {
  const seen = new Set<string>();
  const again = new Map<string, number>();
  for (const { object, query } of sandbox.control.pages()) {
    const page = `${object}?${query}`;
    if (seen.has(page)) again.set(object, (again.get(object) ?? 0) + 1);
    seen.add(page);
  }
  return again;
}
