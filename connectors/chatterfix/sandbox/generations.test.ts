import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { GENERATIONS } from './dials.ts';
import { startChatterfixSandbox } from './index.ts';
import { call, fields, rows, type Fields } from './test-client.ts';

let sandbox: RunningSandbox;

async function start(seed: string): Promise<{ 'x-api-key': string }> {
  sandbox = await startChatterfixSandbox({ seed });
  return { 'x-api-key': sandbox.credentials['apiKey'] ?? '' };
}
afterEach(() => sandbox.close());

describe('what tells the generations apart', () => {
  it('is the OpenAPI description: every route it names is there, and each has its own title or paths', async () => {
    await start('empty');
    const seen = new Set<string>();
    for (const generation of GENERATIONS) {
      sandbox.control.setDial('generation', generation);
      const spec = await fields(sandbox, '/openapi.json');
      const paths = spec['paths'] as Record<string, Fields>;
      const { title } = spec['info'] as { title: string };
      seen.add(`${title} ${Object.keys(paths).join(' ')}`);
      for (const [path, methods] of Object.entries(paths)) {
        for (const method of Object.keys(methods)) {
          const target = path.replaceAll(/\{\w+\}/g, '1');
          const options = method === 'get' ? {} : { method: method.toUpperCase(), body: {} };
          const { body, status } = await call(sandbox, target, options);
          expect({
            generation,
            method,
            path,
            missing: status === 405 || status === 307 || body['detail'] === 'Not Found',
          }).toEqual({ generation, method, path, missing: false });
          expect(body).not.toHaveProperty('sandboxBug');
        }
      }
    }
    expect(seen.size).toBe(GENERATIONS.length);
  });

  it('names the fields of a body, with their limits', async () => {
    await start('empty');
    const spec = await fields(sandbox, '/openapi.json');
    const { WorkOrderCreate } = (spec['components'] as { schemas: Record<string, Fields> }).schemas;
    expect(WorkOrderCreate).toMatchObject({
      required: ['title', 'description'],
      properties: {
        title: { type: 'string', minLength: 1, maxLength: 255 },
        assigned_to: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        status: { default: 'open', pattern: '^(open|in_progress|completed|on_hold|cancelled)$' },
      },
    });
    sandbox.control.setDial('openapi', 'off');
    expect((await call(sandbox, '/openapi.json')).status).toBe(404);
  });
});

describe('gateway', () => {
  it('forwards no query and turns nearly every failure into a 200', async () => {
    await start('site:A@gateway');
    expect(await rows(sandbox, '/api/work-orders?limit=3&offset=50')).toHaveLength(100);
    const bad = await call(sandbox, '/api/work-orders', { body: { title: 'T', description: '' } });
    expect(bad.status).toBe(200);
    expect(bad.body).toMatchObject({ detail: [{ type: 'string_too_short' }] });
    expect((await call(sandbox, '/api/assets/99')).body).toEqual({ detail: '404: Asset not found' });
    expect((await call(sandbox, '/api/assets/99')).status).toBe(200);
    expect((await call(sandbox, '/api/work-orders/1', { method: 'PUT', body: {} })).status).toBe(404);
    expect((await call(sandbox, '/api/assets/1', { method: 'PUT', body: {} })).status).toBe(405);
    await call(sandbox, '/api/work-orders', { body: { title: 'T', description: 'D', estimated_hours: 4 } });
    expect((await rows(sandbox, '/api/work-orders'))[0]).toMatchObject({ title: 'T', estimated_hours: null });
  });
});

describe('consolidated', () => {
  it('wants its key, counts its rows, updates in part, and reads with extras', async () => {
    const headers = await start('site:A@consolidated');
    expect((await call(sandbox, '/work_orders/')).body).toMatchObject({
      detail: [{ loc: ['header', 'x-api-key'] }],
    });
    expect((await call(sandbox, '/health', { headers: { 'x-api-key': 'no' } })).status).toBe(401);
    const { paths } = await fields(sandbox, '/openapi.json');
    const list = ((paths as Fields)['/work_orders/'] as Fields)['get'] as { parameters: Fields[] };
    expect(list.parameters).toContainEqual(
      expect.objectContaining({ name: 'x-api-key', in: 'header', required: true }),
    );
    const page = await fields(sandbox, '/work_orders/?limit=2&offset=1', { headers });
    expect(page).toMatchObject({ total: 159, limit: 2, offset: 1, work_orders: [{ id: 2 }, { id: 3 }] });
    expect((await call(sandbox, '/work_orders/?limit=501', { headers })).status).toBe(422);
    const body = { title: 'T', description: 'D', due_date: '2026-03-01T10:00:00Z', assigned_to: 'Al' };
    const made = (await fields(sandbox, '/work_orders/', { headers, body }))['work_order'] as Fields;
    expect(made).toMatchObject({
      id: 160,
      code: 'WO-2025-160',
      status: 'Open',
      due_date: '2026-03-01T10:00:00+00:00',
    });
    const change = { method: 'PUT', headers, body: { assigned_to: null, status: 'On Hold' } };
    const changed = (await fields(sandbox, '/work_orders/160', change))['work_order'];
    expect(changed).toMatchObject({ assigned_to: null, status: 'On Hold', title: 'T' });
    expect((await call(sandbox, '/work_orders/160', { ...change, body: { status: 'on hold' } })).status).toBe(
      422,
    );
    expect(await fields(sandbox, '/work_orders/160', { headers })).toHaveProperty('activity');
    expect((await call(sandbox, '/parts/1001/checkout', { headers, body: { qty: 500 } })).status).toBe(400);
  });

  it('forgets everything at a restart and gives ids again', async () => {
    const headers = await start('site:A@consolidated');
    sandbox.control.setDial('restart', true);
    expect(await fields(sandbox, '/work_orders/', { headers })).toMatchObject({ total: 8 });
    const body = { title: 'Other', description: 'D' };
    const made = (await fields(sandbox, '/work_orders/', { headers, body }))['work_order'];
    expect(made).toMatchObject({ id: 9, title: 'Other' });
  });
});

describe('cmms6b', () => {
  it('answers five made-up rows while its database is away', async () => {
    await start('site:A@cmms6b');
    expect(await fields(sandbox, '/api/work-orders')).toMatchObject({ count: 100 });
    sandbox.control.setDial('databaseAway', true);
    const demo = await fields(sandbox, '/api/work-orders');
    expect((demo['work_orders'] as Fields[]).map((row) => row['id'])).toEqual([1, 2, 3, 4, 5]);
    expect(await fields(sandbox, '/health')).toMatchObject({ status: 'healthy' });
  });

  it('hides a write behind its cache until the minute is over', async () => {
    await start('site:A@cmms6b');
    sandbox.control.setDial('cache', true);
    const first = async (): Promise<Fields | undefined> =>
      ((await fields(sandbox, '/api/work-orders?limit=1'))['work_orders'] as Fields[])[0];
    const before = await first();
    await call(sandbox, '/api/work-orders', { body: { title: 'Fresh' } });
    expect((await first())?.['id']).toBe(before?.['id']);
    expect((await first())?.['created_at']).toContain(' ');
    sandbox.control.setClock(61_000);
    expect(await first()).toMatchObject({ title: 'Fresh' });
  });
});

describe('the generations that only half work', () => {
  it('enterprise3: ids of text, null ids of new users, deletes that always fail', async () => {
    await start('site:A@enterprise3');
    const made = await fields(sandbox, '/api/work-orders', { body: { title: 'T' } });
    expect((made['work_order'] as Fields)['id']).toMatch(/^WO-\d{8}-\d{4}/);
    const user = await fields(sandbox, '/api/users', { body: { name: 'N', email: 'n@x.example' } });
    expect(user).toMatchObject({ user: { id: null } });
    const [asset] = (await fields(sandbox, '/api/assets'))['assets'] as Fields[];
    const path = `/api/assets/${String(asset?.['id'])}`;
    await call(sandbox, `${path}?name=Renamed`, { method: 'PUT' });
    expect(await fields(sandbox, path)).toMatchObject({ asset: { name: 'Renamed', status: 'active' } });
    expect((await call(sandbox, path, { method: 'DELETE' })).status).toBe(500);
  });

  it('september: failures with a 200, no order by id, a replace that is not shown whole, assets never stored', async () => {
    await start('empty@september');
    expect((await call(sandbox, '/api/work-orders/5')).status).toBe(405);
    expect((await call(sandbox, '/api/work-orders/5', { method: 'DELETE' })).body).toEqual({
      success: false,
      error: 'Work order 5 not found',
    });
    await call(sandbox, '/api/assets', { body: { name: 'A' } });
    expect(await fields(sandbox, '/api/assets')).toEqual({ assets: [] });
    const order = { title: 'T', assigned: 'Al', asset: '7', dueDate: '2026-02-01' };
    await call(sandbox, '/api/work-orders', { body: order });
    const [shown] = (await fields(sandbox, '/api/work-orders'))['work_orders'] as Record<string, unknown>[];
    expect(
      Object.keys(shown ?? {})
        .sort()
        .join(' '),
    ).toBe('assigned created_date description due_date id priority status title');
    expect(shown?.['due_date']).toBe('2026-02-01');
    await call(sandbox, '/api/work-orders/1', { method: 'PUT', body: { title: 'T2' } });
    expect((await fields(sandbox, '/api/work-orders'))['work_orders']).toMatchObject([
      { title: 'T2', assigned: '', due_date: '' },
    ]);
  });

  it('vm-monolith: forms in, and an assignee that is written elsewhere than read', async () => {
    await start('empty@vm-monolith');
    const made = await fields(sandbox, '/api/work-orders', {
      body: new URLSearchParams({ title: 'T', assigned_to: 'Al' }),
    });
    expect(made).toEqual({ status: 'success', work_order_id: 1 });
    await call(sandbox, '/api/work-orders/1', { method: 'PUT', body: { technician: 'Bo' } });
    expect(await fields(sandbox, '/api/work-orders/1')).toMatchObject({ assigned_to: 'Al' });
    expect((await call(sandbox, '/api/work-orders/2')).body).toEqual({ error: 'Work order not found' });
  });

  it('micro-oct1: filters that work, and assets that cannot go while work is open', async () => {
    await start('site:A@micro-oct1');
    const high = await rows(
      sandbox,
      '/api/work-orders?priority=high&sort_by=title&sort_order=asc&limit=1000',
    );
    expect(high.length).toBeGreaterThan(0);
    expect(high.every((row) => row['priority'] === 'high')).toBe(true);
    const refused = await call(sandbox, '/api/assets/1', { method: 'DELETE' });
    expect([refused.status, refused.body]).toEqual([
      400,
      { detail: 'Cannot delete asset with open work orders' },
    ]);
  });

  it('firestore: demo rows marked as such, nothing without a session, forms behind a cookie', async () => {
    await start('site:A@firestore');
    expect(await rows(sandbox, '/api/assets')).toEqual([]);
    const { username = '', password = '' } = sandbox.credentials;
    const login = await call(sandbox, '/auth/login', { body: new URLSearchParams({ username, password }) });
    expect(login.status).toBe(302);
    const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const assets = (await call(sandbox, '/api/assets', { headers: { cookie } })).list;
    expect(assets).toMatchObject([{ name: 'Digger A (RH120)', asset_tag: 'DIG-A' }]);
    sandbox.control.setDial('placeholders', true);
    expect(await fields(sandbox, '/api/work-orders')).toMatchObject({
      status: 'demo',
      work_orders: [{ id: 'WO-001' }, {}],
    });
    const meter = sandbox.control.list('meters')[0] as Fields;
    const reading = { meter_id: meter['id'], new_value: 30_000 };
    expect(await fields(sandbox, '/api/pm/meter-reading', { body: reading })).toMatchObject({
      threshold_status: 'critical',
      triggered_orders: [{}],
    });
  });
});
