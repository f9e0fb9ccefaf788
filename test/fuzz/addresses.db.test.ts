/**
 * Where connections may not point, through the API: inside the network, into the machine, or there by a detour. A trap listens
 * on loopback and tells who came.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import { repositories } from '../../store/index.ts';
import { saveSecret } from '../../store/connections/secrets.ts';
import { TEST_RING } from '../support/plant.ts';

let api: TestApi;
let trap: Server;
let port: number;
/** What was asked of the trap, and how often somebody connected at all. */
let asked: string[] = [];
let sockets = 0;
/** What the operator allows; read at each check. */
const allowed: string[] = [];

beforeAll(async () => {
  trap = createServer((request, reply) => {
    asked.push(`${String(request.method)} ${String(request.url)}`);
    if (request.url === '/stolen') reply.end('{}');
    else reply.writeHead(307, { location: `http://127.0.0.1:${String(port)}/stolen` }).end();
  });
  trap.on('connection', () => {
    sockets += 1;
  });
  await new Promise<void>((done) => trap.listen(0, '127.0.0.1', done));
  ({ port } = trap.address() as AddressInfo);
  api = await openTestApi({ network: { allowed } });
});
afterAll(async () => {
  expect(api.bugs).toEqual([]);
  await api.close();
  trap.closeAllConnections();
  await new Promise((done) => trap.close(done));
});
beforeEach(async () => {
  const { connections } = (await api.call('GET', '/cmms/connections')).json<{
    connections: { id: string }[];
  }>();
  for (const { id } of connections) await api.call('DELETE', `/cmms/connections/${id}?links_total=0`);
  [asked, sockets] = [[], 0];
  allowed.splice(0);
});

const connect = (body: Record<string, unknown>) =>
  api.call('POST', '/cmms/connections', {
    body: { cmms_type: 'custom', connection_name: 'somewhere', secret: { apiKey: 'a-key' }, ...body },
  });

async function refused(answer: Awaited<ReturnType<typeof connect>>, field: string): Promise<void> {
  const { status, title, errors } = answer.json<Record<string, unknown>>();
  expect({ status, title, errors }).toEqual({
    status: 422,
    title: 'invalid_config',
    errors: [expect.objectContaining({ field })],
  });
  const list = await api.call('GET', '/cmms/connections');
  expect(list.json<Record<string, unknown>>()['connections']).toEqual([]);
  expect(sockets).toBe(0);
}

/** As an administrator's command or an older version may have left it. */
async function stored(system: string, config: JsonObject, secret: JsonObject): Promise<string> {
  const { tenantId } = api.plant;
  const id = api.plant.deps.newId();
  await api.plant.store.inTenant(tenantId, async (tx) => {
    await repositories.connections.insert(tx, { id, tenantId, system, name: id, config });
    await saveSecret(tx, TEST_RING, { tenantId, connectionId: id, purpose: 'credentials' }, secret);
  });
  return id;
}

async function tried(id: string): Promise<unknown> {
  const answer = await api.call('POST', `/cmms/connections/${id}/test`, { body: { scope: 'network' } });
  const { result } = answer.json<{ result: { ok: boolean; failure: { kind: string } | null } }>();
  await api.call('DELETE', `/cmms/connections/${id}?links_total=0`);
  return { status: answer.statusCode, ok: result.ok, kind: result.failure?.kind };
}

const TRAP = 'http://127.0.0.1';

describe('a connection may not be made to', () => {
  it.each([
    ['link-local, where clouds keep their credentials', 'http://169.254.169.254/latest/meta-data/'],
    ['the same over IPv6', 'http://[fd00:ec2::254]/latest/meta-data/'],
    ['link-local over IPv6', 'http://[fe80::1]/'],
    ['private addresses', 'https://10.20.30.40/'],
    ['private addresses', 'https://172.31.0.1:8443/'],
    ['private addresses', 'https://192.168.1.1/'],
    ['carrier-grade NAT', 'https://100.64.0.1/'],
    ['loopback', `${TRAP}:5432/`],
    ['loopback over IPv6', 'http://[::1]:8080/'],
    ['this host', 'http://0.0.0.0/'],
    ['IPv4 in IPv6', 'http://[::ffff:10.0.0.1]/'],
    ['IPv4 in IPv6, in hex', 'http://[::ffff:a9fe:a9fe]/'],
    ['IPv4 in IPv6, in full', 'http://[0:0:0:0:0:ffff:7f00:1]/'],
    ['IPv4 behind NAT64', 'http://[64:ff9b::7f00:1]/'],
    ['an address in decimal', 'http://2130706433/'],
    ['an address in hex', 'http://0x7f000001/'],
    ['an address in mixed spellings', 'http://0x7f.0.1/'],
    ['an address in octal', 'http://0177.0.0.1/'],
    ['an address cut short', 'http://127.1/'],
    ['zero', 'http://0/'],
    ['digits of another script', 'http://①②⑦.⓪.⓪.①/'],
    ['dots of another script', 'http://127。0。0。1/'],
    ['the name of loopback', 'http://LocalHost:80/'],
    ['the name of loopback, in full', 'http://localhost.:80/'],
    ['names below it', 'http://plant.localhost/'],
  ])('%s: %s', async (_what, url) => {
    await refused(await connect({ api_url: url, api_key: 'a-key', secret: undefined }), 'baseUrl');
    await refused(await connect({ config: { baseUrl: url } }), 'baseUrl');
  });

  it.each([
    ['a backslash before the real host', 'http:\\\\127.0.0.1/'],
    ['a missing slash before the real host', 'http:/127.0.0.1/'],
    ['a host that looks like another', 'http://public.example@127.0.0.1/'],
    ['a host that looks like another', 'http://public.example:80@10.0.0.1/'],
    ['a password where everybody reads it', 'https://planner:zzSecretzz@public.example/'],
  ])('%s: %s', async (_what, url) => {
    const answer = await connect({ config: { baseUrl: url } });
    await refused(answer, 'baseUrl');
    expect(answer.body).not.toContain('zzSecretzz');
  });

  const definition = {
    auth: { type: 'oauth2', tokenUrl: 'http://10.0.0.1/token' },
    resources: { asset: { list: { path: '/assets' } } },
  };
  it.each<[string, string, JsonObject, string]>([
    [
      'the token address of a described system',
      'custom',
      { baseUrl: 'https://public.example', definition },
      'definition.auth.tokenUrl',
    ],
    [
      'the token address in a document given as text',
      'custom',
      {
        baseUrl: 'https://public.example',
        definition:
          'auth: { type: oauth2, tokenUrl: "http\\x3a//127.1/token" }\nresources: { asset: { list: { path: /a } } }',
      },
      'definition.auth.tokenUrl',
    ],
    [
      'the token address of SAP',
      'sap_pm',
      { baseUrl: 'https://public.example', tokenUrl: 'http://[::1]/token' },
      'tokenUrl',
    ],
    ['a database', 'sql', { dialect: 'postgres', host: '127.0.0.1', database: 'plant' }, 'host'],
    ['a database by its name', 'sql', { dialect: 'mysql', host: 'LOCALHOST', database: 'plant' }, 'host'],
    [
      'a database over IPv6',
      'sql',
      { dialect: 'postgres', host: '::ffff:7f00:1', database: 'plant' },
      'host',
    ],
    ['a file of the server', 'sql', { dialect: 'sqlite', file: '/etc/passwd' }, 'file'],
    ['a file beside what is served', 'sql', { dialect: 'sqlite', file: 'plant.db' }, 'file'],
  ])('%s', async (_what, system, config, field) => {
    const secret = system === 'sql' ? { user: 'u', password: 'p' } : { clientId: 'a', clientSecret: 'b' };
    await refused(await connect({ cmms_type: system, config, secret }), field);
  });

  it('nor be turned there afterwards', async () => {
    const made = await connect({ config: { baseUrl: 'https://public.example' } });
    expect(made.statusCode).toBe(201);
    const { connection_id: id } = made.json<{ connection_id: string }>();
    const changed = await api.call('PATCH', `/cmms/connections/${id}`, {
      body: { config: { baseUrl: 'http://192.168.0.1/' } },
    });
    expect([changed.statusCode, changed.body]).toEqual([
      422,
      expect.stringContaining('not a public address'),
    ]);
  });

  it('but to what the operator listed', async () => {
    allowed.push('10.4.0.0/16', 'file:/srv/plant/');
    const bodies = [
      { config: { baseUrl: 'https://10.4.7.7/' } },
      { cmms_type: 'sql', config: { dialect: 'sqlite', file: '/srv/plant/a.db' }, secret: {} },
    ];
    for (const body of bodies) {
      const made = await connect(body);
      expect(made.statusCode).toBe(201);
      const { connection_id: id } = made.json<{ connection_id: string }>();
      await api.call('DELETE', `/cmms/connections/${id}?links_total=0`);
    }
    const outside = { dialect: 'sqlite', file: '/srv/plant/../secrets.db' };
    await refused(await connect({ cmms_type: 'sql', config: outside, secret: {} }), 'file');
  });
});

describe('a connection that points there all the same', () => {
  it('is refused before a socket opens', async () => {
    const id = await stored('custom', { baseUrl: `${TRAP}:${String(port)}` }, { apiKey: 'a-key' });
    expect(await tried(id)).toEqual({ status: 200, ok: false, kind: 'invalid_config' });
    expect(sockets).toBe(0);
  });

  it('is refused when its name turns out to mean loopback', async () => {
    // No spelling that a check of names knows, but one that resolvers do.
    const config = { dialect: 'postgres', host: '0x7f.1', port, database: 'plant', tls: 'off' };
    const id = await stored('sql', config, { user: 'u', password: 'p' });
    expect(await tried(id)).toMatchObject({ status: 200, ok: false });
    expect(sockets).toBe(0);
    // The trap can be reached by it, once allowed.
    allowed.push('0x7f.1');
    await tried(await stored('sql', config, { user: 'u', password: 'p' }));
    expect(sockets).toBeGreaterThan(0);
  });

  it('asks no token of an address inside', async () => {
    allowed.push('public.example');
    const auth = { type: 'oauth2', tokenUrl: `${TRAP}:${String(port)}/token` };
    const definition = { auth, resources: { asset: { list: { path: '/assets' } } } };
    const id = await stored(
      'custom',
      { baseUrl: 'https://public.example', definition },
      { clientId: 'a', clientSecret: 'b' },
    );
    expect(await tried(id)).toEqual({ status: 200, ok: false, kind: 'invalid_config' });
    expect(sockets).toBe(0);
  });
});

describe('a redirect', () => {
  it('of a system that may be reached is not followed', async () => {
    allowed.push(`127.0.0.1:${String(port)}`);
    const id = await stored('custom', { baseUrl: `${TRAP}:${String(port)}` }, { apiKey: 'a-key' });
    expect(await tried(id)).toMatchObject({ status: 200, ok: false });
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((line) => line.includes('stolen'))).toEqual([]);
  });
});
