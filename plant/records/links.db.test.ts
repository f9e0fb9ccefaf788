import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlantConnection } from '../../test/support/plant.ts';
import { linksOf, mergeRecords, relink, unlink, type LinkKey } from './links.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { addComment, setRecordFields } from './records.ts';

let plant: TestPlant;
let north: PlantConnection;
let south: PlantConnection;
beforeAll(async () => {
  plant = await openTestPlant();
  north = await plant.connect('upkeep', { seed: 'empty' }, { name: 'north' });
  south = await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
});
afterAll(() => plant.close());

/** A new asset at a system, pulled into the hub; its key there and its hub record. */
async function asset(
  connection: PlantConnection,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<{ key: LinkKey; record: string }> {
  const externalId = plant.enter(connection, 'assets', { name, ...fields });
  await plant.pass(connection, { entities: ['asset'], push: false });
  const key: LinkKey = { connectionId: connection.id, entity: 'asset', externalId };
  const found = await plant.store.inTenant(plant.tenantId, (tx) =>
    plant.deps.repo.links.resolveExternalIds(tx, connection.id, 'asset', [externalId]),
  );
  const record = found.get(externalId);
  if (record === undefined) throw new Error(`${name} was not linked.`);
  return { key, record };
}

const hub = async (id: string) => {
  const found = await plant.store.inTenant(plant.tenantId, (tx) => plant.deps.repo.hubRecords.load(tx, [id]));
  return found.get(id);
};

describe('links in the hands of a person', () => {
  it('two machines taken for one become two, and the hub’s is made at the system anew', async () => {
    const one = await asset(north, 'Pump 1', { serialNumber: 'P-1' });
    const made = await unlink(plant.person, one.key);
    expect(made.hubId).not.toBe(one.record);
    expect(await hub(made.hubId)).toMatchObject({ fields: { name: 'Pump 1' } });
    await plant.settle();
    const theirs = plant.rows(north, 'assets').filter(({ name }) => name === 'Pump 1');
    expect(theirs).toHaveLength(2);
    expect(await linksOf(plant.person, one.record)).toMatchObject([
      { connection: 'north' },
      { connection: 'south' },
    ]);
  });

  it('a record linked to the wrong one is linked to the right one, with the history kept', async () => {
    const wrong = await asset(north, 'Fan 1');
    const right = await asset(south, 'Fan one');
    const moved = await relink(plant.person, wrong.key, right.record);
    expect(moved).toMatchObject({ hubId: right.record, externalId: wrong.key.externalId });
    const names = (await linksOf(plant.person, right.record)).map(({ connection }) => connection).sort();
    expect(names).toEqual(['north', 'south']);
    await expect(relink(plant.person, wrong.key, 'A-999999')).rejects.toThrow('There is no record');
    const other = await asset(south, 'Fan two');
    await expect(relink(plant.person, other.key, right.record)).rejects.toThrow('linked with');
  });

  it('two hub records of one machine become one: links, comments and references move', async () => {
    const keep = await asset(north, 'Crusher');
    const drop = await asset(south, 'Crusher (old name)');
    const orderId = plant.enter(south, 'work-orders', {
      title: 'Grease crusher',
      asset: drop.key.externalId,
    });
    await plant.pass(south, { entities: ['work_order'], push: false });
    const orders = await plant.store.inTenant(plant.tenantId, (tx) =>
      plant.deps.repo.links.resolveExternalIds(tx, south.id, 'work_order', [orderId]),
    );
    const order = orders.get(orderId) ?? '';
    expect((await hub(order))?.fields['asset']).toBe(drop.record);
    await addComment(plant.person, { number: order, text: 'noisy', author: 'Maria' });

    const merged = await mergeRecords(plant.person, { keep: keep.record, drop: drop.record });
    expect(merged).toMatchObject({ moved_links: 1, moved_references: 1 });
    expect((await hub(order))?.fields['asset']).toBe(keep.record);
    expect((await hub(drop.record))?.deletedAt).not.toBeNull();
    const links = await linksOf(plant.person, keep.record);
    expect(links.map(({ externalId }) => externalId).sort()).toEqual(
      [keep.key.externalId, drop.key.externalId].sort(),
    );
    await plant.settle();
    expect(plant.rows(north, 'assets').filter(({ name }) => String(name).startsWith('Crusher'))).toHaveLength(
      1,
    );
  });

  it('does not merge what is two records at one system, nor a record with itself', async () => {
    const a = await asset(north, 'Mill A');
    const b = await asset(north, 'Mill B');
    await expect(mergeRecords(plant.person, { keep: a.record, drop: b.record })).rejects.toThrow(
      'Both records exist at north',
    );
    await expect(mergeRecords(plant.person, { keep: a.record, drop: a.record })).rejects.toThrow(
      'same record',
    );
    await setRecordFields(plant.person, {
      number: a.record,
      fields: () => ({ description: 'still editable' }),
    });
  });
});
