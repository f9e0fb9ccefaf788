/** Alerts of assets (endpoints 26 to 28) and their thresholds: sections 8.3, 10, 13.2 and W13, W14. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ALERT_TYPES,
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
});
afterAll(async () => {
  await contract.close();
  expect(contract.api.bugs).toEqual([]);
});

const UNKNOWN = '3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';
const GOOD = { uptime_percentage: 95, efficiency_rating: 95 };

async function alertsOf(assetId: string, query: Record<string, string | boolean> = {}): Promise<Shown[]> {
  return many(await client.get(`/assets/${assetId}/alerts`, query), 'alerts');
}

async function report(assetId: string, figures: Shown): Promise<void> {
  const answer = await client.post(`/assets/${assetId}/performance`, { ...GOOD, ...figures });
  if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
}

describe('thresholds (8.3)', () => {
  /** Figure, a value that raises, the limit that does not, and one on its safe side. */
  const TABLE = [
    ['uptime_percentage', 79.99, 80, 80.01, 'low_uptime', 'medium'],
    ['efficiency_rating', 69.99, 70, 70.01, 'low_efficiency', 'medium'],
    ['temperature', 80.01, 80, 79.99, 'high_temperature', 'high'],
    ['vibration', 10.01, 10, 9.99, 'high_vibration', 'high'],
    ['error_count', 6, 5, 4, 'high_error_count', 'high'],
  ] as const;

  it.each(TABLE)('%s: %d raises, %d and %d do not', async (figure, beyond, limit, safe, type, severity) => {
    const id = `t-${figure}`;
    await registerAsset(client, id, { name: 'The named asset' });
    await report(id, { [figure]: limit });
    await report(id, { [figure]: safe });
    expect(await alertsOf(id)).toEqual([]);
    await report(id, { [figure]: beyond });
    const alerts = await alertsOf(id);
    expect(alerts).toEqual([
      expect.objectContaining({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        asset_id: id,
        alert_type: type,
        severity,
        timestamp: expect.stringMatching(/Z$/),
        is_acknowledged: false,
        acknowledged_by: null,
        acknowledged_at: null,
        is_resolved: false,
        resolved_by: null,
        resolved_at: null,
        resolution_notes: null,
      }),
    ]);
    const message = textOf(alerts[0]?.['message']);
    expect(message).toContain('The named asset');
    expect(message).toContain(String(beyond));
  });

  it('checks no other figure', async () => {
    await registerAsset(client, 'quiet');
    await report('quiet', {
      pressure: 1e6,
      speed: 1e6,
      load_percentage: 100,
      warning_count: 1000,
      energy_consumption: 1e6,
    });
    expect(await alertsOf('quiet')).toEqual([]);
  });

  it('raises the four of the original test at once', async () => {
    await registerAsset(client, 'four');
    await report('four', { uptime_percentage: 75, efficiency_rating: 65, temperature: 85, error_count: 8 });
    expect((await alertsOf('four')).map((alert) => alert['alert_type']).sort()).toEqual([
      'high_error_count',
      'high_temperature',
      'low_efficiency',
      'low_uptime',
    ]);
  });

  it('keeps one open alert per asset and type (W14); a resolved one is followed by a new one', async () => {
    await registerAsset(client, 'again');
    await Promise.all([81, 82, 83, 84].map((temperature) => report('again', { temperature })));
    const [open, ...more] = await alertsOf('again');
    expect(more).toEqual([]);
    await client.post(`/assets/again/alerts/${textOf(open?.['id'])}/resolve`, { resolved_by: 'maria' });
    await report('again', { temperature: 90 });
    expect((await alertsOf('again')).map((alert) => alert['is_resolved'])).toEqual([false, true]);
  });
});

describe('26: alerts are listed', () => {
  beforeAll(async () => {
    await registerAsset(client, 'listed');
    await report('listed', { temperature: 85 });
    await report('listed', { uptime_percentage: 10 });
    await client.post('/assets/listed/condition', { condition: 'critical', assessed_by: 'x' });
    const [newest, , oldest] = await alertsOf('listed');
    await client.post(`/assets/listed/alerts/${textOf(newest?.['id'])}/acknowledge`, {
      acknowledged_by: 'a',
    });
    await client.post(`/assets/listed/alerts/${textOf(oldest?.['id'])}/resolve`, { resolved_by: 'r' });
  });

  it('is newest first', async () => {
    expect((await alertsOf('listed')).map((alert) => alert['alert_type'])).toEqual([
      'condition_warning',
      'low_uptime',
      'high_temperature',
    ]);
  });

  it.each<[Record<string, string | boolean>, string[]]>([
    [{ alert_type: 'low_uptime' }, ['low_uptime']],
    [{ severity: 'high' }, ['condition_warning', 'high_temperature']],
    [{ severity: 'medium' }, ['low_uptime']],
    [{ severity: 'low' }, []],
    [{ severity: 'critical' }, []],
    [{ is_acknowledged: true }, ['condition_warning']],
    [{ is_acknowledged: false }, ['low_uptime', 'high_temperature']],
    [{ is_resolved: true }, ['high_temperature']],
    [{ is_resolved: false, severity: 'high' }, ['condition_warning']],
  ])('filters by %j', async (query, types) => {
    expect((await alertsOf('listed', query)).map((alert) => alert['alert_type'])).toEqual(types);
  });

  it.each(ALERT_TYPES)('takes the type %s', async (alert_type) => {
    expect((await client.get('/assets/listed/alerts', { alert_type })).status).toBe(200);
  });

  it.each([
    ['is_acknowledged', 'perhaps'],
    ['is_resolved', '2'],
    ['alert_type', 'too_loud'],
    ['severity', 'huge'],
  ])('refuses %s=%s', async (name, value) => {
    expect(refusal(await client.get('/assets/listed/alerts', { [name]: value }))).toEqual([422, name]);
  });

  it('is a 404 for an unknown asset (W31)', async () => {
    expect(refusal(await client.get('/assets/nowhere/alerts'))[0]).toBe(404);
  });
});

describe.each([
  ['acknowledge', 'is_acknowledged', 'acknowledged_by', 'acknowledged_at'],
  ['resolve', 'is_resolved', 'resolved_by', 'resolved_at'],
] as const)('27, 28: %s', (action, flag, who, when) => {
  let alert: Shown;
  const asset = `for-${action}`;
  beforeAll(async () => {
    await registerAsset(client, asset);
    await registerAsset(client, `other-${action}`);
    await report(asset, { vibration: 11 });
    [alert = {}] = await alertsOf(asset);
  });
  const path = (of = asset, id = textOf(alert['id'])): string => `/assets/${of}/alerts/${id}/${action}`;

  it('refuses an unknown alert, and one of another asset (W13)', async () => {
    expect(refusal(await client.post(path(asset, UNKNOWN), { [who]: 'maria' }))[0]).toBe(404);
    expect(refusal(await client.post(path(`other-${action}`), { [who]: 'maria' }))[0]).toBe(404);
    expect(refusal(await client.post(path('nowhere'), { [who]: 'maria' }))[0]).toBe(404);
    expect(await alertsOf(asset)).toEqual([alert]);
  });

  it('says who and when, by the query form of the original, and keeps the first', async () => {
    const notes = action === 'resolve' ? { resolution_notes: 'Balanced' } : {};
    const done = await client.post(path(), undefined, { [who]: 'maria', ...notes });
    expect(done.status).toBe(200);
    const shown = one(done, 'alert');
    expect(shown).toMatchObject({
      [flag]: true,
      [who]: 'maria',
      [when]: expect.stringMatching(/Z$/),
      ...notes,
    });
    const again = await client.post(path(), { [who]: 'tom' });
    expect([200, 409]).toContain(again.status);
    expect(await alertsOf(asset)).toEqual([shown]);
  });

  it('takes the first of two who race', async () => {
    const id = `raced-${action}`;
    await registerAsset(client, id);
    await report(id, { vibration: 11 });
    const [raced] = await alertsOf(id);
    await Promise.all(
      ['maria', 'tom', 'li'].map((name) => client.post(path(id, textOf(raced?.['id'])), { [who]: name })),
    );
    const [first] = await alertsOf(id);
    await client.post(path(id, textOf(raced?.['id'])), { [who]: 'late' });
    expect(await alertsOf(id)).toEqual([first]);
    expect(['maria', 'tom', 'li']).toContain(first?.[who]);
  });
});

it('takes the JSON form too, and needs no acknowledgement before a resolution', async () => {
  await registerAsset(client, 'json');
  await report('json', { vibration: 11 });
  const [alert] = await alertsOf('json');
  const path = `/assets/json/alerts/${textOf(alert?.['id'])}`;
  const done = await client.post(`${path}/resolve`, { resolved_by: 'maria', resolution_notes: 'Balanced' });
  expect(one(done, 'alert')).toMatchObject({
    is_resolved: true,
    is_acknowledged: false,
    resolution_notes: 'Balanced',
  });
});
