import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { createRecord } from '../../../../plant/records/change-record.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from '../plain-records/answers.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

let n = 0;
/** Registers an asset under an id of its own. */
async function register(more: Record<string, unknown> = {}): Promise<string> {
  n += 1;
  const id = `T-${String(n)}`;
  const answer = await post('/assets', {
    asset_id: id,
    name: `Truck ${String(n)}`,
    asset_type: 'vehicle',
    ...more,
  });
  expect(answer.status).toBe(201);
  return id;
}

async function post(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await api.call('POST', path, { body, headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<AnswerBody>() };
}
async function get(path: string) {
  const answer = await api.call('GET', path);
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<AnswerBody>() };
}
async function patch(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await api.call('PATCH', path, { body, headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<AnswerBody>() };
}
const READING = { uptime_percentage: 95, efficiency_rating: 90 };

describe('registration', () => {
  it('answers with the asset under the names of the reference API', async () => {
    const made = await post('/assets', {
      asset_id: 'HT 7/a',
      name: 'Haul truck 7',
      asset_type: 'vehicle',
      manufacturer: 'Komatsu',
      serial_number: 'K-7',
      installation_date: '2021-05-01T22:30:00-08:00',
      expected_lifespan: 120,
      department: 'Haulage',
      responsible_person: 'somebody unknown here',
      tags: ['mining', 'critical'],
      specifications: { power_kw: 2014, electric: false },
    });
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe('/api/v1/assets/HT%207%2Fa');
    expect(made.body).toMatchObject({ success: true, asset_id: 'HT 7/a' });
    const read = await api.call('GET', String(made.headers['location']));
    expect(read.headers['etag']).toBe('"1"');
    expect(read.json<AnswerBody>().asset).toMatchObject({
      id: 'HT 7/a',
      asset_id: 'HT 7/a',
      asset_type: 'vehicle',
      status: 'operational',
      // The day as written, whatever the offset.
      installation_date: '2021-05-01T00:00:00.000Z',
      expected_lifespan: 120,
      department: 'Haulage',
      responsible_person: 'somebody unknown here',
      tags: ['mining', 'critical'],
      specifications: { power_kw: 2014, electric: false },
      current_location: null,
      current_condition: null,
      total_operating_hours: null,
    });
    expect((await get(`/assets/${read.json<AnswerBody>().asset.hub_id}`)).body.asset.id).toBe('HT 7/a');
    expect((await get(`/assets/${read.json<AnswerBody>().asset.number}`)).body.asset.id).toBe('HT 7/a');
  });

  it('takes an id once, also when many come at the same time', async () => {
    const body = { asset_id: 'ONCE', name: 'Once', asset_type: 'tool' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/assets', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 409),
    ]);
    expect(answers.find(({ status }) => status === 409)?.body.errors?.[0]?.field).toBe('asset_id');
    const again = await post('/assets', {
      ...body,
      asset_id: (await get('/assets/ONCE')).body.asset.number,
    });
    expect(again.status).toBe(409);
  });

  it.each([
    ['an unknown type', { asset_type: 'spaceship' }, 'asset_type'],
    ['an empty name', { name: ' ' }, 'name'],
    ['an empty id', { asset_id: '' }, 'asset_id'],
    ['no name', { name: undefined }, 'name'],
    ['tags that are no list', { tags: 'mining' }, 'tags'],
    ['nested specifications', { specifications: { a: { b: 1 } } }, 'specifications.a'],
    ['a null in the specifications', { specifications: { a: null } }, 'specifications.a'],
    ['an unreadable date', { installation_date: 'yesterday' }, 'installation_date'],
    ['a date that is not in the calendar', { warranty_expiry: '2026-02-30' }, 'warranty_expiry'],
    ['a negative life', { expected_lifespan: -1 }, 'expected_lifespan'],
    ['an unknown parent', { parent_id: 'NOBODY' }, 'parent_id'],
    ['the id that is an address', { asset_id: 'statistics' }, 'asset_id'],
    ['an unknown field', { colour: 'red' }, 'colour'],
  ])('refuses %s', async (_what, wrong, field) => {
    const answer = await post('/assets', { asset_id: 'WRONG', name: 'x', asset_type: 'tool', ...wrong });
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
    expect((await get('/assets/WRONG')).status).toBe(404);
  });
});

describe('the list', () => {
  it('filters exactly, all together, and goes in pages in both orders', async () => {
    const ids = [];
    for (let i = 0; i < 5; i += 1)
      ids.push(await register({ department: 'Paged', asset_type: 'instrument' }));
    await patch(`/assets/${String(ids[1])}`, { status: 'repair' });
    const both = await get('/assets?department=Paged&status=repair&asset_type=instrument');
    expect(both.body.assets.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
    expect((await get('/assets?department=paged')).body).toMatchObject({
      assets: [],
      count: 0,
      next_cursor: null,
    });
    for (const [sort, expected] of [
      ['created_at', ids],
      ['-created_at', ids.toReversed()],
      ['updated_at', [ids[0], ids[2], ids[3], ids[4], ids[1]]],
    ] as const) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = (await get(`/assets?department=Paged&limit=2&sort=${sort}${cursor}`)).body;
        seen.push(...page.assets.map(({ id }: { id: string }) => id));
        cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(expected);
    }
  });

  it('refuses words that are on no list, and cursors of another order', async () => {
    const wrong = await get('/assets?status=broken');
    expect([wrong.status, wrong.body.errors?.[0]?.allowed]).toEqual([
      422,
      expect.arrayContaining(['standby']),
    ]);
    expect((await get('/assets?asset_type=x')).status).toBe(422);
    const { next_cursor } = (await get('/assets?limit=1')).body;
    expect((await get(`/assets?limit=1&sort=-created_at&cursor=${next_cursor}`)).status).toBe(422);
  });

  it('shows assets of other systems that say less', async () => {
    const made = await api.person.store.inTenant(api.plant.tenantId, (tx) =>
      createRecord(
        api.person,
        tx,
        'asset',
        { name: 'From elsewhere' },
        { at: new Date(0).toISOString(), readingSource: 'x' },
      ),
    );
    expect((await get(`/assets/${made.number}`)).body.asset).toMatchObject({
      id: made.number,
      asset_type: null,
      status: null,
      tags: [],
      specifications: {},
    });
  });
});

describe('changes', () => {
  it('set and clear, under the version that was read, with what was before in the audit log', async () => {
    const id = await register({ department: 'A' });
    const stale = { 'if-match': '"1"' };
    const changed = await patch(`/assets/${id}`, { status: 'standby', department: null }, stale);
    expect(changed.body.asset).toMatchObject({ status: 'standby', department: null });
    expect(changed.headers['etag']).toBe('"2"');
    expect((await patch(`/assets/${id}`, { status: 'testing' }, stale)).status).toBe(412);
    const log = (await get(`/audit?subject=record/${changed.body.asset.hub_id}`)).body;
    expect(log.entries[0]).toMatchObject({
      action: 'asset.change',
      before: { status: 'operational', department: 'A' },
      after: { status: 'standby', department: null },
    });
  });

  it('refuse an id of another, unknown assets and a circle', async () => {
    const [a, b] = [await register(), await register()];
    expect((await patch(`/assets/${a}`, { asset_id: b })).status).toBe(409);
    expect((await patch(`/assets/${a}`, { asset_id: a })).status).toBe(200);
    expect((await patch('/assets/NOBODY', { name: 'x' })).status).toBe(404);
    expect((await patch(`/assets/${b}`, { parent_id: a })).body.asset.parent_id).toBe(a);
    expect((await patch(`/assets/${a}`, { parent_id: b })).status).toBe(422);
  });

  it('find the person who answers for it, or keep what was written', async () => {
    const id = await register();
    await post('/people', { name: 'Ines Vogt', code: 'IVOGT', email: 'ines@plant.example' });
    const found = await patch(`/assets/${id}`, { responsible_person: 'INES@plant.example' });
    expect(found.body.asset.responsible_person).toBe('IVOGT');
    const written = await patch(`/assets/${id}`, { responsible_person: 'the night shift' });
    expect(written.body.asset.responsible_person).toBe('the night shift');
    expect(
      (await patch(`/assets/${id}`, { responsible_person: null })).body.asset.responsible_person,
    ).toBeNull();
  });

  it('delete, but not while work is open', async () => {
    const id = await register();
    const order = await post('/work-orders', {
      asset_id: id,
      title: 'x',
      description: 'x',
      priority: 'low',
      estimated_hours: 1,
    });
    expect((await api.call('DELETE', `/assets/${id}`)).statusCode).toBe(409);
    await api.call('PUT', `/work-orders/${order.body.work_order_id}/status`, {
      body: { status: 'cancelled' },
    });
    expect((await api.call('DELETE', `/assets/${id}`)).statusCode).toBe(200);
    expect((await get(`/assets/${id}`)).status).toBe(404);
    expect((await post('/assets', { asset_id: id, name: 'again', asset_type: 'tool' })).status).toBe(201);
  });
});

describe('where it is', () => {
  it('becomes current and stays in the history, in each form', async () => {
    const id = await register();
    const body = { location_name: 'Bench 4', building: 'Pit', floor: null, coordinates: [-22.34, 118.56] };
    const first = await post(`/assets/${id}/location`, body);
    expect([first.status, first.body.location.coordinates]).toEqual([201, [-22.34, 118.56]]);
    const query = '?location_name=Bench%205&updated_by=dispatcher';
    expect((await post(`/assets/${id}/location${query}`, [1, 2])).status).toBe(201);
    expect((await post(`/assets/${id}/location${query.replace('5', '6')}`)).status).toBe(201);
    const { asset } = (await get(`/assets/${id}`)).body;
    expect(asset.current_location).toMatchObject({
      location_name: 'Bench 6',
      updated_by: 'dispatcher',
      coordinates: null,
    });
    const history = (await get(`/assets/${id}/locations`)).body;
    expect(
      history.locations.map((one: { location_name: string; coordinates: unknown }) => [
        one.location_name,
        one.coordinates,
      ]),
    ).toEqual([
      ['Bench 4', [-22.34, 118.56]],
      ['Bench 5', [1, 2]],
      ['Bench 6', null],
    ]);
    expect(history.locations[0]?.updated_by).toMatch(/^key:/);
  });

  it('moves the record when the name is that of a location, and gives way to a later move of the record', async () => {
    const id = await register();
    const shop = (await post('/locations', { name: 'Paint shop', latitude: 3, longitude: 4 })).body
      .location_id;
    const yard = (await post('/locations', { name: 'Yard' })).body.location_id;
    const moved = await post(`/assets/${id}/location`, { location_name: 'Paint shop' });
    expect(moved.body.location.location_id).toBe(shop);
    expect((await get(`/assets/${id}`)).body.asset.location_id).toBe(shop);
    await patch(`/assets/${id}`, { location_id: 'Yard' });
    const { asset } = (await get(`/assets/${id}`)).body;
    expect([asset.location_id, asset.current_location?.location_name, asset.current_location?.id]).toEqual([
      yard,
      'Yard',
      null,
    ]);
  });

  it.each([
    ['no name', { building: 'x' }, 'location_name'],
    ['three coordinates', { location_name: 'x', coordinates: [1, 2, 3] }, 'coordinates'],
    ['one coordinate', { location_name: 'x', coordinates: [1] }, 'coordinates'],
    ['a latitude that is none', { location_name: 'x', coordinates: [91, 0] }, 'coordinates[0]'],
    ['a longitude that is none', { location_name: 'x', coordinates: [0, 181] }, 'coordinates[1]'],
    ['coordinates that are text', { location_name: 'x', coordinates: ['1', '2'] }, 'coordinates[0]'],
  ])('refuses %s', async (_what, body, field) => {
    const answer = await post(`/assets/${await register()}/location`, body);
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
  });

  it('is not told of unknown assets', async () => {
    expect((await post('/assets/NOBODY/location', { location_name: 'x' })).status).toBe(404);
    expect((await get('/assets/NOBODY/locations')).status).toBe(404);
  });
});

describe('how it is', () => {
  it.each([
    ['poor', 'medium'],
    ['critical', 'high'],
  ])('%s raises one condition_warning of severity %s', async (condition, severity) => {
    const id = await register();
    const answer = await post(`/assets/${id}/condition`, { condition, assessed_by: 'inspector' });
    expect(answer.status).toBe(201);
    const { alerts } = (await get(`/assets/${id}/alerts`)).body;
    expect(alerts).toEqual([
      expect.objectContaining({ alert_type: 'condition_warning', severity, seen_count: 1 }),
    ]);
    expect(answer.body.alerts).toEqual(alerts);
  });

  it('raises nothing for better conditions, becomes current, and stays in the history', async () => {
    const id = await register();
    for (const condition of ['excellent', 'good', 'fair']) {
      await post(`/assets/${id}/condition`, {
        condition,
        assessed_by: 'inspector',
        performance_metrics: { wear: 1.5, note: 'ok' },
      });
    }
    expect((await get(`/assets/${id}/alerts`)).body.count).toBe(0);
    const { asset } = (await get(`/assets/${id}`)).body;
    expect(asset.current_condition).toMatchObject({
      condition: 'fair',
      performance_metrics: { wear: 1.5, note: 'ok' },
    });
    const { conditions } = (await get(`/assets/${id}/conditions`)).body;
    expect(conditions.map(({ condition }: { condition: string }) => condition)).toEqual([
      'excellent',
      'good',
      'fair',
    ]);
  });

  it('takes the form of the original service: scalars in the query, metrics as the body', async () => {
    const id = await register();
    const answer = await post(
      `/assets/${id}/condition?condition=good&assessed_by=eva&next_assessment_date=2026-09-01`,
      { vibration: 0.2 },
    );
    expect(answer.body.condition).toMatchObject({
      assessed_by: 'eva',
      performance_metrics: { vibration: 0.2 },
      next_assessment_date: '2026-09-01T00:00:00.000Z',
    });
  });

  it('a worse condition raises the severity of the open warning, a better one leaves it', async () => {
    const id = await register();
    for (const condition of ['poor', 'critical', 'poor']) {
      await post(`/assets/${id}/condition`, { condition, assessed_by: 'inspector' });
    }
    const { alerts } = (await get(`/assets/${id}/alerts`)).body;
    expect(alerts).toEqual([
      expect.objectContaining({ severity: 'high', seen_count: 3, message: expect.stringContaining('poor') }),
    ]);
  });

  it.each([
    ['an unknown condition', { condition: 'awful', assessed_by: 'x' }, 'condition'],
    ['no assessor', { condition: 'good' }, 'assessed_by'],
    ['a metric that is neither number nor text', { condition: 'good', assessed_by: 'x', wear: [1] }, 'wear'],
  ])('refuses %s and stores nothing', async (_what, body, field) => {
    const id = await register();
    const answer = await post(`/assets/${id}/condition`, body);
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
    expect((await get(`/assets/${id}/conditions`)).body.count).toBe(0);
    expect((await post('/assets/NOBODY/condition', { condition: 'good', assessed_by: 'x' })).status).toBe(
      404,
    );
  });
});

describe('what it does', () => {
  it('raises the four alerts of a bad reading, and none at the limits', async () => {
    const id = await register();
    const limits = {
      uptime_percentage: 80,
      efficiency_rating: 70,
      temperature: 80,
      vibration: 10,
      error_count: 5,
    };
    expect((await post(`/assets/${id}/performance`, limits)).body.alerts).toEqual([]);
    const bad = { uptime_percentage: 75, efficiency_rating: 65, temperature: 85, error_count: 8 };
    const answer = await post(`/assets/${id}/performance`, bad);
    expect(answer.status).toBe(201);
    expect(
      answer.body.alerts
        .map((alert: { alert_type: string; severity: string }) => [alert.alert_type, alert.severity])
        .sort(),
    ).toEqual([
      ['high_error_count', 'high'],
      ['high_temperature', 'high'],
      ['low_efficiency', 'medium'],
      ['low_uptime', 'medium'],
    ]);
    expect(
      (await post(`/assets/${id}/performance`, { ...READING, vibration: 10.01 })).body.alerts,
    ).toHaveLength(1);
  });

  it('has one open alert of a type, however many report at once; after its end a new one comes', async () => {
    const id = await register();
    const bad = { ...READING, temperature: 95 };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(`/assets/${id}/performance`, bad)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const [alert, ...others] = (await get(`/assets/${id}/alerts`)).body.alerts;
    expect([alert?.seen_count, others]).toEqual([10, []]);
    await post(`/assets/${id}/alerts/${String(alert?.id)}/resolve`, { resolved_by: 'eva' });
    await post(`/assets/${id}/performance`, bad);
    const { alerts } = (await get(`/assets/${id}/alerts`)).body;
    expect(alerts.map((one: { is_resolved: boolean }) => one.is_resolved)).toEqual([false, true]);
  });

  it('adds up the hours it ran', async () => {
    const id = await register();
    await post(`/assets/${id}/performance`, { ...READING, maintenance_hours: 2.5 });
    await post(`/assets/${id}/performance`, { ...READING, maintenance_hours: 4, operating_hours: 10 });
    expect((await get(`/assets/${id}`)).body.asset.total_operating_hours).toBe(12.5);
  });

  it('shows its history oldest first, within dates in any spelling, in pages', async () => {
    const id = await register();
    for (const [day, uptime_percentage] of [
      [3, 93],
      [1, 91],
      [2, 92],
    ] as const) {
      await post(`/assets/${id}/performance`, {
        ...READING,
        uptime_percentage,
        timestamp: `2026-03-0${String(day)}T06:00:00`,
      });
    }
    const uptimes = async (query: string): Promise<number[]> =>
      (await get(`/assets/${id}/performance${query}`)).body.performance_data.map(
        (one: { uptime_percentage: number }) => one.uptime_percentage,
      );
    expect(await uptimes('')).toEqual([91, 92, 93]);
    expect(await uptimes('?start_date=2026-03-02T06:00:00Z')).toEqual([92, 93]);
    expect(await uptimes('?start_date=2026-03-02T07:00:00%2B01:00&end_date=2026-03-02T06:00:00')).toEqual([
      92,
    ]);
    const page = (await get(`/assets/${id}/performance?limit=2`)).body;
    expect(page.count).toBe(2);
    expect(await uptimes(`?limit=2&cursor=${page.next_cursor}`)).toEqual([93]);
    expect((await get(`/assets/${id}/performance?start_date=2026-03-02&end_date=2026-03-01`)).status).toBe(
      422,
    );
    expect((await get(`/assets/${id}/performance?start_date=soon`)).status).toBe(422);
    expect((await get('/assets/NOBODY/performance')).status).toBe(404);
  });

  it.each([
    ['uptime above 100 %', { uptime_percentage: 500 }, 'uptime_percentage'],
    ['negative efficiency', { efficiency_rating: -1 }, 'efficiency_rating'],
    ['no uptime', { uptime_percentage: undefined }, 'uptime_percentage'],
    ['no efficiency', { efficiency_rating: undefined }, 'efficiency_rating'],
    ['a negative counter', { error_count: -1 }, 'error_count'],
    ['half an error', { error_count: 1.5 }, 'error_count'],
    ['text for a number', { temperature: 'hot' }, 'temperature'],
    ['the id of another asset', { asset_id: 'ANOTHER' }, 'asset_id'],
    ['a time that is to come', { timestamp: '2999-01-01T00:00:00Z' }, 'timestamp'],
  ])('refuses %s', async (_what, wrong, field) => {
    const id = await register();
    const answer = await post(`/assets/${id}/performance`, { ...READING, ...wrong });
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
    expect((await get(`/assets/${id}/performance`)).body.count).toBe(0);
  });

  it('takes the id repeated, and nulls for what is not known', async () => {
    const id = await register();
    const answer = await post(`/assets/${id}/performance`, {
      ...READING,
      asset_id: id,
      temperature: null,
      error_count: null,
    });
    expect([answer.status, answer.body.performance.error_count]).toEqual([201, 0]);
    expect((await post('/assets/NOBODY/performance', READING)).status).toBe(404);
  });
});

describe('alerts', () => {
  async function alerted(): Promise<{ id: string; alert: string }> {
    const id = await register();
    const answer = await post(`/assets/${id}/condition`, { condition: 'critical', assessed_by: 'inspector' });
    return { id, alert: String(answer.body.alerts[0]?.id) };
  }

  it('keep who acknowledged and resolved first, of racing calls too', async () => {
    const { id, alert } = await alerted();
    const path = `/assets/${id}/alerts/${alert}`;
    const answers = await Promise.all(
      ['anna', 'bert', 'carl'].map((by) => post(`${path}/acknowledge?acknowledged_by=${by}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.alert.acknowledged_by)).size).toBe(1);
    const first = await post(`${path}/resolve`, { resolved_by: 'dora', resolution_notes: 'greased' });
    expect(first.body.alert).toMatchObject({
      is_resolved: true,
      resolved_by: 'dora',
      resolution_notes: 'greased',
    });
    const second = await post(`${path}/resolve`, { resolved_by: 'emil', resolution_notes: 'no' });
    expect(second.body.alert).toEqual(first.body.alert);
  });

  it('name the caller when nobody is named, and need no acknowledgement to be resolved', async () => {
    const { id, alert } = await alerted();
    const resolved = (await post(`/assets/${id}/alerts/${alert}/resolve`)).body.alert;
    expect(resolved).toMatchObject({
      is_acknowledged: false,
      is_resolved: true,
      resolved_by: expect.stringMatching(/^key:/),
    });
  });

  it('are 404 through another asset, under an unknown id and under none', async () => {
    const { alert } = await alerted();
    const other = await register();
    for (const path of [
      `/assets/${other}/alerts/${alert}`,
      `/assets/${other}/alerts/${randomUUID()}`,
      `/assets/${other}/alerts/x`,
      `/assets/NOBODY/alerts/${alert}`,
    ]) {
      expect((await post(`${path}/acknowledge`, { acknowledged_by: 'x' })).status).toBe(404);
      expect((await post(`${path}/resolve`, { resolved_by: 'x' })).status).toBe(404);
    }
  });

  it('are listed newest first, by the four filters, of one asset or of all', async () => {
    const { id, alert } = await alerted();
    await post(`/assets/${id}/performance`, { uptime_percentage: 1, efficiency_rating: 99 });
    await post(`/assets/${id}/alerts/${alert}/acknowledge`, { acknowledged_by: 'anna' });
    const types = async (query: string): Promise<string[]> =>
      (await get(`/assets/${id}/alerts${query}`)).body.alerts.map(
        (one: { alert_type: string }) => one.alert_type,
      );
    expect(await types('')).toEqual(['low_uptime', 'condition_warning']);
    expect(await types('?alert_type=low_uptime')).toEqual(['low_uptime']);
    expect(await types('?severity=high')).toEqual(['condition_warning']);
    expect(await types('?is_acknowledged=true')).toEqual(['condition_warning']);
    expect(await types('?is_acknowledged=false&is_resolved=false')).toEqual(['low_uptime']);
    expect(await types('?is_resolved=true')).toEqual([]);
    const page = (await get(`/assets/${id}/alerts?limit=1`)).body;
    expect(await types(`?limit=1&cursor=${page.next_cursor}`)).toEqual(['condition_warning']);
    for (const wrong of ['is_resolved=perhaps', 'severity=huge', 'alert_type=x']) {
      expect((await get(`/assets/${id}/alerts?${wrong}`)).status).toBe(422);
    }
    expect((await get('/assets/NOBODY/alerts')).status).toBe(404);
    expect((await get('/alerts?alert_type=low_uptime&limit=1')).body.alerts[0]?.asset_id).toBe(id);
  });
});

describe('statistics', () => {
  it('are reachable, and limited to the asset and the dates', async () => {
    const [a, b] = [await register(), await register()];
    const at = (day: string, more: object) => ({
      ...READING,
      ...more,
      timestamp: `2026-02-${day}T00:00:00Z`,
    });
    await post(
      `/assets/${a}/performance`,
      at('01', { uptime_percentage: 60, error_count: 2, warning_count: 1 }),
    );
    await post(
      `/assets/${a}/performance`,
      at('05', { uptime_percentage: 90, efficiency_rating: 50, error_count: 1 }),
    );
    await post(`/assets/${b}/performance`, at('05', { uptime_percentage: 10 }));
    const of = async (query: string) => (await get(`/assets/statistics?${query}`)).body.statistics;
    expect(await of(`asset_id=${a}`)).toEqual({
      total_assets: 1,
      operational_assets: 1,
      maintenance_assets: 0,
      repair_assets: 0,
      operational_rate: 100,
      average_uptime: 75,
      average_efficiency: 70,
      total_errors: 3,
      total_warnings: 1,
      total_alerts: 2,
      unacknowledged_alerts: 2,
      unresolved_alerts: 2,
    });
    expect(await of(`asset_id=${a}&start_date=2026-02-05&end_date=2026-02-05`)).toMatchObject({
      average_uptime: 90,
      total_errors: 1,
      total_alerts: 1,
    });
    expect(await of('start_date=2026-02-01&end_date=2026-02-28')).toMatchObject({
      total_alerts: 3,
      average_uptime: 160 / 3,
    });
    expect(await of('asset_id=NOBODY')).toMatchObject({
      total_assets: 0,
      operational_rate: 0,
      average_uptime: 0,
      total_alerts: 0,
    });
    await patch(`/assets/${b}`, { status: 'repair' });
    expect(await of(`asset_id=${b}`)).toMatchObject({ repair_assets: 1, operational_rate: 0 });
    for (const wrong of ['start_date=soon', 'start_date=2026-02-02&end_date=2026-02-01']) {
      expect((await get(`/assets/statistics?${wrong}`)).status).toBe(422);
    }
  });
});

describe('another tenant', () => {
  it('sees none of it, and may use the same id', async () => {
    const id = await register();
    const tenantId = randomUUID();
    await ensureTenant(api.plant.store.db, { id: tenantId, slug: `t${tenantId}`, name: 'Other' });
    const { key } = await createApiKey({ ...api.person, tenantId }, OPERATOR, {
      name: 'other',
      role: 'admin',
    });
    for (const path of ['', '/performance', '/alerts', '/locations', '/conditions']) {
      expect((await api.call('GET', `/assets/${id}${path}`, { key })).statusCode).toBe(404);
    }
    expect(
      (await api.call('GET', '/assets/statistics', { key })).json<AnswerBody>().statistics.total_assets,
    ).toBe(0);
    const made = await api.call('POST', '/assets', {
      key,
      body: { asset_id: id, name: 'Theirs', asset_type: 'tool' },
    });
    expect(made.statusCode).toBe(201);
    expect((await get(`/assets/${id}`)).body.asset.name).not.toBe('Theirs');
  });
});
