/** Creates whose every answer is lost after the vendor carried them out: exactly as many records exist there in the end. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addRecords } from '../../hub/writer.ts';
import { repositories } from '../../store/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createPlant, type Plant } from '../support/plant.ts';
import { waitOut } from './wait-out.ts';

const COUNT = 1_000;
const LIMIT_MS = 600_000;

describe('creates whose answers are all lost', () => {
  let database: TestDatabase;
  let plant: Plant;
  let offsetMs = 0;
  beforeEach(async () => {
    database = await createTestDatabase();
    offsetMs = 0;
    plant = await createPlant({ url: database.url, now: () => Date.now() + offsetMs });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  async function enterOrders(count: number): Promise<void> {
    const { tenantId, deps, store } = plant;
    await store.inTenant(tenantId, async (tx) => {
      const records = Array.from({ length: count }, (_, n) => ({
        id: deps.newId(),
        fields: { title: `Order ${String(n)}`, priority: 'low' },
      }));
      const entity = 'work_order';
      const at = new Date(deps.now()).toISOString();
      const scope = {
        tenantId,
        entity,
        originConnectionId: null,
        runId: null,
        at,
        readingSource: 'hub',
      } as const;
      await addRecords({ rules: deps, tx, scope }, records);
    });
  }

  it.each([
    { system: 'maximo', object: 'mxapiwodetail', title: 'description' },
    { system: 'upkeep', object: 'work-orders', title: 'title' },
  ])(
    `leave exactly ${String(COUNT)} records at $system`,
    async ({ system, object, title }) => {
      const connection = await plant.connect(system, { seed: 'empty' });
      const { control } = connection.sandbox;
      const entities = ['person', 'work_order'] as const;
      await plant.pass(connection, { entities });
      await enterOrders(COUNT);
      control.setFaults({
        rules: [
          { match: { method: 'POST', path: 'work-orders$|mxapiwodetail' }, effect: 'drop_after_commit' },
        ],
      });
      // Every create is carried out and its answer lost; a pass that meets an outage ends and is repeated.
      const made = (): Record<string, unknown>[] => control.list(object) as Record<string, unknown>[];
      for (let round = 0; round < COUNT && made().length < COUNT; round += 1) {
        await plant.pass(connection, { entities }).catch(() => undefined);
        await later();
      }
      control.clearFaults();
      for (let round = 0; round < 4; round += 1) {
        await later();
        await plant.pass(connection, { entities });
      }
      const titles = made().map((row) => row[title]);
      expect(titles).toHaveLength(COUNT);
      expect(new Set(titles).size).toBe(COUNT);
      const links = await plant.store.inTenant(plant.tenantId, (tx) =>
        repositories.runs.totalCounts(tx, connection.id),
      );
      expect(links['work_order']?.['pushed_created']).toBe(COUNT);
    },
    LIMIT_MS,
  );

  /** Pauses are over and what was carried out shows. */
  async function later(): Promise<void> {
    offsetMs += 15_000;
    await plant.store.inTenant(plant.tenantId, waitOut);
  }
});
