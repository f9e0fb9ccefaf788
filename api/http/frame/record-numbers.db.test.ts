import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openTestApi, type TestApi } from '../api.fixture.ts';
import { seedExamples } from '../examples.fixture.ts';
import { EXAMPLE } from './example-ids.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await seedExamples(api);
});
afterAll(() => api.close());

async function numberOf(id: string): Promise<string> {
  const { rows } = await api.plant.store.inTenant(api.plant.tenantId, (tx) =>
    sql<{ number: string }>`select number from hub_record where id = ${id}`.execute(tx),
  );
  return rows[0]?.number ?? '';
}

describe('a record is named by its number as well as by its id', () => {
  it.each([
    ['/work-orders', EXAMPLE.workOrder],
    ['/maintenance/tasks', EXAMPLE.task],
    ['/maintenance/schedules', EXAMPLE.schedule],
    ['/assets', EXAMPLE.linkedAsset],
    ['/locations', EXAMPLE.location],
    ['/parts', EXAMPLE.part],
    ['/meters', EXAMPLE.meter],
    ['/people', EXAMPLE.person],
    ['/requests', EXAMPLE.request],
  ])('in the address below %s', async (area, id) => {
    const byId = await api.call('GET', `${area}/${id}`);
    expect(byId.statusCode).toBe(200);
    const number = await numberOf(id);
    expect((await api.call('GET', `${area}/${number}`)).json()).toEqual(byId.json());
    expect((await api.call('GET', `${area}/${number.toLowerCase()}`)).json()).toEqual(byId.json());
  });

  it('where a work order is written, and where tasks are listed or made', async () => {
    const order = await numberOf(EXAMPLE.workOrder);
    const comment = await api.call('POST', `/work-orders/${order}/comments`, {
      body: { text: 'by number' },
    });
    expect(comment.statusCode).toBe(201);
    const schedule = await numberOf(EXAMPLE.schedule);
    const listed = await api.call('GET', `/maintenance/tasks?schedule_id=${schedule}`);
    expect(listed.json<{ tasks: { id: string }[] }>().tasks.map(({ id }) => id)).toContain(EXAMPLE.task);
    const made = await api.call('POST', '/maintenance/tasks', {
      body: { schedule_id: schedule, asset_id: EXAMPLE.assetTag, scheduled_start: '2026-03-01T08:00:00Z' },
    });
    expect(made.statusCode).toBe(201);
  });

  it('and one that there is not is told by name', async () => {
    const order = await api.call('GET', '/work-orders/WO-999999');
    expect([order.statusCode, order.body]).toEqual([404, expect.stringContaining('WO-999999')]);
    const tasks = await api.call('GET', '/maintenance/tasks?schedule_id=PM-999999');
    expect([tasks.statusCode, tasks.body]).toEqual([422, expect.stringContaining('PM-999999')]);
    expect((await api.call('GET', '/work-orders/seal')).statusCode).toBe(404);
  });
});
