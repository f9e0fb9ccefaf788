import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startChatterfixSandbox } from './index.ts';
import { call, fields, type Fields } from './test-client.ts';

let sandbox: RunningSandbox;

beforeEach(async () => {
  sandbox = await startChatterfixSandbox({ seed: 'site:A@microservices' });
});
afterEach(() => sandbox.close());

async function orders(query = ''): Promise<Fields[]> {
  const { success, work_orders } = await fields(sandbox, `/api/work_orders${query}`);
  expect(success).toBe(true);
  return work_orders as Fields[];
}

describe('the microservices', () => {
  it('create without an id, keep any word and any date, and show no change time', async () => {
    const body = {
      title: 'T',
      description: 'D [ext:1]',
      priority: 'urgent',
      due_date: 'next week',
      assigned_to: 'Al',
    };
    const made = await call(sandbox, '/api/work_orders', { body });
    expect(made.body).toEqual({
      success: true,
      message: 'Work order created successfully',
      rows_affected: 1,
    });
    const [newest] = await orders('?limit=1');
    expect(newest).toMatchObject({ ...body, status: 'pending' });
    expect(newest?.['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
    expect(newest).not.toHaveProperty('updated_at');
    expect((await call(sandbox, '/api/work-orders')).status).toBe(404);
  });

  it('cut a long list without a word; 0 is everything, filters are exact', async () => {
    expect(await orders()).toHaveLength(100);
    expect(await orders('?offset=100')).toHaveLength(100);
    const all = await orders('?limit=0');
    expect(all).toHaveLength(151);
    const done = all.filter((row) => row['status'] === 'completed');
    expect(await orders('?limit=0&status=completed')).toHaveLength(done.length);
  });

  it('update in part, never clear, stamp completion once, delete for good', async () => {
    const put = (body: object): ReturnType<typeof call> =>
      call(sandbox, '/api/work_orders/3', { method: 'PUT', body });
    await put({ status: 'open', completed_at: 'x', description: null });
    const before = (await fields(sandbox, '/api/work_orders/3'))['work_order'] as Fields;
    expect(before['description']).not.toBeNull();
    await put({ status: 'completed' });
    const done = (await fields(sandbox, '/api/work_orders/3'))['work_order'] as Fields;
    expect(done['completed_at']).not.toBe(before['completed_at']);
    await put({ status: 'open' });
    const reopened = (await fields(sandbox, '/api/work_orders/3'))['work_order'] as Fields;
    expect(reopened['completed_at']).toBe(done['completed_at']);
    expect((await put({ title: null })).status).toBe(400);
    const remove = { method: 'DELETE' };
    expect((await call(sandbox, '/api/work_orders/3', remove)).status).toBe(200);
    expect((await call(sandbox, '/api/work_orders/3', remove)).body).toEqual({
      detail: 'Work order not found',
    });
  });

  it('move stock by steps that stop at zero, and allow a part number twice', async () => {
    const move = (body: object): Promise<Fields> =>
      fields(sandbox, '/api/parts/1/stock', { method: 'PUT', body });
    expect(await move({ quantity: 2, operation: 'add' })).toMatchObject({ old_stock: 40, new_stock: 42 });
    expect(await move({ quantity: 99, operation: 'subtract' })).toMatchObject({ new_stock: 0 });
    expect(await move({ quantity: 5, operation: 'set' })).toMatchObject({ old_stock: 0, new_stock: 5 });
    const twin = await call(sandbox, '/api/parts', { body: { name: 'Twin', part_number: 'GET-120-T' } });
    expect(twin.status).toBe(200);
    const low = (await fields(sandbox, '/api/parts?low_stock=true'))['parts'] as Fields[];
    expect(low.map((part) => part['name'])).toContain('Bucket tooth RH120');
    expect((await call(sandbox, '/api/parts/low-stock')).status).toBe(422);
  });

  it('answer each under its own prefix, and with 503 while the database is away', async () => {
    expect(await fields(sandbox, '/parts-service/health')).toMatchObject({ port: 8004 });
    expect((await call(sandbox, '/assets-service/api/parts')).status).toBe(404);
    expect((await call(sandbox, '/assets-service/api/assets/1')).status).toBe(200);
    const sql = { query: 'SELECT id, name FROM assets WHERE id = :id', params: { id: 1 } };
    expect(await fields(sandbox, '/database-service/api/query', { body: sql })).toMatchObject({
      data: [{ id: 1, name: 'Digger A (RH120)' }],
    });
    sandbox.control.setDial('databaseAway', true);
    expect((await call(sandbox, '/health')).status).toBe(503);
    expect((await call(sandbox, '/api/work_orders')).status).toBe(503);
  });

  it('stamp the wall clock of their own zone', async () => {
    sandbox.control.setDial('zone', 'Australia/Perth');
    sandbox.control.setClock(Date.UTC(2026, 1, 3, 1, 14, 2) - Date.now());
    await call(sandbox, '/api/work_orders', { body: { title: 'T' } });
    const [newest] = await orders('?limit=1');
    expect(newest?.['created_at']).toMatch(/^2026-02-03T09:14:0/);
    const { headers, body } = await call(sandbox, '/health');
    expect(Date.parse(headers.get('date') ?? '')).toBeLessThan(Date.UTC(2026, 1, 3, 1, 15));
    expect(body['timestamp']).toMatch(/^2026-02-03T09:14/);
  });
});
