/** Deletions at a vendor: two complete sweeps, the connection's policy, the breaker, and the way back. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { loadBreaker } from '../../store/exceptions/breaker-list.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import type { PersonDeps } from '../../plant/person.ts';
import { deleteRecordByNumber, restoreRecord } from '../../plant/records/records.ts';
import { confirmDeletions, listBreakers } from '../../plant/exceptions/waiting.ts';
import { createPlant, type Plant, type PlantConnection } from '../support/plant.ts';

const ENTITIES = ['person', 'location'] as const;

describe('deletions at a vendor', () => {
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

  const person = (): PersonDeps => ({
    store: plant.store,
    tenantId: plant.tenantId,
    actor: 'test:maria',
    now: plant.deps.now,
    newId: plant.deps.newId,
    steps: createManualSteps(plant.deps),
  });
  const names = ({ sandbox }: PlantConnection): string[] =>
    (sandbox.control.list('locations') as { name: string }[]).map(({ name }) => name).sort();
  const enter = ({ sandbox }: PlantConnection, name: string): string =>
    (sandbox.control.insert('locations', { name }) as { id: string }).id;
  const sync = async (...connections: PlantConnection[]): Promise<void> => {
    for (let round = 0; round < 3; round += 1)
      for (const connection of connections) await plant.pass(connection, { entities: ENTITIES });
  };
  const hubRecords = (): Promise<HubRecord[]> =>
    plant.store.inTenant(plant.tenantId, async (tx) => {
      const found = await sql<HubRecord>`select * from hub_record where entity = 'location'`.execute(tx);
      return found.rows;
    });

  it('are believed when two sweeps missed the record, not one', async () => {
    const north = await plant.connect('upkeep', { seed: 'empty' }, { deletePolicy: 'archive' });
    const gone = enter(north, 'Old hall');
    enter(north, 'New hall');
    await sync(north);
    north.sandbox.control.remove('locations', gone);
    expect(await plant.sweep(north, 'location')).toMatchObject({ swept: 1, missed: 1 });
    expect((await hubRecords()).filter(({ deletedAt }) => deletedAt !== null)).toEqual([]);
    expect(await plant.sweep(north, 'location')).toMatchObject({ swept: 1, missed: 1, gone: 1 });
    const archived = (await hubRecords()).filter(({ deletedAt }) => deletedAt !== null);
    expect(archived.map(({ fields }) => fields['name'])).toEqual(['Old hall']);
  });

  it.each([
    { deletePolicy: 'ignore', left: ['New hall', 'Old hall'] },
    { deletePolicy: 'archive', left: ['New hall', 'Old hall'] },
    { deletePolicy: 'delete', left: ['New hall'] },
  ] as const)('reach the other system by its policy $deletePolicy', async ({ deletePolicy, left }) => {
    const north = await plant.connect(
      'upkeep',
      { seed: 'empty' },
      { deletePolicy: deletePolicy === 'ignore' ? 'ignore' : 'archive' },
    );
    const south = await plant.connect('upkeep', { seed: 'empty' }, { deletePolicy });
    const gone = enter(north, 'Old hall');
    enter(north, 'New hall');
    await sync(north, south);
    expect(names(south)).toEqual(['New hall', 'Old hall']);
    north.sandbox.control.remove('locations', gone);
    await plant.sweep(north, 'location');
    await plant.sweep(north, 'location');
    await sync(north, south);
    expect(names(south)).toEqual(left);
    expect(names(north)).toEqual(['New hall']);
  });

  describe('of the hub', () => {
    const inHub = async (name: string): Promise<HubRecord> => {
      const found = (await hubRecords()).find(({ fields }) => fields['name'] === name);
      if (found === undefined) throw new Error(`There is no ${name}.`);
      return found;
    };
    const shown = ({ sandbox }: PlantConnection): Record<string, string> =>
      Object.fromEntries(
        (sandbox.control.list('mxapilocations') as { description: string; status: string }[]).map(
          ({ description, status }) => [description, status],
        ),
      );
    const connected = async (
      deletePolicy: 'ignore' | 'archive' | 'delete',
      halls: number,
    ): Promise<PlantConnection> => {
      const north = await plant.connect('upkeep', { seed: 'empty' }, { name: 'north' });
      const south = await plant.connect('maximo', { seed: 'empty' }, { name: 'south', deletePolicy });
      for (let n = 0; n < halls; n += 1) enter(north, `Hall ${String(n)}`);
      await sync(north, south);
      return south;
    };

    it.each([
      { deletePolicy: 'ignore', then: 'OPERATING' },
      { deletePolicy: 'archive', then: 'DECOMMISSIONED' },
    ] as const)(
      'follow the policy $deletePolicy, and a restore brings them back',
      async ({ deletePolicy, then }) => {
        const south = await connected(deletePolicy, 2);
        const { number } = await inHub('Hall 0');
        await deleteRecordByNumber(person(), { number });
        await sync(south);
        expect(shown(south)).toEqual({ 'Hall 0': then, 'Hall 1': 'OPERATING' });
        south.sandbox.control.resetStats();
        await sync(south);
        expect(south.sandbox.control.stats().writes).toMatchObject({ updated: {} });
        await restoreRecord(person(), { number });
        await sync(south);
        expect(shown(south)).toEqual({ 'Hall 0': 'OPERATING', 'Hall 1': 'OPERATING' });
        expect((await inHub('Hall 0')).deletedAt).toBeNull();
        await expect(restoreRecord(person(), { number })).rejects.toMatchObject({ kind: 'conflict' });
      },
    );

    it('wait for a person when they are many; what is let go goes, what is dismissed stays', async () => {
      const south = await connected('archive', 12);
      for (let n = 0; n < 6; n += 1) {
        const { number } = await inHub(`Hall ${String(n)}`);
        await deleteRecordByNumber(person(), { number });
      }
      const retired = (): number =>
        Object.values(shown(south)).filter((status) => status === 'DECOMMISSIONED').length;
      await sync(south);
      expect(retired()).toBe(0);
      const request = { connection: 'south', entity: 'location', direction: 'out' } as const;
      expect(await listBreakers(person())).toMatchObject([{ direction: 'out', total: 12 }]);
      expect((await confirmDeletions(person(), request)).gone).toHaveLength(6);
      await sync(south);
      expect(retired()).toBe(6);
      expect(await listBreakers(person())).toEqual([]);
    });
  });

  it('of more than the breaker allows stop and wait for a person', async () => {
    const north = await plant.connect('upkeep', { seed: 'empty' }, { deletePolicy: 'delete' });
    const ids = Array.from({ length: 20 }, (_, n) => enter(north, `Hall ${String(n)}`));
    await sync(north);
    for (const id of ids.slice(0, 6)) north.sandbox.control.remove('locations', id);
    await plant.sweep(north, 'location');
    expect(await plant.sweep(north, 'location')).toMatchObject({ breaker: 6 });
    expect((await hubRecords()).filter(({ deletedAt }) => deletedAt !== null)).toEqual([]);
    const breaker = await plant.store.inTenant(plant.tenantId, (tx) =>
      loadBreaker(tx, north.id, 'location', 'in'),
    );
    expect(breaker?.externalIds.toSorted()).toEqual(ids.slice(0, 6).toSorted());
  });

  it('of 2 % of a large entity pass, of more do not', async () => {
    const north = await plant.connect('upkeep', { seed: 'empty' }, { deletePolicy: 'archive' });
    const ids = Array.from({ length: 400 }, (_, n) => enter(north, `Hall ${String(n)}`));
    await sync(north);
    for (const id of ids.slice(0, 8)) north.sandbox.control.remove('locations', id);
    await plant.sweep(north, 'location');
    expect(await plant.sweep(north, 'location')).toMatchObject({ gone: 8 });
    for (const id of ids.slice(8, 17)) north.sandbox.control.remove('locations', id);
    await plant.sweep(north, 'location');
    expect(await plant.sweep(north, 'location')).toMatchObject({ breaker: 9 });
  });

  it('are undone when the record shows up again', async () => {
    const north = await plant.connect('maximo', { seed: 'empty' }, { deletePolicy: 'archive' });
    const hall = { location: 'HALL', siteid: 'BEDFORD', type: 'OPERATING', description: 'Hall' };
    north.sandbox.control.insert('mxapilocations', hall);
    await sync(north);
    const [before] = await hubRecords();
    north.sandbox.control.remove('mxapilocations', 'HALL');
    await plant.sweep(north, 'location');
    await plant.sweep(north, 'location');
    expect((await hubRecords()).map(({ deletedAt }) => deletedAt !== null)).toEqual([true]);
    north.sandbox.control.insert('mxapilocations', hall);
    await sync(north);
    const after = await hubRecords();
    expect(after.map(({ id, deletedAt }) => ({ id, deletedAt }))).toEqual([
      { id: before?.id, deletedAt: null },
    ]);
  });
});
