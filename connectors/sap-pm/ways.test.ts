/** Records out of use and back, what is known of a write beforehand, and which system and plant a record is of. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { drain } from '../kit/conformance-bench.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import { startProxy } from '../kit/proxy.fixture.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { sapPm } from './index.ts';
import { doneRecord, openStand } from './stand.fixture.ts';
import type { SapStand } from './stand.fixture.ts';

let open: SapStand | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});
async function stand(config: JsonObject = {}): Promise<SapStand> {
  open = await openStand(config);
  return open;
}

const ORDER = { MaintenanceOrderDesc: 'Replace coupling', MaintenanceOrderType: 'PM01' };
const op = ({ externalId, address }: ExternalRecord) => ({ externalId, address });

describe('out of use', () => {
  it.each([
    ['asset', { EquipmentName: 'Fan', _state: 'inactive' }, '_state', 'deleted'],
    ['location', { FunctionalLocation: '1000-HALL', FunctionalLocationName: 'Hall' }, '_state', 'deleted'],
    ['part', { Product: 'SEAL', _description: 'Seal' }, 'IsMarkedForDeletion', true],
    ['work_order', { ...ORDER, _lifeCycle: 'CRTD' }, '_lifeCycle', 'DLFL'],
    ['work_order', { ...ORDER, _lifeCycle: 'REL' }, '_lifeCycle', 'NOEX'],
    ['work_order', { ...ORDER, _lifeCycle: 'LKD' }, '_lifeCycle', 'NOEX'],
  ] as const)('%s %j by its flag, and back to where it was', async (entity, payload, name, flagged) => {
    const { create, session } = await stand();
    const before = await create(entity, payload);
    const out = await session.retire?.(entity, op(before));
    expect(out).toMatchObject({ outcome: 'done', record: { raw: { [name]: flagged } } });
    const again = await session.retire?.(entity, op(before));
    expect(again).toMatchObject({ outcome: 'done', undo: null });
    const undo = out?.outcome === 'done' ? out.undo : null;
    const back = await session.reinstate?.(entity, { ...op(before), undo });
    expect(back).toMatchObject({ outcome: 'done', record: { raw: { [name]: before.raw[name] } } });
  });

  it.each([
    ['CRTD', 'CRTD'],
    ['REL', 'REL'],
  ])('an order that was %s goes back there, also when nobody knows that any more', async (was, is) => {
    const { create, session } = await stand();
    const before = await create('work_order', { ...ORDER, _lifeCycle: was });
    await session.retire?.('work_order', op(before));
    const back = await session.reinstate?.('work_order', { ...op(before), undo: null });
    expect(back).toMatchObject({ outcome: 'done', record: { raw: { _lifeCycle: is } } });
  });

  it('a finished order is out of use as it is', async () => {
    const { create, session } = await stand();
    const done = await create('work_order', { ...ORDER, _lifeCycle: 'TECO' });
    const out = await session.retire?.('work_order', op(done));
    expect(out).toMatchObject({ outcome: 'done', undo: null, record: { raw: { _lifeCycle: 'TECO' } } });
  });

  it('a request is rejected, and stays so', async () => {
    const { create, session } = await stand();
    const request = await create('request', { NotificationText: 'Leak' });
    expect(await session.retire?.('request', op(request))).toMatchObject({
      outcome: 'done',
      undo: null,
      record: { raw: { _phase: '5' } },
    });
    const back = await session.reinstate?.('request', { ...op(request), undo: null });
    expect(back).toMatchObject({ outcome: 'done', record: { raw: { _phase: '5' } } });
  });

  it('a plan has no such state, nor has what lives in a service that is not there', async () => {
    const { session } = await stand({ services: { equipment: false } });
    for (const entity of ['plan', 'asset'] as Entity[]) {
      const out = session.retire?.(entity, { externalId: '1', address: null });
      await expect(out).rejects.toMatchObject({ kind: 'invalid_request' });
    }
  });
});

describe('what is known beforehand', () => {
  const names = async (entity: Entity, record: ExternalRecord, payload: JsonObject, session: SapStand) =>
    (await session.session.foresee?.(entity, record, payload))?.map(({ name, shows }) =>
      shows === undefined ? name : [name, Object.values(shows)[0]],
    );

  it('the way of an order, with what is seen at each stop', async () => {
    const here = await stand();
    const order = await here.create('work_order', ORDER);
    const change = { MaintenanceOrderDesc: 'Another title' };
    expect(await names('work_order', order, { ...change, _lifeCycle: 'TECO' }, here)).toEqual([
      'change',
      ['ReleaseMaintenanceOrder', 'REL'],
      ['SetMaintOrdToTechCompleted', 'TECO'],
    ]);
    const held = doneRecord(await here.update('work_order', order, { _lifeCycle: 'LKD' }));
    expect(await names('work_order', held, change, here)).toEqual([
      'SetMaintOrderStatusToUnlocked',
      'change',
      'SetMaintOrderStatusToLocked',
    ]);
  });

  it('that there is no way', async () => {
    const here = await stand();
    const order = await here.create('work_order', { ...ORDER, _lifeCycle: 'REL' });
    await expect(names('work_order', order, { _lifeCycle: 'CRTD' }, here)).rejects.toMatchObject({
      kind: 'rejected',
      path: '_lifeCycle',
    });
    const request = await here.create('request', { NotificationText: 'Leak', _phase: '4' });
    await expect(names('request', request, { _phase: '3' }, here)).rejects.toMatchObject({
      kind: 'rejected',
    });
  });

  it('the two steps of a request, the one of a meter and of an asset', async () => {
    const here = await stand();
    const request = await here.create('request', { NotificationText: 'Leak' });
    expect(await names('request', request, { _phase: '4' }, here)).toEqual([
      ['SetMaintNotifToInProcess', '3'],
      ['CompleteMaintNotification', '4'],
    ]);
    const asset = await here.create('asset', { EquipmentName: 'Fan' });
    expect(await names('asset', asset, { EquipmentName: 'Fan 2', _state: 'inactive' }, here)).toEqual([
      'change',
      ['SetEquipmentToInactive', 'inactive'],
    ]);
  });
});

describe('which system, which plant', () => {
  it('is the client at an address; without one in the settings the one that answers', async () => {
    const { connect, session, sandbox } = await stand();
    const identity = await session.identify?.();
    expect(identity).toMatchObject({ scopes: null, account: sandbox.credentials['user'] });
    expect(identity?.system).toBe(`sap_pm ${sandbox.url} client 100`);
    const slashed = connect({ baseUrl: `${sandbox.url}/`, plants: ['1000', '2000'] });
    expect(await slashed.identify?.()).toMatchObject({ system: identity?.system, scopes: ['1000', '2000'] });
    const { user = '', password = '' } = sandbox.credentials;
    const untold = sapPm.connect({ baseUrl: sandbox.url }, { user, password }, createSessionDeps());
    expect((await untold.identify?.())?.system).toBe(identity?.system);
    await untold.close();
  });

  it('records say which plant they are of', async () => {
    const { create } = await stand();
    expect((await create('asset', { EquipmentName: 'Fan', MaintenancePlant: '1000' })).scope).toBe('1000');
    expect((await create('work_order', { ...ORDER, MaintenancePlanningPlant: '1000' })).scope).toBe('1000');
    expect((await create('part', { Product: 'SEAL', _description: 'Seal' })).scope).toBeNull();
  });
});

describe('places that are named by their label', () => {
  it('are told by the key behind it', async () => {
    const { sandbox, connect } = await stand();
    for (const key of ['PIT-N-01', 'PIT-S-02'])
      sandbox.control.insert('FunctionalLocation', {
        FunctionalLocation: key,
        FuncLocationStructure: 'STND',
        FunctionalLocationCategory: 'M',
        FunctionalLocationName: 'Pit',
      });
    // Alternative labelling: the key is another than what people see.
    const proxy = await startProxy(sandbox.url, {
      alter: (_, answered) => ({
        ...answered,
        body: String(answered.body).replaceAll(
          '"FunctionalLocation":"PIT-N-01"',
          '"FunctionalLocation":"?0100000000000004711"',
        ),
      }),
    });
    const session = connect({ baseUrl: proxy.url });
    const plan = sandbox.control.insert('MaintenancePlan', {
      MaintenancePlanDesc: 'Grease',
      MaintenancePlanCategory: 'PM',
    }) as JsonObject;
    const item = (place: string) => ({
      MaintenanceItemDescription: 'Grease',
      MaintenancePlanCategory: 'PM',
      MaintenancePlan: plan['MaintenancePlan'] ?? null,
      FunctionalLocationLabelName: place,
    });
    sandbox.control.insert('MaintenanceItem', item('PIT-N-01'));
    sandbox.control.insert('MaintenanceItem', item('PIT-S-02'));
    const { records } = await session.pull('plan', { cursor: null, pageSize: 10 });
    expect(records.map(({ raw }) => raw['_functionalLocation'])).toEqual([
      '?0100000000000004711',
      'PIT-S-02',
    ]);
    const places = await session.pull('location', { cursor: null, pageSize: 10 });
    expect(places.records.map(({ externalId }) => externalId)).toEqual(['?0100000000000004711', 'PIT-S-02']);
    await proxy.close();
  });
});

describe('a row without its key', () => {
  it('is set aside, and the others go on', async () => {
    const { sandbox, connect } = await stand();
    sandbox.control.insert('Equipment', { EquipmentName: 'Pump', EquipmentCategory: 'M' });
    sandbox.control.insert('Equipment', { EquipmentName: 'Fan', EquipmentCategory: 'M' });
    const proxy = await startProxy(sandbox.url, {
      alter: (_, answered) => ({
        ...answered,
        body: String(answered.body).replace(
          /"Equipment":"\d+"(?=[^}]*"EquipmentName":"Fan")/,
          '"Equipment":""',
        ),
      }),
    });
    const session = connect({ baseUrl: proxy.url });
    const pulled = await drain(session, 'asset', null, 10);
    expect(pulled.records.map(({ raw }) => raw['EquipmentName'])).toEqual(['Pump']);
    const page = await session.pull('asset', { cursor: null, pageSize: 10 });
    expect(page.broken).toMatchObject([{ externalId: null, failure: { path: 'Equipment' } }]);
    await proxy.close();
  });
});
