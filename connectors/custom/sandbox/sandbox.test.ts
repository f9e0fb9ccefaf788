import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startCustomSandbox } from './index.ts';

type Fields = Record<string, unknown>;
interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Fields;
}
interface Wanted {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

let sandbox: RunningSandbox;

async function start(seed = 'site:A', stateFile?: string): Promise<RunningSandbox> {
  sandbox = await startCustomSandbox({ seed, ...(stateFile === undefined ? {} : { stateFile }) });
  return sandbox;
}
afterEach(() => sandbox.close());

async function call(path: string, { method, body, headers }: Wanted = {}): Promise<Answer> {
  const raw = body instanceof FormData;
  const response = await fetch(path.startsWith('http') ? path : `${sandbox.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${sandbox.credentials['apiKey'] ?? ''}`,
      ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  const parsed = isJson ? (JSON.parse(text) as Fields) : {};
  return { status: response.status, headers: response.headers, text, body: parsed };
}

function ids(rows: unknown): unknown[] {
  return (rows as Fields[]).map((row) => row['id']);
}

describe('who may call', () => {
  it('is the holder of the key, or of a password where the dial says so', async () => {
    await start();
    const basic = `Basic ${Buffer.from(`${sandbox.credentials['username'] ?? ''}:${sandbox.credentials['password'] ?? ''}`).toString('base64')}`;
    const as = async (authorization: string): Promise<number> =>
      (await call('/api/assets', { headers: { authorization } })).status;
    const bearer = `Bearer ${sandbox.credentials['apiKey'] ?? ''}`;
    expect([await as(bearer), await as(basic), await as('Bearer no')]).toEqual([200, 401, 401]);
    sandbox.control.setDial('auth', 'basic');
    expect([await as(bearer), await as(basic)]).toEqual([401, 200]);
    sandbox.control.setDial('auth', 'either');
    expect([await as(bearer), await as(basic)]).toEqual([200, 200]);
    sandbox.control.setDial('auth', 'x-api-key');
    expect(await as(bearer)).toBe(401);
    const key = { 'x-api-key': sandbox.credentials['apiKey'] ?? '' };
    expect((await call('/api/me', { headers: key })).body).toEqual({ user: { name: 'sync' } });
  });
});

describe('lists', () => {
  it('come bare, under their name, or under data', async () => {
    await start();
    expect(ids((await call('/api/assets')).body['assets'])).toEqual(['A-00001']);
    expect((await call('/api/schedules')).body['schedules']).toMatchObject([{ asset_ids: ['A-00001'] }]);
    sandbox.control.setDial('envelope', 'bare');
    expect((await call('/api/assets')).body).toHaveLength(1);
    sandbox.control.setDial('envelope', 'data');
    expect(ids((await call('/api/assets')).body['data'])).toEqual(['A-00001']);
  });

  it('page in each of five ways to the same whole', async () => {
    await start('site:C');
    const path = '/api/work-orders';
    const whole = ids((await call(path)).body['work_orders']);
    expect(whole.length).toBeGreaterThan(250);
    const walked: Record<string, unknown[]> = { page: [], offset: [], cursor: [], link: [], next_url: [] };
    const add = (style: string, { body }: Answer): Answer['body'] => {
      walked[style]?.push(...ids(body['work_orders']));
      return body;
    };
    sandbox.control.setDial('paging', 'page');
    for (let page = 1; page <= Math.ceil(whole.length / 100); page += 1) {
      expect(add('page', await call(`${path}?page=${page}&limit=100`))['total']).toBe(whole.length);
    }
    sandbox.control.setDial('paging', 'offset');
    for (let at = 0; at < whole.length; at += 100)
      add('offset', await call(`${path}?offset=${at}&limit=100`));
    sandbox.control.setDial('paging', 'cursor');
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      cursor = add('cursor', await call(`${path}?limit=100&cursor=${cursor}`))['next_cursor'];
    }
    sandbox.control.setDial('paging', 'link');
    let link: string | undefined = `${path}?limit=100`;
    while (link !== undefined) {
      const answer: Answer = await call(link);
      add('link', answer);
      link = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    sandbox.control.setDial('paging', 'next_url');
    let next: unknown = `${path}?limit=100`;
    while (typeof next === 'string') next = add('next_url', await call(next))['next'];
    for (const [style, got] of Object.entries(walked)) expect({ style, got }).toEqual({ style, got: whole });
  });

  it('shift under an offset and not under a cursor when somebody inserts or removes', async () => {
    await start('site:C');
    const path = '/api/work-orders';
    const page = async (query: string): Promise<Fields> => (await call(`${path}?limit=10&${query}`)).body;
    sandbox.control.setDial('paging', 'offset');
    const first = await page('offset=0&sort=-created_at');
    sandbox.control.insert('work-orders', { title: 'In between' });
    const second = await page('offset=10&sort=-created_at');
    expect(ids(second['work_orders'])[0]).toBe(ids(first['work_orders'])[9]);
    sandbox.control.setDial('paging', 'cursor');
    const one = await page('');
    const last = String(ids(one['work_orders'])[9]);
    sandbox.control.remove('work-orders', last);
    const two = await page(`cursor=${String(one['next_cursor'])}`);
    expect(ids(one['work_orders'])).not.toContain(ids(two['work_orders'])[0]);
    expect(ids(two['work_orders'])[0]).toBe('W-00011');
    expect((await call(`${path}?cursor=mine`)).body).toMatchObject({ error: { code: 'bad_cursor' } });
  });

  it('give what changed since a time, oldest change first, in any format of time', async () => {
    await start();
    const from = Date.now() + 5_000;
    sandbox.control.setClock(10_000);
    sandbox.control.change('assets', 'A-00001', { status: 'retired' });
    for (const since of [new Date(from).toISOString(), String(from), String(Math.floor(from / 1000))]) {
      expect(ids((await call(`/api/assets?updated_since=${since}`)).body['assets'])).toEqual(['A-00001']);
    }
    sandbox.control.setClock(0);
    const later = new Date(Date.now() + 20_000).toISOString();
    expect((await call(`/api/assets?updated_since=${later}`)).body['assets']).toEqual([]);
    sandbox.control.setDial('updatedSince', false);
    expect((await call(`/api/assets?updated_since=${later}`)).body['assets']).toHaveLength(1);
    expect((await call('/api/assets?status=operational')).body['assets']).toEqual([]);
    sandbox.control.setDial('timeFormat', 'epoch_ms');
    const [asset] = (await call('/api/assets?fields=updated_at')).body['assets'] as Fields[];
    expect(Object.keys(asset ?? {})).toEqual(['id', 'updated_at']);
    expect(typeof asset?.['updated_at']).toBe('number');
  });
});

describe('writing', () => {
  it('creates with our reference, which finds the record again', async () => {
    await start();
    const body = {
      title: 'Leak',
      asset_id: 'A-00001',
      externalRef: 'hub-7',
      due_date: '2026-03-01T10:00:00+08:00',
    };
    const made = await call('/api/work-orders', { body });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/work-orders/${String(made.body['id'])}`);
    expect(made.body).toMatchObject({ status: 'draft', version: 1, due_date: '2026-03-01T02:00:00.000Z' });
    expect(ids((await call('/api/work-orders?externalRef=hub-7')).body['work_orders'])).toEqual([
      made.body['id'],
    ]);
    sandbox.control.setDial('createAnswer', 'empty');
    const silent = await call('/api/work-orders', { body: { title: 'Other' } });
    expect([silent.status, silent.text]).toEqual([201, '']);
    expect(sandbox.control.stats().writes.created).toEqual({ 'work-orders': 2 });
  });

  it('tells every mistake at once', async () => {
    await start();
    const body = { priority: 'urgent', asset_id: 'A-77777', estimated_hours: '2', due_date: 'soon' };
    const { status, body: answer } = await call('/api/work-orders', { body });
    expect(status).toBe(422);
    expect(Object.keys((answer['error'] as Fields)['fields'] as Fields).toSorted()).toEqual([
      'asset_id',
      'due_date',
      'estimated_hours',
      'priority',
      'title',
    ]);
    sandbox.control.setDial('strictFields', true);
    const unknown = await call('/api/assets', { body: { name: 'A', colour: 'red', id: 'x' } });
    expect(unknown.body).toMatchObject({ error: { fields: { colour: 'is unknown' } } });
    expect(sandbox.control.stats().writes.created).toEqual({});
  });

  it('changes in part with PATCH and in whole with PUT, against a version', async () => {
    await start();
    const path = '/api/assets/A-00001';
    const patched = await call(path, { method: 'PATCH', body: { status: 'maintenance', department: null } });
    expect(patched.body).toMatchObject({
      status: 'maintenance',
      department: null,
      model: 'RH120E',
      version: 2,
    });
    const stale = { method: 'PATCH', headers: { 'if-match': '"1"' }, body: { status: 'retired' } };
    expect((await call(path, stale)).status).toBe(412);
    expect((await call(path, { method: 'PATCH', body: { status: 'retired', version: 1 } })).status).toBe(409);
    const put = await call(path, {
      method: 'PUT',
      headers: { 'if-match': patched.headers.get('etag') ?? '' },
      body: { name: 'A' },
    });
    expect(put.body).toMatchObject({ name: 'A', model: null, status: 'operational', tags: [], version: 3 });
    sandbox.control.setDial('patch', false);
    const refused = await call(path, { method: 'PATCH', body: {} });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
  });

  it('moves a status along its machine when the dial is on', async () => {
    await start();
    sandbox.control.setDial('strictStatuses', true);
    const { body } = await call('/api/work-orders', { body: { title: 'T' } });
    const path = `/api/work-orders/${String(body['id'])}`;
    const to = async (status: string): Promise<number> =>
      (await call(path, { method: 'PATCH', body: { status } })).status;
    expect(await to('closed')).toBe(422);
    expect([await to('open'), await to('completed'), await to('closed'), await to('open')]).toEqual([
      200, 200, 200, 422,
    ]);
  });

  it('removes for good, or leaves a mark that lists show', async () => {
    await start();
    const remove = { method: 'DELETE' };
    expect((await call('/api/parts/S-00001', remove)).status).toBe(204);
    expect((await call('/api/parts/S-00001', remove)).status).toBe(404);
    sandbox.control.setDial('deletes', 'soft');
    await call('/api/parts/S-00002', remove);
    expect((await call('/api/parts/S-00002')).status).toBe(404);
    const rows = (await call('/api/parts')).body['parts'] as Fields[];
    expect(ids(rows)).toEqual(['S-00002', 'S-00003']);
    expect(rows[0]?.['deleted_at']).not.toBeNull();
    expect(rows[1]?.['deleted_at']).toBeNull();
  });

  it('takes readings that are newer, and files that come back as they went', async () => {
    await start();
    const read = (body: object): Promise<Answer> => call('/api/meters/M-00001/readings', { body });
    await read({ value: 30_000, at: '2013-01-01T00:00:00Z' });
    await read({ value: 10, at: '2012-01-01T00:00:00Z' });
    expect((await call('/api/meters/M-00001')).body).toMatchObject({ last_reading: 30_000 });
    const form = new FormData();
    form.set('file', new File(['a\r\nb'], 'note.txt', { type: 'text/plain' }));
    const made = await call('/api/assets/A-00001/attachments', { body: form });
    expect(made.body).toMatchObject({ name: 'note.txt', size: 4 });
    const path = `/api/assets/A-00001/attachments/${String(made.body['id'])}`;
    expect((await call(path)).text).toBe('a\r\nb');
    expect((await call(path, { method: 'DELETE' })).status).toBe(204);
    expect((await call(path)).status).toBe(404);
  });
});

describe('the control port and the state file', () => {
  it('edits like a person and refuses fields that are not there', async () => {
    const { control } = await start();
    const changed = control.change('assets', 'A-00001', { status: 'retired' }) as Fields;
    expect(changed).toMatchObject({ status: 'retired', version: 2 });
    expect(() => control.change('assets', 'A-00001', { colour: 'red' })).toThrow('no "colour"');
    expect(() => control.setDial('paging', 'sideways')).toThrow('takes one of none, page');
    expect(control.stats().writes.updated).toEqual({});
  });

  it('brings rows, ids and dials back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custom-state-'));
    try {
      const file = join(folder, 'custom.state');
      const first = await start('site:A', file);
      first.control.setDial('paging', 'cursor');
      await call('/api/parts', { body: { name: 'Kept', externalRef: 'r' } });
      const before = first.control.list('parts');
      await first.close();
      const second = await start('site:A', file);
      expect(second.control.list('parts')).toEqual(before);
      expect((await call('/api/parts')).body).toHaveProperty('next_cursor');
      expect((second.control.insert('parts', { name: 'Next' }) as Fields)['id']).toBe('S-00005');
    } finally {
      await rm(folder, { recursive: true });
    }
    await expect(startCustomSandbox({ seed: 'site:AX' })).rejects.toThrow('letters A to E');
  });
});
