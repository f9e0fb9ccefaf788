import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createSandboxWorld,
  startSandbox,
  type FaultRule,
  type RunningSandbox,
  type SandboxOptions,
  type SandboxVendor,
} from './index.ts';

/** The smallest vendor there can be: a list of notes, and a session that can end. */
function notesVendor(options: SandboxOptions): SandboxVendor & { notes: object[] } {
  const world = createSandboxWorld(options);
  const notes: object[] = [];
  let live = true;
  return {
    system: 'notes',
    credentials: { token: 't' },
    world,
    notes,
    handle(request) {
      if (!live) return { status: 401, body: { message: 'log in' } };
      if (request.method === 'GET') {
        world.stats.page('notes', request.query.toString());
        return { status: 200, body: { notes, at: world.clock.now(), header: request.headers['x-a'] } };
      }
      notes.push(request.json() as object);
      world.stats.wrote('created', 'notes');
      return { status: 201, body: { ok: true }, write: true };
    },
    objects: () => ['notes'],
    list: () => notes,
    insert(_object, fields) {
      notes.push(fields);
      return fields;
    },
    change: (_object, id, fields) => Object.assign(notes[Number(id)] ?? {}, fields),
    remove(_object, id) {
      notes.splice(Number(id), 1);
    },
    setDial(name) {
      if (name !== 'known') throw new TypeError('unknown dial');
    },
    expireSessions() {
      live = false;
    },
    refusal: (_request, no) => ({ status: 422, body: { no } }),
  };
}

let running: RunningSandbox | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(): Promise<{ sandbox: RunningSandbox; vendor: ReturnType<typeof notesVendor> }> {
  const options = { seed: 'empty' };
  const vendor = notesVendor(options);
  const sandbox = await startSandbox(vendor, options);
  running = sandbox;
  return { sandbox, vendor };
}

function post(url: string): Promise<Response> {
  return fetch(`${url}/notes?x=1`, { method: 'POST', body: '{"a":1}' });
}

async function withFault(
  rule: FaultRule,
): Promise<{ vendor: ReturnType<typeof notesVendor>; sandbox: RunningSandbox }> {
  const started = await start();
  started.sandbox.control.setFaults({ rules: [{ times: 1, ...rule }] });
  return started;
}

describe('faults', () => {
  it.each([
    ['http_500', 500],
    ['http_502', 502],
    ['http_503', 503],
    ['http_429', 429],
  ] as const)('%s answers the status without executing', async (effect, status) => {
    const { sandbox, vendor } = await withFault({ effect, retryAfterS: 7 });
    const response = await post(sandbox.url);
    expect([response.status, response.headers.get('retry-after'), vendor.notes.length]).toEqual([
      status,
      '7',
      0,
    ]);
    expect((await post(sandbox.url)).status).toBe(201);
    expect(sandbox.control.stats().faultsFired).toEqual({ [effect]: 1 });
  });

  it('timeout holds the socket until the client leaves, unexecuted', async () => {
    const { sandbox, vendor } = await withFault({ effect: 'timeout' });
    const leave = new AbortController();
    const pending = fetch(`${sandbox.url}/notes`, { method: 'POST', body: '{}', signal: leave.signal });
    while (sandbox.control.stats().log.length === 0) await new Promise((resolve) => setImmediate(resolve));
    leave.abort();
    await expect(pending).rejects.toThrow();
    expect(vendor.notes).toHaveLength(0);
  });

  it('reset_before drops the connection unexecuted', async () => {
    const { sandbox, vendor } = await withFault({ effect: 'reset_before' });
    await expect(post(sandbox.url)).rejects.toThrow();
    expect(vendor.notes).toHaveLength(0);
  });

  it('drop_after_commit drops the connection after executing', async () => {
    const { sandbox, vendor } = await withFault({ effect: 'drop_after_commit' });
    await expect(post(sandbox.url)).rejects.toThrow();
    expect(vendor.notes).toHaveLength(1);
  });

  it('truncate executes and breaks the answer off', async () => {
    const { sandbox, vendor } = await withFault({ effect: 'truncate' });
    const response = await post(sandbox.url);
    await expect(response.text()).rejects.toThrow();
    expect(vendor.notes).toHaveLength(1);
  });

  it('html answers 200 with a login page, unexecuted', async () => {
    const { sandbox, vendor } = await withFault({ effect: 'html' });
    const response = await post(sandbox.url);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(vendor.notes).toHaveLength(0);
  });

  it('slow delays and then executes', async () => {
    const { sandbox } = await withFault({ effect: 'slow', delayMs: 1 });
    expect((await post(sandbox.url)).status).toBe(201);
  });

  it('expire_session ends sessions before handling', async () => {
    const { sandbox } = await withFault({ effect: 'expire_session' });
    expect((await post(sandbox.url)).status).toBe(401);
  });

  it.each([
    ['before', {}, 0],
    ['after', { executed: true }, 1],
  ])('refuses in the vendor’s own words %s it was done', async (_when, more, done) => {
    const { sandbox, vendor } = await withFault({ effect: 'refuse', ...more });
    const response = await post(sandbox.url);
    expect([response.status, await response.json(), vendor.notes.length]).toEqual([
      422,
      { no: 'Refused for the sake of a test.' },
      done,
    ]);
    expect((await post(sandbox.url)).status).toBe(201);
  });

  it('answers a status after the request was done', async () => {
    const { sandbox, vendor } = await withFault({ effect: 'http_503', executed: true });
    expect([(await post(sandbox.url)).status, vendor.notes.length]).toEqual([503, 1]);
  });

  it('fails the second write of each record, told apart by what the rule finds in the request', async () => {
    const { sandbox } = await start();
    const match = { method: 'PO.T', body: '"record":"(?<record>[^"]*)"' };
    sandbox.control.setFaults({ rules: [{ match, effect: 'http_503', skip: 1, times: 1 }] });
    const write = async (record: string): Promise<number> =>
      (await fetch(sandbox.url, { method: 'POST', body: JSON.stringify({ record }) })).status;
    const statuses = [];
    for (const record of ['a', 'b', 'a', 'a', 'b']) statuses.push(await write(record));
    expect(statuses).toEqual([201, 201, 503, 201, 503]);
    const strange = { match: { url: 'x' }, effect: 'http_503' } as unknown as FaultRule;
    expect(() => sandbox.control.setFaults({ rules: [strange] })).toThrow('not by "url"');
  });

  it.each([
    ['bom', '\ufeff{"notes":[{"text":"a\\u0001b\\n\\\\n\\ud83d ü"}]'],
    ['raw_controls', '{"notes":[{"text":"a\u0001b\n\\\\n\\ud83d ü"}]'],
    ['latin1', '{"notes":[{"text":"a\\u0001b\\n\\\\n\\ud83d \ufffd"}]'],
    ['empty_body', ''],
  ] as const)('%s bends the bytes of the answer', async (effect, text) => {
    const { sandbox, vendor } = await withFault({ effect });
    vendor.notes.push({ text: 'a\u0001b\n\\n\ud83d ü' });
    const bytes = Buffer.from(await (await fetch(sandbox.url)).arrayBuffer());
    expect(bytes.toString('utf8').slice(0, text.length)).toBe(text);
  });

  it('fires by method, path, query, skip and times', async () => {
    const { sandbox } = await start();
    const match = { method: 'POST', path: '^/notes$', query: 'x=1' };
    sandbox.control.setFaults({ rules: [{ match, effect: 'http_500', skip: 1, times: 1 }] });
    const statuses = [];
    await fetch(`${sandbox.url}/notes?x=1`);
    for (let i = 0; i < 3; i += 1) statuses.push((await post(sandbox.url)).status);
    expect(statuses).toEqual([201, 500, 201]);
  });

  it('repeats the same faults for the same seed', async () => {
    const { sandbox } = await start();
    const round = async (): Promise<number[]> => {
      sandbox.control.setFaults({ seed: 5, rules: [{ effect: 'http_500', probability: 0.5 }] });
      const statuses = [];
      for (let i = 0; i < 12; i += 1) statuses.push((await post(sandbox.url)).status);
      return statuses;
    };
    const first = await round();
    expect(new Set(first)).toEqual(new Set([201, 500]));
    expect(await round()).toEqual(first);
  });

  it('refuses an unknown effect', async () => {
    const { sandbox } = await start();
    const rule = { effect: 'sulk' } as unknown as FaultRule;
    expect(() => sandbox.control.setFaults({ rules: [rule] })).toThrow('unknown');
  });
});

describe('rate limit', () => {
  it('counts what arrives above it, and refuses when told to', async () => {
    const { sandbox } = await start();
    const burst = async (): Promise<number[]> =>
      (await Promise.all(Array.from({ length: 5 }, () => post(sandbox.url)))).map(({ status }) => status);
    sandbox.control.setLimit({ requestsPerSecond: 3 });
    expect((await burst()).every((status) => status === 201)).toBe(true);
    expect(sandbox.control.stats().violations).toBe(2);
    sandbox.control.resetStats();
    sandbox.control.setLimit({ requestsPerSecond: 3, mode: 'refuse' });
    expect((await burst()).filter((status) => status === 429)).toHaveLength(2);
    sandbox.control.setLimit({ requestsPerSecond: null });
    expect((await burst()).every((status) => status === 201)).toBe(true);
  });
});

describe('idle connections', () => {
  it('are promised no end, so that none closes under the next request', async () => {
    const { sandbox } = await start();
    for (const url of [sandbox.url, `${sandbox.controlUrl}/stats`]) {
      const { headers } = await fetch(url);
      expect([headers.get('connection'), headers.get('keep-alive')]).toEqual(['keep-alive', null]);
    }
  });
});

describe('control port', () => {
  it('offers the same operations over HTTP', async () => {
    const { sandbox } = await start();
    const control = async (
      method: string,
      path: string,
      body?: unknown,
    ): Promise<{ status: number; body: unknown }> => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await fetch(`${sandbox.controlUrl}${path}`, init);
      return { status: response.status, body: await response.json() };
    };
    expect((await control('POST', '/records/notes', { a: 1 })).body).toEqual({ a: 1 });
    expect((await control('PATCH', '/records/notes/0', { b: 2 })).body).toEqual({ a: 1, b: 2 });
    expect((await control('GET', '/records/notes')).body).toEqual([{ a: 1, b: 2 }]);
    expect((await control('GET', '/records')).body).toEqual(['notes']);
    expect((await control('GET', '/elements/notes')).body).toEqual([]);
    expect((await control('PATCH', '/elements/notes/0/tasks/1', {})).body).toEqual({
      error: 'There is no list "tasks" in notes.',
    });
    await control('PUT', '/clock', { offsetMs: 86_400_000 });
    const seen = (await (await fetch(`${sandbox.url}/notes?p=1`)).json()) as { at: number };
    expect(seen.at).toBeGreaterThan(Date.now() + 80_000_000);
    await post(sandbox.url);
    expect((await control('GET', '/pages')).body).toEqual([{ object: 'notes', query: 'p=1' }]);
    // The person's edits above are not writes of the API.
    expect((await control('GET', '/stats')).body).toMatchObject({
      requests: 2,
      byMethod: { GET: 1, POST: 1 },
      writes: { created: { notes: 1 }, updated: {}, deleted: {} },
      log: [
        { method: 'GET', path: '/notes', status: 200 },
        { method: 'POST', path: '/notes', status: 201 },
      ],
    });
    await control('DELETE', '/records/notes/0');
    await control('PUT', '/faults', { rules: [{ effect: 'http_503' }] });
    expect((await post(sandbox.url)).status).toBe(503);
    await control('DELETE', '/faults');
    expect((await control('PUT', '/limit', { requestsPerSecond: 0, mode: 'refuse' })).status).toBe(200);
    expect((await post(sandbox.url)).status).toBe(429);
    await control('PUT', '/limit', { requestsPerSecond: null });
    await control('POST', '/stats/reset');
    expect(sandbox.control.stats().requests).toBe(0);
    expect((await control('PUT', '/dials/unknown', { value: 1 })).status).toBe(400);
    expect((await control('PUT', '/dials/known', { value: 1 })).status).toBe(200);
    expect((await control('GET', '/nothing')).status).toBe(404);
  });
});
