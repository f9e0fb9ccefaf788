import { afterEach, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { drain, sweep } from '../kit/conformance-bench.ts';
import type { ExternalRecord, Session } from '../kit/contract.ts';
import { createFiixBench } from './bench.fixture.ts';
import type { Stand } from './bench.fixture.ts';

const bench = createFiixBench();
afterEach(() => bench.tidy());

async function rawOf(session: Session, entity: Entity, id: number | string): Promise<JsonObject> {
  const [record] = await session.read(entity, [String(id)]);
  if (!record) throw new Error(`No ${entity} ${String(id)}.`);
  return record.raw;
}

const idsOf = (records: readonly ExternalRecord[]): string[] => records.map(({ externalId }) => externalId);

function order(stand: Stand, fields: Record<string, unknown> = {}): number {
  return stand.insert('WorkOrder', {
    strDescription: 'Inspect',
    intSiteID: stand.row('Asset', 'bolIsSite', 1).id,
    intWorkOrderStatusID: stand.row('WorkOrderStatus', 'intSysCode', 4).id,
    ...fields,
  });
}

describe('one class, three entities', () => {
  it('categories decide, through any number of levels, and sites are locations', async () => {
    const stand = await bench.open();
    const category = (strName: string, intParentID: number): number =>
      stand.insert('AssetCategory', { strName, intParentID });
    const root = (code: number): number => stand.row('AssetCategory', 'intSysCode', code).id;
    const made = {
      pump: stand.machine('Pump', { intCategoryID: category('Centrifugal', category('Pumps', root(2))) }),
      saw: stand.machine('Saw', { intCategoryID: root(3) }),
      hall: stand.machine('Hall', { intCategoryID: category('Halls', root(1)) }),
      seal: stand.machine('Seal', { intCategoryID: category('Seals', root(4)) }),
    };
    const site = stand.row('Asset', 'bolIsSite', 1).id;
    const pulled: Partial<Record<Entity, string[]>> = {};
    for (const entity of ['asset', 'location', 'part'] as const) {
      pulled[entity] = idsOf((await drain(stand.session, entity, null, 50)).records);
      expect((await sweep(stand.session, entity)).sort()).toEqual(pulled[entity].sort());
    }
    expect(pulled.asset).toEqual(expect.arrayContaining([String(made.pump), String(made.saw)]));
    expect(pulled.location).toEqual(expect.arrayContaining([String(made.hall), String(site)]));
    expect(pulled.part).toEqual([String(made.seal)]);
    const all = Object.values(pulled).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(stand.rows('Asset').length);
    expect(await rawOf(stand.session, 'asset', made.saw)).toMatchObject({ category: { intSysCode: 3 } });
    expect(await stand.session.read('asset', [String(made.seal)])).toEqual([]);
  });

  it('a category made after the lists were read is no machine by mistake', async () => {
    const stand = await bench.open();
    await stand.session.pull('asset', { cursor: null, pageSize: 10 });
    const parts = stand.row('AssetCategory', 'intSysCode', 4).id;
    const seals = stand.insert('AssetCategory', { strName: 'Seals', intParentID: parts });
    const seal = stand.machine('Seal', { intCategoryID: seals });
    expect(idsOf((await drain(stand.session, 'asset', null, 50)).records)).not.toContain(String(seal));
    expect(idsOf((await drain(stand.session, 'part', null, 50)).records)).toContain(String(seal));
  });

  it('the place and the parent of a machine are told apart by what they are', async () => {
    const stand = await bench.open();
    const hall = stand.machine('Hall', { intCategoryID: stand.row('AssetCategory', 'intSysCode', 1).id });
    const line = stand.machine('Line', { intAssetParentID: hall });
    const pump = stand.machine('Pump', { intAssetParentID: line, intAssetLocationID: hall });
    expect(await rawOf(stand.session, 'asset', line)).toMatchObject({ location: hall });
    expect((await rawOf(stand.session, 'asset', line))['parent']).toBeUndefined();
    expect(await rawOf(stand.session, 'asset', pump)).toMatchObject({ parent: line, location: hall });
  });
});

describe('pages', () => {
  it.each([
    ['a cap far below what is asked for', { pageCap: 3 }],
    ['a total that counts the page only', { totalObjects: 'returned', pageCap: 2 }],
    [
      'a list left out when it is empty, nulls, no extras',
      { objectsMissing: true, nullsSent: true, extraProperties: false },
    ],
  ])('%s loses nothing', async (_name, dials) => {
    const stand = await bench.open();
    for (let n = 0; n < 11; n += 1) stand.machine(`Pump ${String(n)}`);
    const before = idsOf((await drain(stand.session, 'asset', null, 100)).records);
    for (const [name, value] of Object.entries(dials)) stand.sandbox.control.setDial(name, value);
    const { records } = await drain(stand.connect(), 'asset', null, 100);
    expect(idsOf(records)).toEqual(before);
    expect(await sweep(stand.connect(), 'asset')).toEqual(before);
  });
});

describe('changes', () => {
  it('a child that does not move its order is noticed all the same', async () => {
    const stand = await bench.open();
    stand.sandbox.control.setDial('childMovesParent', false);
    stand.sandbox.control.setClock(-86_400_000);
    const id = order(stand);
    order(stand);
    const pump = stand.machine('Pump');
    const { cursor } = await drain(stand.session, 'work_order', null, 10);
    // Nothing of an hour ago is read again by the overlap.
    stand.sandbox.control.setClock(-3_600_000);
    order(stand, { strDescription: 'Newer' });
    const settled = await drain(stand.session, 'work_order', cursor, 10);
    stand.sandbox.control.setClock(0);
    stand.insert('WorkOrderTask', { intWorkOrderID: id, strDescription: 'Drain', intOrder: 1 });
    const second = await drain(stand.session, 'work_order', settled.cursor, 10);
    expect(second.records.find(({ externalId }) => externalId === String(id))?.raw['tasks']).toHaveLength(1);
    stand.insert('WorkOrderAsset', { intWorkOrderID: id, intAssetID: pump });
    const third = await drain(stand.session, 'work_order', second.cursor, 10);
    expect(third.records.find(({ externalId }) => externalId === String(id))?.raw).toMatchObject({
      asset: pump,
    });
  });

  it('stock that moves is a change of its part', async () => {
    const stand = await bench.open();
    stand.sandbox.control.setClock(-86_400_000);
    const seal = stand.machine('Seal', { intCategoryID: stand.row('AssetCategory', 'intSysCode', 4).id });
    const store = stand.machine('Store', { intCategoryID: stand.row('AssetCategory', 'intSysCode', 5).id });
    const stock = stand.insert('Stock', { intAssetID: seal, intFacilityID: store, qtyOnHand: 3 });
    const { cursor } = await drain(stand.session, 'part', null, 10);
    stand.sandbox.control.setClock(0);
    stand.sandbox.control.change('Stock', String(stock), { qtyOnHand: 5 });
    const { records } = await drain(stand.session, 'part', cursor, 10);
    expect(records[0]?.raw).toMatchObject({ store, stocks: [{ qtyOnHand: 5 }] });
  });

  it('what a load has shown is not shown again by the passes after it, and what changes then is', async () => {
    const stand = await bench.open();
    for (let n = 0; n < 12; n += 1) order(stand);
    stand.sandbox.control.setClock(60_000);
    const newest = String(order(stand, { strDescription: 'Last' }));
    let ours = Date.now();
    const session = stand.connect({ deps: { now: () => ours } });
    const first = await drain(session, 'work_order', null, 50);
    const second = await drain(session, 'work_order', first.cursor, 50);
    expect(second.records).toEqual([]);
    stand.sandbox.control.change('WorkOrder', newest, { strDescription: 'Seen twice' });
    const edited = await drain(session, 'work_order', second.cursor, 50);
    expect(edited.records.map(({ raw }) => raw['title'])).toEqual(['Seen twice']);
    ours += 400_000;
    const third = await drain(session, 'work_order', edited.cursor, 50);
    const fourth = await drain(session, 'work_order', third.cursor, 50);
    expect(fourth.records).toEqual([]);
    stand.sandbox.control.setClock(120_000);
    const late = order(stand, { strDescription: 'Late' });
    expect(idsOf((await drain(session, 'work_order', fourth.cursor, 50)).records)).toContain(String(late));
  });

  it('a meter is shown once in a load, with its newest reading, and again when it is read anew', async () => {
    const stand = await bench.open();
    const [a, b] = [stand.machine('A'), stand.machine('B')];
    const unit = stand.rows('MeterReadingUnit')[0]?.id;
    const read = (intAssetID: number, dblMeterReading: number, day: number): number =>
      stand.insert('MeterReading', {
        intAssetID,
        intMeterReadingUnitsID: unit,
        dblMeterReading,
        dtmDateSubmitted: Date.UTC(2026, 0, day),
      });
    read(a, 10, 1);
    read(b, 99, 20);
    read(a, 30, 9);
    // Entered late: not the newest.
    read(a, 20, 5);
    const { records, cursor } = await drain(stand.session, 'meter', null, 1);
    expect(records.map(({ externalId, raw }) => [externalId, raw['dblMeterReading']]).sort()).toEqual([
      [`${String(a)}|${String(unit)}`, 30],
      [`${String(b)}|${String(unit)}`, 99],
    ]);
    read(a, 40, 12);
    const next = await drain(stand.session, 'meter', cursor, 10);
    const shown = next.records.find(({ externalId }) => externalId.startsWith(`${String(a)}|`));
    expect(shown?.raw['dblMeterReading']).toBe(40);
  });
});

describe('what a record refers to', () => {
  it('groups, parts and what the keys do not see are no references', async () => {
    const stand = await bench.open();
    const group = stand.insert('User', { strFullName: 'Electricians', strUserName: 'group', bolGroup: 1 });
    const ada = stand.insert('User', { strFullName: 'Ada', strUserName: 'ada' });
    const seal = stand.machine('Seal', { intCategoryID: stand.row('AssetCategory', 'intSysCode', 4).id });
    const pump = stand.machine('Pump');
    const id = order(stand);
    for (const intUserID of [group, ada]) stand.insert('WorkOrderUser', { intWorkOrderID: id, intUserID });
    for (const intAssetID of [seal, pump]) stand.insert('WorkOrderAsset', { intWorkOrderID: id, intAssetID });
    expect(await rawOf(stand.session, 'work_order', id)).toMatchObject({ assignee: ada, asset: pump });
    expect(idsOf((await drain(stand.session, 'person', null, 50)).records)).not.toContain(String(group));
  });

  it('an order stands where its first location is, else where its asset stands', async () => {
    const stand = await bench.open();
    const locations = stand.row('AssetCategory', 'intSysCode', 1).id;
    const [hall, yard] = [
      stand.machine('Hall', { intCategoryID: locations }),
      stand.machine('Yard', { intCategoryID: locations }),
    ];
    const pump = stand.machine('Pump', { intAssetLocationID: hall });
    const id = order(stand);
    stand.insert('WorkOrderAsset', { intWorkOrderID: id, intAssetID: pump });
    expect(await rawOf(stand.session, 'work_order', id)).toMatchObject({ asset: pump, location: hall });
    stand.insert('WorkOrderAsset', { intWorkOrderID: id, intAssetID: yard });
    expect(await rawOf(stand.session, 'work_order', id)).toMatchObject({ asset: pump, location: yard });
  });

  it('limits reading to the chosen sites, by name', async () => {
    const stand = await bench.open();
    const sites = stand.rows('Asset').filter((row) => row['bolIsSite'] === 1);
    const [here, there] = sites;
    const mine = stand.machine('Mine', { intSiteID: here?.id });
    const other = stand.machine('Other', { intSiteID: there?.id });
    const session = stand.connect({ config: { sites: [String(here?.['strName']).toUpperCase()] } });
    const ids = idsOf((await drain(session, 'asset', null, 50)).records);
    expect(ids).toContain(String(mine));
    expect(ids).not.toContain(String(other));
    expect(idsOf((await drain(session, 'location', null, 50)).records)).toContain(String(here?.id));
    const wrong = stand.connect({ config: { sites: ['Atlantis'] } });
    await expect(wrong.probe()).rejects.toMatchObject({ kind: 'invalid_config', path: 'site' });
  });
});

describe('plans', () => {
  it('show the interval of the trigger type that counts, the next date and the meter', async () => {
    const stand = await bench.open();
    const pump = stand.machine('Pump');
    const unit = stand.rows('MeterReadingUnit')[0]?.id;
    const id = stand.insert('ScheduledMaintenance', {
      strDescription: 'Grease\nTwice',
      intSiteID: stand.row('Asset', 'bolIsSite', 1).id,
      intScheduledMaintenanceStatusID: 1,
    });
    stand.insert('ScheduledMaintenanceAsset', { intScheduledMaintenanceID: id, intAssetID: pump });
    const trigger = stand.insert('ScheduleTrigger', {
      intScheduledMaintenanceID: id,
      strType: 't',
      strTSType: 'm',
      intTSDEveryDays: 1,
      intTSMEveryMonths: 3,
      strDatLogicMonthly: 't',
    });
    stand.insert('ScheduleTrigger', {
      intScheduledMaintenanceID: id,
      intAssetID: pump,
      strType: 'r',
      strRType: 'e',
      dblRMeterReading: 500,
      intRMeterReadingUnitID: unit,
    });
    const soon = Date.now() + 86_400_000;
    for (const dtmDate of [soon + 1_000_000, soon, soon - 200_000_000]) {
      stand.insert('CalendarEvent', {
        intScheduledMaintenanceID: id,
        intScheduleTriggerID: trigger,
        dtmDate,
      });
    }
    expect(await rawOf(stand.session, 'plan', id)).toMatchObject({
      title: 'Grease',
      details: 'Twice',
      asset: pump,
      nextDate: soon,
      timeTrigger: { strTSType: 'm', interval: 3, logic: 't' },
      meterTrigger: { meter: `${String(pump)}|${String(unit)}`, dblRMeterReading: 500 },
    });
  });
});

describe('requests', () => {
  it('are no entity of their own: every verb says so', async () => {
    const { session } = await bench.open();
    for (const call of [
      session.pull('request', { cursor: null, pageSize: 5 }),
      session.read('request', ['1']),
      session.keys('request', null),
      session.remove('request', '1', null),
    ]) {
      await expect(call).rejects.toMatchObject({ kind: 'invalid_request' });
    }
    const op = { key: 'k', reference: 'R1', intendedAt: '2026-01-01T00:00:00Z', payload: {}, comments: [] };
    expect(await session.create('request', [op])).toMatchObject([{ outcome: 'rejected' }]);
    expect(await session.findCreated('request', [op])).toEqual([{ key: 'k', candidates: [] }]);
    const update = { ...op, externalId: '1', address: null, version: null, knownComments: [] };
    expect(await session.update('request', [update])).toMatchObject([{ outcome: 'rejected' }]);
  });
});
