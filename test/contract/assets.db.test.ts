/** Assets and what is reported about them (endpoints 19 to 25): sections 2.4, 4.10, 4.11, 8.3, 10 and 13.2. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ASSET_STATUSES,
  ASSET_TYPES,
  CONDITIONS,
  many,
  one,
  openContractApi,
  refusal,
  registerAsset,
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

const FULL = {
  asset_id: 'HVAC 001/a',
  name: 'Rooftop unit',
  asset_type: 'equipment',
  description: 'Cools the hall.',
  manufacturer: 'Carrier',
  model: '50XC',
  serial_number: 'SN-123',
  installation_date: '2020-01-15T00:00:00Z',
  warranty_expiry: '2027-01-15',
  expected_lifespan: 240,
  department: 'Facilities',
  responsible_person: 'maria',
  tags: ['hvac', 'critical'],
  specifications: { cooling: '10 t', weight: 412.5, phases: 3, inverter: true },
};

describe('19: an asset is registered', () => {
  it('answers with the asset as section 4.10 has it', async () => {
    const made = await client.post('/assets', FULL);
    expect([made.status, made.body['success'], made.body['asset_id'], typeof made.body['message']]).toEqual([
      201,
      true,
      'HVAC 001/a',
      'string',
    ]);
    const location = textOf(made.headers.get('location'));
    expect(location).toBe('/api/v1/assets/HVAC%20001%2Fa');
    const { asset_id, ...rest } = FULL;
    expect(one(made, 'asset')).toMatchObject({
      ...rest,
      id: asset_id,
      installation_date: '2020-01-15T00:00:00.000Z',
      warranty_expiry: '2027-01-15T00:00:00.000Z',
      status: 'operational',
      current_location: null,
      current_condition: null,
      last_maintenance: null,
      next_maintenance: null,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(one(await client.get(location.replace('/api/v1', '')), 'asset')).toEqual(one(made, 'asset'));
  });

  it('has the defaults of the contract when only the three required fields are said', async () => {
    const asset = await registerAsset(client, 'bare');
    expect(asset).toMatchObject({ status: 'operational', tags: [], specifications: {}, description: null });
    expect([null, 0]).toContain(asset['total_operating_hours']);
    expect([null, 0]).toContain(asset['total_cost']);
  });

  it.each(ASSET_TYPES)('takes the type %s, shows it and finds it', async (asset_type) => {
    expect(await registerAsset(client, `type-${asset_type}`, { asset_type })).toMatchObject({ asset_type });
    const found = many(await client.get('/assets', { asset_type }), 'assets');
    expect(found.map((asset) => asset['id'])).toContain(`type-${asset_type}`);
    expect(found.filter((asset) => asset['asset_type'] !== asset_type)).toEqual([]);
  });

  it.each<[string, Shown, string]>([
    ['no id', { asset_id: undefined }, 'asset_id'],
    ['an empty id', { asset_id: '' }, 'asset_id'],
    ['a blank id', { asset_id: '  ' }, 'asset_id'],
    ['the id that an address has taken', { asset_id: 'statistics' }, 'asset_id'],
    ['no name', { name: undefined }, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['no type', { asset_type: undefined }, 'asset_type'],
    ['an empty type', { asset_type: '' }, 'asset_type'],
    ['an unknown type', { asset_type: 'spaceship' }, 'asset_type'],
    ['tags that are no list', { tags: 'hvac' }, 'tags'],
    ['tags that are no texts', { tags: [1] }, 'tags[0]'],
    ['a date nobody can read', { installation_date: 'last spring' }, 'installation_date'],
    ['a day that does not exist', { warranty_expiry: '2027-02-30' }, 'warranty_expiry'],
    ['a negative life', { expected_lifespan: -1 }, 'expected_lifespan'],
    ['specifications that are no map', { specifications: ['a'] }, 'specifications'],
    ['a specification of nothing', { specifications: { weight: null } }, 'specifications.weight'],
    ['a nested specification', { specifications: { motor: { kw: 3 } } }, 'specifications.motor'],
  ])('refuses %s', async (_what, changes, field) => {
    const answer = await client.post('/assets', { ...FULL, asset_id: 'refused', ...changes });
    expect(refusal(answer)).toEqual([422, field]);
    expect(refusal(await client.get('/assets/refused'))[0]).toBe(404);
  });

  it('names the types there are', async () => {
    const answer = await client.post('/assets', { ...FULL, asset_id: 'x', asset_type: 'spaceship' });
    expect(answer.body['errors']).toEqual([
      expect.objectContaining({ field: 'asset_type', allowed: [...ASSET_TYPES] }),
    ]);
  });

  it('refuses a duplicate and leaves the first as it was (W7)', async () => {
    const first = await registerAsset(client, 'dup', { name: 'First' });
    const again = await client.post('/assets', { ...FULL, asset_id: 'dup', name: 'Second' });
    expect(refusal(again)[0]).toBe(409);
    expect(one(await client.get('/assets/dup'), 'asset')).toEqual(first);
  });

  it('lets one of many racing registrations win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        client.post('/assets', { asset_id: 'raced', name: `Racer ${String(i)}`, asset_type: 'tool' }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const winner = answers.find(({ status }) => status === 201);
    expect(one(await client.get('/assets/raced'), 'asset')['name']).toBe(
      winner === undefined ? null : one(winner, 'asset')['name'],
    );
  });
});

describe('20, 21: assets are read', () => {
  it('is a 404 for an unknown id', async () => {
    expect(refusal(await client.get('/assets/nowhere'))[0]).toBe(404);
    expect(refusal(await client.get('/assets/ASSET_001'))[0]).toBe(404);
  });

  it('combines exact filters with AND', async () => {
    await registerAsset(client, 'pump-1', { asset_type: 'machinery', department: 'Pit' });
    await registerAsset(client, 'pump-2', { asset_type: 'machinery', department: 'Pit North' });
    await registerAsset(client, 'pump-3', { asset_type: 'vehicle', department: 'Pit' });
    const query = { asset_type: 'machinery', status: 'operational', department: 'Pit' };
    const found = many(await client.get('/assets', query), 'assets');
    expect(found.map((asset) => asset['id'])).toEqual(['pump-1']);
    expect(many(await client.get('/assets', { ...query, department: 'pit' }), 'assets')).toEqual([]);
  });

  it.each([
    ['asset_type', 'spaceship'],
    ['asset_type', 'EQUIPMENT'],
    ['status', 'broken'],
  ])('refuses the filter %s=%s (W10)', async (name, value) => {
    expect(refusal(await client.get('/assets', { [name]: value }))).toEqual([422, name]);
  });

  it.each(ASSET_STATUSES)('takes the status %s by a change, shows it and finds it (W21)', async (status) => {
    await registerAsset(client, `status-${status}`);
    const changed = await client.patch(`/assets/status-${status}`, { status });
    expect([changed.status, one(changed, 'asset')['status']]).toEqual([200, status]);
    const found = many(await client.get('/assets', { status }), 'assets');
    expect(found.map((asset) => asset['id'])).toContain(`status-${status}`);
    expect(found.filter((asset) => asset['status'] !== status)).toEqual([]);
  });
});

describe('22: a location is recorded', () => {
  const place = {
    location_name: 'Mechanical room',
    building: 'Main',
    floor: '1',
    room: '101',
    address: 'Mill Road 1',
    zone: 'North',
    department: 'Facilities',
    updated_by: 'technician_001',
  };

  it('becomes current; the earlier one stays in the history', async () => {
    await registerAsset(client, 'moving');
    const first = await client.post('/assets/moving/location', { ...place, coordinates: [40.7128, -74.006] });
    expect([200, 201]).toContain(first.status);
    expect(one(await client.get('/assets/moving'), 'asset')['current_location']).toMatchObject({
      ...place,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      asset_id: 'moving',
      coordinates: [40.7128, -74.006],
      timestamp: expect.stringMatching(/Z$/),
    });
    await client.post('/assets/moving/location', { location_name: 'Yard' });
    expect(one(await client.get('/assets/moving'), 'asset')['current_location']).toMatchObject({
      location_name: 'Yard',
      building: null,
      coordinates: null,
    });
    const history = many(await client.get('/assets/moving/locations'), 'locations');
    expect(history.map((row) => row['location_name'])).toEqual(['Mechanical room', 'Yard']);
  });

  it('takes the form of the original: everything in the query, a bare pair as the body', async () => {
    await registerAsset(client, 'moved-oldly');
    const moved = await client.post('/assets/moved-oldly/location', [-31.95, 115.86], place);
    expect([200, 201]).toContain(moved.status);
    expect(one(await client.get('/assets/moved-oldly'), 'asset')['current_location']).toMatchObject({
      ...place,
      coordinates: [-31.95, 115.86],
    });
    const bare = await client.post('/assets/moved-oldly/location', undefined, { location_name: 'Hall' });
    expect([200, 201]).toContain(bare.status);
    expect(one(await client.get('/assets/moved-oldly'), 'asset')['current_location']).toMatchObject({
      location_name: 'Hall',
      coordinates: null,
    });
  });

  it.each<[string, unknown]>([
    ['one number', [1]],
    ['three numbers', [1, 2, 3]],
    ['no numbers', []],
    ['words', ['1', 'x']],
    ['a latitude beyond 90', [90.01, 0]],
    ['a latitude beyond -90', [-90.01, 0]],
    ['a longitude beyond 180', [0, 180.01]],
    ['a longitude beyond -180', [0, -180.01]],
  ])('refuses %s as coordinates, in both forms', async (_what, coordinates) => {
    const path = '/assets/asset_001/location';
    expect(refusal(await client.post(path, { location_name: 'Hall', coordinates }))[0]).toBe(422);
    expect(refusal(await client.post(path, coordinates, { location_name: 'Hall' }))[0]).toBe(422);
  });

  it.each([[[90, 180]], [[-90, -180]], [[0, 0]]])('takes the limits %j', async (coordinates) => {
    const path = '/assets/asset_001/location';
    const answer = await client.post(path, { location_name: 'Pole', coordinates });
    expect(one(answer, 'location')['coordinates']).toEqual(coordinates);
  });

  it('refuses no name, an empty one, and an unknown asset', async () => {
    const path = '/assets/asset_001/location';
    expect(refusal(await client.post(path, { building: 'Main' }))).toEqual([422, 'location_name']);
    expect(refusal(await client.post(path, { location_name: '' }))).toEqual([422, 'location_name']);
    expect(refusal(await client.post('/assets/nowhere/location', { location_name: 'Hall' }))[0]).toBe(404);
  });
});

describe('23: a condition is assessed', () => {
  const words = {
    condition: 'good',
    assessed_by: 'inspector_001',
    notes: 'Runs well',
    visual_inspection: 'No rust',
    functional_test: 'Passed',
    recommendations: 'None',
    next_assessment_date: '2031-06-01T00:00:00',
  };
  const metrics = { vibration_level: 2.5, cycles: 12, oil: 'clear' };

  it('becomes current; the earlier one stays in the history', async () => {
    await registerAsset(client, 'assessed');
    const answer = await client.post('/assets/assessed/condition', {
      ...words,
      performance_metrics: metrics,
    });
    expect([200, 201]).toContain(answer.status);
    expect(one(await client.get('/assets/assessed'), 'asset')['current_condition']).toMatchObject({
      ...words,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      asset_id: 'assessed',
      next_assessment_date: '2031-06-01T00:00:00.000Z',
      performance_metrics: metrics,
      assessment_date: expect.stringMatching(/Z$/),
    });
    await client.post('/assets/assessed/condition', { condition: 'fair', assessed_by: 'inspector_002' });
    expect(one(await client.get('/assets/assessed'), 'asset')['current_condition']).toMatchObject({
      condition: 'fair',
      performance_metrics: {},
    });
    const history = many(await client.get('/assets/assessed/conditions'), 'conditions');
    expect(history.map((row) => row['condition'])).toEqual(['good', 'fair']);
  });

  it('takes the form of the original: everything in the query, a bare map of metrics as the body', async () => {
    await registerAsset(client, 'assessed-oldly');
    const answer = await client.post('/assets/assessed-oldly/condition', metrics, words);
    expect([200, 201]).toContain(answer.status);
    expect(one(await client.get('/assets/assessed-oldly'), 'asset')['current_condition']).toMatchObject({
      condition: 'good',
      notes: 'Runs well',
      performance_metrics: metrics,
    });
    const bare = await client.post('/assets/assessed-oldly/condition', undefined, {
      condition: 'excellent',
      assessed_by: 'x',
    });
    expect([200, 201]).toContain(bare.status);
  });

  it.each(CONDITIONS)('takes the condition %s and warns of the bad ones', async (condition) => {
    const id = `cond-${condition}`;
    await registerAsset(client, id);
    const answer = await client.post(`/assets/${id}/condition`, { condition, assessed_by: 'x' });
    expect([200, 201]).toContain(answer.status);
    const severity = { poor: 'medium', critical: 'high' }[condition as string];
    const alerts = many(await client.get(`/assets/${id}/alerts`), 'alerts');
    expect(alerts.map((alert) => [alert['alert_type'], alert['severity']])).toEqual(
      severity === undefined ? [] : [['condition_warning', severity]],
    );
  });

  it.each<[string, Shown, string]>([
    ['an unknown condition', { condition: 'superb' }, 'condition'],
    ['no condition', { condition: undefined }, 'condition'],
    ['no assessor', { assessed_by: undefined }, 'assessed_by'],
    ['an empty assessor', { assessed_by: '' }, 'assessed_by'],
    ['a date nobody can read', { next_assessment_date: 'soon' }, 'next_assessment_date'],
    ['metrics that are no map', { performance_metrics: [1] }, 'performance_metrics'],
  ])('refuses %s and stores nothing (W6)', async (_what, changes, field) => {
    const path = '/assets/asset_001/condition';
    expect(refusal(await client.post(path, { ...words, ...changes }))).toEqual([422, field]);
    expect(many(await client.get('/assets/asset_001/conditions'), 'conditions')).toEqual([]);
  });

  it('is a 404 for an unknown asset', async () => {
    expect(refusal(await client.post('/assets/nowhere/condition', words))[0]).toBe(404);
  });
});

describe('24, 25: readings', () => {
  const reading = {
    uptime_percentage: 98.5,
    efficiency_rating: 92.0,
    throughput: 1200.5,
    energy_consumption: 45.2,
    temperature: 65.5,
    vibration: 2.1,
    pressure: 101.3,
    speed: 1450,
    load_percentage: 75,
    maintenance_hours: 2.5,
    cost_per_hour: 12.75,
    error_count: 2,
    warning_count: 5,
  };

  it('keeps all figures as numbers, oldest first', async () => {
    await registerAsset(client, 'read');
    const first = await client.post('/assets/read/performance', { asset_id: 'read', ...reading });
    expect([200, 201]).toContain(first.status);
    await client.post('/assets/read/performance', { uptime_percentage: 0, efficiency_rating: 100 });
    const rows = many(await client.get('/assets/read/performance'), 'performance_data');
    expect(rows).toEqual([
      expect.objectContaining({ ...reading, asset_id: 'read', timestamp: expect.stringMatching(/Z$/) }),
      expect.objectContaining({
        uptime_percentage: 0,
        efficiency_rating: 100,
        temperature: null,
        error_count: 0,
        warning_count: 0,
      }),
    ]);
    expect(one(await client.get('/assets/read'), 'asset')['total_operating_hours']).toBe(2.5);
  });

  it.each<[string, Shown, string]>([
    ['no uptime', { uptime_percentage: undefined }, 'uptime_percentage'],
    ['no efficiency', { efficiency_rating: undefined }, 'efficiency_rating'],
    ['uptime of 500 %', { uptime_percentage: 500 }, 'uptime_percentage'],
    ['negative uptime', { uptime_percentage: -0.1 }, 'uptime_percentage'],
    ['efficiency beyond 100', { efficiency_rating: 100.1 }, 'efficiency_rating'],
    ['negative efficiency', { efficiency_rating: -1 }, 'efficiency_rating'],
    ['negative errors', { error_count: -1 }, 'error_count'],
    ['half an error', { error_count: 1.5 }, 'error_count'],
    ['negative warnings', { warning_count: -1 }, 'warning_count'],
    ['half a warning', { warning_count: 0.5 }, 'warning_count'],
    ['a temperature in words', { temperature: 'hot' }, 'temperature'],
    ['uptime in words', { uptime_percentage: 'all day' }, 'uptime_percentage'],
    ["another asset's id (W37)", { asset_id: 'asset_002' }, 'asset_id'],
  ])('refuses %s', async (_what, changes, field) => {
    const answer = await client.post('/assets/asset_001/performance', { ...reading, ...changes });
    expect(refusal(answer)).toEqual([422, field]);
  });

  it('is a 404 for an unknown asset, reading and writing (W31)', async () => {
    expect(refusal(await client.post('/assets/nowhere/performance', reading))[0]).toBe(404);
    expect(refusal(await client.get('/assets/nowhere/performance'))[0]).toBe(404);
  });

  it('takes ranges with both ends, with offset or without (W11)', async () => {
    await registerAsset(client, 'ranged');
    const stamps: string[] = [];
    for (const uptime of [81, 82, 83]) {
      const answer = await client.post('/assets/ranged/performance', {
        uptime_percentage: uptime,
        efficiency_rating: 90,
      });
      stamps.push(textOf(one(answer, 'performance')['timestamp']));
    }
    const [first = '', middle = ''] = stamps;
    const of = async (query: Record<string, string>): Promise<unknown[]> =>
      many(await client.get('/assets/ranged/performance', query), 'performance_data').map(
        (row) => row['timestamp'],
      );
    expect(await of({ start_date: first })).toEqual(stamps);
    expect(await of({ end_date: middle })).toEqual(stamps.filter((stamp) => stamp <= middle));
    const naive = middle.replace('Z', '');
    expect(await of({ start_date: naive, end_date: naive })).toEqual(stamps.filter((one) => one === middle));
    const offset = new Date(Date.parse(middle) + 7_200_000).toISOString().replace('Z', '+02:00');
    expect(await of({ start_date: offset })).toEqual(stamps.filter((stamp) => stamp >= middle));
    const answer = await client.get('/assets/ranged/performance', {
      start_date: '2026-02-01',
      end_date: '2026-01-01',
    });
    expect(refusal(answer)[0]).toBe(422);
    expect(refusal(await client.get('/assets/ranged/performance', { start_date: 'x' }))).toEqual([
      422,
      'start_date',
    ]);
  });
});
