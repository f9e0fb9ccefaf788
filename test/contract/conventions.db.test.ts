/**
 * What holds for every endpoint: the 29 addresses, who comes in, envelopes, status codes (13.1), and the defects of 12.2 that
 * no other file of this folder shows.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connectionBody,
  createOldClient,
  inDays,
  makeOrder,
  makeSchedule,
  makeTask,
  many,
  one,
  openContractApi,
  orderBody,
  refusal,
  registerAsset,
  scheduleBody,
  textOf,
  type ContractApi,
  type OldClient,
  type Shown,
} from './old-client.fixture.ts';

let contract: ContractApi;
let client: OldClient;
beforeAll(async () => {
  contract = await openContractApi();
  ({ client } = contract);
  await registerAsset(client, 'asset_001');
});
afterAll(async () => {
  await contract.close();
  expect(contract.api.bugs).toEqual([]);
});

const UNKNOWN = '3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';
/** Section 2, in its order. */
const ENDPOINTS: readonly (readonly [string, string])[] = [
  ['POST', '/cmms/connections'],
  ['POST', '/cmms/mappings'],
  ['POST', '/cmms/sync/work-orders'],
  ['POST', '/cmms/sync/maintenance-schedules'],
  ['POST', '/cmms/sync/assets'],
  ['POST', '/cmms/sync/all'],
  ['POST', '/work-orders'],
  ['GET', `/work-orders/${UNKNOWN}`],
  ['GET', '/work-orders'],
  ['PUT', `/work-orders/${UNKNOWN}/status`],
  ['POST', '/maintenance/schedules'],
  ['GET', '/maintenance/schedules'],
  ['POST', '/maintenance/tasks'],
  ['GET', '/maintenance/tasks'],
  ['POST', `/maintenance/tasks/${UNKNOWN}/start`],
  ['POST', `/maintenance/tasks/${UNKNOWN}/complete`],
  ['POST', '/maintenance/schedule-recurring'],
  ['GET', '/maintenance/statistics'],
  ['POST', '/assets'],
  ['GET', '/assets/nowhere'],
  ['GET', '/assets'],
  ['POST', '/assets/nowhere/location'],
  ['POST', '/assets/nowhere/condition'],
  ['POST', '/assets/nowhere/performance'],
  ['GET', '/assets/nowhere/performance'],
  ['GET', '/assets/nowhere/alerts'],
  ['POST', `/assets/nowhere/alerts/${UNKNOWN}/acknowledge`],
  ['POST', `/assets/nowhere/alerts/${UNKNOWN}/resolve`],
  ['GET', '/assets/statistics'],
];

describe('the 29 endpoints', () => {
  it('are 29', () => {
    expect(new Set(ENDPOINTS.map((endpoint) => endpoint.join(' '))).size).toBe(29);
  });

  it.each(ENDPOINTS)('%s %s lets nobody in without a key (W25)', async (method, path) => {
    const answer = await contract.stranger.raw(method, path, null, {});
    expect(refusal(answer)[0]).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const wrong = await createOldClient(contract.base, 'cfx_nobodys').raw(method, path, null, {});
    expect(refusal(wrong)[0]).toBe(401);
  });

  it.each(ENDPOINTS.filter(([method]) => method !== 'GET'))(
    '%s %s is not for viewers',
    async (method, path) => {
      const viewer = createOldClient(contract.base, await contract.api.keyOf('viewer'));
      expect(refusal(await viewer.raw(method, path, null, {}))[0]).toBe(403);
    },
  );

  it.each(ENDPOINTS.filter(([method]) => method !== 'GET'))(
    '%s %s tells broken JSON from a body of another kind (13.1)',
    async (method, path) => {
      const json = { 'content-type': 'application/json' };
      expect(refusal(await client.raw(method, path, '{"asset_id": ', json))[0]).toBe(400);
      const other = await client.raw(method, path, 'asset_id=1', { 'content-type': 'text/plain' });
      expect([400, 415]).toContain(refusal(other)[0]);
    },
  );

  it.each(ENDPOINTS.filter(([method, path]) => method !== 'GET' && !/location|condition/.test(path)))(
    '%s %s takes no bare list',
    async (method, path) => {
      const answer = await client.raw(method, path, '[1]', { 'content-type': 'application/json' });
      expect([400, 422]).toContain(refusal(answer)[0]);
    },
  );
});

describe('the words of every resource', () => {
  it('shows money, hours and minutes as numbers everywhere (W28)', async () => {
    const order = await makeOrder(client, 'asset_001', { estimated_cost: 99.95 });
    const schedule = await makeSchedule(client, { estimated_cost: 0.1 });
    const task = await makeTask(client, schedule['id'], 'asset_001');
    expect([order['estimated_cost'], order['estimated_hours']]).toEqual([99.95, 4]);
    expect([schedule['estimated_cost'], schedule['estimated_duration']]).toEqual([0.1, 120]);
    expect([task['estimated_cost'], task['estimated_duration']]).toEqual([0.1, 120]);
  });

  it('shows what was changed and not a message alone (W35, section 1)', async () => {
    const { id } = await makeOrder(client, 'asset_001');
    const answer = await client.put(`/work-orders/${textOf(id)}/status`, { status: 'on_hold' });
    expect(answer.body).toMatchObject({
      success: true,
      message: expect.any(String),
      work_order: { status: 'on_hold' },
    });
  });
});

describe('12.2: the defects of the original', () => {
  it('W2: a bad request is never a 500 and shows nothing of our insides', async () => {
    const answers = await Promise.all([
      client.post('/maintenance/schedules', scheduleBody({ frequency: 'sometimes' })),
      client.get('/maintenance/statistics', { start_date: '2026-01-01T00:00:00+25:00' }),
      client.post('/assets/asset_001/location', [1, 2, 3], { location_name: 'x' }),
      client.get('/assets/asset_001/performance', { start_date: '2026-01-01T00:00:00Zulu' }),
      client.post('/assets', { asset_id: 1, name: 2, asset_type: 3 }),
    ]);
    for (const answer of answers) {
      expect(refusal(answer)[0]).toBe(422);
      expect(JSON.stringify(answer.body)).not.toMatch(/zod|ts:\d|node_modules|select |Error:/);
    }
  });

  it('W4: the id that shadows an address is refused', async () => {
    const answer = await client.post('/assets', { asset_id: 'statistics', name: 'n', asset_type: 'tool' });
    expect(refusal(answer)).toEqual([422, 'asset_id']);
    expect((await client.get('/assets/statistics')).body).toHaveProperty('statistics');
  });

  it('W9: sums stay within reason', async () => {
    const path = '/work-orders';
    for (const wrong of [
      { estimated_hours: -0.01 },
      { estimated_hours: 1e300 },
      { title: 'x'.repeat(5_000) },
    ]) {
      expect(refusal(await client.post(path, orderBody('asset_001', wrong)))[0]).toBe(422);
    }
  });

  it('W11: times come in with offset or without and go out with Z', async () => {
    const spellings = [
      '2031-05-01T10:00:00Z',
      '2031-05-01T10:00:00',
      '2031-05-01T12:00:00+02:00',
      '2031-05-01 10:00:00.000',
    ];
    for (const scheduled_start of spellings) {
      const order = await makeOrder(client, 'asset_001', { scheduled_start });
      expect(order['scheduled_start']).toBe('2031-05-01T10:00:00.000Z');
    }
  });

  it('W20: what the original hid is readable', async () => {
    const schedule = await makeSchedule(client);
    const addresses = [
      `/maintenance/schedules/${textOf(schedule['id'])}`,
      '/work-order-templates',
      '/calendars',
      '/assets/asset_001/locations',
      '/assets/asset_001/conditions',
      '/assets/asset_001/maintenance-history',
      '/cmms/connections',
      '/cmms/mappings',
      '/runs',
    ];
    for (const address of addresses)
      expect([address, (await client.get(address)).status]).toEqual([address, 200]);
    expect(refusal(await client.get('/assets/nowhere/maintenance-history'))[0]).toBe(404);
  });

  it('W21: things are changed and deleted, by rules', async () => {
    await registerAsset(client, 'short-lived');
    expect((await client.patch('/assets/short-lived', { name: 'Renamed' })).body['asset']).toMatchObject({
      name: 'Renamed',
    });
    expect((await client.raw('DELETE', '/assets/short-lived', null, {})).status).toBeLessThan(300);
    expect(refusal(await client.get('/assets/short-lived'))[0]).toBe(404);
    const schedule = await makeSchedule(client);
    const off = await client.patch(`/maintenance/schedules/${textOf(schedule['id'])}`, { is_active: false });
    expect(one(off, 'schedule')['is_active']).toBe(false);
    await makeTask(client, schedule['id'], 'asset_001');
    const path = `/maintenance/schedules/${textOf(schedule['id'])}`;
    expect(refusal(await client.raw('DELETE', path, null, {}))[0]).toBe(409);
  });

  it('W26: pages by cursor, versions and repeats are honoured', async () => {
    const assets: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = await client.get('/assets', { limit: 1, ...(cursor === null ? {} : { cursor }) });
      assets.push(...many(page, 'assets').map((asset) => asset['id']));
      cursor = page.body['next_cursor'] as string | null;
    } while (cursor !== null);
    const all = many(await client.get('/assets'), 'assets').map((asset) => asset['id']);
    expect(new Set(assets)).toEqual(new Set(all));
    expect(assets).toHaveLength(all.length);

    const order = await makeOrder(client, 'asset_001');
    const path = `/work-orders/${textOf(order['id'])}`;
    const { headers } = await client.get(path);
    const match = { 'if-match': textOf(headers.get('etag')) };
    expect((await client.patch(path, { title: 'First' }, match)).status).toBe(200);
    expect(refusal(await client.patch(path, { title: 'Second' }, match))[0]).toBe(412);

    const repeat = { 'content-type': 'application/json', 'idempotency-key': 'one-order-please' };
    const body = JSON.stringify(orderBody('asset_001'));
    const [first, second] = [
      await client.raw('POST', '/work-orders', body, repeat),
      await client.raw('POST', '/work-orders', body, repeat),
    ];
    expect([first.status, second.body['work_order_id']]).toEqual([201, first.body['work_order_id']]);
    const another = JSON.stringify(orderBody('asset_001', { title: 'Another' }));
    expect(refusal(await client.raw('POST', '/work-orders', another, repeat))[0]).toBe(422);
  });

  it('W24: every mutation is in the audit log, without secrets (4.12)', async () => {
    await client.post('/cmms/connections', connectionBody({ api_key: 'never-to-be-seen' }));
    const log = JSON.stringify((await client.get('/audit')).body);
    expect(log).toContain('connection.create');
    expect(log).not.toContain('never-to-be-seen');
  });

  it('W34: health is live and readiness names its parts', async () => {
    const origin = contract.base.replace('/api/v1', '');
    const health = await createOldClient(origin, null).get('/health');
    expect(health.status).toBe(200);
    expect([200, 503]).toContain((await createOldClient(origin, null).get('/ready')).status);
  });

  it('W36: hours it ran and hours of maintenance are told apart', async () => {
    await registerAsset(client, 'metered');
    const reading = { uptime_percentage: 95, efficiency_rating: 95 };
    await client.post('/assets/metered/performance', {
      ...reading,
      operating_hours: 8,
      maintenance_hours: 2,
    });
    expect(one(await client.get('/assets/metered'), 'asset')['total_operating_hours']).toBe(8);
  });
});

describe('end to end (section 10)', () => {
  it('asset, schedule, task, work order, reading, start, complete, straight to completed', async () => {
    await registerAsset(client, 'line-1', { asset_type: 'machinery', department: 'Pit' });
    const schedule = await makeSchedule(client, { asset_ids: ['line-1'] });
    const task = await makeTask(client, schedule['id'], 'line-1', { scheduled_start: inDays(1) });
    const order = await makeOrder(client, 'line-1');
    await client.post('/assets/line-1/performance', {
      asset_id: 'line-1',
      uptime_percentage: 97,
      efficiency_rating: 91,
      maintenance_hours: 3.5,
    });
    const path = `/maintenance/tasks/${textOf(task['id'])}`;
    await client.post(`${path}/start`, { performer: 'technician_001' });
    await client.post(`${path}/complete`, { actual_duration: 110, actual_cost: 180 });
    const done = await client.put(`/work-orders/${textOf(order['id'])}/status`, { status: 'completed' });
    expect(one(done, 'work_order')['status']).toBe('completed');
    const asset: Shown = one(await client.get('/assets/line-1'), 'asset');
    expect(asset).toMatchObject({ total_operating_hours: 3.5, total_cost: 180 });
    expect(textOf(asset['last_maintenance'])).toMatch(/Z$/);
    expect(textOf(asset['next_maintenance'])).toMatch(/Z$/);
  });
});
