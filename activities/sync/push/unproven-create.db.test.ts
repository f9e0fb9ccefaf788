/** A create whose answer was lost, at a system that can be searched by nothing: a person decides before a second one. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addRecords } from '../../../hub/writer.ts';
import { denyAmbiguousCreate, listAmbiguousCreates } from '../../../plant/exceptions/ambiguous-creates.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { waitOut } from '../../../test/faults/wait-out.ts';
import type { Counts } from '../context.ts';
import { createManualSteps } from '../manual-steps.ts';

/** The generic system without a word on how its records are found again. */
const DEFINITION = {
  resources: {
    work_order: {
      list: { path: '/api/work-orders', records: 'work_orders' },
      updated: 'updated_at',
      item: { path: '/api/work-orders/{id}' },
      create: { path: '/api/work-orders' },
      update: { path: '/api/work-orders/{id}' },
    },
  },
};

describe('a create of unknown outcome that no search can find', () => {
  let database: TestDatabase;
  let plant: Plant;
  let system: PlantConnection;
  let person: PersonDeps;
  let offsetMs: number;
  beforeEach(async () => {
    offsetMs = 0;
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url, now: () => Date.now() + offsetMs });
    const { store, tenantId, deps } = plant;
    person = {
      store,
      tenantId,
      actor: 'test:maria',
      now: deps.now,
      newId: deps.newId,
      steps: createManualSteps(deps),
    };
    system = await plant.connect('custom', { seed: 'empty' }, { config: { definition: DEFINITION } });
    await pass();
    await plant.store.inTenant(tenantId, (tx) =>
      addRecords(
        {
          rules: deps,
          tx,
          scope: {
            tenantId,
            entity: 'work_order',
            originConnectionId: null,
            runId: null,
            at: new Date(deps.now()).toISOString(),
            readingSource: 'hub',
          },
        },
        [{ id: deps.newId(), fields: { title: 'Seal leaks', priority: 'high' } }],
      ),
    );
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  const pass = async (): Promise<Counts> =>
    (await plant.pass(system, { entities: ['work_order'] }))['work_order'] ?? {};
  async function later(): Promise<Counts> {
    offsetMs += 60_000;
    await plant.store.inTenant(plant.tenantId, waitOut);
    return pass();
  }
  const there = (): unknown[] => system.sandbox.control.list('work-orders');
  /** The line breaks at each create: nobody here can know that it was not carried out. */
  const loseAnswers = (): void =>
    system.sandbox.control.setFaults({
      rules: [{ match: { method: 'POST', path: '/api/work-orders$' }, effect: 'reset_before' }],
    });
  it('is sent once, and waits for a person who is told so', async () => {
    loseAnswers();
    await pass();
    system.sandbox.control.clearFaults();
    const counts = await later();
    expect(counts).toMatchObject({ ambiguous: 1 });
    expect(counts['pushed_created'] ?? 0).toBe(0);
    await later();
    expect(there()).toEqual([]);
    expect(await listAmbiguousCreates(person)).toMatchObject([{ number: 'WO-000001', candidates: [] }]);
  });

  it('is sent again when the person says that it is not there', async () => {
    loseAnswers();
    await pass();
    system.sandbox.control.clearFaults();
    await later();
    const { id } = system;
    const name = (
      await plant.store.inTenant(plant.tenantId, (tx) => plant.deps.repo.connections.load(tx, id))
    ).name;
    expect(await denyAmbiguousCreate(person, { connection: name, number: 'WO-000001' })).toMatchObject({
      number: 'WO-000001',
      own: [],
    });
    expect(await later()).toMatchObject({ pushed_created: 1 });
    expect(there()).toMatchObject([{ title: 'Seal leaks' }]);
    expect(await listAmbiguousCreates(person)).toEqual([]);
  });
});
