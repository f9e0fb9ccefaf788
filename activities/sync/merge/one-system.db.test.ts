/** Two connections to one Maximo: sites keep their things apart, and nobody reads the same site twice. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { listReviews } from '../../../plant/exceptions/reviews.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { completeSettings } from '../complete-settings.ts';
import { createManualSteps } from '../manual-steps.ts';

const ENTITIES = ['location', 'asset', 'work_order'] as const;

describe('two connections to one Maximo', () => {
  let database: TestDatabase;
  let plant: Plant;
  let bedford: PlantConnection;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    bedford = await plant.connect(
      'maximo',
      { seed: 'two-sites' },
      { name: 'Bedford', config: { site: 'BEDFORD' } },
    );
    await greet(bedford);
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  const second = (site: string, name = 'Second'): Promise<PlantConnection> =>
    plant.connect('maximo', { seed: 'two-sites' }, { name, config: { site }, at: bedford });
  async function greet({ id }: PlantConnection): Promise<void> {
    const { deps, store, tenantId } = plant;
    const row = await store.inTenant(tenantId, (tx) => deps.repo.connections.load(tx, id));
    await completeSettings(deps, row, 'test', null);
  }
  const insert = (object: string, record: object): unknown =>
    bedford.sandbox.control.insert(object, { ...record });
  const names = async (entity: string): Promise<string[]> =>
    plant.store.inTenant(plant.tenantId, async (tx) => {
      const found = await sql<{ name: string }>`
        select coalesce(fields->>'name', fields->>'title') as name from hub_record where entity = ${entity} order by 1`.execute(
        tx,
      );
      return found.rows.map(({ name }) => name);
    });

  it('keep the things of two sites apart that carry the same numbers', async () => {
    const hartford = await second('HARTFORD');
    await greet(hartford);
    for (const [siteid, place, thing, more] of [
      ['BEDFORD', 'Boiler house', 'Centrifugal pump', { manufacturer: 'KSB', serialnum: 'K-1' }],
      ['HARTFORD', 'Boiler hall', 'Overhead crane', { manufacturer: 'DEMAG' }],
    ] as const) {
      insert('mxapilocations', { siteid, location: 'BOILER-9', description: place });
      insert('mxapiasset', { siteid, assetnum: '99430', description: thing, location: 'BOILER-9', ...more });
    }
    const before = { locations: await names('location'), assets: await names('asset') };
    expect(before).toEqual({ locations: [], assets: [] });
    for (const one of [bedford, hartford]) await plant.pass(one, { entities: ENTITIES, push: false });
    expect(await names('location')).toEqual(expect.arrayContaining(['Boiler hall', 'Boiler house']));
    expect(await names('asset')).toEqual(expect.arrayContaining(['Centrifugal pump', 'Overhead crane']));
    expect(
      await listReviews({
        store: plant.store,
        tenantId: plant.tenantId,
        now: plant.deps.now,
        steps: createManualSteps(plant.deps),
      }),
    ).toEqual([]);
  });

  it('to one site are one too many: the second is refused with what to do', async () => {
    await expect(greet(await second('BEDFORD'))).rejects.toThrow(
      /^Second reaches the same records as Bedford \(maximo http:\/\/127\.0\.0\.1:\d+\/maximo\): .*Delete one of the two/,
    );
  });

  it('to one site, met for the first time at the same moment, are one too many as well', async () => {
    const both = await Promise.all([second('HARTFORD'), second('HARTFORD', 'Third')]);
    const met = await Promise.allSettled(both.map(greet));
    expect(met.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('may be made again once the first is at another site', async () => {
    await greet(await second('HARTFORD'));
    await greet(bedford);
  });
});
