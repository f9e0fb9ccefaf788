/** A record that its system refused waits for a person only while it is there. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../../../domain/kernel/failure.ts';
import { listQuarantine } from '../../../plant/exceptions/quarantine.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import { createRecord } from '../../../plant/records/change-record.ts';
import { deleteRecordByNumber } from '../../../plant/records/records.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { createManualSteps } from '../manual-steps.ts';

const ENTITIES = ['person', 'location', 'asset', 'work_order'] as const;

describe('an order that Maximo refuses to make', () => {
  let database: TestDatabase;
  let plant: Plant;
  let maximo: PlantConnection;
  let person: PersonDeps;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    person = {
      store: plant.store,
      tenantId: plant.tenantId,
      actor: 'test:maria',
      now: plant.deps.now,
      newId: plant.deps.newId,
      steps: createManualSteps(plant.deps),
    };
    refuseCreates();
    maximo = await plant.connect('maximo', { seed: 'empty' });
    await plant.pass(maximo, { entities: ENTITIES });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  function refuseCreates(): void {
    const open = plant.deps.openSession;
    plant.deps.openSession = async (...args) => ({
      ...(await open(...args)),
      create: (_entity, ops) =>
        Promise.resolve(
          ops.map(({ key }) => ({
            key,
            outcome: 'rejected' as const,
            failure: new Failure('rejected', 'The title is not allowed.'),
          })),
        ),
    });
  }
  const newOrder = (title: string): Promise<string> =>
    plant.store.inTenant(plant.tenantId, async (tx) => {
      const at = new Date(plant.deps.now()).toISOString();
      return (await createRecord(person, tx, 'work_order', { title }, { at, readingSource: 'hub' })).number;
    });
  const waiting = async (): Promise<(string | null)[]> =>
    (await listQuarantine(person)).map(({ number }) => number);

  it('leaves quarantine once it is deleted here; another one stays', async () => {
    const gone = await newOrder('Seal leaks');
    const stays = await newOrder('Belt slips');
    await plant.pass(maximo, { entities: ENTITIES });
    expect((await waiting()).sort()).toEqual([gone, stays].sort());

    await deleteRecordByNumber(person, { number: gone });
    await plant.pass(maximo, { entities: ENTITIES });
    expect(await waiting()).toEqual([stays]);
    expect(maximo.sandbox.control.list('mxapiwodetail')).toEqual([]);
  });
});
