/**
 * The ten calls of the original's Go client (section 9.1), with the bodies its structs make: whole resources, zero times and
 * empty words among them, lists that are null, addresses that are not encoded. What it decodes are numbers and RFC 3339.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  many,
  one,
  openContractApi,
  refusal,
  type ContractApi,
  type OldClient,
} from './old-client.fixture.ts';

let contract: ContractApi;
let client: OldClient;
beforeAll(async () => {
  contract = await openContractApi();
  ({ client } = contract);
});
afterAll(async () => {
  await contract.close();
  expect(contract.api.bugs).toEqual([]);
});

const ZERO_ID = '00000000-0000-0000-0000-000000000000';
const ZERO_TIME = '0001-01-01T00:00:00Z';
const STAMPS = { created_at: ZERO_TIME, updated_at: ZERO_TIME };
/** What Go's time.Time reads. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

describe('the Go client', () => {
  it('adds a connection', async () => {
    const made = await client.post('/cmms/connections', {
      id: ZERO_ID,
      cmms_type: 'custom',
      api_url: 'https://cmms.example.com',
      api_key: 'k',
      connection_name: 'Go',
      ...STAMPS,
    });
    expect([made.status, made.body['success'], typeof made.body['connection_id']]).toEqual([
      201,
      true,
      'string',
    ]);
  });

  it('registers an asset, which it calls id, and lists it', async () => {
    const made = await client.post('/assets', {
      id: 'go-pump',
      name: 'Pump',
      asset_type: 'equipment',
      status: '',
      installation_date: '2020-05-01T08:00:00+02:00',
      expected_lifespan: 120,
      tags: null,
      specifications: null,
      ...STAMPS,
    });
    expect([made.status, made.body['success'], made.body['asset_id']]).toEqual([201, true, 'go-pump']);
    const [asset] = many(
      await client.get('/assets', { asset_type: 'equipment', status: 'operational' }),
      'assets',
    );
    expect(asset).toMatchObject({
      id: 'go-pump',
      status: 'operational',
      expected_lifespan: 120,
      tags: [],
      specifications: {},
      installation_date: expect.stringMatching(RFC3339),
      created_at: expect.stringMatching(RFC3339),
    });
  });

  it('makes a work order and lists it', async () => {
    const made = await client.post('/work-orders', {
      id: ZERO_ID,
      work_order_number: '',
      asset_id: 'go-pump',
      title: 'Seal',
      description: 'Drips',
      status: '',
      priority: 'high',
      estimated_hours: 4,
      estimated_cost: 150.5,
      ...STAMPS,
    });
    expect([made.status, made.body['success']]).toEqual([201, true]);
    expect([typeof made.body['work_order_id'], typeof made.body['work_order_number']]).toEqual([
      'string',
      'string',
    ]);
    const [order] = many(
      await client.get('/work-orders', { status: 'scheduled', asset_id: 'go-pump' }),
      'work_orders',
    );
    expect(order).toMatchObject({
      id: made.body['work_order_id'],
      estimated_hours: 4,
      estimated_cost: 150.5,
      created_at: expect.stringMatching(RFC3339),
    });
    expect(order?.['id']).not.toBe(ZERO_ID);
  });

  it('makes a schedule and lists it', async () => {
    const made = await client.post('/maintenance/schedules', {
      id: ZERO_ID,
      name: 'Check',
      description: 'Look',
      maintenance_type: 'inspection',
      priority: 'low',
      frequency: 'weekly',
      trigger_type: 'time_based',
      trigger_value: 7,
      estimated_duration: 30,
      estimated_cost: 12.5,
      required_skills: null,
      required_tools: null,
      required_parts: null,
      is_active: true,
      ...STAMPS,
    });
    expect([made.status, made.body['success'], typeof made.body['schedule_id']]).toEqual([
      201,
      true,
      'string',
    ]);
    const [schedule] = many(await client.get('/maintenance/schedules'), 'schedules');
    expect(schedule).toMatchObject({
      trigger_value: 7,
      estimated_duration: 30,
      estimated_cost: 12.5,
      required_skills: [],
      next_scheduled: expect.stringMatching(RFC3339),
      created_at: expect.stringMatching(RFC3339),
    });
  });

  it('reports performance, taken now', async () => {
    const sent = await client.post('/assets/go-pump/performance', {
      id: ZERO_ID,
      asset_id: '',
      timestamp: ZERO_TIME,
      uptime_percentage: 0,
      efficiency_rating: 0,
      error_count: 0,
      warning_count: 0,
    });
    expect([sent.status, sent.body['success']]).toEqual([201, true]);
    const age = Date.now() - Date.parse(String(one(sent, 'performance')['timestamp']));
    expect(Math.abs(age)).toBeLessThan(60_000);
  });

  it('asks for statistics with an offset that it does not encode', async () => {
    const path =
      '/assets/statistics?asset_id=go-pump&start_date=2026-01-01T00:00:00+02:00&end_date=2099-01-01T00:00:00+02:00';
    const answer = await client.raw('GET', path, null, {});
    expect(answer.status).toBe(200);
    const statistics = one(answer, 'statistics');
    expect(statistics['total_assets']).toBe(1);
    expect(Object.values(statistics).every((value) => typeof value === 'number')).toBe(true);
  });

  it('is still told of names that nothing has, and of a status that a new order cannot have', async () => {
    const order = { asset_id: 'go-pump', title: 'T', description: '', priority: 'low', estimated_hours: 1 };
    expect(refusal(await client.post('/work-orders', { ...order, tittle: 'T' }))).toEqual([422, 'tittle']);
    expect(refusal(await client.post('/work-orders', { ...order, status: 'completed' }))).toEqual([
      422,
      'status',
    ]);
  });
});
