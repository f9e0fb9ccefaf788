import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startChatterfixSandbox } from './index.ts';
import { call, fields, rows } from './test-client.ts';

let sandbox: RunningSandbox | undefined;

async function start(seed: string, stateFile?: string): Promise<RunningSandbox> {
  sandbox = await startChatterfixSandbox({ seed, ...(stateFile === undefined ? {} : { stateFile }) });
  return sandbox;
}
afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

describe('who may call', () => {
  it('is anybody by default, with a wrong token or without one', async () => {
    const running = await start('empty');
    const headers = { authorization: 'Bearer nonsense' };
    expect((await call(running, '/api/assets', { headers })).status).toBe(200);
  });

  it('is the holder of the token behind a proxy', async () => {
    const running = await start('empty');
    running.control.setDial('auth', 'bearer');
    expect((await call(running, '/api/assets')).status).toBe(401);
    expect((await call(running, '/openapi.json')).status).toBe(200);
    const headers = { authorization: `Bearer ${running.credentials['apiKey'] ?? ''}` };
    expect((await call(running, '/api/assets', { headers })).status).toBe(200);
    running.control.setDial('openapi', 'protected');
    expect((await call(running, '/openapi.json')).status).toBe(401);
    expect((await call(running, '/openapi.json', { headers })).status).toBe(200);
  });

  it('is whoever logged in, until the token runs out or all are thrown out', async () => {
    const running = await start('empty');
    const { username = '', password = '' } = running.credentials;
    running.control.setDial('auth', 'bearer-login');
    running.control.setDial('tokenLifetimeMs', 60_000);
    expect((await call(running, '/api/login', { body: { username, password: 'no' } })).status).toBe(401);
    const json = await fields(running, '/api/login', { body: { username, password } });
    expect(json).toMatchObject({ success: true, role: 'technician' });
    const form = await fields(running, '/api/login', { body: new URLSearchParams({ username, password }) });
    expect(form).toMatchObject({ token_type: 'bearer' });
    expect(String(form['access_token']).split('.')).toHaveLength(3);
    const status = async (token: unknown): Promise<number> =>
      (await call(running, '/api/assets', { headers: { authorization: `Bearer ${String(token)}` } })).status;
    expect([await status(json['token']), await status(form['access_token'])]).toEqual([200, 200]);
    running.control.setClock(61_000);
    expect(await status(json['token'])).toBe(401);
    const fresh = await fields(running, '/api/login', { body: { username, password } });
    running.control.expireSessions();
    expect(await status(fresh['token'])).toBe(401);
    expect(await status(running.credentials['apiKey'])).toBe(401);
  });
});

describe('what real installations do', () => {
  it('shifts rows while a client pages, and gives ties another order', async () => {
    const running = await start('excavators');
    running.control.setDial('insertWhilePaging', 1);
    const first = await rows(running, '/api/work-orders?limit=10');
    const second = await rows(running, '/api/work-orders?limit=10&offset=10');
    expect(second[0]?.['id']).toBe(first[9]?.['id']);
    running.control.setDial('shuffleTies', true);
    const ids = async (): Promise<unknown[]> =>
      (await rows(running, '/api/work-orders?limit=5000')).map((row) => row['id']);
    const [one, two] = [await ids(), await ids()];
    expect(one).not.toEqual(two);
    expect(running.control.pages()).toHaveLength(4);
  });

  it('shows made-up rows, and a database that is away only in the body of a 200', async () => {
    const running = await start('site:A');
    running.control.setDial('placeholders', true);
    expect(await rows(running, '/api/work-orders')).toMatchObject([{ id: 'WO-001' }, { id: 'WO-002' }]);
    running.control.setDial('placeholders', false);
    running.control.setDial('databaseAway', true);
    const health = await call(running, '/health');
    expect([health.status, health.body]).toMatchObject([200, { status: 'error', connection: false }]);
    expect((await call(running, '/api/assets')).body).toEqual({ detail: 'unable to open database file' });
    running.control.setDial('databaseAway', false);
    running.control.setDial('crashes', 1);
    const crash = await call(running, '/api/assets', { body: {} });
    expect([crash.status, crash.text]).toEqual([500, 'Internal Server Error']);
  });

  it('writes PostgreSQL values on PostgreSQL', async () => {
    const running = await start('site:A');
    running.control.setDial('zone', 'Europe/Berlin');
    running.control.setDial('database', 'postgresql');
    const [plan] = await rows(running, '/api/pm-schedules');
    expect(plan).toMatchObject({ is_active: true, next_due: '2012-12-24T07:00:00' });
    expect((await call(running, '/api/assets?limit=-1')).body).toEqual({
      detail: 'LIMIT must not be negative\n',
    });
  });
});

describe('faults of the kit', () => {
  it('loses an answer after the record is made, and throws sessions out in the middle', async () => {
    const running = await start('empty');
    const { control } = running;
    control.setFaults({ rules: [{ match: { method: 'POST' }, effect: 'drop_after_commit', times: 1 }] });
    const body = { title: 'T', description: 'D [ext:9]' };
    await expect(call(running, '/api/work-orders', { body })).rejects.toThrow();
    expect(await rows(running, '/api/work-orders')).toMatchObject([{ description: 'D [ext:9]' }]);
    const { username = '', password = '' } = running.credentials;
    control.setDial('auth', 'bearer-login');
    const { token } = await fields(running, '/api/login', { body: { username, password } });
    const headers = { authorization: `Bearer ${String(token)}` };
    control.setFaults({ rules: [{ match: { method: 'GET' }, effect: 'expire_session', skip: 1, times: 1 }] });
    expect((await call(running, '/api/assets', { headers })).status).toBe(200);
    expect((await call(running, '/api/assets', { headers })).status).toBe(401);
  });
});

describe('the control port', () => {
  it('edits like a person: change times move, unknown columns are refused, writes are not counted', async () => {
    const { control } = await start('site:A');
    control.setClock(1_000);
    const before = control.list('assets')[0] as Record<string, unknown>;
    const after = control.change('assets', '1', { status: 'Maintenance' }) as Record<string, unknown>;
    expect(after['updated_at']).not.toBe(before['updated_at']);
    expect(() => control.change('assets', '1', { serial_number: 'x' })).toThrow(
      'no "serial_number" in assets',
    );
    expect(() => control.setDial('generation', 'version 9')).toThrow('takes one of unified');
    expect(control.stats().writes.updated).toEqual({});
    control.remove('assets', '1');
    expect(control.list('assets')).toEqual([]);
  });
});

describe('the state file', () => {
  it('brings rows, ids and dials back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatterfix-state-'));
    try {
      const file = join(folder, 'chatterfix.state');
      const first = await start('site:A', file);
      first.control.setDial('generation', 'microservices');
      await call(first, '/api/work_orders', { body: { title: 'Kept' } });
      const before = first.control.list('work-orders');
      await first.close();
      const second = await start('site:A', file);
      expect(second.control.list('work-orders')).toEqual(before);
      const made = second.control.insert('work-orders', { title: 'Next' }) as { id: number };
      expect(made.id).toBe(153);
    } finally {
      await sandbox?.close();
      sandbox = undefined;
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a seed nobody knows', async () => {
    await expect(startChatterfixSandbox({ seed: 'site:X' })).rejects.toThrow('letters A to E');
    await expect(startChatterfixSandbox({ seed: 'empty@version9' })).rejects.toThrow(
      'no generation "version9"',
    );
  });
});
