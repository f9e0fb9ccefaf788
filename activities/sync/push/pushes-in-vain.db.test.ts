/** Updates that come to nothing each time: the push rests, a person is told, nothing is given up. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { discardQuarantined, listQuarantine } from '../../../plant/exceptions/quarantine.ts';
import { createManualSteps } from '../manual-steps.ts';
import { setRecordFields } from '../../../plant/records/records.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { waitOut } from '../../../test/faults/wait-out.ts';
import type { Counts } from '../context.ts';

const ENTITIES = ['person', 'location', 'asset', 'work_order'] as const;

interface Order {
  wonum: string;
  description: string;
  wopriority?: number;
}

describe('an order that somebody in Maximo saves between our read and our write', () => {
  let database: TestDatabase;
  let plant: Plant;
  let maximo: PlantConnection;
  let person: PersonDeps;
  let wonum: string;
  /** What happens in Maximo just before each write; it changes another value each time. */
  let meddle: ((n: number) => void) | null;
  let meddled: number;
  beforeEach(async () => {
    database = await createTestDatabase();
    meddle = null;
    meddled = 0;
    plant = await createPlant({
      url: database.url,
      crashPoint(name) {
        if (name === 'push:intended' && meddle !== null) meddle((meddled += 1));
      },
    });
    person = {
      store: plant.store,
      tenantId: plant.tenantId,
      actor: 'test:maria',
      now: plant.deps.now,
      newId: plant.deps.newId,
      steps: createManualSteps(plant.deps),
    };
    maximo = await plant.connect('maximo', { seed: 'empty' }, { name: 'Maximo north' });
    ({ wonum } = maximo.sandbox.control.insert('mxapiwodetail', {
      description: 'Seal leaks',
      siteid: 'BEDFORD',
      wopriority: 3,
    }) as Order);
    await pass();
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  const pass = async (options: { pull?: boolean } = {}): Promise<Counts> =>
    (await plant.pass(maximo, { entities: ENTITIES, ...options }))['work_order'] ?? {};
  /** As the workflow does when the hub changed, once the pause is over. */
  async function pushLater(): Promise<Counts> {
    await plant.store.inTenant(plant.tenantId, waitOut);
    return pass({ pull: false });
  }
  const inMaximo = (): Order | undefined =>
    (maximo.sandbox.control.list('mxapiwodetail') as Order[]).find((order) => order.wonum === wonum);
  const lockWork = (n: number): void => {
    maximo.sandbox.control.change('mxapiwodetail', wonum, { estdur: n });
  };
  async function retitle(title: string): Promise<void> {
    await setRecordFields(person, { number: 'WO-000001', fields: () => ({ title }) });
  }
  async function pause(): Promise<{ seconds: number; passes: number } | undefined> {
    const found = await plant.store.inTenant(plant.tenantId, (tx) =>
      sql<{ seconds: number; passes: number }>`
        select round(extract(epoch from not_before - now()))::int as seconds, stale_passes as passes
        from push_queue where connection_id = ${maximo.id}`.execute(tx),
    );
    return found.rows[0];
  }

  it('rests longer after each such pass, is told after the fifth, and goes out when the order rests', async () => {
    await retitle('Replace the seal');
    meddle = lockWork;
    const pauses: number[] = [];
    for (let n = 1; n <= 4; n += 1) {
      expect(await pushLater()).toMatchObject({ stale: 3, postponed: 1 });
      // Not before its time, though the pass is asked for.
      expect((await pass({ pull: false }))['stale']).toBeUndefined();
      const rest = await pause();
      expect(rest?.passes).toBe(n);
      pauses.push(rest?.seconds ?? 0);
    }
    expect(pauses.every((seconds, n) => n === 0 || seconds > (pauses[n - 1] ?? 0))).toBe(true);
    expect(await listQuarantine(person)).toEqual([]);

    expect(await pushLater()).toMatchObject({ stale: 3, push_quarantined: 1 });
    const [row, ...more] = await listQuarantine(person);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      direction: 'push',
      number: 'WO-000001',
      data: { description: 'Replace the seal' },
    });
    expect(row?.problems).toMatchObject([{ rule: 'stale', path: '' }]);
    expect(row?.problems[0]?.message).toMatch(/^Changed in Maximo north each time .* tried 15 times;/);

    await pushLater();
    const still = await listQuarantine(person);
    expect(still.map(({ id }) => id)).toEqual([row?.id]);
    expect(still[0]?.problems[0]?.message).toContain('tried 18 times');

    meddle = null;
    expect(await pushLater()).toMatchObject({ pushed_updated: 1 });
    expect(inMaximo()?.description).toBe('Replace the seal');
    expect(await listQuarantine(person)).toEqual([]);
    expect(await pause()).toBeUndefined();
  });

  it('counts on when a pull or an edit makes it due at once in between', async () => {
    await retitle('Replace the seal');
    meddle = lockWork;
    for (let n = 1; n <= 4; n += 1) {
      // What the last try left in Maximo is read and merged, and a person edits the hub's side: both queue it anew.
      if (n % 2 === 0) maximo.sandbox.control.change('mxapiwodetail', wonum, { estdur: 100 + n });
      else await retitle(`Replace the seal ${String(n)}`);
      expect(await pass()).toMatchObject({ stale: 3 });
      const rest = await pause();
      expect(rest?.passes).toBe(n);
      expect(rest?.seconds).toBeGreaterThanOrEqual(2 ** n - 1);
    }
    await pushLater();
    expect(await listQuarantine(person)).toHaveLength(1);
  });

  it('is told anew in another streak, and not again about a write that a person gave up', async () => {
    meddle = lockWork;
    const streak = async (): Promise<number> => {
      for (let n = 1; n <= 5; n += 1) await pushLater();
      return (await listQuarantine(person)).length;
    };
    await retitle('Replace the seal');
    expect(await streak()).toBe(1);
    const [row] = await listQuarantine(person);
    await discardQuarantined(person, {
      id: row?.id ?? '',
      reason: 'The integration of the meters is switched off soon.',
    });
    await pushLater();
    expect(await listQuarantine(person)).toEqual([]);
    await retitle('Replace the seal and the ring');
    await pushLater();
    expect(await listQuarantine(person)).toHaveLength(1);
    meddle = null;
    await pushLater();
    expect(await listQuarantine(person)).toEqual([]);

    await retitle('Replace the pump');
    meddle = lockWork;
    expect(await streak()).toBe(1);
  });

  it('whose answer is lost each time is told, too, and leaves quarantine with the first answer', async () => {
    await retitle('Replace the seal');
    maximo.sandbox.control.setFaults({ rules: [{ match: { method: 'POST' }, effect: 'reset_before' }] });
    for (let n = 1; n <= 5; n += 1) expect(await pushLater()).toMatchObject({ unknown: 3 });
    const [row] = await listQuarantine(person);
    expect(row?.problems).toMatchObject([{ rule: 'unknown', path: '' }]);
    expect(row?.problems[0]?.message).toMatch(/^Maximo north gave no answer .* asked 15 times;/);
    maximo.sandbox.control.clearFaults();
    expect(await pushLater()).toMatchObject({ pushed_updated: 1 });
    expect(await listQuarantine(person)).toEqual([]);
    expect(inMaximo()?.description).toBe('Replace the seal');
  });

  it('knows the newest version also when nothing else of the order moved', async () => {
    // One stamp for many saves: the row's version moves, what we read of it does not.
    maximo.sandbox.control.setDial('equalTimestamps', 50);
    maximo.sandbox.control.change('mxapiwodetail', wonum, { estdur: 1 });
    await pass();
    await retitle('Replace the seal');
    maximo.sandbox.control.change('mxapiwodetail', wonum, { remdur: 2 });
    expect(await pass({ pull: false })).toMatchObject({ stale: 1, pushed_updated: 1 });
    expect(inMaximo()?.description).toBe('Replace the seal');
  });
});
