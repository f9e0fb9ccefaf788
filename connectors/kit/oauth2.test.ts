import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Failure } from '../../domain/kernel/failure.ts';
import type { SessionDeps } from './contract.ts';
import { createOAuth2, type OAuth2, type OAuth2Options } from './oauth2.ts';
import { createMemoryTokens, createSessionDeps } from './session-deps.fixture.ts';

interface Asked {
  form: Record<string, string>;
  headers: IncomingHttpHeaders;
}
interface Answer {
  status: number;
  body: unknown;
}

const SECRET = 's3cret/with:signs';

describe('createOAuth2', () => {
  let url: string;
  let asked: Asked[];
  let answer: (asked: Asked, n: number) => Answer;
  let now: number;
  let deps: SessionDeps;
  let secrets: string[];
  const closers: (() => void)[] = [];
  beforeEach(async () => {
    asked = [];
    now = Date.parse('2026-03-01T00:00:00Z');
    secrets = [];
    deps = createSessionDeps({ now: () => now });
    answer = (_asked, n) => ({
      status: 200,
      body: { access_token: `access-${String(n)}`, token_type: 'Bearer', expires_in: 3600 },
    });
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const one = { form: Object.fromEntries(new URLSearchParams(body)), headers: request.headers };
        asked.push(one);
        const { status, body: said } = answer(one, asked.length);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(said));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/oauth/token`;
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
  });
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  function oauth(changes: Partial<OAuth2Options> = {}): OAuth2 {
    const made = createOAuth2({
      tokenUrl: url,
      clientId: 'plant client',
      clientSecret: SECRET,
      deps,
      secrets,
      ...changes,
    });
    closers.push(() => made.close());
    return made;
  }

  it('gets a token with client credentials, naming itself by HTTP Basic', async () => {
    expect(await oauth({ scope: 'read write' }).header()).toBe('Bearer access-1');
    expect(asked).toMatchObject([{ form: { grant_type: 'client_credentials', scope: 'read write' } }]);
    const [, pair = ''] = (asked[0]?.headers.authorization ?? '').split(' ');
    expect(Buffer.from(pair, 'base64').toString()).toBe(`plant%20client:${encodeURIComponent(SECRET)}`);
    expect(asked[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded');
  });

  it('names itself as it is where special characters go unencoded', async () => {
    await oauth({ clientAuth: 'raw_basic' }).header();
    const [, pair = ''] = (asked[0]?.headers.authorization ?? '').split(' ');
    expect(Buffer.from(pair, 'base64').toString()).toBe(`plant client:${SECRET}`);
    expect(asked[0]?.headers['x-cf-encoded-credentials']).toBeUndefined();
  });

  it('says where the pair is encoded, and after a refusal which setting leaves that', async () => {
    await oauth().header();
    expect(asked[0]?.headers['x-cf-encoded-credentials']).toBe('true');
    answer = () => ({ status: 401, body: { error: 'invalid_client' } });
    const other = oauth({ deps: { ...deps, tokens: createMemoryTokens() } });
    await expect(other.header()).rejects.toThrow('set clientAuth to raw_basic');
  });

  it('names itself in the form where the vendor wants that', async () => {
    await oauth({ clientAuth: 'form' }).header();
    expect(asked[0]?.form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'plant client',
      client_secret: SECRET,
    });
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  it('uses one token until half a minute before its end', async () => {
    const one = oauth();
    await one.header();
    now += 3_569_000;
    expect(await one.header()).toBe('Bearer access-1');
    now += 2_000;
    expect(await one.header()).toBe('Bearer access-2');
  });

  it('makes one request for many callers, over several workers', async () => {
    const workers = [oauth(), oauth({ secrets: [] }), oauth({ secrets: [] })];
    const headers = await Promise.all(
      workers.flatMap((worker) => Array.from({ length: 5 }, () => worker.header())),
    );
    expect(new Set(headers)).toEqual(new Set(['Bearer access-1']));
    expect(asked).toHaveLength(1);
  });

  it('renews a refused token once, however many were refused with it', async () => {
    const workers = [oauth(), oauth({ secrets: [] })];
    const refused = await oauth().header();
    await Promise.all(workers.flatMap((worker) => [worker.renew(refused), worker.renew(refused)]));
    expect(asked).toHaveLength(2);
    expect(await workers[0]?.header()).toBe('Bearer access-2');
    // Whoever comes late with the old one is given the new one.
    await workers[1]?.renew(refused);
    expect(asked).toHaveLength(2);
  });

  it('keeps a rotated refresh token for the next time', async () => {
    answer = (_asked, n) => ({
      status: 200,
      body: { access_token: `access-${String(n)}`, refresh_token: `refresh-${String(n)}`, expires_in: 60 },
    });
    const one = oauth({ refreshToken: 'refresh-0' });
    for (let n = 0; n < 3; n += 1) {
      await one.header();
      now += 60_000;
    }
    expect(asked.map(({ form }) => [form['grant_type'], form['refresh_token']])).toEqual([
      ['refresh_token', 'refresh-0'],
      ['refresh_token', 'refresh-1'],
      ['refresh_token', 'refresh-2'],
    ]);
  });

  it('goes on with the same refresh token where it is not rotated', async () => {
    const one = oauth({ refreshToken: 'refresh-0' });
    await one.header();
    now += 3_600_000;
    await one.header();
    expect(asked.map(({ form }) => form['refresh_token'])).toEqual(['refresh-0', 'refresh-0']);
  });

  it('never sends a refresh token twice: it may be good for one use', async () => {
    answer = () => ({ status: 503, body: {} });
    await expect(oauth({ refreshToken: 'refresh-0' }).header()).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(asked).toHaveLength(1);
  });

  it('repeats a blip with client credentials', async () => {
    answer = (_asked, n) =>
      n === 1 ? { status: 503, body: {} } : { status: 200, body: { access_token: 'late' } };
    expect(await oauth().header()).toBe('Bearer late');
  });

  it.each([
    [
      400,
      { error: 'invalid_grant', error_description: `refresh-0 of ${SECRET} is no good` },
      'invalid_grant',
    ],
    [401, { error: 'invalid_client' }, 'invalid_client'],
    [401, 'nonsense', 'invalid_client'],
    [400, { error: `invalid ${SECRET}` }, `invalid [secret]`],
  ])('a refusal (%i) is unauthorized and names the code, never the secret', async (status, body, code) => {
    answer = () => ({ status, body });
    const failure = (await oauth({ refreshToken: 'refresh-0' })
      .header()
      .catch((error: unknown) => error)) as Failure;
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toMatch(
      new RegExp(
        `^The token endpoint refused the credentials \\(${code.replace(/[[\]]/g, '\\$&')}\\); check client id, client secret and scope[.;]`,
      ),
    );
    expect(`${failure.message}${failure.stack ?? ''}`).not.toContain(SECRET);
    expect(asked).toHaveLength(1);
  });

  it('an answer without a token says what to check', async () => {
    answer = () => ({ status: 200, body: { hello: 'world' } });
    await expect(oauth().header()).rejects.toMatchObject({
      kind: 'unexpected_response',
      message: expect.stringMatching(/gave no access_token; check that the token URL/),
    });
  });

  it('adds tokens to what must not appear in messages', async () => {
    answer = () => ({ status: 200, body: { access_token: 'aaaa', refresh_token: 'rrrr' } });
    await oauth().header();
    expect(secrets).toEqual(expect.arrayContaining([SECRET, 'aaaa', 'rrrr']));
  });

  it('does not stumble over what another way of logging in left in the store', async () => {
    const tokens = createMemoryTokens();
    await tokens.set('JSESSIONID=abc');
    deps = createSessionDeps({ now: () => now, tokens });
    expect(await oauth().header()).toBe('Bearer access-1');
    await tokens.set('{"access":1}');
    expect(await oauth().header()).toBe('Bearer access-2');
  });

  it('refuses a token endpoint inside the network', () => {
    deps = createSessionDeps({ network: { allowed: [] } });
    expect(() => oauth()).toThrow(/not a public address/);
  });
});
