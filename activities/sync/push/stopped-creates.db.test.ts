/** Creates that wait for a person: far more than the first readings announced, or after a reading that may have missed records. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { addRecords } from '../../../hub/writer.ts';
import { allowCreates, listStoppedCreates, whyStopped } from '../../../plant/exceptions/stopped-creates.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { waitOut } from '../../../test/faults/wait-out.ts';
import type { Counts } from '../context.ts';
import { createManualSteps } from '../manual-steps.ts';

const DEFINITION = {
  resources: {
    asset: {
      list: { path: '/api/assets', records: 'assets', paging: { style: 'cursor', next: 'next_cursor' } },
      updated: 'updated_at',
      item: { path: '/api/assets/{id}' },
      create: { path: '/api/assets' },
    },
  },
};
const MANY = LIMITS.createBreakerFloor + 1;

let database: TestDatabase;
let plant: Plant;
let person: PersonDeps;
beforeEach(async () => {
  database = await createTestDatabase();
  plant = await createPlant({ url: database.url });
  const { store, tenantId, deps } = plant;
  const { now, newId } = deps;
  person = { store, tenantId, actor: 'test:maria', now, newId, steps: createManualSteps(deps) };
});
afterEach(async () => {
  await plant.close();
  await database.drop();
});

async function pass(connection: PlantConnection): Promise<Counts> {
  await plant.store.inTenant(plant.tenantId, waitOut);
  return (await plant.pass(connection, { entities: ['asset'] }))['asset'] ?? {};
}

describe('many more creates than the first readings announced', () => {
  const insert = (at: PlantConnection, from: number, count: number): void => {
    for (let n = from; n < from + count; n += 1)
      at.sandbox.control.insert('assets', { name: `Pump ${String(n)}` });
  };

  it('wait for a word, which lets exactly so many go', async () => {
    const source = await plant.connect('upkeep', { seed: 'empty' }, { name: 'source' });
    const target = await plant.connect('custom', { seed: 'empty' }, { name: 'target' });
    // What a first reading brings was to be seen before.
    insert(source, 0, MANY);
    await pass(source);
    await pass(target);
    expect(target.sandbox.control.list('assets')).toHaveLength(MANY);

    insert(source, MANY, MANY);
    await pass(source);
    expect(await pass(target)).toMatchObject({ push_waiting: MANY });
    expect(target.sandbox.control.list('assets')).toHaveLength(MANY);
    const [stopped] = await listStoppedCreates(person);
    expect(stopped).toMatchObject({ connection: 'target', entity: 'asset', due: MANY, total: MANY });
    expect(stopped === undefined ? '' : whyStopped(stopped)).toBe(
      `${String(MANY)} records of asset would be created where ${String(MANY)} are: many more than the first readings showed.`,
    );

    await allowCreates(person, { connection: 'target', entity: 'asset' });
    expect(await pass(target)).toMatchObject({ pushed_created: MANY });
    expect(target.sandbox.control.list('assets')).toHaveLength(2 * MANY);
    await pass(target);
    expect(await listStoppedCreates(person)).toEqual([]);
    await expect(allowCreates(person, { connection: 'target', entity: 'asset' })).rejects.toThrow(
      'No creates of asset are stopped at target.',
    );
  });
});

describe('a first reading that may have missed records', () => {
  async function enter(name: string): Promise<void> {
    const { store, tenantId, deps } = plant;
    const at = new Date(deps.now()).toISOString();
    const scope = {
      tenantId,
      entity: 'asset',
      originConnectionId: null,
      runId: null,
      at,
      readingSource: 'hub',
    } as const;
    await store.inTenant(tenantId, (tx) =>
      addRecords({ rules: deps, tx, scope }, [{ id: deps.newId(), fields: { name } }]),
    );
  }

  async function incompleteSystem(): Promise<PlantConnection> {
    const system = await plant.connect(
      'custom',
      { seed: 'empty' },
      { name: 'system', config: { pageSize: 1, definition: DEFINITION } },
    );
    const { control } = system.sandbox;
    for (const name of ['Mixer', 'Press', 'Conveyor']) control.insert('assets', { name });
    control.setDial('paging', 'offset');
    control.setDial('paging', 'cursor');
    control.setDial('pageFault', 'cycle');
    await enter('Chiller');
    return system;
  }
  const names = ({ sandbox }: PlantConnection): unknown[] =>
    (sandbox.control.list('assets') as { name: string }[]).map(({ name }) => name).sort();

  it('creates nothing, says why, and begins anew', async () => {
    const system = await incompleteSystem();
    expect(await pass(system)).toMatchObject({ incomplete: 1, push_waiting: 1 });
    const [stopped] = await listStoppedCreates(person);
    expect(stopped).toMatchObject({ connection: 'system', entity: 'asset', why: 'incomplete_reading' });
    system.sandbox.control.setDial('pageFault', null);
    expect(await pass(system)).toMatchObject({ pushed_created: 1 });
    expect(names(system)).toEqual(['Chiller', 'Conveyor', 'Mixer', 'Press']);
    expect(await listStoppedCreates(person)).toEqual([]);
  });

  it('counts as complete when a person says so', async () => {
    const system = await incompleteSystem();
    await pass(system);
    await allowCreates(person, { connection: 'system', entity: 'asset' });
    expect(await pass(system)).toMatchObject({ incomplete: 1, pushed_created: 1 });
    expect(await listStoppedCreates(person)).toEqual([]);
  });
});
