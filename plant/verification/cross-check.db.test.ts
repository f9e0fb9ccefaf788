/** The comparison has to be able to find something. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import { repositories } from '../../store/index.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createPlant, type Plant } from '../../test/support/plant.ts';
import { crossCheck } from './cross-check.ts';

describe('the comparison of all systems', () => {
  let database: TestDatabase;
  let plant: Plant;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    const maximo = await plant.connect('maximo', { seed: 'empty' });
    await plant.connect('upkeep', { seed: 'empty' });
    maximo.sandbox.control.insert('mxapiwodetail', {
      description: 'Seal leaks',
      siteid: 'BEDFORD',
      status: 'COMP',
    });
    await plant.settle();
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  async function check(): ReturnType<typeof crossCheck> {
    const connections = await plant.store.inTenant(plant.tenantId, (tx) => repositories.connections.list(tx));
    return crossCheck({ store: plant.store, steps: createManualSteps(plant.deps) }, connections);
  }

  it('finds nothing when all agree, coarser words included', async () => {
    const { rows, differences } = await check();
    expect(differences).toEqual([]);
    expect(rows.filter(({ entity }) => entity === 'work_order')).toMatchObject([
      { records: 1, linked: 1, missing: 0, values: { different: 0 } },
      { records: 1, linked: 1, missing: 0, values: { different: 0 } },
    ]);
  });

  it('finds a value that one system does not have, and a record that one lacks', async () => {
    await plant.store.inTenant(plant.tenantId, (tx) =>
      sql`update hub_record set fields = fields || '{"title": "Seal is gone"}' where entity = 'work_order'`.execute(
        tx,
      ),
    );
    const changed = await check();
    expect(changed.differences).toMatchObject([
      { connection: 'maximo-0', field: 'title', hub: 'Seal is gone', shown: 'Seal leaks' },
      { connection: 'upkeep-1', field: 'title', hub: 'Seal is gone', shown: 'Seal leaks' },
    ]);
    await plant.store.inTenant(plant.tenantId, (tx) =>
      sql`delete from link l using connection c where c.id = l.connection_id and c.system = 'upkeep'
        and l.entity = 'work_order'`.execute(tx),
    );
    const lacking = await check();
    expect(lacking.differences).toMatchObject([
      { connection: 'maximo-0', field: 'title' },
      { connection: 'upkeep-1', field: null, hub: 'Seal is gone' },
    ]);
  });
});
