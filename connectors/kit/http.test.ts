import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Failure } from '../../domain/kernel/failure.ts';
import { createHttp, redact } from './http.ts';
import type { Http, HttpOptions, HttpRequest } from './http.ts';
import { LOOPBACK } from './session-deps.fixture.ts';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers the n-th request with the n-th reply (the last one repeats). */
async function serve(...replies: Reply[]): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const reply = replies[Math.min(seen.length, replies.length) - 1];
    reply?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api`, seen };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const destroy: Reply = (request) => {
  request.socket.destroy();
};
const silence: Reply = () => undefined;

interface Client extends Http {
  acquired(): number;
  pauses: number[];
}

function client(baseUrl: string, changes: Partial<HttpOptions> = {}): Client {
  let acquired = 0;
  const pauses: number[] = [];
  const http = createHttp({
    baseUrl,
    network: LOOPBACK,
    signal: new AbortController().signal,
    now: () => Date.parse('2026-03-01T00:00:00Z'),
    secrets: [],
    classify: () => null,
    throttle: {
      acquire: async () => {
        acquired += 1;
      },
      pause: async (forMs) => {
        pauses.push(forMs);
      },
    },
    ...changes,
  });
  closers.push(() => http.close());
  return { ...http, acquired: () => acquired, pauses };
}

const read: HttpRequest = { method: 'GET', path: '/things', repeatable: true };
const write: HttpRequest = { method: 'POST', path: '/things', body: { a: 1 }, repeatable: false };

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error as Failure,
  );
  if (outcome === null) throw new Error('The call was expected to fail.');
  return outcome;
}

describe('createHttp: requests', () => {
  it('appends path and query to the base URL and parses the answer', async () => {
    const server = await serve(json(200, { ok: [1, 2] }));
    const answer = await client(`${server.url}/`).send({
      ...read,
      query: { orderBy: 'updatedAt ASC', none: undefined, 'a[]': '1&2' },
    });
    expect(answer).toMatchObject({ status: 200, body: { ok: [1, 2] }, bytes: 12 });
    expect(server.seen).toEqual(['GET /api/things?orderBy=updatedAt%20ASC&a%5B%5D=1%262']);
  });

  it('follows an absolute address under the same origin and adds to its query', async () => {
    const server = await serve(json(200, {}));
    await client(server.url).send({ ...read, path: `${server.url}/next?page=2`, query: 'lean=1' });
    expect(server.seen).toEqual(['GET /api/next?page=2&lean=1']);
  });

  it('refuses an address of another host without calling it', async () => {
    const server = await serve(json(200, {}));
    const other = await serve(json(200, {}));
    const failure = await failureOf(client(server.url).send({ ...read, path: other.url }));
    expect(failure.kind).toBe('unexpected_response');
    expect(other.seen).toEqual([]);
  });

  it('does not follow a redirect', async () => {
    const other = await serve(json(200, {}));
    const server = await serve(json(302, '', { location: other.url }));
    const failure = await failureOf(client(server.url).send(read));
    expect(failure.kind).toBe('unexpected_response');
    expect(other.seen).toEqual([]);
  });

  it('an empty answer is null', async () => {
    const server = await serve((_request, response) => response.writeHead(204).end());
    expect((await client(server.url).send({ ...write, method: 'DELETE' })).body).toBeNull();
  });

  it('refuses a base URL that is not http', () => {
    expect(() => client('ftp://example.com')).toThrow('absolute http or https');
  });
});

describe('createHttp: repeats', () => {
  it('repeats a blip of a repeatable request, one throttle slot per attempt', async () => {
    const server = await serve(json(503, {}), destroy, json(200, { fine: true }));
    const http = client(server.url);
    expect((await http.send(read)).body).toEqual({ fine: true });
    expect([server.seen.length, http.acquired()]).toEqual([3, 3]);
  });

  it('gives up after the blips a call may have', async () => {
    const server = await serve(json(503, {}));
    const failure = await failureOf(client(server.url).send(read));
    expect(failure).toMatchObject({ kind: 'unavailable', applied: 'no' });
    expect(server.seen).toHaveLength(4);
  });

  it('never repeats a request that is not repeatable; its outcome is unknown', async () => {
    for (const reply of [json(500, {}), destroy, json(200, '<html>'), json(200, '{"a":')]) {
      const server = await serve(reply);
      const failure = await failureOf(client(server.url).send(write));
      expect(failure.applied).toBe('unknown');
      expect(server.seen).toHaveLength(1);
    }
  });

  it('knows when a write surely was not carried out', async () => {
    for (const status of [400, 401, 404, 429]) {
      const server = await serve(json(status, {}));
      expect((await failureOf(client(server.url).send(write))).applied).toBe('no');
    }
    const refused = await failureOf(client('http://127.0.0.1:1').send(write));
    expect(refused).toMatchObject({ kind: 'unavailable', applied: 'no', code: 'ECONNREFUSED' });
    expect(refused.message).toContain('127.0.0.1:1 refuses connections; check host and port');
  });

  it('one attempt with an unknown outcome keeps the outcome of the whole write unknown', async () => {
    const server = await serve(destroy, json(404, {}));
    const failure = await failureOf(client(server.url).send({ ...write, method: 'PATCH', repeatable: true }));
    expect(failure).toMatchObject({ kind: 'not_found', applied: 'unknown' });
  });

  it('asks again for JSON that breaks off', async () => {
    const server = await serve(json(200, '{"a":[1,'), json(200, { a: 1 }));
    expect((await client(server.url).send(read)).body).toEqual({ a: 1 });
  });
});

describe('createHttp: throttling by the vendor', () => {
  it('a short Retry-After pauses everybody and is waited out', async () => {
    const server = await serve(json(429, {}, { 'retry-after': '2' }), json(200, {}));
    const http = client(server.url);
    await http.send(read);
    expect(http.pauses).toEqual([2_000]);
  });

  it('a long Retry-After pauses everybody and is handed to the caller', async () => {
    const server = await serve(json(429, {}, { 'retry-after': '60' }));
    const http = client(server.url);
    expect(await failureOf(http.send(read))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
    expect([server.seen.length, http.pauses]).toEqual([1, [60_000]]);
  });

  it('reads Retry-After given as a date', async () => {
    const server = await serve(json(503, {}, { 'retry-after': 'Sun, 01 Mar 2026 00:00:30 GMT' }));
    expect(await failureOf(client(server.url).send(read))).toMatchObject({
      kind: 'unavailable',
      retryAfterMs: 30_000,
    });
  });

  it('a 429 that does not say how long still pauses', async () => {
    const server = await serve(json(429, {}), json(200, {}));
    const http = client(server.url);
    await http.send(read);
    expect(http.pauses).toEqual([1_000]);
  });
});

describe('createHttp: bounds', () => {
  it('a call that never answers ends at its timeout', async () => {
    const server = await serve(silence);
    const failure = await failureOf(client(server.url).send({ ...write, timeoutMs: 50 }));
    expect(failure).toMatchObject({ kind: 'unavailable', applied: 'unknown', code: 'ETIMEDOUT' });
  });

  it('an abort ends the call as cancelled', async () => {
    const controller = new AbortController();
    const server = await serve(() => controller.abort());
    const failure = await failureOf(client(server.url, { signal: controller.signal }).send(read));
    expect(failure.kind).toBe('cancelled');
  });

  it('refuses an answer that is larger than allowed', async () => {
    const server = await serve(json(200, { text: 'x'.repeat(5_000) }));
    const failure = await failureOf(client(server.url, { responseBytesMax: 1_000 }).send(read));
    expect(failure).toMatchObject({ kind: 'unexpected_response', code: 'TOO_LARGE' });
    expect(failure.message).toContain('1000 bytes');
  });

  it('a web page is named as such and not asked for again', async () => {
    const server = await serve(json(200, '<html>Sign in</html>', { 'content-type': 'text/html' }));
    const failure = await failureOf(client(server.url).send(read));
    expect(failure).toMatchObject({ kind: 'unexpected_response', code: 'HTML' });
    expect(failure.message).toContain('web page instead of JSON');
    expect(server.seen).toHaveLength(1);
  });
});

describe('createHttp: secrets', () => {
  it("takes secrets out of what the vendor's answer says, also those learnt later", async () => {
    const { Failure: MakeFailure } = await import('../../domain/kernel/failure.ts');
    const server = await serve(json(400, { message: 'password hunter2 and token r:abc' }));
    const secrets = ['hunter2'];
    const http = client(server.url, {
      secrets,
      classify: ({ body }) => new MakeFailure('rejected', (body as { message: string }).message),
    });
    secrets.push('r:abc');
    const failure = await failureOf(http.send(write));
    expect(failure.message).toBe('password [secret] and token [secret]');
    expect(failure.cause).toBeUndefined();
    expect(failure.stack).not.toContain('hunter2');
  });

  it('knows a secret in base64 and URL encoding', () => {
    expect(redact('p%40ss word cEBzcw== p@ss', ['p@ss'])).toBe('[secret] word [secret] [secret]');
  });
});
