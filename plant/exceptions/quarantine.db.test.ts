import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { PlantConnection } from '../../test/support/plant.ts';
import { explainRecord } from '../records/explain-record.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { discardQuarantined, listQuarantine, replayQuarantined, showQuarantined } from './quarantine.ts';
import { setRecordFields } from '../records/records.ts';

describe('quarantine', () => {
  let plant: TestPlant;
  let upkeep: PlantConnection;
  let other: PlantConnection;
  beforeEach(async () => {
    plant = await openTestPlant();
    upkeep = await plant.connect('upkeep', { seed: 'orders:1' }, { name: 'north' });
    other = await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
  });
  afterEach(() => plant.close());

  const onlyRow = async () => {
    const rows = await listQuarantine(plant.person, { connection: 'north' });
    expect(rows).toHaveLength(1);
    return showQuarantined(plant.person, rows[0]?.id ?? '');
  };
  const orders = (connection: PlantConnection) => plant.rows(connection, 'work-orders');

  describe('of a pull', () => {
    beforeEach(async () => {
      upkeep.sandbox.control.setDial('statusLabels', { open: 'Waiting for Godot' });
      await plant.settle();
    });

    it('keeps what is still bad, with the problems of the new try', async () => {
      const row = await onlyRow();
      expect(row.problems).toMatchObject([{ path: 'status' }]);
      const result = await replayQuarantined(plant.person, {
        id: row.id,
        data: { ...(row.data as JsonObject), status: 'open', title: null },
      });
      expect(result).toMatchObject({ outcome: 'still_bad', problems: [{ path: 'title' }] });
      expect((await onlyRow()).problems).toMatchObject([{ path: 'title' }]);
      expect(orders(other)).toEqual([]);
    });

    it('lets a repaired record through to the other system, and a further pass leaves the repair alone', async () => {
      const row = await onlyRow();
      const data = { ...(row.data as JsonObject), status: 'open' };
      expect(await replayQuarantined(plant.person, { id: row.id, data })).toMatchObject({
        outcome: 'applied',
      });
      await plant.settle();
      expect(orders(other)).toMatchObject([{ title: 'Synthetic order 1', status: 'open' }]);
      expect(await listQuarantine(plant.person)).toEqual([]);

      for (const { sandbox } of [upkeep, other]) sandbox.control.resetStats();
      expect(await plant.settle()).toBe(1);
      await plant.pass(upkeep, { full: true });
      expect(await listQuarantine(plant.person)).toEqual([]);
      for (const { sandbox } of [upkeep, other]) {
        expect(sandbox.control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
      }
      // The link has the vendor's own marks, so that later pushes reach the record.
      await setRecordFields(plant.person, { number: 'WO-000001', fields: () => ({ priority: 'high' }) });
      await plant.settle();
      expect(orders(upkeep)).toMatchObject([{ priority: 3 }]);
    });

    it('does not bring back what a person gave up, until its content changes', async () => {
      const row = await onlyRow();
      await expect(discardQuarantined(plant.person, { id: row.id, reason: ' ' })).rejects.toMatchObject({
        kind: 'invalid_request',
      });
      await discardQuarantined(plant.person, { id: row.id, reason: 'made for a training' });
      await plant.pass(upkeep, { full: true });
      expect(await listQuarantine(plant.person)).toEqual([]);
      await expect(replayQuarantined(plant.person, { id: row.id })).rejects.toMatchObject({
        kind: 'conflict',
      });

      upkeep.sandbox.control.change('work-orders', row.subject, { title: 'Real after all' });
      await plant.pass(upkeep);
      expect(await listQuarantine(plant.person)).toMatchObject([{ data: { title: 'Real after all' } }]);
    });
  });

  it('tries a refused push again', async () => {
    await plant.settle();
    upkeep.sandbox.control.setFaults({
      rules: [{ match: { method: 'PATCH' }, effect: 'http_500', status: 400, times: 1 }],
    });
    await setRecordFields(plant.person, { number: 'WO-000001', fields: () => ({ description: 'Urgent' }) });
    await plant.settle();
    const row = await onlyRow();
    expect(row).toMatchObject({ direction: 'push', number: 'WO-000001' });
    await expect(replayQuarantined(plant.person, { id: row.id, data: {} })).rejects.toMatchObject({
      message: expect.stringContaining('records set WO-000001') as unknown,
    });
    expect(await replayQuarantined(plant.person, { id: row.id })).toMatchObject({ outcome: 'queued' });
    expect((await explainRecord(plant.person, 'WO-000001')).pushes).toMatchObject([{ connection: 'north' }]);
    await plant.settle();
    expect(orders(upkeep)).toMatchObject([{ description: 'Urgent' }]);
    expect(await listQuarantine(plant.person)).toEqual([]);
  });
});
