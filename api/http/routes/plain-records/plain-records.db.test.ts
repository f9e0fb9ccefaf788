import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import { listOf, shownOf, type AnswerBody, type TreeNode } from './answers.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await post('/assets', { asset_id: 'EX-1', name: 'Excavator 1', asset_type: 'machinery' });
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

async function post(path: string, body?: unknown, key?: string) {
  const answer = await api.call('POST', path, { body, ...(key === undefined ? {} : { key }) });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<AnswerBody>() };
}
async function get(path: string) {
  const answer = await api.call('GET', path);
  return { status: answer.statusCode, body: answer.json<AnswerBody>() };
}
async function patch(path: string, body: unknown) {
  const answer = await api.call('PATCH', path, { body });
  return { status: answer.statusCode, body: answer.json<AnswerBody>() };
}
const remove = async (path: string) => (await api.call('DELETE', path)).statusCode;

describe.each([
  ['locations', 'location', { name: 'Plant' }, { address: 'Road 1' }],
  ['parts', 'part', { name: 'Filter' }, { unit_cost: 3.25 }],
  ['meters', 'meter', { name: 'Hours' }, { unit: 'h' }],
  ['people', 'person', { name: 'Almut' }, { phone: '1' }],
  ['requests', 'request', { title: 'Leak' }, { description: 'Oil' }],
])('%s', (path, noun, needed, change) => {
  it('are made, shown by id and number, listed, changed and deleted', async () => {
    const made = await post(`/${path}`, needed);
    expect(made.status).toBe(201);
    const record = shownOf(made.body, noun);
    expect(made.body).toMatchObject({ [`${noun}_id`]: record.id });
    expect(made.headers['location']).toBe(`/api/v1/${path}/${record.id}`);
    expect(shownOf((await get(`/${path}/${record.number}`)).body, noun)).toEqual(record);
    const [field, value] = Object.entries(change)[0] as [string, unknown];
    expect(shownOf((await patch(`/${path}/${record.id}`, change)).body, noun)).toMatchObject(change);
    const listed = listOf((await get(`/${path}?sort=-updated_at&limit=1`)).body, path);
    expect(listed).toEqual([expect.objectContaining({ id: record.id, [field]: value })]);
    const since = encodeURIComponent(String(listed[0]?.['updated_at']));
    expect((await get(`/${path}?updated_since=${since}`)).body.count).toBe(1);
    expect(shownOf((await patch(`/${path}/${record.id}`, { [field]: null })).body, noun)[field]).toBeNull();
    expect(await remove(`/${path}/${record.id}`)).toBe(200);
    expect((await get(`/${path}/${record.id}`)).status).toBe(404);
    expect(await remove(`/${path}/${record.id}`)).toBe(404);
  });

  it('refuse unknown fields, missing names, a null for a name, a stale version and strangers', async () => {
    expect((await post(`/${path}`, { ...needed, colour: 'red' })).body.errors?.[0]?.field).toBe('colour');
    const [name = ''] = Object.keys(needed);
    expect((await post(`/${path}`, {})).body.errors?.[0]?.field).toBe(name);
    const { id } = shownOf((await post(`/${path}`, needed)).body, noun);
    expect((await patch(`/${path}/${id}`, { [name]: null })).status).toBe(422);
    const stale = await api.call('PATCH', `/${path}/${id}`, {
      body: change,
      headers: { 'if-match': '"7"' },
    });
    expect(stale.statusCode).toBe(412);
    const tenantId = randomUUID();
    await ensureTenant(api.plant.store.db, { id: tenantId, slug: `t${tenantId}`, name: 'Other' });
    const { key } = await createApiKey({ ...api.person, tenantId }, OPERATOR, {
      name: 'other',
      role: 'admin',
    });
    expect((await api.call('GET', `/${path}/${id}`, { key })).statusCode).toBe(404);
    expect((await api.call('DELETE', `/${path}/${id}`, { key })).statusCode).toBe(404);
    expect((await api.call('GET', `/${path}`, { key })).json<AnswerBody>().count).toBe(0);
    expect((await post(`/${path}`, needed, await api.keyOf('viewer'))).status).toBe(403);
  });
});

describe('keys that only one has', () => {
  it.each([
    ['locations', 'location', { name: 'x', code: 'ONE' }, 'code'],
    ['parts', 'part', { name: 'x', part_number: 'ONE' }, 'part_number'],
    ['people', 'person', { name: 'x', code: 'ONE' }, 'code'],
  ])('are taken once of %s, also in a race', async (path, noun, body, field) => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(`/${path}`, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.errors?.[0]?.field).toBe(field);
    const { id } = shownOf((await post(`/${path}`, { name: 'y' })).body, noun);
    expect((await patch(`/${path}/${id}`, { [field]: 'ONE' })).status).toBe(409);
    expect((await get(`/${path}?${field}=ONE`)).body.count).toBe(1);
    expect((await get(`/${path}/ONE`)).status).toBe(200);
  });
});

describe('locations', () => {
  it('stand in a tree, by code, by name or by number', async () => {
    await post('/locations', { name: 'Mine', code: 'MINE', kind: 'site', time_zone: 'Australia/Perth' });
    const pit = (await post('/locations', { name: 'Pit', parent_id: 'MINE' })).body.location;
    await post('/locations', { name: 'Bench 1', parent_id: 'Pit' });
    await post('/locations', { name: 'Bench 2', parent_id: pit.number });
    const { locations } = (await get('/locations/tree?root=MINE')).body;
    expect(names(locations)).toEqual([
      [
        'Mine',
        [
          [
            'Pit',
            [
              ['Bench 1', []],
              ['Bench 2', []],
            ],
          ],
        ],
      ],
    ]);
    expect(names((await get('/locations/tree?root=MINE&depth=1')).body.locations)).toEqual([
      ['Mine', [['Pit', []]]],
    ]);
    expect(names((await get('/locations/tree')).body.locations)).toContainEqual(names(locations)[0]);
    expect((await get('/locations/tree?root=NOBODY')).status).toBe(404);
    expect((await get('/locations?parent_id=Pit')).body.count).toBe(2);
    const circle = await patch('/locations/MINE', { parent_id: 'Bench 2' });
    expect([circle.status, circle.body.errors?.[0]?.field]).toEqual([422, 'parent_id']);
    expect((await patch('/locations/MINE', { parent_id: 'MINE' })).status).toBe(422);
    expect(await remove('/locations/MINE')).toBe(409);
  });

  it('two moves at the same time make no circle', async () => {
    const [a, b] = [
      await post('/locations', { name: 'Ring A' }),
      await post('/locations', { name: 'Ring B' }),
    ];
    const answers = await Promise.all([
      patch(`/locations/${a.body.location_id}`, { parent_id: b.body.location_id }),
      patch(`/locations/${b.body.location_id}`, { parent_id: a.body.location_id }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  it('refuse coordinates and zones that are none', async () => {
    expect((await post('/locations', { name: 'x', latitude: 91 })).status).toBe(422);
    expect((await post('/locations', { name: 'x', time_zone: '!' })).status).toBe(422);
  });
});

type Names = [string, Names[]];
const names = (nodes: TreeNode[]): Names[] => nodes.map(({ name, children }) => [name, names(children)]);

describe('stock of parts', () => {
  it('counts everybody who takes at the same time, and does not fall below nothing', async () => {
    await post('/parts', { name: 'Filter', part_number: 'F-9', on_hand: 3.3 });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post('/parts/F-9/stock', { quantity: -1.1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409, 409]);
    expect((await get('/parts/F-9')).body.part.on_hand).toBe(0);
    expect((await post('/parts/F-9/stock', { quantity: 0.3 })).body.part.on_hand).toBe(0.3);
    expect((await post('/parts/F-9/stock', { quantity: 0 })).status).toBe(422);
    expect((await post('/parts', { name: 'x', on_hand: -1 })).status).toBe(422);
  });
});

describe('requests', () => {
  it('are approved or rejected once, and resolved only after approval', async () => {
    await post('/people', { name: 'Eva Lind', code: 'ELIND' });
    const made = await post('/requests', {
      title: 'Leak',
      asset_id: 'EX-1',
      priority: 'high',
      assigned_to: 'Eva Lind',
    });
    expect(made.body.request).toMatchObject({
      status: 'submitted',
      asset_id: 'EX-1',
      assigned_to: 'ELIND',
      priority: 'high',
    });
    expect(made.body.request.requested_at).not.toBeNull();
    const path = `/requests/${made.body.request_id}`;
    expect((await post(`${path}/resolve`)).status).toBe(409);
    const answers = await Promise.all([post(`${path}/approve`), post(`${path}/reject`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { status } = (await get(path)).body.request;
    const again = await post(`${path}/${status === 'approved' ? 'approve' : 'reject'}`);
    expect([again.status, again.body.request.status]).toEqual([200, status]);
    const other = await post(`${path}/${status === 'approved' ? 'reject' : 'approve'}`);
    expect([other.status, other.body.detail]).toEqual([409, expect.stringContaining(`is ${String(status)}`)]);
    expect((await get('/requests?assigned_to=ELIND')).body.count).toBe(1);
    expect((await get('/requests?asset_id=EX-1&status=submitted')).body.count).toBe(0);
    expect((await get('/requests?status=open')).status).toBe(422);
    expect((await patch(path, { status: 'resolved' })).status).toBe(422);
  });

  it('refuse people who are not there', async () => {
    const answer = await post('/requests', { title: 'x', assigned_to: 'nobody at all' });
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, 'assigned_to']);
  });
});

describe('people', () => {
  it('refuse an e-mail address that is none', async () => {
    expect((await post('/people', { name: 'x', email: 'at home' })).body.errors?.[0]?.field).toBe('email');
  });
});
