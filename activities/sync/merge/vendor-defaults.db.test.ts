/** What a system fills in by itself where our create said nothing is not taken for somebody's statement. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { JsonObject } from '../../../domain/json.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant } from '../../../test/support/plant.ts';

describe('an order without a priority, made in ChatterFix, where there is always one', () => {
  let database: TestDatabase;
  let plant: Plant;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  async function order(): Promise<JsonObject> {
    const found = await plant.store.inTenant(plant.tenantId, (tx) =>
      sql<{ fields: JsonObject }>`select fields from hub_record where entity = 'work_order'`.execute(tx),
    );
    return found.rows[0]?.fields ?? {};
  }

  it('stays without one here, until somebody there gives it one', async () => {
    const maximo = await plant.connect('maximo', { seed: 'empty' });
    const chatterfix = await plant.connect('chatterfix', { seed: 'empty' });
    maximo.sandbox.control.insert('mxapiwodetail', { description: 'Seal leaks', siteid: 'BEDFORD' });
    await plant.settle();
    const [made] = chatterfix.sandbox.control.list('work-orders') as { id: number; priority: string }[];
    expect(made?.priority).toBe('medium');
    expect(await order()).not.toHaveProperty('priority');
    chatterfix.sandbox.control.change('work-orders', String(made?.id), { priority: 'high' });
    await plant.settle();
    expect((await order())['priority']).toBe('high');
    const [first] = maximo.sandbox.control.list('mxapiwodetail') as { wopriority: number }[];
    expect(first?.wopriority).toBe(2);
  });
});
