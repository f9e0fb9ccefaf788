import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from '../work-orders/answers.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

const post = (body: unknown) => api.call('POST', '/calendars', { body });

describe('calendars', () => {
  it('have the working week of the reference API when nothing else is said', async () => {
    expect((await post({ name: 'Plain' })).json<AnswerBody>().calendar).toMatchObject({
      timezone: 'UTC',
      working_hours_start: 8,
      working_hours_end: 17,
      working_minutes: 540,
      working_days: [0, 1, 2, 3, 4],
      holidays: [],
    });
  });

  it('are made, read, changed under their version, listed in pages and deleted', async () => {
    const answer = await post({
      name: 'South pit',
      timezone: 'Australia/Perth',
      working_hours_start: 6.5,
      working_hours_end: 24,
      working_days: [6, 0, 6],
      holidays: ['2026-12-26', '2026-12-25T00:00:00Z', '2026-12-26'],
    });
    const { calendar_id: id, calendar: made } = answer.json<AnswerBody>();
    const path = `/calendars/${id}`;
    expect([answer.statusCode, answer.headers['location']]).toEqual([201, `/api/v1${path}`]);
    expect(made).toMatchObject({
      working_hours_start: 6.5,
      working_minutes: 1050,
      working_days: [0, 6],
      holidays: ['2026-12-25', '2026-12-26'],
    });
    expect((await api.call('GET', path)).json<AnswerBody>().calendar).toEqual(made);
    const change = (body: unknown, etag = '"1"') =>
      api.call('PATCH', path, { body, headers: { 'if-match': etag } });
    expect((await change({ working_hours_end: 6 })).statusCode).toBe(422);
    expect((await change({ working_hours_end: 18 })).json<AnswerBody>().calendar).toMatchObject({
      working_hours_end: 18,
      version: 2,
    });
    expect((await change({ working_hours_end: 19 })).statusCode).toBe(412);
    const first = (await api.call('GET', '/calendars?limit=1')).json<AnswerBody>();
    const rest = (await api.call('GET', `/calendars?limit=1&cursor=${first.next_cursor}`)).json<AnswerBody>();
    expect(rest.calendars[0]?.id).toBe(id);
    expect((await api.call('DELETE', path)).statusCode).toBe(200);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await api.call(method, path)).statusCode).toBe(404);
  });

  it('refuse zones, hours, days and dates there are not', async () => {
    for (const [field, value] of [
      ['name', ''],
      ['timezone', 'Mars/Olympus'],
      ['working_hours_start', -1],
      ['working_hours_start', 8.001],
      ['working_hours_end', 25],
      ['working_hours_end', 8],
      ['working_days', []],
      ['holidays', ['2026-02-30']],
    ] as const) {
      const refusal = await post({ name: 'x', [field]: value });
      expect([field, refusal.statusCode, refusal.json<AnswerBody>().errors[0]?.field.split('[')[0]]).toEqual([
        field,
        422,
        field,
      ]);
    }
    expect((await post({ name: 'x', working_days: [7] })).json<AnswerBody>().errors[0]?.field).toBe(
      'working_days[0]',
    );
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
    const { calendar_id: id } = (await post({ name: 'Ours' })).json<AnswerBody>();
    expect((await api.call('GET', `/calendars/${id}`, { key })).statusCode).toBe(404);
    expect((await api.call('PATCH', `/calendars/${id}`, { key, body: { name: 'mine' } })).statusCode).toBe(
      404,
    );
    expect((await api.call('GET', '/calendars', { key })).json<AnswerBody>().count).toBe(0);
  });
});
