/** What a first look says is what the first pass then does, and looking changes nothing. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { repositories } from '../../store/index.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../test/support/plant.ts';
import type { EntityLook } from '../../plant/connections/connections.ts';
import { lookFirst } from './first-look.ts';

let database: TestDatabase;
let plant: Plant;
let maximo: PlantConnection;
let upkeep: PlantConnection;
beforeEach(async () => {
  database = await createTestDatabase();
  plant = await createPlant({ url: database.url });
  maximo = await plant.connect('maximo', { seed: 'site:A:5' });
  await plant.pass(maximo);
  upkeep = await plant.connect('upkeep', { seed: 'site:B:5' });
});
afterEach(async () => {
  await plant.close();
  await database.drop();
});

async function look(recordsMax = 10_000): Promise<Map<Entity, EntityLook>> {
  const connection = await plant.store.inTenant(plant.tenantId, (tx) =>
    repositories.connections.load(tx, upkeep.id),
  );
  const signal = new AbortController().signal;
  const looks = await lookFirst(plant.deps, { connection, actor: 'test', recordsMax, signal });
  return new Map(looks.map((one) => [one.entity, one]));
}

async function rows(): Promise<unknown> {
  const found = await plant.store.inTenant(plant.tenantId, (tx) =>
    sql`select (select count(*) from hub_record) as records, (select count(*) from link) as links,
      (select count(*) from quarantine) as bad, (select count(*) from match_review) as reviews,
      (select count(*) from conflict) as conflicts, (select count(*) from change) as changes,
      (select count(*) from push_queue) as queued`.execute(tx),
  );
  return found.rows[0];
}

it('counts what the first pass does on both sides, and keeps nothing', async () => {
  const before = await rows();
  const told = await look();
  expect(await rows()).toEqual(before);

  // One after the other: a plan or request that is made there makes an order of its own.
  const pulled = await plant.pass(upkeep, { push: false });
  const pushed = await plant.pass(upkeep, { pull: false });
  const seen = ENTITIES.flatMap((entity) => {
    const n = (name: string): number => pulled[entity]?.[name] ?? 0;
    const one = told.get(entity);
    if (one === undefined) return [];
    expect([
      entity,
      one.read,
      one.hub.creates,
      one.matched,
      one.reviews,
      one.unmapped,
      one.system.creates,
    ]).toEqual([
      entity,
      n('in'),
      n('created'),
      n('linked'),
      n('review'),
      n('quarantined'),
      pushed[entity]?.['pushed_created'] ?? 0,
    ]);
    return one.read > 0 ? [entity] : [];
  });
  // Two sites of one plant: some things both have, most only one of them.
  expect(seen).toEqual(expect.arrayContaining(['asset', 'work_order']));
  expect([...told.values()].some(({ matched }) => matched > 0)).toBe(true);
});

it('says when there is more than it read', async () => {
  const order = (await look(2)).get('work_order');
  expect(order).toMatchObject({ read: 2, complete: false });
});
