/** What two systems call by the same word is not always one thing: placeholders, copied numbers, contradicting evidence. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { listReviews } from '../../../plant/exceptions/reviews.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { createManualSteps } from '../manual-steps.ts';

const ENTITIES = ['location', 'asset'] as const;

describe('assets of two systems', () => {
  let database: TestDatabase;
  let plant: Plant;
  let maximo: PlantConnection;
  let upkeep: PlantConnection;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    maximo = await plant.connect('maximo', { seed: 'empty' });
    upkeep = await plant.connect('upkeep', { seed: 'empty' });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  const inMaximo = (asset: object): unknown =>
    maximo.sandbox.control.insert('mxapiasset', { siteid: 'BEDFORD', ...asset });
  const inUpkeep = (asset: object): unknown => upkeep.sandbox.control.insert('assets', { ...asset });
  /** Nothing is written anywhere: what the rules find is looked at alone. */
  async function pass(): Promise<void> {
    for (const connection of [maximo, upkeep])
      await plant.pass(connection, { entities: ENTITIES, push: false });
  }
  const hubNames = async (): Promise<string[]> =>
    plant.store.inTenant(plant.tenantId, async (tx) => {
      const found = await sql<{ name: string }>`
        select fields->>'name' as name from hub_record where entity = 'asset' order by 1`.execute(tx);
      return found.rows.map(({ name }) => name);
    });
  const reviews = () =>
    listReviews({
      store: plant.store,
      tenantId: plant.tenantId,
      now: plant.deps.now,
      steps: createManualSteps(plant.deps),
    });

  it('are one where serial number and maker agree, however they are written', async () => {
    inMaximo({ assetnum: 'PUMP-7', description: 'Pump 7', serialnum: 'K-1', manufacturer: 'KSB' });
    inUpkeep({ name: 'Cooling pump', serialNumber: ' k-1 ', make: 'KSB SE & Co.' });
    await pass();
    expect(await hubNames()).toHaveLength(1);
    expect(await reviews()).toEqual([]);
  });

  it.each([
    ['N/A', 'n/a'],
    ['-', '-'],
    ['0', '0'],
    ['unknown', 'UNKNOWN'],
    ['TBD', 'tbd'],
  ])('are two where the serial number is no number: %s', async (one, other) => {
    inMaximo({
      assetnum: 'PUMP-7',
      description: 'Cooling water pump 7',
      serialnum: one,
      manufacturer: 'KSB',
    });
    inUpkeep({ name: 'Forklift', serialNumber: other, make: 'Linde' });
    await pass();
    expect(await hubNames()).toEqual(['Cooling water pump 7', 'Forklift']);
    expect(await reviews()).toEqual([]);
  });

  it('wait for a person where two makers gave the same serial number', async () => {
    inMaximo({ assetnum: 'PUMP-7', description: 'Pump 7', serialnum: '1001', manufacturer: 'KSB' });
    inUpkeep({ name: 'Crane', serialNumber: '1001', make: 'DEMAG' });
    await pass();
    expect(await hubNames()).toEqual(['Pump 7']);
    expect(await reviews()).toMatchObject([
      { fields: { name: 'Crane' }, candidates: [{ fields: { name: 'Pump 7' } }] },
    ]);
  });

  it('are all records of their own where many carry one number', async () => {
    const copies = Array.from({ length: LIMITS.matchSharedMax + 1 }, (_, n) => `Copy ${String(n)}`);
    for (const [n, description] of copies.entries())
      inMaximo({ assetnum: `C-${String(n)}`, description, serialnum: 'TEMPLATE-1' });
    inUpkeep({ name: 'The original', serialNumber: 'TEMPLATE-1' });
    await pass();
    expect(await hubNames()).toEqual([...copies, 'The original']);
    expect(await reviews()).toEqual([]);
  });
});
