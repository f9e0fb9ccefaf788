import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { createRecord } from '../../../../plant/records/change-record.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from '../work-orders/answers.fixture.ts';

const TEMPLATE = {
  name: 'Oil change',
  work_order_type: 'preventive',
  steps: [
    { name: 'Fill', estimated_duration: 45, sequence_order: 2 },
    { name: 'Drain', estimated_duration: 30, sequence_order: 1 },
  ],
};

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

const post = (body: unknown) => api.call('POST', '/work-order-templates', { body });

describe('work order templates', () => {
  it('are made, read, changed under their version, listed in pages and deleted', async () => {
    const answer = await post(TEMPLATE);
    const { template_id: id, template: made } = answer.json<AnswerBody>();
    expect([answer.statusCode, answer.headers['location']]).toEqual([
      201,
      `/api/v1/work-order-templates/${id}`,
    ]);
    expect(made).toMatchObject({
      name: 'Oil change',
      priority: 'medium',
      is_active: true,
      estimated_hours: null,
    });
    expect(made.steps.map(({ name }: { name: string }) => name)).toEqual(['Drain', 'Fill']);
    const path = `/work-order-templates/${id}`;
    expect((await api.call('GET', path)).json<AnswerBody>().template).toEqual(made);
    const change = (etag: string) =>
      api.call('PATCH', path, { body: { priority: 'high', steps: [] }, headers: { 'if-match': etag } });
    expect((await change('"1"')).json<AnswerBody>().template).toMatchObject({
      name: 'Oil change',
      priority: 'high',
      steps: [],
      version: 2,
    });
    expect((await change('"1"')).statusCode).toBe(412);
    await post({ name: 'Second', asset_type: 'vehicle', is_active: false });
    const first = (await api.call('GET', '/work-order-templates?limit=1')).json<AnswerBody>();
    const rest = (
      await api.call('GET', `/work-order-templates?limit=1&cursor=${first.next_cursor}`)
    ).json<AnswerBody>();
    expect([first.templates[0]?.name, rest.templates[0]?.name, rest.next_cursor]).toEqual([
      'Oil change',
      'Second',
      null,
    ]);
    expect(
      (await api.call('GET', '/work-order-templates?is_active=false')).json<AnswerBody>().templates[0]?.name,
    ).toBe('Second');
    expect((await api.call('GET', '/work-order-templates?asset_type=tool')).json<AnswerBody>().count).toBe(0);
    expect((await api.call('DELETE', path, { headers: { 'if-match': '"1"' } })).statusCode).toBe(412);
    expect((await api.call('DELETE', path)).statusCode).toBe(200);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await api.call(method, path)).statusCode).toBe(404);
    const audited = (await api.call('GET', `/audit?subject=template/${id}`)).body;
    for (const action of ['template.create', 'template.change', 'template.delete'])
      expect(audited).toContain(action);
  });

  it('give an order the sum of their steps when they have no hours of their own', async () => {
    const { template_id: id } = (await post(TEMPLATE)).json<AnswerBody>();
    const { person } = api;
    await person.store.inTenant(person.tenantId, (tx) =>
      createRecord(
        person,
        tx,
        'asset',
        { name: 'Truck', tag: 'T-1' },
        { at: new Date().toISOString(), readingSource: 'hub' },
      ),
    );
    const order = await api.call('POST', '/work-orders', { body: { asset_id: 'T-1', template_id: id } });
    expect([order.statusCode, order.json<AnswerBody>().work_order.estimated_hours]).toEqual([201, 1.25]);
  });

  it('refuse what is missing, unknown or out of range', async () => {
    const refused = async (body: unknown) => {
      const answer = await post(body);
      return [answer.statusCode, answer.json<AnswerBody>().errors[0]?.field];
    };
    expect(await refused({})).toEqual([422, 'name']);
    expect(await refused({ ...TEMPLATE, name: '' })).toEqual([422, 'name']);
    expect(await refused({ ...TEMPLATE, work_order_type: 'magic' })).toEqual([422, 'work_order_type']);
    expect(await refused({ ...TEMPLATE, estimated_hours: -1 })).toEqual([422, 'estimated_hours']);
    expect(await refused({ ...TEMPLATE, steps: [{ name: '' }] })).toEqual([422, 'steps[0].name']);
    const id = '01920000-0000-7000-8000-00000000ffff';
    expect((await api.call('PATCH', `/work-order-templates/${id}`, { body: { name: 'x' } })).statusCode).toBe(
      404,
    );
    expect((await api.call('PATCH', `/work-order-templates/${id}`, { body: {} })).statusCode).toBe(422);
  });

  it('belong to their tenant', async () => {
    const { person } = api;
    const tenant = await ensureTenant(person.store.db, {
      id: person.newId(),
      slug: 'other',
      name: 'Other plant',
    });
    const { key } = await createApiKey({ ...person, tenantId: tenant.id }, OPERATOR, {
      name: 'other',
      role: 'admin',
    });
    const { template_id: id } = (await post(TEMPLATE)).json<AnswerBody>();
    expect((await api.call('GET', `/work-order-templates/${id}`, { key })).statusCode).toBe(404);
    expect((await api.call('DELETE', `/work-order-templates/${id}`, { key })).statusCode).toBe(404);
    expect((await api.call('GET', '/work-order-templates', { key })).json<AnswerBody>().count).toBe(0);
  });
});
