/** SAP's own ways of writing: status paths, units of work, places, readings, locks, versions. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, WriteOutcome } from '../kit/contract.ts';
import { doneRecord, openStand } from './stand.fixture.ts';
import type { SapStand } from './stand.fixture.ts';

let open: SapStand | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});
async function stand(settings: JsonObject = {}): Promise<SapStand> {
  open = await openStand(settings);
  return open;
}

const ORDER = { MaintenanceOrderDesc: 'Replace coupling', MaintenanceOrderType: 'PM01' };
const operations = (record: ExternalRecord): unknown[] =>
  (record.raw['_operations'] as JsonObject[]).map((row) => [
    row['_sequence'],
    row['OperationDescription'],
    row['_workHours'] ?? null,
    row['_longText'] ?? null,
  ]);
const refusal = (outcome: WriteOutcome): string =>
  'failure' in outcome ? outcome.failure.message : outcome.outcome;

describe('orders', () => {
  it('walk the legal path to completion and back, with the moment of completion', async () => {
    const { create, update } = await stand();
    const order = await create('work_order', ORDER);
    expect(order.raw['_lifeCycle']).toBe('CRTD');
    const done = doneRecord(
      await update('work_order', order, { _lifeCycle: 'TECO', _completedAt: '2026-03-01T09:00:00.000Z' }),
    );
    expect(done.raw).toMatchObject({
      _lifeCycle: 'TECO',
      MaintOrderReferenceDateTime: '2026-03-01T09:00:00.000Z',
    });
    const again = doneRecord(await update('work_order', done, { _lifeCycle: 'REL' }));
    expect(again.raw['_lifeCycle']).toBe('REL');
    const held = doneRecord(await update('work_order', again, { _lifeCycle: 'LKD' }));
    expect(held.raw['_lifeCycle']).toBe('LKD');
    const free = doneRecord(await update('work_order', held, { _lifeCycle: 'REL' }));
    expect(doneRecord(await update('work_order', free, { _lifeCycle: 'NOEX' })).raw['_lifeCycle']).toBe(
      'NOEX',
    );
  });

  it('are unlocked for a change and locked again, unless they are to go elsewhere', async () => {
    const { create, update, calls } = await stand();
    const order = await create('work_order', { ...ORDER, _lifeCycle: 'LKD' });
    const held = doneRecord(await update('work_order', order, { MaintPriority: '1' }));
    expect(held.raw).toMatchObject({ _lifeCycle: 'LKD', MaintPriority: '1' });
    expect(calls('POST', /SetMaintOrderStatusToUnlocked/)).toBe(1);
    const freed = doneRecord(await update('work_order', held, { MaintPriority: '2', _lifeCycle: 'REL' }));
    expect(freed.raw).toMatchObject({ _lifeCycle: 'REL', MaintPriority: '2' });
    expect(calls('POST', /SetMaintOrderStatusToLocked/)).toBe(2);
  });

  it('closed for business are read only, unless the connection may close them', async () => {
    const { session, connect, create, sandbox } = await stand();
    const { externalId } = await create('work_order', { ...ORDER, _lifeCycle: 'TECO' });
    const locked = async (of = session): Promise<boolean> =>
      (await of.read('work_order', [externalId]))[0]?.readOnly === true;
    expect(await locked()).toBe(false);
    sandbox.control.change('MaintenanceOrder', externalId, { SystemStatusText: 'CLSD' });
    expect(await locked()).toBe(true);
    expect(await locked(connect({ allowClose: true }))).toBe(false);
  });

  it('are closed only where the connection allows it', async () => {
    const { create, update } = await stand();
    const order = await create('work_order', { ...ORDER, _lifeCycle: 'CLSD' });
    expect(order.raw['_lifeCycle']).toBe('TECO');
    expect(refusal(await update('work_order', order, { _lifeCycle: 'NOEX' }))).toContain('completed');
  });

  it('a refused action after an accepted one tells the record as it is', async () => {
    const { create, update, sandbox } = await stand();
    const order = await create('work_order', ORDER);
    sandbox.control.setDial('refuseFunctions', { SetMaintOrdToTechCompleted: 'Confirmations are open' });
    const outcome = await update('work_order', order, { _lifeCycle: 'TECO' });
    expect(outcome).toMatchObject({ outcome: 'rejected', record: { raw: { _lifeCycle: 'REL' } } });
    expect(refusal(outcome)).toContain('Confirmations are open');
  });

  it('actions that insist on a version get it', async () => {
    const { create, sandbox } = await stand();
    sandbox.control.setDial('functionsNeedEtag', true);
    expect((await create('work_order', { ...ORDER, _lifeCycle: 'TECO' })).raw['_lifeCycle']).toBe('TECO');
  });

  it('are made in one deep insert, and changed in one unit of work', async () => {
    const { create, update, calls } = await stand();
    const order = await create('work_order', {
      ...ORDER,
      _longText: 'First line\nSecond line',
      _operations: [
        { _sequence: 10, OperationDescription: 'Dismount', _workHours: 1.5, _longText: 'Mind the shaft' },
        { _sequence: 20, OperationDescription: 'Mount' },
      ],
    });
    expect(order.raw['_longText']).toBe('First line\nSecond line');
    expect(operations(order)).toEqual([
      [10, 'Dismount', 1.5, 'Mind the shaft'],
      [20, 'Mount', null, null],
    ]);
    expect(calls('POST', /MaintenanceOrder$/)).toBe(1);
    const changed = doneRecord(
      await update('work_order', order, {
        MaintenanceOrderDesc: 'Replace both couplings',
        _longText: null,
        _operations: [
          { _sequence: 10, OperationDescription: 'Dismount both', _workHours: 2 },
          { _sequence: 30, OperationDescription: 'Align', _longText: 'Laser' },
        ],
      }),
    );
    expect(changed.raw).not.toHaveProperty('_longText');
    expect(changed.raw['MaintenanceOrderDesc']).toBe('Replace both couplings');
    expect(operations(changed)).toEqual([
      [10, 'Dismount both', 2, null],
      [30, 'Align', null, 'Laser'],
    ]);
    expect(calls('POST', /\$batch$/)).toBe(1);
    expect(calls('PATCH', /./)).toBe(0);
  });

  it('keep one operation when all are taken away, which says what the order is about', async () => {
    const { create, update } = await stand();
    const steps = [10, 20].map((_sequence) => ({
      _sequence,
      OperationDescription: `Step ${String(_sequence)}`,
    }));
    const order = await create('work_order', { ...ORDER, _operations: steps });
    const bare = doneRecord(await update('work_order', order, { _operations: [] }));
    expect(operations(bare)).toEqual([[10, 'Replace coupling', null, null]]);
    expect(await update('work_order', bare, { _operations: [] })).toMatchObject({ outcome: 'done' });
  });

  it('a unit of work is refused as a whole', async () => {
    const { session, create, update } = await stand();
    const order = await create('work_order', ORDER);
    const outcome = await update('work_order', order, {
      MaintenanceOrderDesc: 'Half done',
      Equipment: '99999999',
      _operations: [{ _sequence: 10, OperationDescription: 'x' }],
    });
    expect(outcome.outcome).toBe('rejected');
    expect(await session.read('work_order', [order.externalId])).toEqual([order]);
  });

  it('are found by our reference, whatever number SAP gave them', async () => {
    const { session, create } = await stand();
    const order = await create('work_order', ORDER);
    const op = {
      key: 'k',
      reference: 'CF00000001',
      intendedAt: new Date().toISOString(),
      payload: ORDER,
      comments: [],
    };
    expect(await session.findCreated('work_order', [op, { ...op, reference: 'CF00000002' }])).toEqual([
      { key: 'k', candidates: [order] },
      { key: 'k', candidates: [] },
    ]);
  });

  it('one that is open in somebody’s session waits without holding up the others', async () => {
    const { session, create, sandbox } = await stand();
    const first = await create('work_order', ORDER);
    const second = await create('work_order', ORDER);
    sandbox.control.setDial('locks', { [first.externalId]: 'JDOE' });
    const ops = [first, second].map(({ externalId, address, version }, n) => ({
      key: String(n),
      externalId,
      address,
      version,
      payload: { MaintPriority: '1' },
      comments: [],
      knownComments: [],
    }));
    const outcomes = await session.update('work_order', ops);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['retry', 'done']);
    expect(refusal(outcomes[0] as WriteOutcome)).toContain('JDOE');
  });

  it('refuse a task number SAP has not, by name', async () => {
    const { create } = await stand();
    await expect(create('work_order', { ...ORDER, _operations: [{ _sequence: 0 }] })).rejects.toThrow(
      '1 to 9999',
    );
  });
});

describe('notifications', () => {
  it('go over in process to completed, and never back', async () => {
    const { create, update } = await stand();
    const notification = await create('request', {
      NotificationText: 'Leak',
      MaintPriority: '2',
      _longText: 'Oil',
    });
    expect(notification.raw).toMatchObject({ _phase: '1', _longText: 'Oil' });
    const done = doneRecord(await update('request', notification, { _phase: '4' }));
    expect(done.raw['_phase']).toBe('4');
    expect(refusal(await update('request', done, { _phase: '3' }))).toContain('no way from phase 4');
  });

  it('name their one reference object; its padded number is the equipment', async () => {
    const { create, update } = await stand();
    const equipment = await create('asset', { EquipmentName: 'Pump' });
    const location = await create('location', {
      FunctionalLocation: '1000-A',
      FunctionalLocationName: 'Area',
    });
    const notification = await create('request', {
      NotificationText: 'Leak',
      _equipment: equipment.externalId,
    });
    expect(notification.raw['_equipment']).toBe(equipment.externalId);
    expect(notification.raw['TechnicalObject']).toEqual(expect.stringMatching(/^0+\d+$/));
    const moved = doneRecord(
      await update('request', notification, { _equipment: null, _functionalLocation: location.externalId }),
    );
    expect(moved.raw).toMatchObject({ _functionalLocation: '1000-A' });
    expect(moved.raw).not.toHaveProperty('_equipment');
  });
});

describe('equipment', () => {
  it('is installed, moved and taken out', async () => {
    const { create, update, calls } = await stand();
    for (const name of ['1000-A', '1000-B']) {
      await create('location', { FunctionalLocation: name, FunctionalLocationName: name });
    }
    const pump = await create('asset', { EquipmentName: 'Pump', FunctionalLocation: '1000-A' });
    expect(pump.raw['FunctionalLocation']).toBe('1000-A');
    const moved = doneRecord(await update('asset', pump, { FunctionalLocation: '1000-B' }));
    expect(moved.raw['FunctionalLocation']).toBe('1000-B');
    expect(calls('POST', /DismantleEquipment$/)).toBe(1);
    const out = doneRecord(await update('asset', moved, { FunctionalLocation: null }));
    expect(out.raw).not.toHaveProperty('FunctionalLocation');
  });

  it('below another one is where that is', async () => {
    const { create } = await stand();
    const mill = await create('asset', { EquipmentName: 'Mill' });
    const motor = await create('asset', { EquipmentName: 'Motor', SuperordinateEquipment: mill.externalId });
    expect(motor.raw['SuperordinateEquipment']).toBe(mill.externalId);
  });

  it('is retired, flagged and brought back', async () => {
    const { create, update } = await stand();
    let pump = await create('asset', { EquipmentName: 'Pump', _longText: '75 kW' });
    expect(pump.raw['_longText']).toBe('75 kW');
    for (const state of ['inactive', 'deleted', 'active']) {
      pump = doneRecord(await update('asset', pump, { _state: state }));
      expect(pump.raw['_state']).toBe(state);
    }
    pump = doneRecord(await update('asset', pump, { _longText: '90 kW', EquipmentName: 'Pump, new motor' }));
    expect(pump.raw).toMatchObject({ _longText: '90 kW', EquipmentName: 'Pump, new motor' });
  });
});

describe('measuring points', () => {
  it('take a reading once, in the unit they are read in', async () => {
    const { create, update, sandbox } = await stand({ timeZone: 'Australia/Perth' });
    const pump = await create('asset', { EquipmentName: 'Pump' });
    const reading = { value: 1250.5, at: '2026-03-01T08:00:00.000Z' };
    const point = await create('meter', {
      MeasuringPointDescription: 'Hours',
      MeasurementRangeUnit: 'H',
      Equipment: pump.externalId,
      _reading: reading,
    });
    expect(point.raw['_lastReading']).toEqual(reading);
    expect((sandbox.control.list('MeasurementDocument') as JsonObject[])[0]).toMatchObject({
      MsmtRdngDate: '2026-03-01',
    });
    doneRecord(await update('meter', point, { _reading: reading }));
    expect(sandbox.control.list('MeasurementDocument')).toHaveLength(1);
    const off = doneRecord(await update('meter', point, { _active: false }));
    expect(off.raw['MeasuringPointIsInactive']).toBe(true);
  });
});

describe('what new records cost', () => {
  const op = (n: number, payload: JsonObject) => ({
    key: `k${String(n)}`,
    reference: `CF0000000${String(n)}`,
    intendedAt: '2026-03-01T00:00:00.000Z',
    payload,
    comments: [],
  });

  it.each([
    ['work_order', { ...ORDER }, 1],
    ['work_order', { ...ORDER, _lifeCycle: 'REL' }, 2],
    ['work_order', { ...ORDER, _lifeCycle: 'TECO' }, 3],
    ['request', { NotificationText: 'Leak' }, 1],
    ['asset', { EquipmentName: 'Fan', _state: 'active' }, 1],
    ['asset', { EquipmentName: 'Fan', _state: 'active', _longText: 'Loud.' }, 2],
    ['part', { _description: 'Seal', BaseUnit: 'PC' }, 1],
  ] as const)('one %s %j takes %i calls, and one look at all of them', async (entity, payload, each) => {
    const { session, sandbox } = await stand();
    await session.create(entity, [op(9, { ...payload, ...(entity === 'part' ? { Product: 'P9' } : {}) })]);
    const before = sandbox.control.stats().requests;
    const ops = [1, 2, 3, 4].map((n) =>
      op(n, { ...payload, ...(entity === 'part' ? { Product: `P${String(n)}` } : {}) }),
    );
    const outcomes = await session.create(entity, ops);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done']);
    // Beside parts their stock is read.
    const looks = entity === 'part' ? 2 : 1;
    expect(sandbox.control.stats().requests - before).toBe(4 * each + looks);
    const records = outcomes
      .map((outcome) => doneRecord(outcome))
      .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
    const ids = records.map(({ externalId }) => externalId);
    expect(await session.read(entity, ids)).toEqual(records);
  });

  it('records that cannot be looked at afterwards are made all the same', async () => {
    const { session, sandbox } = await stand();
    await session.create('work_order', [op(9, { ...ORDER })]);
    sandbox.control.setFaults({ rules: [{ match: { method: 'GET' }, effect: 'http_503' }] });
    const outcomes = await session.create('work_order', [
      op(1, { ...ORDER }),
      op(2, { ...ORDER, _lifeCycle: 'REL' }),
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'done', record: { raw: { _lifeCycle: 'CRTD' } } },
      { outcome: 'unknown', progress: { done: [{ name: 'create' }, { name: 'ReleaseMaintenanceOrder' }] } },
    ]);
  });
});
