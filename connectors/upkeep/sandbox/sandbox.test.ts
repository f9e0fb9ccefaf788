/** The imitation's contract, over real HTTP: sessions, lists, writes, dials. Webhooks are in webhooks.test.ts. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startUpkeepSandbox } from './index.ts';

interface Answer {
  status: number;
  message?: string;
  result: Record<string, unknown>;
  results: Record<string, unknown>[];
  data: Record<string, unknown>[];
  pagination: Record<string, unknown>;
}

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startUpkeepSandbox({ seed: 'empty' });
});
afterEach(() => sandbox.close());

async function call(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
  const headers: Record<string, string> = { 'session-token': token ?? sandbox.credentials['token'] ?? '' };
  const form = typeof body === 'string';
  if (!form && body !== undefined) headers['content-type'] = 'application/json';
  if (form) headers['content-type'] = 'application/x-www-form-urlencoded';
  const init =
    body === undefined ? { method, headers } : { method, headers, body: form ? body : JSON.stringify(body) };
  const response = await fetch(`${sandbox.url}/api/v2${path}`, init);
  return { ...((await response.json()) as Answer), status: response.status };
}

async function make(path: string, body: object): Promise<string> {
  const answer = await call('POST', path, body);
  expect(answer).toMatchObject({ status: 200, success: true });
  return String(answer.result['id']);
}

async function titles(query: string): Promise<unknown[]> {
  return (await call('GET', `/work-orders?${query}`)).results.map(({ title }) => title);
}

async function restart(seed: string): Promise<void> {
  await sandbox.close();
  sandbox = await startUpkeepSandbox({ seed });
}

describe('sessions', () => {
  it('logs in, refuses after the end of the session, and out', async () => {
    const { email, password } = sandbox.credentials;
    sandbox.control.setDial('tokenLifetimeMs', 60_000);
    const login = await call('POST', '/auth', { email, password }, '');
    const token = String(login.result['sessionToken']);
    expect(token).toMatch(/^r:[0-9a-f]{32}$/);
    expect(String(login.result['expiresAt'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await call('GET', '/users?limit=1', undefined, token)).status).toBe(200);
    sandbox.control.setClock(61_000);
    expect((await call('GET', '/users', undefined, token)).status).toBe(401);
    const again = String(
      (await call('POST', '/auth', `email=${email}&password=${password}`, '')).result['sessionToken'],
    );
    expect(await call('DELETE', '/auth', undefined, again)).toMatchObject({
      status: 200,
      message: 'session deleted',
    });
    expect((await call('GET', '/users', undefined, again)).status).toBe(401);
  });

  it('refuses wrong passwords, the wrong case of an e-mail, and no token', async () => {
    const { email = '', password } = sandbox.credentials;
    expect((await call('POST', '/auth', { email, password: 'x' }, '')).status).toBe(401);
    expect((await call('POST', '/auth', { email: email.toUpperCase(), password }, '')).status).toBe(401);
    expect((await call('POST', '/auth', { email }, '')).message).toBe('password cannot be null');
    expect((await call('GET', '/users', undefined, ' ')).status).toBe(401);
  });

  it('ends live sessions by the expire_session fault', async () => {
    const { email, password } = sandbox.credentials;
    const token = String((await call('POST', '/auth', { email, password }, '')).result['sessionToken']);
    sandbox.control.setFaults({ rules: [{ effect: 'expire_session', times: 1 }] });
    expect((await call('GET', '/users', undefined, token)).status).toBe(401);
  });
});

describe('lists', () => {
  it('pages by limit and offset, newest first, 25 unless asked', async () => {
    await restart('orders:60');
    expect((await call('GET', '/work-orders/')).results).toHaveLength(25);
    expect(await titles('limit=2')).toEqual(['Synthetic order 60', 'Synthetic order 59']);
    expect(await titles('limit=2&offset=59')).toEqual(['Synthetic order 1']);
    expect(await titles('limit=2&offset=60')).toEqual([]);
    expect(sandbox.control.pages()[1]).toEqual({ object: 'work-orders', query: 'limit=2' });
  });

  it('walks everything once by updatedAt, also while records change', async () => {
    await restart('orders:230');
    const seen = new Set<unknown>();
    let cursor = 0;
    for (let length = 50; length === 50;) {
      const query = `updatedAtGreaterThanOrEqualTo=${cursor}&orderBy=updatedAt%20ASC&limit=50`;
      const { results } = await call('GET', `/work-orders?${query}`);
      for (const { id } of results) seen.add(id);
      length = results.length;
      cursor = Date.parse(String(results.at(-1)?.['updatedAt']));
      if (seen.size < 100) {
        const [{ id } = { id: '' }] = results;
        await call('PATCH', `/work-orders/${String(id)}`, { priority: 3 });
      }
    }
    expect(seen.size).toBe(230);
  });

  it('filters by inclusive dates in milliseconds or ISO, and orders by due date', async () => {
    for (const day of [1, 2, 3])
      await make('/work-orders', { title: `d${day}`, dueDate: Date.UTC(2030, 0, day) });
    await make('/work-orders', { title: 'none' });
    const [first, last] = [Date.UTC(2030, 0, 2), Date.UTC(2030, 0, 3)];
    const order = 'orderBy=dueDate%20DESC';
    expect(
      await titles(`dueDateGreaterThanOrEqualTo=${first}&dueDateLessThanOrEqualTo=${last}&${order}`),
    ).toEqual(['d3', 'd2']);
    expect(await titles('dueDateLessThanOrEqualTo=2030-01-01T00:00:00.000Z')).toEqual(['d1']);
    expect(await titles('orderBy=dueDate%20ASC')).toEqual(['none', 'd1', 'd2', 'd3']);
    expect((await call('GET', '/work-orders?dueDateLessThanOrEqualTo=soon')).status).toBe(400);
  });

  it('filters by exact values and hides archived orders', async () => {
    await restart('excavators');
    const open = await call('GET', '/work-orders?isComplete=0&limit=100');
    expect(open.results).toHaveLength(40);
    const [asset] = (await call('GET', '/assets?serialNumber=RH120-B-0002')).results;
    const own = await call('GET', `/work-orders?asset=${String(asset?.['id'])}&limit=5000&status=complete`);
    expect(own.results.length).toBeGreaterThan(50);
    expect(own.results.every((order) => order['asset'] === asset?.['id'])).toBe(true);
    const id = await make('/work-orders', { title: 'put away' });
    await call('PATCH', `/work-orders/${id}`, { archived: true });
    expect(await titles('title=put%20away')).toEqual([]);
    expect(await titles('title=put%20away&archived=true')).toEqual(['put away']);
    expect((await call('GET', `/work-orders/${id}`)).status).toBe(200);
  });

  it.each([
    'includes=asset&includes=location',
    'includes[]=asset&includes[]=location',
    'includes=asset,location',
  ])('expands by %s', async (includes) => {
    const location = await make('/locations', { name: 'Pit' });
    const asset = await make('/assets', { name: 'Shovel', location });
    const id = await make('/work-orders', { title: 'x', asset, location });
    expect((await call('GET', `/work-orders/${id}`)).result).toMatchObject({ asset, location });
    const [expanded] = (await call('GET', `/work-orders?${includes}`)).results;
    expect(expanded).toMatchObject({ asset: { id: asset, name: 'Shovel' }, location: { id: location } });
  });
});

describe('writes', () => {
  it('accepts forms and JSON, emits ISO, leaves unset fields out', async () => {
    const made = await call('POST', '/work-orders/', 'title=Belt&priority=2&dueDate=1924992000000');
    expect(made.result).toMatchObject({
      title: 'Belt',
      priority: 2,
      dueDate: '2031-01-01T00:00:00.000Z',
      status: 'open',
    });
    expect(made.result['id']).toMatch(/^[A-Za-z0-9]{10}$/);
    expect(made.result['workOrderNo']).toBe('1');
    expect(Object.keys(made.result)).not.toContain('description');
  });

  it('changes only what is sent, and clears by null', async () => {
    const id = await make('/work-orders', { title: 'a', description: 'b', dueDate: '2031-01-01' });
    const { result } = await call('PATCH', `/work-orders/${id}`, { dueDate: null, priority: '1' });
    expect(result).toMatchObject({ title: 'a', description: 'b', priority: 1 });
    expect(result).not.toHaveProperty('dueDate');
  });

  it('completes and reopens with its side effects', async () => {
    const id = await make('/work-orders', { title: 'a', status: 'complete' });
    expect((await call('GET', `/work-orders/${id}`)).result['status']).toBe('open');
    const done = (await call('PATCH', `/work-orders/${id}`, { status: 'complete' })).result;
    const [admin] = sandbox.control.list('users') as { id: string }[];
    expect(done['completedByUser']).toBe(admin?.id);
    expect(done['dateCompleted']).toMatch(/Z$/);
    const reopened = (await call('PATCH', `/work-orders/${id}`, { status: 'onHold' })).result;
    expect(reopened).not.toHaveProperty('dateCompleted');
    expect(reopened).not.toHaveProperty('completedByUser');
  });

  it('lowers stock by used parts unless told manual', async () => {
    const part = await make('/parts', { name: 'Hose', quantity: 10 });
    const onHand = async (): Promise<unknown> => (await call('GET', `/parts/${part}`)).result['quantity'];
    const id = await make('/work-orders', { title: 'a', parts: [part], respectivePartQuantityUsed: [3] });
    expect(await onHand()).toBe(7);
    await call('PATCH', `/work-orders/${id}`, { respectivePartQuantityUsed: [4] });
    expect(await onHand()).toBe(6);
    await call('PATCH', `/work-orders/${id}`, {
      respectivePartQuantityUsed: [9],
      decreaseInventory: 'manual',
    });
    expect(await onHand()).toBe(6);
    expect((await call('GET', `/work-orders/${id}`)).result).not.toHaveProperty('decreaseInventory');
  });

  it.each([
    [{}, 'title cannot be null'],
    [{ title: null }, 'title cannot be null'],
    [{ title: 'a', priority: 4 }, 'priority must be an integer from 0 to 3'],
    [{ title: 'a', asset: 'nowhere123' }, 'asset nowhere123 does not exist'],
    [{ title: 'a', dueDate: 'soon' }, 'dueDate must be a date in milliseconds or ISO 8601'],
  ])('refuses %j', async (body, message) => {
    expect(await call('POST', '/work-orders', body)).toMatchObject({ status: 400, success: false, message });
    expect(sandbox.control.list('work-orders')).toHaveLength(0);
  });

  it('answers 404 for unknown and deleted records, unknown routes and sunset paths', async () => {
    expect(await call('GET', '/work-orders/nowhere123')).toMatchObject({
      status: 404,
      message: 'work order not found',
    });
    const id = await make('/work-orders', { title: 'a' });
    expect((await call('DELETE', `/work-orders/${id}`)).status).toBe(200);
    expect((await call('PATCH', `/work-orders/${id}`, { title: 'b' })).status).toBe(404);
    expect((await call('GET', '/preventive-maintenance')).status).toBe(404);
    expect((await call('PUT', '/work-orders')).status).toBe(404);
    expect(sandbox.control.stats().writes).toEqual({
      created: { 'work-orders': 1 },
      updated: {},
      deleted: { 'work-orders': 1 },
    });
  });

  it('keeps locations to six levels, without cycles, and moves levels along', async () => {
    const ids = [await make('/locations', { name: 'L0' })];
    for (let level = 1; level < 6; level += 1) {
      ids.push(await make('/locations', { name: `L${level}`, parentLocation: ids[level - 1] }));
    }
    expect((await call('POST', '/locations', { name: 'L6', parentLocation: ids[5] })).status).toBe(400);
    expect((await call('PATCH', `/locations/${ids[0]}`, { parentLocation: ids[5] })).status).toBe(400);
    await call('PATCH', `/locations/${ids[3]}`, { parentLocation: ids[0] });
    const deepest = await call('GET', `/locations/${ids[5]}?includes=ancestors,numTotalChildren`);
    expect(deepest.result).toMatchObject({ hierarchyLevel: 3, numTotalChildren: 0 });
    expect(deepest.result['ancestors']).toMatchObject([{ name: 'L0' }, { name: 'L3' }, { name: 'L4' }]);
    const top = await call('GET', `/locations/${ids[0]}?includes=numTotalDescendants`);
    expect(top.result['numTotalDescendants']).toBe(5);
  });

  it('couples the downtime status with the asset status', async () => {
    const down = sandbox.control.insert('asset-downtime-statuses', { name: 'Broken', isDowntime: true }) as {
      id: string;
    };
    const up = sandbox.control.insert('asset-downtime-statuses', { name: 'Fine', isDowntime: false }) as {
      id: string;
    };
    const id = await make('/assets', { name: 'Shovel' });
    const fallen = (await call('PATCH', `/assets/${id}`, { downtimeStatus: down.id })).result;
    expect(fallen['status']).toBe('inactive');
    expect((await call('PATCH', `/assets/${id}`, { status: 'active' })).result['downtimeStatus']).toBe(up.id);
  });
});

describe('what hangs on records', () => {
  it('adds workers, teams and messages; messages cannot be read', async () => {
    const user = await make('/users', { email: 'a@b.example', password: 'p', accountType: 'TECHNICIAN' });
    const team = await make('/teams', { name: 'Crew', description: 'day' });
    const id = await make('/work-orders', { title: 'a' });
    await call('POST', `/work-orders/${id}/workers/${user}`);
    const { result } = await call('POST', `/work-orders/${id}/teams/${team}`);
    expect(result).toMatchObject({ additionalUsers: [user], team });
    const bare = (await call('DELETE', `/work-orders/${id}/workers/${user}`)).result;
    expect(bare).not.toHaveProperty('additionalUsers');
    expect((await call('POST', `/work-orders/${id}/update-messages`, { text: 'hello' })).status).toBe(200);
    expect((await call('POST', `/work-orders/${id}/update-messages`, {})).message).toBe(
      'text cannot be null',
    );
    expect((await call('GET', `/work-orders/${id}/update-messages`)).status).toBe(404);
    expect(sandbox.control.list('update-messages')).toMatchObject([{ text: 'hello', workOrder: id }]);
    await call('POST', `/teams/${team}/users/${user}`);
    expect((await call('GET', `/teams/${team}/users`)).results).toMatchObject([{ id: user }]);
    expect((await call('GET', `/users/${user}`)).result).not.toHaveProperty('password');
  });

  it('takes readings and lists them, newest first', async () => {
    const meter = await make('/meters', { name: 'Hours', units: 'h' });
    await call('POST', `/meters/${meter}/readings`, { value: 5, date: '2030-01-02' });
    await call('POST', `/meters/${meter}/readings`, { value: '4.5', date: Date.UTC(2030, 0, 1) });
    expect((await call('GET', `/meters/${meter}/readings`)).results).toMatchObject([
      { value: 5, date: '2030-01-02T00:00:00.000Z' },
      { value: 4.5 },
    ]);
    expect((await call('POST', `/meters/${meter}/readings`, {})).message).toBe('value cannot be null');
  });

  it('approves a request into a work order, once', async () => {
    const id = await make('/requests', { title: 'Leak', priority: 3, dueDate: '2031-01-01T00:00:00Z' });
    expect((await call('PATCH', `/requests/${id}`, { title: 'x' })).status).toBe(404);
    expect((await call('PATCH', `/requests/${id}/approve`)).result['status']).toBe('approved');
    expect(sandbox.control.list('work-orders')).toMatchObject([
      { title: 'Leak', priority: 3, status: 'open' },
    ]);
    expect((await call('PATCH', `/requests/${id}/cancel`)).status).toBe(400);
  });

  it('pages templates in their own envelope and keeps deleted ones listed', async () => {
    await restart('excavators');
    const page = await call('GET', '/pm?includes=schedules&pageSize=1');
    // totalCount counts schedules, as the reference's example does.
    expect(page.pagination).toMatchObject({
      currentPage: 1,
      nextPage: 2,
      previousPage: null,
      totalPages: 2,
      totalCount: 6,
    });
    const id = String(page.data[0]?.['_id']);
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect((await call('GET', `/pm/${id}`)).result['id']).toBe(id);
    await call('DELETE', `/pm/${id}`);
    const listed = (await call('GET', '/pm')).data;
    expect(listed.find((template) => template['_id'] === id)).toHaveProperty('deletedAt');
    expect((await call('GET', '/pm/schedules?pageSize=4&page=2')).data).toHaveLength(2);
    const made = await call('POST', '/pm', {
      name: 'New',
      schedules: [{ repeatFrequency: 'DAILY', repeatInterval: 7 }],
    });
    expect(made.result).toMatchObject({ name: 'New', schedules: [{ repeatInterval: 7 }] });
  });

  it('keeps uploaded files by name', async () => {
    const form = new FormData();
    form.set('file', new Blob(['abc']), 'photo.txt');
    const headers = { 'session-token': sandbox.credentials['token'] ?? '' };
    const response = await fetch(`${sandbox.url}/api/v2/files`, { method: 'POST', headers, body: form });
    expect(await response.json()).toMatchObject({ success: true, result: { name: 'photo.txt' } });
  });
});

describe('dials', () => {
  it('emptyListIs404', async () => {
    sandbox.control.setDial('emptyListIs404', true);
    expect(await call('GET', '/work-orders')).toMatchObject({
      status: 404,
      message: 'work orders not found',
    });
  });

  it('strictFields', async () => {
    expect((await call('POST', '/work-orders', { title: 'a', assetId: 'x' })).status).toBe(200);
    sandbox.control.setDial('strictFields', true);
    expect((await call('POST', '/work-orders', { title: 'a', assetId: 'x' })).message).toContain('assetId');
  });

  it('statusLabels, expandWithoutAsking and permissionPlaceholderTitle', async () => {
    const asset = await make('/assets', { name: 'Shovel' });
    const id = await make('/work-orders', { title: 'a', asset });
    await call('PATCH', `/work-orders/${id}`, { status: 'inProgress' });
    sandbox.control.setDial('statusLabels', 'odd');
    sandbox.control.setDial('expandWithoutAsking', true);
    sandbox.control.setDial('permissionPlaceholderTitle', [id]);
    const [order] = (await call('GET', '/work-orders?status=inProgress')).results;
    expect(order).toMatchObject({ status: 'In-Progress', asset: { name: 'Shovel' } });
    expect(order?.['title']).toContain('elevated admin permissions');
    for (const dial of ['statusLabels', 'expandWithoutAsking', 'permissionPlaceholderTitle']) {
      sandbox.control.setDial(dial, null);
    }
    expect((await call('GET', '/work-orders')).results).toMatchObject([
      { status: 'inProgress', asset, title: 'a' },
    ]);
  });

  it('staleReads by writes and by time; single reads are fresh', async () => {
    sandbox.control.setDial('staleReads', { writes: 1 });
    const id = await make('/work-orders', { title: 'a' });
    expect(await titles('')).toEqual([]);
    await call('PATCH', `/work-orders/${id}`, { title: 'b' });
    expect(await titles('')).toEqual(['a']);
    expect((await call('GET', `/work-orders/${id}`)).result['title']).toBe('b');
    sandbox.control.setDial('staleReads', { ms: 60_000 });
    await call('DELETE', `/work-orders/${id}`);
    const other = await make('/work-orders', { title: 'c' });
    expect(await titles('')).not.toContain('c');
    sandbox.control.setClock(61_000);
    expect(await titles('')).toEqual(['c']);
    expect((await call('GET', `/work-orders/${other}`)).status).toBe(200);
  });

  it('insertWhilePaging moves an offset page', async () => {
    await restart('orders:4');
    sandbox.control.setDial('insertWhilePaging', 1);
    const first = await titles('limit=2');
    const second = await titles('limit=2&offset=2');
    expect(first).toEqual(['Synthetic order 4', 'Synthetic order 3']);
    // One order came in front, so the page border repeats a record.
    expect(second).toEqual(['Synthetic order 3', 'Synthetic order 2']);
    expect(sandbox.control.list('work-orders')).toHaveLength(5);
    expect(sandbox.control.stats().writes.created).toEqual({});
    expect(() => sandbox.control.setDial('insertWhilePaging', { object: 'users', times: 1 })).toThrow(
      'takes a number of 0 or more',
    );
  });

  it('equalTimestamps', async () => {
    const stampsOf = async (): Promise<unknown[]> => {
      const stamps = [];
      for (let i = 0; i < 4; i += 1) {
        sandbox.control.setClock(i * 60_000);
        stamps.push((await call('POST', '/work-orders', { title: `${i}` })).result['updatedAt']);
      }
      return stamps;
    };
    expect(new Set(await stampsOf()).size).toBe(4);
    sandbox.control.setDial('equalTimestamps', 2);
    const [a, b, c, d] = await stampsOf();
    expect([a === b, b === c, c === d]).toEqual([true, false, true]);
  });

  it('categories and quietReadings', async () => {
    await make('/work-orders', { title: 'a', category: 'Magic' });
    sandbox.control.setDial('categories', ['Mechanical']);
    await make('/work-orders', { title: 'a', category: 'Mechanical' });
    const refused = await call('POST', '/work-orders', { title: 'a', category: 'Magic' });
    expect(refused.message).toBe("category Magic is not one of the account's work order categories");
    const meter = await make('/meters', { name: 'Hours' });
    const touched = async (): Promise<unknown> => (await call('GET', `/meters/${meter}`)).result['updatedAt'];
    const before = await touched();
    sandbox.control.setClock(60_000);
    sandbox.control.setDial('quietReadings', true);
    await call('POST', `/meters/${meter}/readings`, { value: 1 });
    expect(await touched()).toBe(before);
    sandbox.control.setDial('quietReadings', false);
    await call('POST', `/meters/${meter}/readings`, { value: 2 });
    expect(await touched()).not.toBe(before);
  });

  it('refuses an unknown dial', () => {
    expect(() => sandbox.control.setDial('mood', 1)).toThrow('unknown');
  });
});

describe('seeds', () => {
  it('are the same for the same random seed', async () => {
    await restart('excavators');
    const first = sandbox.control.list('work-orders');
    await restart('excavators');
    expect(sandbox.control.list('work-orders')).toEqual(first);
    expect(first.length).toBeGreaterThan(590);
    expect(
      sandbox.control.list('assets').map((asset) => (asset as { serialNumber: string }).serialNumber),
    ).toEqual(['RH120-A-0001', 'RH120-B-0002', 'RH120-C-0003', 'RH120-D-0004', 'RH120-E-0005']);
  });

  it('refuse an unknown name', async () => {
    await expect(startUpkeepSandbox({ seed: 'moon' })).rejects.toThrow('The seed "moon" is unknown');
  });
});
