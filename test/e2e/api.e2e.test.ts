/** The API over the whole program: what needs Temporal and a vendor. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/access/delegation.ts';
import { createApiKey } from '../../plant/keys/api-keys.ts';
import { sandboxKind } from '../../cli/sandboxes.ts';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import { createStack, type Stack } from '../workflows/stack.ts';

let stack: Stack;
let sandbox: RunningSandbox;
let key: string;

beforeAll(async () => {
  stack = await createStack();
  sandbox = await sandboxKind('upkeep').start({ seed: 'excavators' });
  ({ key } = await createApiKey(
    {
      store: stack.program.store,
      tenantId: stack.tenantId,
      actor: 'test:maria',
      now: stack.program.sync.now,
      newId: stack.program.sync.newId,
    },
    OPERATOR,
    { name: 'test', role: 'admin' },
  ));
});
afterAll(async () => {
  await stack.close();
  await sandbox.close();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(`${stack.apiUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>,
    headers: response.headers,
  };
}

async function connect(name: string): Promise<string> {
  const made = await call('POST', '/cmms/connections', {
    cmms_type: 'upkeep',
    connection_name: name,
    api_url: `${sandbox.url}/api/v2`,
    username: sandbox.credentials['email'],
    password: sandbox.credentials['password'],
    requests_per_second: 1_000,
  });
  expect(made.status).toBe(201);
  return String(made.body['connection_id']);
}

/** A second connection to the same account would be refused. */
async function disconnect(id: string): Promise<void> {
  const preview = await call('GET', `/cmms/connections/${id}/deletion`);
  const { links_total: links } = preview.body['deletion'] as { links_total: number };
  expect((await call('DELETE', `/cmms/connections/${id}?links_total=${String(links)}`)).status).toBe(200);
}

describe('the API with a running system', () => {
  it('connects, tests, syncs and waits for the counts, and tells the run', async () => {
    const id = await connect('south pit');
    const test = await call('POST', `/cmms/connections/${id}/test`, {});
    expect(test.body['result']).toMatchObject({ ok: true, account: sandbox.credentials['email'] });

    const done = await call('POST', '/cmms/sync/work-orders?wait=60', {
      cmms_connection_id: id,
      force_sync: true,
    });
    expect([done.status, done.body['errors']]).toEqual([200, []]);
    expect(Number(done.body['synced_count'])).toBeGreaterThan(600);
    const run = done.body['run'] as { id: string; state: string };
    expect(run.state).toBe('completed');
    expect(done.headers.get('location')).toBe(`/api/v1/cmms/sync/${run.id}`);

    const events = await call('GET', `/runs/${run.id}/events`);
    expect(events.body['text']).toContain('event: end\ndata: {');
    const list = await call('GET', `/runs?connection_id=${id}&state=completed`);
    expect((list.body['runs'] as { id: string }[]).map((one) => one.id)).toContain(run.id);
    const log = await call('GET', `/runs/${run.id}/records?limit=5`);
    expect(log.status).toBe(200);

    const second = await connect('the same pit');
    const again = await call('POST', `/cmms/connections/${second}/test`, {});
    expect(JSON.stringify(again.body)).toContain('the same pit reaches the same records as south pit');
    await disconnect(second);
    await disconnect(id);
  });

  it('answers 202 with the run when nobody waits, and cancels it', async () => {
    const id = await connect('cancelled pit');
    sandbox.control.setFaults({
      rules: [{ match: { path: 'work-orders' }, effect: 'slow', delayMs: 200 }],
    });
    const begun = await call('POST', '/cmms/sync/all', { cmms_connection_id: id, force_sync: true });
    expect(begun.status).toBe(202);
    const runId = String(begun.body['sync_id']);
    expect((await call('POST', `/runs/${runId}/cancel`)).status).toBe(202);
    const end = await call('GET', `/runs/${runId}/events`);
    expect(end.body['text']).toContain('"state":"cancelled"');
    sandbox.control.setFaults({ rules: [] });
    await disconnect(id);
  });

  it('pauses, says so to whoever wants a run, resumes and deletes what was previewed', async () => {
    const id = await connect('paused pit');
    await call('POST', `/cmms/connections/${id}/pause`, { reason: 'upgrade' });
    const refused = await call('POST', '/cmms/sync/all', { cmms_connection_id: id });
    expect([refused.status, refused.body['detail']]).toEqual([409, expect.stringContaining('upgrade')]);
    expect((await call('POST', `/cmms/connections/${id}/resume`)).status).toBe(200);
    await call('POST', '/cmms/sync/all?wait=60', { cmms_connection_id: id });
    await call('POST', `/cmms/connections/${id}/pause`, {});
    const preview = (await call('GET', `/cmms/connections/${id}/deletion`)).body['deletion'] as {
      links_total: number;
    };
    expect(preview.links_total).toBeGreaterThan(600);
    expect((await call('DELETE', `/cmms/connections/${id}?links_total=0`)).status).toBe(409);
    const gone = await call('DELETE', `/cmms/connections/${id}?links_total=${String(preview.links_total)}`);
    expect(gone.status).toBe(200);
    expect((await call('GET', `/cmms/connections/${id}`)).status).toBe(404);
  });

  it.each([
    ['http://169.254.169.254/latest', 'metadata'],
    ['http://10.0.0.5/api', 'private'],
    ['http://[::1]:8080/api', 'loopback'],
    ['http://localhost:9/api', 'local name'],
  ])('refuses %s (%s)', async (url) => {
    const answer = await call('POST', '/cmms/connections', {
      cmms_type: 'custom',
      connection_name: `inside ${url}`,
      api_url: url,
      api_key: 'some-key',
    });
    expect(answer.status).toBe(422);
  });

  it('is ready only while workers poll, and shows metrics to who may see them', async () => {
    const ready = (await (await fetch(`${stack.apiUrl}/ready`)).json()) as { parts: Record<string, boolean> };
    expect(ready.parts).toEqual({ database: true, temporal: true, workers: true });
    await connect('measured pit');
    expect((await fetch(`${stack.apiUrl}/metrics`)).status).toBe(401);
    const metrics = await fetch(`${stack.apiUrl}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    const text = await metrics.text();
    expect(text).toContain('chatterfix_connection_active{');
    expect(text).toContain('chatterfix_http_request_seconds_bucket{');
  });
});
