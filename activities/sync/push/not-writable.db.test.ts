/** A linked record that its system cannot change: the hub's change is not sent, and not passed over in silence either. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';

const ENTITIES = ['person', 'location', 'asset', 'work_order'] as const;

describe('an order in a ChatterFix that takes no changes of it', () => {
  let database: TestDatabase;
  let plant: Plant;
  let maximo: PlantConnection;
  let wonum: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    maximo = await plant.connect('maximo', { seed: 'empty' });
    ({ wonum } = maximo.sandbox.control.insert('mxapiwodetail', {
      description: 'Seal leaks',
      siteid: 'BEDFORD',
    }) as { wonum: string });
    await plant.pass(maximo, { entities: ENTITIES });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  async function retitle(connection: PlantConnection, title: string): Promise<number> {
    maximo.sandbox.control.change('mxapiwodetail', wonum, { description: title });
    await plant.pass(maximo, { entities: ENTITIES });
    const { work_order: counts = {} } = await plant.pass(connection, { entities: ENTITIES });
    return counts['not_writable'] ?? 0;
  }

  const titles = ({ sandbox }: PlantConnection): unknown[] =>
    (sandbox.control.list('work-orders') as { title: string }[]).map(({ title }) => title);

  it('is counted and logged with its fields, once a change', async () => {
    const chatterfix = await plant.connect('chatterfix', { seed: 'empty' });
    await plant.pass(chatterfix, { entities: ENTITIES });
    expect(titles(chatterfix)).toEqual(['Seal leaks']);
    expect(await retitle(chatterfix, 'Seal leaks badly')).toBe(1);
    expect((await plant.pass(chatterfix, { entities: ENTITIES }))['work_order']?.['not_writable'] ?? 0).toBe(
      0,
    );
    expect(await retitle(chatterfix, 'Seal is gone')).toBe(1);
    expect(titles(chatterfix)).toEqual(['Seal leaks']);
    const logged = await plant.store.inTenant(plant.tenantId, (tx) =>
      sql<{ decisions: { fields: string[] } }>`
        select decisions from record_log where action = 'not_writable' order by seq`.execute(tx),
    );
    expect(logged.rows.map(({ decisions }) => decisions.fields)).toEqual([['title'], ['title']]);
  });

  it.each([
    { clock: 'right', offsetMs: 0, winner: 'external', title: 'Seal leaks oil' },
    { clock: 'two minutes behind', offsetMs: -120_000, winner: 'hub', title: 'Seal leaks badly' },
  ])(
    'edited there meanwhile is a conflict that the stamps of both sides decide: its clock is $clock',
    async ({ offsetMs, winner, title }) => {
      const chatterfix = await plant.connect('chatterfix', { seed: 'empty' });
      await plant.pass(chatterfix, { entities: ENTITIES });
      await retitle(chatterfix, 'Seal leaks badly');
      const [order] = chatterfix.sandbox.control.list('work-orders') as { id: number }[];
      // Half a minute later, by the right clock.
      chatterfix.sandbox.control.setClock(30_000 + offsetMs);
      chatterfix.sandbox.control.change('work-orders', String(order?.id), { title: 'Seal leaks oil' });
      maximo.sandbox.control.resetStats();
      await plant.pass(chatterfix, { entities: ENTITIES });
      await plant.pass(maximo, { entities: ENTITIES });

      const { rows } = await plant.store.inTenant(plant.tenantId, (tx) =>
        sql`select field, policy, hub_value, external_value, winner from conflict`.execute(tx),
      );
      expect(rows).toEqual([
        {
          field: 'title',
          policy: 'newest',
          hubValue: 'Seal leaks badly',
          externalValue: 'Seal leaks oil',
          winner,
        },
      ]);
      const [there] = maximo.sandbox.control.list('mxapiwodetail') as { description: string }[];
      expect(there?.description).toBe(title);
      const written = Object.values(maximo.sandbox.control.stats().writes.updated);
      expect(written).toEqual(winner === 'external' ? [1] : []);
      expect(titles(chatterfix)).toEqual(['Seal leaks oil']);
    },
  );

  it('is changed where the settings of the connection make it possible', async () => {
    const chatterfix = await plant.connect(
      'chatterfix',
      { seed: 'empty' },
      { config: { sqlFallback: true } },
    );
    await plant.pass(chatterfix, { entities: ENTITIES });
    expect(await retitle(chatterfix, 'Seal leaks badly')).toBe(0);
    expect(titles(chatterfix)).toEqual(['Seal leaks badly']);
  });
});
