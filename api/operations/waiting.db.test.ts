import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlantConnection } from '../../test/support/plant.ts';
import { explainRecord } from './explain-record.ts';
import { openTestPlant, type TestPlant } from './plant.fixture.ts';
import { confirmDeletions, dismissDeletions, listBreakers, listWaiting } from './waiting.ts';

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
      delete_policy: 'archive',
    });
    expect(await deleted()).toBe(0);
    const { gone, returned } = await confirmDeletions(plant.person, request);
    expect(gone.sort()).toEqual([...(breaker?.external_ids ?? [])].sort());
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
      waits_entity: 'location',
      waits_for: 'L-000001',
    }),
  );
});
