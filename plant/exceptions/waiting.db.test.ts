import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlantConnection } from '../../test/support/plant.ts';
import { explainRecord } from '../records/explain-record.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import {
  confirmDeletions,
  dismissDeletions,
  listBreakers,
  listWaiting,
  overdueReferences,
} from './waiting.ts';

let plant: TestPlant;
beforeEach(async () => {
  plant = await openTestPlant();
});
afterEach(() => plant.close());

describe('deletions that the breaker stopped', () => {
  let north: PlantConnection;
  const DELETED = 8;
  const request = { connection: 'north', entity: 'work_order' as const };
  beforeEach(async () => {
    north = await plant.connect('upkeep', { seed: 'orders:12' }, { name: 'north', deletePolicy: 'archive' });
    await plant.settle();
    const orders = plant.rows(north, 'work-orders');
    for (const { id } of orders.slice(0, DELETED)) north.sandbox.control.remove('work-orders', String(id));
    await plant.sweep(north, 'work_order');
    await plant.sweep(north, 'work_order');
  });

  async function deleted(): Promise<number> {
    let count = 0;
    for (let n = 1; n <= 12; n += 1) {
      const { deletedAt } = await explainRecord(plant.person, `WO-${String(n).padStart(6, '0')}`);
      if (deletedAt !== null) count += 1;
    }
    return count;
  }

  it('carries out the policy for those listed when a person confirms', async () => {
    const [breaker] = await listBreakers(plant.person);
    expect(breaker).toMatchObject({
      connection: 'north',
      entity: 'work_order',
      total: 12,
      deletePolicy: 'archive',
    });
    expect(await deleted()).toBe(0);
    const { gone, returned } = await confirmDeletions(plant.person, request);
    expect(gone.sort()).toEqual([...(breaker?.externalIds ?? [])].sort());
    expect(returned).toEqual([]);
    expect(await deleted()).toBe(DELETED);
    expect(await listBreakers(plant.person)).toEqual([]);
    await expect(confirmDeletions(plant.person, request)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('deletes nothing when a person dismisses, and counts two sweeps anew', async () => {
    expect((await dismissDeletions(plant.person, request)).kept).toHaveLength(DELETED);
    await plant.sweep(north, 'work_order');
    expect(await listBreakers(plant.person)).toEqual([]);
    expect(await deleted()).toBe(0);
    await plant.sweep(north, 'work_order');
    expect(await listBreakers(plant.person)).toHaveLength(1);
  });
});

it('shows which push waits for what', async () => {
  await plant.connect('upkeep', { seed: 'orders:1' }, { name: 'north' });
  await plant.settle();
  const south = await plant.connect(
    'upkeep',
    { seed: 'empty' },
    {
      name: 'south',
      config: { sync: { entities: { location: { pull: true, push: false, create: false } } } },
    },
  );
  await plant.pass(south);
  const waiting = await listWaiting(plant.person);
  expect(waiting).toContainEqual(
    expect.objectContaining({
      connection: 'south',
      direction: 'push',
      entity: 'asset',
      waitsEntity: 'location',
      waitsFor: 'L-000001',
    }),
  );
});

describe('pulled records whose reference does not arrive', () => {
  const DAY_MS = 24 * 60 * 60 * 1_000;
  let north: PlantConnection;
  let pump: string;
  beforeEach(async () => {
    north = await plant.connect('upkeep', { seed: 'empty' }, { name: 'north' });
    pump = plant.enter(north, 'assets', { name: 'Pump' });
    for (const title of ['Grease the pump', 'Paint the pump'])
      plant.enter(north, 'work-orders', { title, asset: pump });
  });

  const early = async () => (await plant.pass(north, { entities: ['person', 'work_order'] }))['work_order'];
  const overdue = (afterMs: number, entity: 'work_order' | 'asset' | null = null): Promise<string[]> =>
    overdueReferences({ ...plant.person, now: () => plant.deps.now() + afterMs }, north.id, entity);

  it('are counted at the end of each pull for as long as they wait', async () => {
    expect(await early()).toMatchObject({ parked: 2, parked_waiting: 2 });
    expect(await early()).toMatchObject({ parked_waiting: 2 });
    const [run] = await plant.store.inTenant(plant.tenantId, async (tx) => {
      const runs = await plant.deps.repo.runs.list(tx, north.id, 10);
      const pulled = runs.filter(({ counts }) => counts['work_order']?.['parked_waiting'] !== undefined);
      const scope = { connectionId: north.id, entity: 'work_order' as const, runId: pulled[0]?.id ?? '' };
      // A step that is repeated notes the same again.
      await plant.deps.repo.parked.note(tx, scope);
      return [await plant.deps.repo.runs.load(tx, scope.runId)];
    });
    expect(run?.counts['work_order']).toMatchObject({ parked_waiting: 2 });
    const later = (await plant.pass(north))['work_order'];
    expect(later).toMatchObject({ created: 2 });
    expect(later).not.toHaveProperty('parked_waiting');
  });

  it('are an error of the sync after a day, with what they wait for', async () => {
    await early();
    expect(await overdue(DAY_MS - 60_000)).toEqual([]);
    await early();
    const told = await overdue(DAY_MS + 60_000);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      new RegExp(`^work_order: 2 records wait for more than a day .* first for asset ${pump} \\(since `),
    );
    expect(await overdue(DAY_MS + 60_000, 'work_order')).toEqual(told);
    expect(await overdue(DAY_MS + 60_000, 'asset')).toEqual([]);
    await plant.pass(north);
    expect(await overdue(DAY_MS + 60_000)).toEqual([]);
  });
});
