/** Sites that offer some services, and releases that lack a way below an order: the rest goes on. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { isAbsentEntity } from '../../domain/kernel/failure.ts';
import { failureOf } from '../kit/conformance-bench.ts';
import { createMemoryKept } from '../kit/kept.ts';
import { startProxy } from '../kit/proxy.fixture.ts';
import type { Answered, Proxy } from '../kit/proxy.fixture.ts';
import { sapPm } from './index.ts';
import { doneRecord, openStand } from './stand.fixture.ts';
import type { SapStand } from './stand.fixture.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function stand(settings: JsonObject = {}): Promise<SapStand> {
  const opened = await openStand(settings);
  closers.push(() => opened.close());
  return opened;
}
const PAGE = { cursor: null, pageSize: 10 };

describe('a service that this site does not offer', () => {
  it('leaves its entity out with the setting that says so for good; the others go on', async () => {
    const { session, sandbox } = await stand();
    sandbox.control.setDial('inactiveServices', ['API_MAINTNOTIFICATION']);
    const failure = await failureOf(session.pull('request', PAGE), {});
    expect([failure.kind, isAbsentEntity(failure), failure.path]).toEqual([
      'invalid_config',
      true,
      'services.notifications',
    ]);
    expect(failure.message).toContain('requests are left out');
    for (const call of [session.keys('request', null), session.read('request', ['1'])])
      expect(isAbsentEntity(await failureOf(call, {}))).toBe(true);
    expect((await session.pull('asset', PAGE)).records).toEqual([]);
  });

  it('is no reason to fail the connection test, as long as one of them answers', async () => {
    const { session, sandbox } = await stand();
    sandbox.control.setDial('inactiveServices', ['API_MAINTENANCEORDER', 'API_MAINTNOTIFICATION']);
    await session.probe();
    const all = ['API_MAINTENANCEORDER', 'API_MAINTNOTIFICATION', 'API_EQUIPMENT', 'API_FUNCTIONALLOCATION'];
    sandbox.control.setDial('inactiveServices', [
      ...all,
      'API_MAINTENANCEPLAN',
      'API_PRODUCT_SRV',
      'api_measuringpoint',
    ]);
    expect(isAbsentEntity(await failureOf(session.probe(), {}))).toBe(true);
  });

  it('a set that the service does not have is the same', async () => {
    const proxy = await startProxy(null, {
      answer: () => ({ status: 404, body: JSON.stringify({ error: { message: 'Resource not found' } }) }),
    });
    closers.push(() => proxy.close());
    const { connect } = await stand();
    const failure = await failureOf(connect({ baseUrl: proxy.url }).pull('plan', PAGE), {});
    expect([isAbsentEntity(failure), failure.path]).toEqual([true, 'services.plans']);
  });

  it('switched off in the settings is not asked for, and the manifest says so', async () => {
    const { connect, sandbox } = await stand();
    const session = connect({ services: { notifications: false } });
    const before = sandbox.control.stats().requests;
    expect(isAbsentEntity(await failureOf(session.pull('request', PAGE), {}))).toBe(true);
    expect(sandbox.control.stats().requests).toBe(before);
    const capabilities = sapPm.manifestFor?.({ services: { notifications: false } }).capabilities;
    expect([capabilities?.request.read, capabilities?.work_order.read]).toEqual([false, true]);
  });

  it('parts go on without stock and meters without readings only when that is said', async () => {
    const { sandbox, connect, create, session } = await stand();
    await create('part', { Product: 'SP-1', _description: 'Seal' });
    const { externalId: Equipment } = await create('asset', { EquipmentName: 'Pump' });
    await create('meter', { MeasuringPointDescription: 'Hours', MeasurementRangeUnit: 'H', Equipment });
    sandbox.control.setDial('inactiveServices', ['API_MATERIAL_STOCK_SRV', 'api_measurementdocument']);
    expect((await failureOf(session.pull('part', PAGE), {})).path).toBe('services.stock');
    expect((await failureOf(session.pull('meter', PAGE), {})).path).toBe('services.readings');
    const without = connect({ services: { stock: false, readings: false } });
    expect((await without.pull('part', PAGE)).records).toHaveLength(1);
    expect((await without.pull('meter', PAGE)).records).toHaveLength(1);
  });
});

describe('a release without the components of an operation', () => {
  const NAV = 'to_MaintOrderOpComponent_2';

  /** The sandbox behind a server that knows nothing of the navigation. */
  async function older(hidden = NAV): Promise<{ proxy: Proxy; opened: SapStand }> {
    const opened = await stand();
    const proxy = await startProxy(opened.sandbox.url, {
      answer: ({ url, body }) => (decodeURIComponent(`${url} ${body}`).includes(hidden) ? REFUSED : null),
      alter: ({ url }, answered) =>
        url.includes('$metadata') ? withoutNavigation(answered, hidden) : answered,
    });
    closers.push(() => proxy.close());
    return { proxy, opened };
  }
  const REFUSED: Answered = {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code: 'SY/530', message: { lang: 'en', value: 'Invalid $expand' } } }),
  };
  const withoutNavigation = (answered: Answered, name: string): Answered => ({
    ...answered,
    body: String(answered.body).replaceAll(new RegExp(`<NavigationProperty Name="${name}"[^>]*/>`, 'g'), ''),
  });
  const asks = ({ asked }: Proxy, part: string): number =>
    asked.filter(({ url }) => decodeURIComponent(url).includes(part)).length;

  it('is read without them, and they are not shown as taken away', async () => {
    const { proxy, opened } = await older();
    const order = await opened.create('work_order', {
      MaintenanceOrderDesc: 'Replace coupling',
      MaintenanceOrderType: 'PM01',
      _operations: [{ _sequence: 10, OperationDescription: 'Dismount' }],
    });
    expect(order.raw['_components']).toEqual([]);
    const session = opened.connect({ baseUrl: proxy.url });
    const [record] = (await session.pull('work_order', PAGE)).records;
    expect(record?.raw).not.toHaveProperty('_components');
    expect(record?.raw['_operations']).toMatchObject([{ OperationDescription: 'Dismount' }]);
    expect(await session.read('work_order', [order.externalId])).toEqual([record]);
    expect([asks(proxy, NAV), asks(proxy, '$metadata')]).toEqual([1, 1]);
  });

  it('is remembered for the sessions after', async () => {
    const { proxy, opened } = await older();
    const kept = createMemoryKept();
    const connect = () => opened.connect({ baseUrl: proxy.url }, undefined, { kept });
    for (const session of [connect(), connect(), connect()]) await session.pull('work_order', PAGE);
    expect([asks(proxy, NAV), asks(proxy, '$metadata')]).toEqual([1, 1]);
  });

  it('without operations at all: they are not shown, and a change of them is refused, not tried', async () => {
    const { proxy, opened } = await older('to_MaintenanceOrderOperation');
    const payload = { MaintenanceOrderDesc: 'Replace coupling', MaintenanceOrderType: 'PM01' };
    await opened.create('work_order', payload);
    const session = opened.connect({ baseUrl: proxy.url });
    const [record] = (await session.pull('work_order', PAGE)).records;
    if (record === undefined) throw new Error('No order.');
    expect(record.raw).not.toHaveProperty('_operations');
    const op = { key: 'k', ...record, comments: [], knownComments: [] };
    const [refused] = await session.update('work_order', [
      { ...op, payload: { _operations: [{ _sequence: 10, OperationDescription: 'X' }] } },
    ]);
    expect(refused?.outcome).toBe('rejected');
    const [renamed] = await session.update('work_order', [
      { ...op, payload: { MaintenanceOrderDesc: 'Another title' } },
    ]);
    if (renamed === undefined) throw new Error('No outcome.');
    expect(doneRecord(renamed).raw['MaintenanceOrderDesc']).toBe('Another title');
  });

  it('a refusal that has nothing to do with it is told as it is', async () => {
    const opened = await stand();
    const proxy = await startProxy(opened.sandbox.url, {
      answer: ({ url }) => (url.includes('$metadata') ? null : REFUSED),
    });
    closers.push(() => proxy.close());
    const failure = await failureOf(opened.connect({ baseUrl: proxy.url }).pull('work_order', PAGE), {});
    expect([failure.kind, asks(proxy, '$metadata')]).toEqual(['rejected', 1]);
  });
});
