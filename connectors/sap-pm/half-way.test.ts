/** Writes of several calls that stop in the middle: what is taken back, and what is told where there is no way back. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ExternalRecord, WriteOutcome } from '../kit/contract.ts';
import { doneRecord, openStand } from './stand.fixture.ts';
import type { SapStand } from './stand.fixture.ts';

let open: SapStand | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const ORDER = { MaintenanceOrderDesc: 'Replace coupling', MaintenanceOrderType: 'PM01' };
const UNLOCK = 'SetMaintOrderStatusToUnlocked';
const LOCK = 'SetMaintOrderStatusToLocked';

async function orderThat(lifeCycle: string): Promise<SapStand & { order: ExternalRecord }> {
  open = await openStand();
  const order = await open.create('work_order', { ...ORDER, _lifeCycle: lifeCycle });
  return { ...open, order };
}

function names(outcome: WriteOutcome): unknown {
  if (!('progress' in outcome)) return 'no progress';
  const { stands, done, remaining } = outcome.progress ?? { stands: null, done: [], remaining: [] };
  return [stands, done.map(({ name }) => name), remaining.map(({ name }) => name)];
}
const message = (outcome: WriteOutcome): string => ('failure' in outcome ? outcome.failure.message : '');
const lifeCycle = (outcome: WriteOutcome): unknown =>
  'record' in outcome ? outcome.record.raw['_lifeCycle'] : undefined;

describe('an order on hold whose change does not get through', () => {
  it.each([
    ['refused', 400, 'rejected', ['as_before', [], ['change', LOCK]]],
    ['not answered for', 503, 'unknown', ['unknown', [], ['change', LOCK]]],
  ] as const)('%s: is locked again', async (_, status, outcome, progress) => {
    const { sandbox, update, order, session } = await orderThat('LKD');
    sandbox.control.setFaults({ rules: [{ match: { method: 'PATCH' }, effect: 'http_503', status }] });
    const told = await update('work_order', order, { MaintenanceOrderDesc: 'Another title' });
    expect([told.outcome, names(told), lifeCycle(told)]).toEqual([outcome, progress, 'LKD']);
    const [now] = await session.read('work_order', [order.externalId]);
    expect(now?.raw).toMatchObject({ _lifeCycle: 'LKD', MaintenanceOrderDesc: 'Replace coupling' });
  });

  it('and cannot be locked again: says so, and where it stands', async () => {
    const { sandbox, update, order } = await orderThat('LKD');
    sandbox.control.setDial('refuseFunctions', { [LOCK]: 'Locking is switched off' });
    sandbox.control.setFaults({ rules: [{ match: { method: 'PATCH' }, effect: 'http_503', status: 400 }] });
    const told = await update('work_order', order, { MaintenanceOrderDesc: 'Another title' });
    expect([told.outcome, names(told), lifeCycle(told)]).toEqual([
      'rejected',
      ['between', [UNLOCK], ['change', LOCK]],
      'CRTD',
    ]);
    expect(message(told)).toMatch(/could not be taken back .*Locking is switched off.* stands at "CRTD/);
  });

  it('that is changed and cannot be locked again: the change stands, the lock is still to come', async () => {
    const { sandbox, update, order } = await orderThat('LKD');
    sandbox.control.setFaults({ rules: [{ match: { path: LOCK }, effect: 'http_503' }] });
    const told = await update('work_order', order, { MaintenanceOrderDesc: 'Another title' });
    expect([told.outcome, names(told)]).toEqual(['unknown', ['unknown', [UNLOCK, 'change'], [LOCK]]]);
    expect('record' in told && told.record.raw).toMatchObject({
      _lifeCycle: 'CRTD',
      MaintenanceOrderDesc: 'Another title',
    });
  });
});

describe('a completion that is refused half-way', () => {
  const refused = { SetMaintOrdToTechCompleted: 'open purchase requisitions' };

  it('leaves an order that was on hold on hold', async () => {
    const { sandbox, update, order } = await orderThat('LKD');
    sandbox.control.setDial('refuseFunctions', refused);
    const told = await update('work_order', order, { _lifeCycle: 'TECO' });
    expect([told.outcome, names(told), lifeCycle(told)]).toEqual([
      'rejected',
      ['as_before', [], ['SetMaintOrdToTechCompleted']],
      'LKD',
    ]);
    expect(message(told)).toContain('open purchase requisitions');
  });

  it('says where a released order stands: SAP has no way back to created', async () => {
    const { sandbox, update, order } = await orderThat('CRTD');
    sandbox.control.setDial('refuseFunctions', refused);
    const told = await update('work_order', order, { _lifeCycle: 'TECO' });
    expect([told.outcome, names(told), lifeCycle(told)]).toEqual([
      'rejected',
      ['between', ['ReleaseMaintenanceOrder'], ['SetMaintOrdToTechCompleted']],
      'REL',
    ]);
    expect(message(told)).toMatch(/open purchase requisitions.*stands at "REL/);
  });

  it('whose answer is lost is not taken back: what is to come is told', async () => {
    const { sandbox, update, order } = await orderThat('CRTD');
    sandbox.control.setFaults({
      rules: [{ match: { path: 'SetMaintOrdToTechCompleted' }, effect: 'http_503' }],
    });
    const told = await update('work_order', order, { _lifeCycle: 'TECO' });
    expect([told.outcome, names(told), lifeCycle(told)]).toEqual([
      'unknown',
      ['unknown', ['ReleaseMaintenanceOrder'], ['SetMaintOrdToTechCompleted']],
      'REL',
    ]);
  });

  it('goes on from where it stands when it is tried again', async () => {
    const { sandbox, update, order, calls } = await orderThat('CRTD');
    sandbox.control.setDial('refuseFunctions', refused);
    const half = await update('work_order', order, { _lifeCycle: 'TECO' });
    sandbox.control.setDial('refuseFunctions', null);
    if (!('record' in half)) throw new Error('No record was told.');
    const done = doneRecord(await update('work_order', half.record, { _lifeCycle: 'TECO' }));
    expect(done.raw['_lifeCycle']).toBe('TECO');
    expect(calls('POST', /ReleaseMaintenanceOrder/)).toBe(1);
  });
});

describe('other writes of several calls', () => {
  it('an equipment that cannot be installed at its new place is put back to its old one', async () => {
    open = await openStand();
    const { sandbox, create, update } = open;
    const make = (id: string) =>
      create('location', {
        FunctionalLocation: id,
        FunctionalLocationName: id,
        FuncLocationStructure: 'STND',
      });
    const [one, two] = [await make('PIT-N'), await make('PIT-S')];
    const pump = await create('asset', { EquipmentName: 'Pump', FunctionalLocation: one.externalId });
    sandbox.control.setFaults({
      rules: [{ match: { path: 'InstallEquipment' }, effect: 'http_503', status: 400, times: 1 }],
    });
    const told = await update('asset', pump, { FunctionalLocation: two.externalId });
    expect([told.outcome, names(told)]).toEqual(['rejected', ['as_before', [], ['InstallEquipment']]]);
    expect('record' in told && told.record.raw['FunctionalLocation']).toBe('PIT-N');
  });

  it('a new order whose status is refused exists, and says what is to come', async () => {
    open = await openStand();
    open.sandbox.control.setDial('refuseFunctions', { SetMaintOrdToTechCompleted: 'no' });
    const [told] = await open.session.create('work_order', [
      {
        key: 'k',
        reference: 'CF00000001',
        intendedAt: new Date().toISOString(),
        payload: { ...ORDER, _lifeCycle: 'TECO' },
        comments: [],
      },
    ]);
    if (told === undefined) throw new Error('No outcome.');
    expect([told.outcome, names(told), lifeCycle(told)]).toEqual([
      'rejected',
      ['between', ['create', 'ReleaseMaintenanceOrder'], ['SetMaintOrdToTechCompleted']],
      'REL',
    ]);
  });
});
