import { afterEach, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { CreateOp, ExternalRecord, Session, WriteOutcome } from '../kit/contract.ts';
import { differing, notStored } from './compare.ts';
import { createFiixBench } from './bench.fixture.ts';
import type { Stand } from './bench.fixture.ts';

const bench = createFiixBench();
afterEach(() => bench.tidy());

let serial = 0;
function op(payload: JsonObject): CreateOp {
  serial += 1;
  return {
    key: `hub-${String(serial)}`,
    reference: `CFT${String(serial)}`,
    intendedAt: new Date().toISOString(),
    payload,
    comments: [],
  };
}

function recordOf(outcome: WriteOutcome | undefined): ExternalRecord {
  if (outcome?.outcome === 'done') return outcome.record;
  throw new Error(`Expected done: ${JSON.stringify(outcome)}`);
}

async function make(session: Session, entity: Entity, payload: JsonObject): Promise<ExternalRecord> {
  return recordOf((await session.create(entity, [op(payload)]))[0]);
}

async function change(
  session: Session,
  entity: Entity,
  { externalId, address, version }: ExternalRecord,
  payload: JsonObject,
): Promise<WriteOutcome> {
  const [outcome] = await session.update(entity, [
    { key: 'k', externalId, address, version, payload, comments: [], knownComments: [] },
  ]);
  if (!outcome) throw new Error('No outcome.');
  return outcome;
}

const statusOf = (record: ExternalRecord): unknown => (record.raw['status'] as JsonObject)['strName'];
const titles = (record: ExternalRecord): unknown[] =>
  (record.raw['tasks'] as JsonObject[]).map((task) => task['title']);

async function users(stand: Stand, ...names: string[]): Promise<number[]> {
  return names.map((name) => stand.insert('User', { strFullName: name, strUserName: name.toLowerCase() }));
}

describe('a new order', () => {
  it('is one batch with what hangs on it, referring to it by a negative id', async () => {
    const stand = await bench.open();
    const pump = stand.machine('Pump');
    const [ada = 0] = await users(stand, 'Ada');
    await stand.session.pull('work_order', { cursor: null, pageSize: 1 });
    const before = stand.sandbox.control.stats().requests;
    const record = await make(stand.session, 'work_order', {
      strDescription: 'Seal\nLeaks',
      _status: 4,
      _priority: 'highest',
      _maintenanceType: 'Damage',
      _asset: String(pump),
      _assignee: String(ada),
      _tasks: [
        { sequence: 10, title: 'Drain', details: 'Into the tray', completed: true },
        { sequence: 20, title: 'Fit', dblTimeEstimatedHours: 1.5 },
      ],
    });
    expect(record.raw).toMatchObject({
      title: 'Seal',
      details: 'Leaks',
      asset: pump,
      assignee: ada,
      priority: { rank: 1 },
      maintenanceType: { strName: 'Damage' },
      tasks: [
        { sequence: 10, title: 'Drain', details: 'Into the tray', completed: true, worker: ada },
        { sequence: 20, title: 'Fit', completed: false, dblTimeEstimatedHours: 1.5 },
      ],
    });
    // Asset and assignee are looked up; then the batch, and the order itself.
    expect(stand.sandbox.control.stats().requests - before).toBeLessThanOrEqual(12);
    expect(stand.sandbox.control.stats().writes.created).toMatchObject({ WorkOrder: 1, WorkOrderTask: 2 });
  });

  it('of which one part is refused leaves nothing behind, and the part is named', async () => {
    const stand = await bench.open();
    const pump = stand.machine('Pump');
    const [outcome, next] = await stand.session.create('work_order', [
      op({ strDescription: 'Seal', _asset: pump, _assignee: 999_999 }),
      op({ strDescription: 'Belt', _asset: pump }),
    ]);
    expect(outcome).toMatchObject({ outcome: 'rejected' });
    if (outcome?.outcome === 'rejected') {
      expect(outcome.failure.message).toContain('part 3 of 3 (add WorkOrderUser)');
      expect(outcome.record).toBeUndefined();
    }
    expect(next).toMatchObject({ outcome: 'done' });
    expect(stand.rows('WorkOrder').map((row) => row['strDescription'])).toEqual(['Belt']);
  });

  it('with more than fits into one batch is whole all the same', async () => {
    const stand = await bench.open();
    const tasks = Array.from({ length: 120 }, (_, i) => ({
      sequence: i + 1,
      title: `Step ${String(i + 1)}`,
    }));
    const record = await make(stand.session, 'work_order', { strDescription: 'Overhaul', _tasks: tasks });
    expect(titles(record)).toEqual(tasks.map(({ title }) => title));
  });

  it('goes to the site of its asset, else to the one of the settings, else nowhere', async () => {
    const stand = await bench.open();
    const sites = stand.rows('Asset').filter((row) => row['bolIsSite'] === 1);
    const other = sites[1]?.id;
    const pump = stand.machine('Pump', { intSiteID: other });
    const session = stand.connect({ config: { site: String(sites[0]?.['strName']) } });
    expect((await make(session, 'work_order', { strDescription: 'x', _asset: pump })).raw['intSiteID']).toBe(
      other,
    );
    expect((await make(session, 'work_order', { strDescription: 'x' })).raw['intSiteID']).toBe(sites[0]?.id);
    const nowhere = stand.connect({ config: { site: 'Atlantis' } });
    const refused = nowhere.create('work_order', [op({ strDescription: 'x' })]);
    await expect(refused).rejects.toMatchObject({ kind: 'invalid_config' });
  });
});

describe('statuses', () => {
  it('are resolved in this tenant; a request is approved on its way to completed, with date and note', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'work_order', { strDescription: 'x', _status: 2 });
    expect(statusOf(record)).toBe('Requested');
    stand.sandbox.control.setDial('notesForced', true);
    const after = recordOf(await change(stand.session, 'work_order', record, { _status: 7 }));
    expect(after.raw['status']).toMatchObject({ intSysCode: 7 });
    expect(typeof after.raw['dtmDateCompleted']).toBe('number');
    expect(after.raw['strCompletionNotes']).toBe('Closed through ChatterFix Sync.');
    const codes = new Map(stand.rows('WorkOrderStatus').map((status) => [status.id, status['intSysCode']]));
    const moves = stand
      .rows('WorkOrderStatusTransition')
      .map((row) => codes.get(row['intToWorkOrderStatusID'] as number));
    expect(moves).toEqual([4, 7]);
  });

  it('an order that is completed already keeps its date when it is said again', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'work_order', {
      strDescription: 'x',
      _status: 7,
      dtmDateCompleted: 1_700_000_000_000,
    });
    const after = recordOf(
      await change(stand.session, 'work_order', record, { _status: 7, strDescription: 'y' }),
    );
    expect(after.raw).toMatchObject({ strDescription: 'y', dtmDateCompleted: 1_700_000_000_000 });
  });

  it('an order that is opened again loses its date', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'work_order', {
      strDescription: 'x',
      _status: 7,
      dtmDateCompleted: 1_700_000_000_000,
    });
    expect(record.raw['dtmDateCompleted']).toBe(1_700_000_000_000);
    const after = recordOf(await change(stand.session, 'work_order', record, { _status: 5 }));
    expect(after.raw['dtmDateCompleted']).toBeUndefined();
  });

  it('a closed order that Fiix has locked is rejected with its words', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'work_order', { strDescription: 'x', _status: 7 });
    stand.sandbox.control.setDial('closedLocked', true);
    expect(await change(stand.session, 'work_order', record, { strDescription: 'y' })).toMatchObject({
      outcome: 'rejected',
      failure: { kind: 'rejected' },
    });
  });

  it('the status a plant added is spared when it already means what is wanted', async () => {
    const stand = await bench.open();
    const own = stand.insert('WorkOrderStatus', { strName: 'Waiting for scaffold', intControlID: 101 });
    const record = await make(stand.session, 'work_order', { strDescription: 'x', _status: 5 });
    stand.sandbox.control.change('WorkOrder', record.externalId, { intWorkOrderStatusID: own });
    const [moved = record] = await stand.session.read('work_order', [record.externalId]);
    const after = recordOf(
      await change(stand.session, 'work_order', moved, { _status: 4, strDescription: 'y' }),
    );
    expect(statusOf(after)).toBe('Waiting for scaffold');
    expect(after.raw['strDescription']).toBe('y');
  });

  it('priorities keep a name of the plant that ranks the same, and take the nearest', async () => {
    const stand = await bench.open();
    for (const row of stand.rows('Priority')) stand.sandbox.control.remove('Priority', String(row.id));
    const [now, later] = ['Now', 'Later'].map((strName, i) =>
      stand.insert('Priority', { strName, intOrder: i }),
    );
    const record = await make(stand.session, 'work_order', { strDescription: 'x', _priority: 'High' });
    expect(record.raw['intPriorityID']).toBe(now);
    expect(
      recordOf(await change(stand.session, 'work_order', record, { _priority: 'Low' })).raw['intPriorityID'],
    ).toBe(later);
    const [again = record] = await stand.session.read('work_order', [record.externalId]);
    const cleared = recordOf(await change(stand.session, 'work_order', again, { _priority: 'None' }));
    expect(cleared.raw['intPriorityID']).toBeUndefined();
    expect(await change(stand.session, 'work_order', cleared, { _priority: 'Purple' })).toMatchObject({
      outcome: 'rejected',
      failure: { path: '_priority' },
    });
  });
});

describe('what hangs on an order', () => {
  it('the first asset and assignee give way, the others stay behind the new one', async () => {
    const stand = await bench.open();
    const [a = 0, b = 0, c = 0] = ['A', 'B', 'C'].map((name) => stand.machine(name));
    const [ada = 0, bob = 0] = await users(stand, 'Ada', 'Bob');
    const made = await make(stand.session, 'work_order', { strDescription: 'x', _asset: a, _assignee: ada });
    stand.insert('WorkOrderAsset', { intWorkOrderID: Number(made.externalId), intAssetID: b });
    const [record = made] = await stand.session.read('work_order', [made.externalId]);
    const after = recordOf(await change(stand.session, 'work_order', record, { _asset: c, _assignee: bob }));
    expect(after.raw).toMatchObject({ asset: c, assignee: bob });
    expect((after.raw['links'] as JsonObject[]).map((link) => link['intAssetID'])).toEqual([c, b]);
    const cleared = recordOf(
      await change(stand.session, 'work_order', after, { _asset: null, _assignee: null }),
    );
    expect(cleared.raw['asset']).toBe(b);
    expect(cleared.raw['assignee']).toBeUndefined();
  });

  it('a location is linked only when the asset does not stand there', async () => {
    const stand = await bench.open();
    const locations = stand.row('AssetCategory', 'intSysCode', 1).id;
    const [hall = 0, yard = 0] = ['Hall', 'Yard'].map((name) =>
      stand.machine(name, { intCategoryID: locations }),
    );
    const pump = stand.machine('Pump', { intAssetLocationID: hall });
    const record = await make(stand.session, 'work_order', {
      strDescription: 'x',
      _asset: pump,
      _location: hall,
    });
    expect(record.raw).toMatchObject({ asset: pump, location: hall });
    expect(record.raw['links']).toHaveLength(1);
    const after = recordOf(await change(stand.session, 'work_order', record, { _location: yard }));
    expect(after.raw).toMatchObject({ asset: pump, location: yard });
  });

  it('tasks are changed, added and removed by their number; what was worked on stays', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'work_order', {
      strDescription: 'x',
      _tasks: [
        { sequence: 1, title: 'Drain', details: 'Tray' },
        { sequence: 2, title: 'Measure' },
        { sequence: 3, title: 'Fill' },
      ],
    });
    const measured = (record.raw['tasks'] as JsonObject[])[1];
    stand.sandbox.control.change('WorkOrderTask', String(Number(measured?.['id'])), {
      strResult: '7 mm',
      dblTimeSpentHours: 1,
    });
    const [now = record] = await stand.session.read('work_order', [record.externalId]);
    const after = recordOf(
      await change(stand.session, 'work_order', now, {
        _tasks: [
          { sequence: 1, title: 'Drain all', completed: true },
          { sequence: 4, title: 'Test' },
        ],
      }),
    );
    expect(titles(after)).toEqual(['Drain all', 'Measure', 'Test']);
    expect((after.raw['tasks'] as JsonObject[])[0]).toMatchObject({ completed: true, details: 'Tray' });
  });
});

describe('what was written is compared with what is shown', () => {
  it('a value that stayed as it was is named; one that Fiix stored otherwise is not', () => {
    const before = { strName: 'Fan', strCode: 'F-1' };
    expect(notStored({ strName: 'Fan 2' }, before, before)).toBe('strName');
    expect(notStored({ strCode: null }, before, before)).toBe('strCode');
    expect(notStored({ strName: 'Fan  2' }, before, { ...before, strName: 'Fan 2' })).toBeUndefined();
    expect(notStored({ strModel: null }, before, before)).toBeUndefined();
  });

  it('null and absent are the same', () => {
    expect(differing({ strCode: null, strName: 'Fan', bolIsOnline: 0 }, { strName: 'Fan' })).toEqual({
      bolIsOnline: 0,
    });
  });
});

describe('other records', () => {
  it('offline and its period go together, and back', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'asset', { strName: 'Fan', bolIsOnline: 0, _type: 'tool' });
    expect(record.raw).toMatchObject({ bolIsOnline: 0, category: { intSysCode: 3 } });
    const open = (): number =>
      stand
        .rows('AssetOfflineTracker')
        .filter((row) => row['dtmOffLineTo'] === undefined || row['dtmOffLineTo'] === null).length;
    expect(open()).toBe(1);
    const after = recordOf(await change(stand.session, 'asset', record, { bolIsOnline: 1 }));
    expect(after.raw['bolIsOnline']).toBe(1);
    expect(open()).toBe(0);
  });

  it('new records find their category by name, a store its own', async () => {
    const stand = await bench.open();
    const equipment = stand.row('AssetCategory', 'intSysCode', 2).id;
    const pumps = stand.insert('AssetCategory', { strName: 'Pumps', intParentID: equipment });
    expect(
      (await make(stand.session, 'asset', { strName: 'P', _category: 'PUMPS' })).raw['intCategoryID'],
    ).toBe(pumps);
    expect(
      (await make(stand.session, 'asset', { strName: 'Q', _category: 'Rockets' })).raw['intCategoryID'],
    ).toBe(equipment);
    const store = await make(stand.session, 'location', { strName: 'Stores', _kind: 'store' });
    expect(store.raw['category']).toMatchObject({ intSysCode: 5 });
    const shelf = await make(stand.session, 'location', {
      strName: 'Shelf',
      _kind: 'area',
      _parent: store.externalId,
    });
    expect(shelf.raw['parent']).toBe(Number(store.externalId));
  });

  it('people are added inactive', async () => {
    const { session } = await bench.open();
    const record = await make(session, 'person', { strFullName: 'Ada', strUserName: 'ada@example.com' });
    expect(record.raw['intUserStatusID']).toBe(0);
  });

  it('a reading is added once, and a meter that is there is linked instead of made', async () => {
    const stand = await bench.open();
    const pump = stand.machine('Pump');
    const unit = String(stand.rows('MeterReadingUnit')[0]?.['strName']);
    const payload = { intAssetID: pump, _unit: unit, _reading: { value: 5, at: 1_770_000_000_000 } };
    const record = await make(stand.session, 'meter', payload);
    await change(stand.session, 'meter', record, { _reading: { value: 5, at: 1_770_000_000_000 } });
    expect(stand.rows('MeterReading')).toHaveLength(1);
    const twin = op(payload);
    expect(await stand.session.create('meter', [twin])).toMatchObject([{ outcome: 'unknown' }]);
    const [found] = await stand.session.findCreated('meter', [twin]);
    expect(found?.candidates.map(({ externalId }) => externalId)).toEqual([record.externalId]);
    const other = { ...payload, intAssetID: stand.machine('Press') };
    const side = await stand.session.create('meter', [
      op({ ...payload, _unit: 'furlongs' }),
      op(other),
      op(other),
    ]);
    expect(side.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'rejected', 'unknown']);
    expect(stand.rows('MeterReading')).toHaveLength(2);
    const refused = await stand.session.create('meter', [
      op({ ...payload, _unit: 'furlongs' }),
      op({ intAssetID: pump, _unit: unit }),
    ]);
    expect(refused).toMatchObject([
      { outcome: 'rejected', failure: { path: '_unit' } },
      { outcome: 'rejected', failure: { path: '_reading' } },
    ]);
  });

  it('a change that a lagging find does not show is unknown, not refused', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'asset', { strName: 'Fan' });
    stand.sandbox.control.setDial('staleReads', 50);
    expect(await change(stand.session, 'asset', record, { strName: 'Fan 2' })).toMatchObject({
      outcome: 'unknown',
    });
    expect(stand.row('Asset', 'strName', 'Fan 2').id).toBe(Number(record.externalId));
  });

  it('a change the keys have no right to is rejected and says so', async () => {
    const stand = await bench.open();
    const record = await make(stand.session, 'work_order', { strDescription: 'x' });
    stand.sandbox.control.setDial('permissions', {
      add: [],
      change: ['WorkOrder'],
      remove: [],
      find: [],
      rpc: [],
      sites: null,
    });
    expect(await change(stand.session, 'work_order', record, { strDescription: 'y' })).toMatchObject({
      outcome: 'rejected',
      failure: { kind: 'forbidden', code: '2030' },
    });
  });
});
