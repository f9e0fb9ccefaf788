/** Records that refer to one nobody knows yet: they wait, visibly, and go on when it appears, in both directions. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { listWaiting } from '../../store/exceptions/waiting-list.ts';
import { createPlant, type Plant, type PlantConnection } from '../support/plant.ts';

describe('a record whose reference is not known yet', () => {
  let database: TestDatabase;
  let plant: Plant;
  let north: PlantConnection;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    north = await plant.connect('upkeep', { seed: 'empty' });
    const { id: pump } = north.sandbox.control.insert('assets', { name: 'Pump' }) as { id: string };
    north.sandbox.control.insert('work-orders', { title: 'Grease the pump', asset: pump });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  const waiting = () => plant.store.inTenant(plant.tenantId, (tx) => listWaiting(tx, 10));

  it('is parked by the pull and resumed when the reference is linked', async () => {
    const early = await plant.pass(north, { entities: ['person', 'work_order'] });
    expect(early['work_order']).toMatchObject({ in: 1, parked: 1 });
    expect(await waiting()).toMatchObject([
      { direction: 'pull', entity: 'work_order', waitsEntity: 'asset' },
    ]);
    const later = await plant.pass(north, { entities: ['person', 'asset', 'work_order'] });
    expect(later['work_order']).toMatchObject({ created: 1 });
    expect(await waiting()).toEqual([]);
  });

  it('is held by the push and sent when the reference has a counterpart', async () => {
    const south = await plant.connect('upkeep', { seed: 'empty' });
    await plant.pass(north, { entities: ['person', 'asset', 'work_order'] });
    await plant.pass(south, { entities: ['person', 'work_order'] });
    expect(await waiting()).toMatchObject([
      { direction: 'push', entity: 'work_order', waitsEntity: 'asset' },
    ]);
    expect(south.sandbox.control.list('work-orders')).toEqual([]);
    await plant.pass(south, { entities: ['person', 'asset', 'work_order'] });
    expect(await waiting()).toEqual([]);
    const [asset] = south.sandbox.control.list('assets') as { id: string }[];
    expect(south.sandbox.control.list('work-orders')).toMatchObject([
      { title: 'Grease the pump', asset: asset?.id },
    ]);
  });
});
