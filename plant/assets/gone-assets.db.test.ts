/** Alerts, histories and figures of assets that are deleted, or turn out to be another one. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../domain/id.ts';
import { listAlerts, raiseAlerts } from '../../store/assets/asset-alerts.ts';
import { addMaintenance, loadAssetFigures } from '../../store/assets/asset-figures.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { createRecord } from '../records/change-record.ts';
import { mergeRecords } from '../records/links.ts';
import { deleteRecordByNumber } from '../records/records.ts';

let plant: TestPlant;
beforeAll(async () => {
  plant = await openTestPlant();
});
afterAll(() => plant.close());

const AT = '2026-03-01T08:00:00.000Z';

async function asset(name: string, ...alertTypes: string[]): Promise<{ id: string; number: string }> {
  const { store, tenantId, person } = plant;
  return store.inTenant(tenantId, async (tx) => {
    const made = await createRecord(person, tx, 'asset', { name }, { at: AT, readingSource: 'hub' });
    await raiseAlerts(
      tx,
      tenantId,
      alertTypes.map((alertType) => ({
        id: newId(Date.now()),
        hubId: made.id,
        alertType,
        severity: 'high' as const,
        message: `${name} is hot.`,
        at: AT,
      })),
    );
    await addMaintenance(tx, tenantId, { assetId: made.id, at: AT, cost: 100 });
    return made;
  });
}

const alertsOf = async (hubId: string) =>
  plant.store.inTenant(plant.tenantId, (tx) =>
    listAlerts(tx, plant.tenantId, { hubId }, { before: null, limit: 10 }),
  );

describe('an asset that goes', () => {
  it('takes its open alerts along: they end, and say why', async () => {
    const pump = await asset('Pump', 'temperature');
    await deleteRecordByNumber(plant.person, { number: pump.number });
    expect(await alertsOf(pump.id)).toMatchObject([
      { alertType: 'temperature', resolvedBy: 'system', resolutionNotes: 'The asset was deleted.' },
    ]);
  });

  it('and was another one gives its alerts and figures to that one', async () => {
    const keep = await asset('Fan', 'temperature');
    const drop = await asset('Ventilator', 'temperature', 'vibration');
    await mergeRecords(plant.person, { keep: keep.number, drop: drop.number });
    const open = (await alertsOf(keep.id)).filter(({ resolvedAt }) => resolvedAt === null);
    expect(open.map(({ alertType, seenCount }) => [alertType, seenCount]).sort()).toEqual([
      ['temperature', 2],
      ['vibration', 1],
    ]);
    expect(await alertsOf(drop.id)).toEqual([]);
    const figures = await plant.store.inTenant(plant.tenantId, (tx) =>
      loadAssetFigures(tx, [keep.id, drop.id]),
    );
    expect([figures.get(keep.id)?.maintenanceCost, figures.has(drop.id)]).toEqual([200, false]);
  });
});
