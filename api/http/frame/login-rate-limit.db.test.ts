import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import type { KyselyPlugin } from 'kysely';
import { openTestApi, type TestApi } from '../api.fixture.ts';
import { createTokenVerifier } from '../jwt.ts';

const BOUND = 5;
/** How many are looked up at once: so many guesses more may be under way when the bound is reached. */
const AT_ONCE = 8;
const SECRET = 'a-secret-of-at-least-thirty-two-bytes';
const CONNECTION = '01920000-0000-7000-8000-000000000002';
const WEBHOOK_TOKEN = 'w'.repeat(32);

let api: TestApi;
let origin: string;
/** Questions to the database outside any tenant: a key's look-up is the only one that the routes used here ask. */
let lookUps = 0;
let deliveries = 0;
let hooked = true;

beforeEach(async () => {
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      lookUps += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  api = await openTestApi({
    deps: (plant) => ({
      store: { ...plant.store, db: plant.store.db.withPlugin(counting) },
      settings: {
        corsOrigins: [],
        requestsPerMinute: 1_000,
        failuresPerMinute: BOUND,
        trustedProxies: ['127.0.0.9'],
        version: '0',
      },
      webhook: {
        async findTarget(connectionId) {
          deliveries += 1;
          return hooked ? { tenantId: plant.tenantId, connectionId, system: 'upkeep' } : null;
        },
        entitiesOf: () => [],
        poke: async () => undefined,
      },
      verifyToken: createTokenVerifier(
        { secret: SECRET, issuer: 'https://id.example', audience: 'chatterfix' },
        async () => plant.tenantId,
      ),
    }),
  });
  origin = await api.app.listen({ host: '127.0.0.1', port: 0 });
  hooked = true;
  lookUps = 0;
  deliveries = 0;
});
afterEach(async () => {
  jest.restoreAllMocks();
  expect(api.bugs).toEqual([]);
  await api.close();
});

async function ask(token: string | null, path = '/api/v1/runs'): Promise<Response> {
  const answer = await fetch(origin + path, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  // An answer that is not read keeps its connection.
  await answer.clone().text();
  return answer;
}
const statusOf = async (token: string | null, path?: string) => (await ask(token, path)).status;
const times = <T>(n: number, one: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: n }, (_, index) => one(index)));
const guess = (n: number): string => `cfx_${String(n).padStart(43, '0')}`;

const deliver = async (token: string) =>
  (await fetch(`${origin}/webhooks/${CONNECTION}/${token}`, { method: 'POST', body: '{}' })).status;
const guessedDelivery = (n: number): string => String(n).padStart(32, '0');

describe('keys that are not valid', () => {
  it('are refused beyond the bound without a look-up, and told when to go on', async () => {
    for (let n = 0; n < BOUND; n += 1) expect(await statusOf(guess(n))).toBe(401);
    expect(lookUps).toBe(BOUND);
    const refused = await ask(guess(BOUND));
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      429,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'x-ratelimit-limit': String(BOUND),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': expect.stringMatching(/^\d+$/),
      'retry-after': expect.stringMatching(/^[1-9]\d?$/),
    });
    expect(await refused.json()).toEqual({
      type: 'about:blank',
      title: 'rate_limited',
      status: 429,
      detail: expect.stringMatching(/go on in \d+ s/),
      request_id: refused.headers.get('x-request-id'),
    });
    expect(lookUps).toBe(BOUND);
  });

  it('count by the address that a trusted proxy tells, and by no other header', async () => {
    const from = async (localAddress: string, client: string): Promise<number> => {
      const asked = request(`${origin}/api/v1/runs`, {
        localAddress,
        headers: { authorization: `Bearer ${guess(1)}`, 'x-forwarded-for': client },
      });
      asked.end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode ?? 0;
    };
    for (let n = 0; n < BOUND; n += 1) expect(await from('127.0.0.9', '198.51.100.7')).toBe(401);
    expect(await from('127.0.0.9', '198.51.100.7')).toBe(429);
    expect(await from('127.0.0.9', '198.51.100.8')).toBe(401);
    for (let n = 0; n < BOUND; n += 1) await from('127.0.0.8', `203.0.113.${String(n)}`);
    expect(await from('127.0.0.8', '203.0.113.99')).toBe(429);
  });

  it('sent all at once are not looked up all at once', async () => {
    const statuses = await times(100, (n) => statusOf(guess(n)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(BOUND);
    expect(statuses.filter((status) => status === 429)).toHaveLength(100 - BOUND);
    expect(lookUps).toBeLessThan(BOUND + AT_ONCE);
  });

  it('count by address, and for a minute', async () => {
    const fresh = await api.keyOf('viewer');
    for (let n = 0; n < BOUND; n += 1) await ask(guess(n));
    expect(await statusOf(fresh)).toBe(429);
    const elsewhere = await api.app.inject({
      url: '/api/v1/runs',
      headers: { authorization: `Bearer ${guess(0)}` },
      remoteAddress: '192.0.2.7',
    });
    expect(elsewhere.statusCode).toBe(401);
    const later = Date.now() + 61_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect(await statusOf(fresh)).toBe(200);
  });

  it('count where a request has none, is no key at all, or asks for the metrics', async () => {
    expect(await statusOf(null)).toBe(401);
    expect(await statusOf('nonsense')).toBe(401);
    expect(await statusOf('cfx_short')).toBe(401);
    expect(await statusOf(guess(1), '/metrics')).toBe(401);
    expect(await statusOf(null, '/metrics')).toBe(401);
    expect(await statusOf(null)).toBe(429);
    expect(await statusOf('nonsense', '/metrics')).toBe(429);
  });

  it('count once they are revoked, however often they were valid before', async () => {
    const key = await api.keyOf('viewer');
    const id = (await api.call('GET', '/keys')).json<{ keys: { id: string }[] }>().keys[0]?.id ?? '';
    expect(await statusOf(key)).toBe(200);
    await api.call('DELETE', `/keys/${id}`);
    for (let n = 0; n < BOUND; n += 1) expect(await statusOf(key)).toBe(401);
    const asked = lookUps;
    expect(await statusOf(key)).toBe(429);
    expect(lookUps).toBe(asked);
  });
});

describe('keys that are valid', () => {
  it('go on where another caller of their address is over the bound', async () => {
    const key = await api.keyOf('viewer');
    expect(await statusOf(key)).toBe(200);
    await times(2 * BOUND, (n) => statusOf(guess(n)));
    expect(await statusOf(guess(0))).toBe(429);
    expect(await times(3 * BOUND, () => statusOf(key))).toEqual(Array(3 * BOUND).fill(200));
  });

  it('all come in when they come for the first time at once', async () => {
    const keys = await times(4 * BOUND, () => api.keyOf('viewer'));
    expect(await times(keys.length, (n) => statusOf(keys[n] ?? ''))).toEqual(Array(keys.length).fill(200));
  });

  it('do not count where they may not do what they ask for', async () => {
    const key = await api.keyOf('viewer');
    for (let n = 0; n < 2 * BOUND; n += 1) expect(await statusOf(key, '/api/v1/keys')).toBe(403);
    expect(await statusOf(null)).toBe(401);
  });
});

describe('tokens', () => {
  const sign = (secret: string) =>
    new SignJWT({ tenant: 'plant', role: 'viewer' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('maria')
      .setIssuer('https://id.example')
      .setAudience('chatterfix')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));

  it('that are forged count; a new one that is genuine always comes in', async () => {
    const forged = await sign(SECRET.toUpperCase());
    for (let n = 0; n < BOUND; n += 1) expect(await statusOf(forged)).toBe(401);
    expect(await statusOf(forged)).toBe(429);
    expect(await statusOf(await sign(SECRET))).toBe(200);
    expect(lookUps).toBe(0);
  });
});

describe('deliveries', () => {
  it('with a wrong token are refused beyond the bound without a look-up; those of a known address go on', async () => {
    expect(await deliver(WEBHOOK_TOKEN)).toBe(202);
    hooked = false;
    for (let n = 0; n < BOUND; n += 1) expect(await deliver(guessedDelivery(n))).toBe(404);
    expect(await deliver(guessedDelivery(BOUND))).toBe(429);
    expect(deliveries).toBe(1 + BOUND);
    hooked = true;
    expect(await deliver(WEBHOOK_TOKEN)).toBe(202);
    expect(await statusOf(guess(0))).toBe(401);
  });

  it('of a connection that is gone are looked up no longer', async () => {
    expect(await deliver(WEBHOOK_TOKEN)).toBe(202);
    hooked = false;
    const statuses = await times(50, () => deliver(WEBHOOK_TOKEN));
    expect(statuses.filter((status) => status === 404)).toHaveLength(BOUND);
    const asked = deliveries;
    expect(await deliver(WEBHOOK_TOKEN)).toBe(429);
    expect(deliveries).toBe(asked);
  });
});
