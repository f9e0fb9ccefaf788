import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { openTestApi, type TestApi } from '../api.fixture.ts';
import { createTokenVerifier } from '../jwt.ts';
import { sql } from 'kysely';
import { ROUTES } from '../routes.ts';
import type { apiKey } from '../routes/keys/shapes.ts';
import { route } from './route.ts';
import { integerInput } from './shapes.ts';
import { assertVersion } from './register.ts';
import { Failure } from '../../../domain/kernel/failure.ts';

/** What is read in answers: of keys, of problems, of the echo. */
interface AnswerBody {
  key: string;
  api_key: z.output<typeof apiKey>;
  keys: z.output<typeof apiKey>[];
  errors: { field: string; message: string }[];
  request_id: string;
  body: unknown;
}

const SECRET = 'a-secret-of-at-least-thirty-two-bytes';
let ran = 0;

/** A route that shows what the frame made of a request. */
const echo = route({
  method: 'POST',
  url: '/test/echo/:id',
  id: 'testEcho',
  tag: 'Test',
  summary: 'Echo',
  description: 'Answers with what was sent.',
  permission: 'work_orders:update',
  params: z.strictObject({ id: z.uuid() }),
  queryAsBody: true,
  body: z.strictObject({
    name: z.string().min(1),
    size: z.enum(['small', 'large']).optional(),
    count: integerInput.optional(),
    steps: z.array(z.strictObject({ title: z.string() })).optional(),
  }),
  responses: { 200: z.any() },
  example: {},
  async handle({ body, ifMatch, person }) {
    assertVersion(ifMatch, 3);
    if (body.name === 'bug') throw new Error('the password is hunter2');
    if (body.name === 'conflict') throw new Failure('conflict', 'It is so already.');
    ran += 1;
    await person.store.inTenant(person.tenantId, (tx) => sql`select 1`.execute(tx));
    return { body: { success: true, body, actor: person.actor, ran }, version: 3 };
  },
});
const URL = '/test/echo/01920000-0000-7000-8000-000000000001';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    routes: [...ROUTES, echo],
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

const post = (body: unknown, headers: Record<string, string> = {}, key?: string | null) =>
  api.call('POST', URL, { body, headers, ...(key === undefined ? {} : { key }) });

describe('who comes in', () => {
  it('asks for a key, and says how to send one', async () => {
    const answer = await post({ name: 'a' }, {}, null);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ title: 'unauthorized', status: 401 });
  });

  it('refuses unknown, revoked and expired keys', async () => {
    expect((await post({ name: 'a' }, {}, `cfx_${'x'.repeat(43)}`)).statusCode).toBe(401);
    const made = (await api.call('POST', '/keys', { body: { name: 'k', role: 'admin' } })).json<AnswerBody>();
    expect((await post({ name: 'a' }, {}, made.key)).statusCode).toBe(200);
    await api.call('DELETE', `/keys/${made.api_key.id}`);
    expect((await post({ name: 'a' }, {}, made.key)).statusCode).toBe(401);
  });

  it('lets a role do what it may and no more, and narrows it by scopes', async () => {
    expect((await post({ name: 'a' }, {}, await api.keyOf('technician'))).statusCode).toBe(200);
    expect((await post({ name: 'a' }, {}, await api.keyOf('viewer'))).statusCode).toBe(403);
    expect((await post({ name: 'a' }, {}, await api.keyOf('admin', ['assets:*']))).statusCode).toBe(403);
  });

  it('takes a JWT with issuer, audience, tenant and role', async () => {
    const sign = (claims: Record<string, unknown>, audience = 'chatterfix', life = '5m') =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('maria')
        .setIssuer('https://id.example')
        .setAudience(audience)
        .setExpirationTime(life)
        .sign(new TextEncoder().encode(SECRET));
    const good = await post({ name: 'a' }, {}, await sign({ tenant: 'plant', role: 'supervisor' }));
    expect(good.json()).toMatchObject({ actor: 'user:maria' });
    for (const token of [
      await sign({ tenant: 'plant', role: 'supervisor' }, 'another'),
      await sign({ tenant: 'elsewhere', role: 'supervisor' }),
      await sign({ tenant: 'plant', role: 'emperor' }),
      await sign({ tenant: 'plant', role: 'supervisor' }, 'chatterfix', '-5m'),
      'eyJhbGciOiJub25lIn0.e30.',
    ]) {
      expect((await post({ name: 'a' }, {}, token)).statusCode).toBe(401);
    }
  });

  it('shows a key once and keeps only its hash', async () => {
    const made = (
      await api.call('POST', '/keys', { body: { name: 'once', role: 'viewer' } })
    ).json<AnswerBody>();
    const list = await api.call('GET', '/keys');
    expect(list.body).not.toContain(made.key);
    expect(list.json<AnswerBody>().keys[0]).toMatchObject({ name: 'once', prefix: made.key.slice(0, 10) });
  });
});

describe('what is sent', () => {
  it.each([
    ['a missing field', {}, 'name', 'Is required.'],
    ['a word that is not on the list', { name: 'a', size: 'huge' }, 'size', 'Must be one of small, large.'],
    ['an unknown field', { name: 'a', colour: 1 }, 'colour', 'There is no such field.'],
    ['a fault deep inside', { name: 'a', steps: [{ title: 'x' }, {}] }, 'steps[1].title', 'Is required.'],
  ])('tells %s with its path', async (_what, body, field, message) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(422);
    expect(answer.json<AnswerBody>().errors).toEqual([expect.objectContaining({ field, message })]);
  });

  it('refuses what is no JSON object, and what cannot be stored', async () => {
    const send = (payload: string, type = 'application/json') =>
      api.app.inject({
        method: 'POST',
        url: `/api/v1${URL}`,
        headers: { authorization: `Bearer ${api.key}`, 'content-type': type },
        payload,
      });
    expect((await send('{"name":')).statusCode).toBe(400);
    expect((await send('[1]')).statusCode).toBe(400);
    expect((await send('name=a', 'application/x-www-form-urlencoded')).statusCode).toBe(415);
    expect((await send('{"name":"a\\u0000b"}')).statusCode).toBe(422);
    expect((await send('{"name":"\\ud800"}')).statusCode).toBe(422);
    expect((await send(`{"name":"${'a'.repeat(5_000_000)}"}`)).statusCode).toBe(413);
  });

  it('takes the original service’s query form, and the body before it', async () => {
    const answer = await api.call('POST', `${URL}?name=query&count=7`, { body: { name: 'body' } });
    expect(answer.json<AnswerBody>().body).toEqual({ name: 'body', count: 7 });
  });

  it('answers an id that cannot be one as not found', async () => {
    expect((await api.call('POST', '/test/echo/nonsense', { body: { name: 'a' } })).statusCode).toBe(404);
  });

  it('tells an unknown address from a wrong method', async () => {
    expect((await api.call('GET', '/nowhere')).statusCode).toBe(404);
    const wrong = await api.call('PUT', '/keys');
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'GET, POST']);
  });

  it('keeps a fault of ours to itself', async () => {
    const answer = await post({ name: 'bug' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json<AnswerBody>().request_id).toBe(answer.headers['x-request-id']);
    expect(api.bugs.splice(0)).toHaveLength(1);
  });
});

describe('versions', () => {
  it('gives an ETag and refuses a change onto a moved resource', async () => {
    const answer = await post({ name: 'a' }, { 'if-match': '"3"' });
    expect([answer.statusCode, answer.headers.etag]).toEqual([200, '"3"']);
    expect((await post({ name: 'a' }, { 'if-match': '"2"' })).statusCode).toBe(412);
    expect((await post({ name: 'a' }, { 'if-match': 'nonsense' })).statusCode).toBe(412);
  });
});

describe('Idempotency-Key', () => {
  it('carries a request out once and gives the same answer again', async () => {
    const first = await post({ name: 'a' }, { 'idempotency-key': 'k1' });
    const again = await post({ name: 'a' }, { 'idempotency-key': 'k1' });
    expect(again.json()).toEqual(first.json());
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: '"3"' });
  });

  it('refuses another request under the same key', async () => {
    await post({ name: 'a' }, { 'idempotency-key': 'k2' });
    const other = await post({ name: 'b' }, { 'idempotency-key': 'k2' });
    expect(other.statusCode).toBe(422);
    expect(other.json<AnswerBody>().errors[0]?.field).toBe('Idempotency-Key');
  });

  it('lets a refused request be corrected under its key', async () => {
    expect((await post({ name: 'conflict' }, { 'idempotency-key': 'k3' })).statusCode).toBe(409);
    expect((await post({ name: 'good' }, { 'idempotency-key': 'k3' })).statusCode).toBe(200);
  });

  it('runs two at once only one time', async () => {
    const before = ran;
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => post({ name: 'a' }, { 'idempotency-key': 'k4' })),
    );
    expect(ran - before).toBe(1);
    for (const { statusCode } of answers) expect([200, 409]).toContain(statusCode);
  });

  it('keeps the keys of two callers apart', async () => {
    const before = ran;
    await post({ name: 'a' }, { 'idempotency-key': 'k5' });
    await post({ name: 'a' }, { 'idempotency-key': 'k5' }, await api.keyOf('technician'));
    expect(ran - before).toBe(2);
  });
});

describe('headers', () => {
  it('closes the API to browsers of other origins, and says who asked', async () => {
    const answer = await api.call('GET', '/keys', {
      headers: { origin: 'https://evil.example', 'x-request-id': 'abc-1' },
    });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers).toMatchObject({ 'x-request-id': 'abc-1', 'x-content-type-options': 'nosniff' });
    expect(answer.headers['x-ratelimit-limit']).toBeDefined();
  });
});
