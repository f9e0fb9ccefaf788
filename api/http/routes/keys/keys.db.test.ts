/** A key or token never hands on more than it has, and nobody has stored credentials sent to a server of his own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import { createTokenVerifier } from '../../jwt.ts';

const SECRET = 'a-secret-of-at-least-thirty-two-bytes';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    deps: (plant) => ({
      verifyToken: createTokenVerifier(
        { secret: SECRET, issuer: 'https://id.example', audience: 'chatterfix' },
        async (slug) => (slug === 'plant' ? plant.tenantId : null),
      ),
    }),
  });
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

function token(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ tenant: 'plant', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('maria')
    .setIssuer('https://id.example')
    .setAudience('chatterfix')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(SECRET));
}

interface Made {
  key: string;
  detail: string;
  errors: { field: string; message: string }[];
}
const make = (key: string, body: object) =>
  api.call('POST', '/keys', { key, body: { name: 'made', ...body } });

describe('keys that make keys', () => {
  it.each([
    ['no scopes', { role: 'admin' }, 'scopes', /keys:create/],
    ['no scopes in a small role', { role: 'viewer' }, 'scopes', /keys:create/],
    [
      'a scope more',
      { role: 'admin', scopes: ['keys:create', 'connections:read'] },
      'scopes',
      /connections:read/,
    ],
    ['a whole resource', { role: 'admin', scopes: ['keys:*'] }, 'scopes', /keys:\*/],
    ['everything', { role: 'admin', scopes: ['*'] }, 'scopes', /\*/],
  ])('narrowed to keys:create make none with %s', async (_what, body, field, message) => {
    for (const maker of [
      await api.keyOf('admin', ['keys:create']),
      await token({ role: 'admin', scope: 'keys:create' }),
      await token({ role: 'admin', scope: ['keys:create'] }),
    ]) {
      const answer = await make(maker, body);
      expect(answer.statusCode).toBe(403);
      expect(answer.json<Made>().errors).toEqual([{ field, message: expect.stringMatching(message) }]);
    }
  });

  it('hand on what they have, and what was made is bounded in turn', async () => {
    const maker = await api.keyOf('admin', ['keys:create', 'work_orders:*']);
    const made = await make(maker, { role: 'admin', scopes: ['keys:create', 'work_orders:read'] });
    expect(made.statusCode).toBe(201);
    const { key } = made.json<Made>();
    expect((await api.call('GET', '/work-orders', { key })).statusCode).toBe(200);
    expect((await api.call('GET', '/cmms/connections', { key })).statusCode).toBe(403);
    expect((await make(key, { role: 'admin', scopes: ['work_orders:update'] })).statusCode).toBe(403);
  });

  it('that end make none that live longer; a person may, because he comes again', async () => {
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const maker = (await make(api.key, { role: 'admin', expires_at: ends })).json<Made>().key;
    expect((await make(maker, { role: 'viewer' })).json<Made>().errors).toMatchObject([
      { field: 'expires_at' },
    ]);
    expect((await make(maker, { role: 'viewer', expires_at: later })).statusCode).toBe(403);
    expect((await make(maker, { role: 'viewer', expires_at: ends })).statusCode).toBe(201);
    expect((await make(await token({ role: 'admin' }), { role: 'viewer' })).statusCode).toBe(201);
  });

  it('are in the answer once: a repeat of the request does not show them', async () => {
    const headers = { 'idempotency-key': 'make-a-key' };
    const body = { name: 'once', role: 'viewer' };
    const first = await api.call('POST', '/keys', { body, headers });
    expect(first.statusCode).toBe(201);
    const again = await api.call('POST', '/keys', { body, headers });
    expect(again.statusCode).toBe(409);
    expect(again.body).not.toContain(first.json<Made>().key);
  });
});

describe('stored credentials', () => {
  async function connect(): Promise<string> {
    const answer = await api.call('POST', '/cmms/connections', {
      body: {
        cmms_type: 'upkeep',
        connection_name: `upkeep ${String(Math.random())}`,
        config: { baseUrl: 'https://api.onupkeep.com/api/v2' },
        secret: { email: 'planner@pitmine.example', password: 'pump-house-7' },
      },
    });
    return answer.json<{ connection_id: string }>().connection_id;
  }

  it('go to no other server than they were given for', async () => {
    const id = await connect();
    const key = await api.keyOf('manager', ['connections:update', 'connections:test']);
    const elsewhere = { config: { baseUrl: 'https://collector.evil.example/api/v2' } };
    const refused = await api.call('PATCH', `/cmms/connections/${id}`, { key, body: elsewhere });
    expect([refused.statusCode, refused.json<Made>().errors]).toMatchObject([422, [{ field: 'secret' }]]);
    const shown = await api.call('GET', `/cmms/connections/${id}`);
    expect(shown.body).toContain('api.onupkeep.com');

    const same = { config: { baseUrl: 'https://api.onupkeep.com/api/v3' }, poll_seconds: 30 };
    expect((await api.call('PATCH', `/cmms/connections/${id}`, { key, body: same })).statusCode).toBe(200);
    const moved = {
      ...elsewhere,
      secret: { email: 'planner@pitmine.example', password: 'of-the-new-server' },
    };
    const answer = await api.call('PATCH', `/cmms/connections/${id}`, { key, body: moved });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain('of-the-new-server');
    const audit = await api.call('GET', `/audit?subject=connection/${id}`);
    expect(audit.body).not.toContain('of-the-new-server');
  });
});
