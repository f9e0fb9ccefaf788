import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
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

  it('what was deleted at a system is not made there again by a merge, whichever record it was of', async () => {
    const gone = async (name: string): Promise<string> => {
      const { key, record } = await asset(north, name);
      north.sandbox.control.remove('assets', key.externalId);
      for (let sweeps = 0; sweeps < 2; sweeps += 1) await plant.sweep(north, 'asset');
      return record;
    };
    const first = await asset(south, 'Press');
    await mergeRecords(plant.person, { keep: await gone('Press (old)'), drop: first.record });
    const second = await asset(south, 'Saw');
    await mergeRecords(plant.person, { keep: second.record, drop: await gone('Saw (old)') });
    await plant.settle();
    expect(plant.rows(north, 'assets').filter(({ name }) => /^(Press|Saw)/.test(String(name)))).toEqual([]);
    expect(await linksOf(plant.person, second.record)).toHaveLength(2);
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

  it('orders follow the asset of their system to the right machine, at once', async () => {
    const wrong = await asset(north, 'Pump taken for another');
    const right = await asset(south, 'Pump proper');
    const orderId = plant.enter(north, 'work-orders', { title: 'Grease pump', asset: wrong.key.externalId });
    await plant.pass(north, { entities: ['work_order'], push: false });
    const order = async (): Promise<string> => {
      const found = await plant.store.inTenant(plant.tenantId, (tx) =>
        plant.deps.repo.links.resolveExternalIds(tx, north.id, 'work_order', [orderId]),
      );
      return found.get(orderId) ?? '';
    };
    expect((await hub(await order()))?.fields['asset']).toBe(wrong.record);
    await relink(plant.person, wrong.key, right.record);
    expect((await hub(await order()))?.fields['asset']).toBe(right.record);
    const made = await unlink(plant.person, wrong.key);
    expect((await hub(await order()))?.fields['asset']).toBe(made.hubId);
  });

  it('what was split by mistake is merged back, with each comment once', async () => {
    const externalId = plant.enter(north, 'work-orders', { title: 'Split by mistake' });
    await plant.pass(north, { entities: ['work_order'], push: false });
    const key: LinkKey = { connectionId: north.id, entity: 'work_order', externalId };
    const linked = await plant.store.inTenant(plant.tenantId, (tx) =>
      plant.deps.repo.links.resolveExternalIds(tx, north.id, 'work_order', [externalId]),
    );
    const record = linked.get(externalId) ?? '';
    await addComment(plant.person, { number: record, text: 'Bearing is loud', author: 'Maria' });
    await plant.settle();
    const made = await unlink(plant.person, key);
    const merged = await mergeRecords(plant.person, { keep: record, drop: made.hubId });
    expect(merged).toMatchObject({ moved_links: 1 });
    expect((await linksOf(plant.person, record)).map((link) => link.externalId)).toContain(externalId);
    const comments = await plant.store.inTenant(plant.tenantId, (tx) =>
      sql<{ text: string }>`select text from hub_comment where hub_id = ${record}`.execute(tx),
    );
    expect(comments.rows.map(({ text }) => text)).toEqual(['Bearing is loud']);
  });

  it('a record that its system deleted stands in the way of no merge, and is not taken apart', async () => {
    const keep = await asset(north, 'Mixer');
    const drop = await asset(north, 'Mixer again');
    await plant.store.inTenant(plant.tenantId, (tx) =>
      plant.deps.repo.links.markGone(tx, north.id, [drop.record], new Date().toISOString()),
    );
    await expect(unlink(plant.person, drop.key)).rejects.toThrow('was deleted there');
    await expect(relink(plant.person, drop.key, keep.record)).rejects.toThrow('was deleted there');
    const merged = await mergeRecords(plant.person, { keep: keep.record, drop: drop.record });
    expect(merged).toMatchObject({ moved_links: 0 });
  });

  it('nothing is mended while one of the two is being created there', async () => {
    const there = await asset(south, 'Winch of the south');
    const here = await asset(north, 'Winch of the north');
    const intend = (record: string, connection: PlantConnection) =>
      plant.store.inTenant(plant.tenantId, (tx) =>
        plant.deps.repo.createIntents.store(
          tx,
          { tenantId: plant.tenantId, connectionId: connection.id, entity: 'asset' },
          [{ hubId: record, reference: 'ABCDEFGHIJ', payload: {}, intendedAt: new Date().toISOString() }],
        ),
      );
    await intend(here.record, south);
    await expect(relink(plant.person, there.key, here.record)).rejects.toThrow('is being created at south');
    await expect(mergeRecords(plant.person, { keep: here.record, drop: there.record })).rejects.toThrow(
      'is being created at south',
    );
    await expect(mergeRecords(plant.person, { keep: there.record, drop: here.record })).rejects.toThrow(
      'is being created at south',
    );
    await plant.store.inTenant(plant.tenantId, (tx) =>
      plant.deps.repo.createIntents.drop(tx, south.id, [here.record]),
    );
    expect(await mergeRecords(plant.person, { keep: here.record, drop: there.record })).toMatchObject({
      moved_links: 1,
    });
  });
});
