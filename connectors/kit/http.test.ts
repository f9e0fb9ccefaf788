import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Failure } from '../../domain/kernel/failure.ts';
import { createHttp } from './http.ts';
import type { HttpRequest } from './http-request-shape.ts';
import type { Http, HttpOptions } from './http.ts';
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

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'a %s without a body carries no media type',
    async (method) => {
      const server = await serve(echo);
      const answer = await client(server.url).send({ method, path: '/things', repeatable: true });
      expect(answer.body).toEqual({ body: '' });
    },
  );

  it.each(['/things/.', '/things/..', '/things/../x', '/things/%2e%2E', '/things/.?a=1', '/./x'])(
    'an id cannot lead a call out of its path: %s',
    async (path) => {
      const server = await serve(json(200, {}));
      const failure = await failureOf(client(server.url).send({ ...write, method: 'DELETE', path }));
      expect(failure).toMatchObject({ kind: 'rejected', applied: 'no' });
      expect(server.seen).toEqual([]);
    },
  );

  it.each(['/things/...', '/things/a.b', '/.well-known/x', '/things?path=..'])('%s is sent', async (path) => {
    const server = await serve(json(200, {}));
    await client(server.url).send({ ...read, path });
    expect(server.seen).toEqual([`GET /api${path}`]);
  });

  it('takes the slash that a redirect only adds, at its own origin, with method and query', async () => {
    const location = 'https://127.0.0.1/api/things/';
    const server = await serve(json(307, '', { location }), json(201, { id: 1 }));
    const answer = await client(server.url).send({ ...write, query: { a: '1' } });
    expect(answer.body).toEqual({ id: 1 });
    expect(server.seen).toEqual(['POST /api/things?a=1', 'POST /api/things/?a=1']);
  });

  it.each([
    ['to another path', { location: '/api/login/' }],
    ['to another host', { location: 'http://localhost/api/things/' }],
    ['without an address', {}],
  ])('does not follow a redirect %s', async (_where, headers) => {
    const server = await serve(json(307, '', headers));
    expect((await failureOf(client(server.url).send(read))).kind).toBe('unexpected_response');
    expect(server.seen).toHaveLength(1);
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

  it('judges a Retry-After given as a date by the clock of the answer, not by ours', async () => {
    const headers = {
      date: 'Sun, 01 Mar 2026 07:00:00 GMT',
      'retry-after': 'Sun, 01 Mar 2026 07:00:30 GMT',
    };
    const server = await serve(json(503, {}, headers));
    expect(await failureOf(client(server.url).send(read))).toMatchObject({
      kind: 'unavailable',
      retryAfterMs: 30_000,
    });
  });

  it.each(['99999999', 'Thu, 01 Jan 2099 00:00:00 GMT', `1${'0'.repeat(400)}`])(
    'a Retry-After of %s is cut to an hour, and the sentence says until when',
    async (retryAfter) => {
      const headers = { date: 'Sun, 01 Mar 2026 00:00:00 GMT', 'retry-after': retryAfter };
      const server = await serve(json(503, {}, headers));
      const http = client(server.url);
      const failure = await failureOf(http.send(read));
      expect(failure.retryAfterMs).toBe(3_600_000);
      expect(http.pauses).toEqual([3_600_000]);
      expect(failure.message).toContain('it is asked again at 2026-03-01T01:00:00.000Z');
    },
  );

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
});

/** Answers with what arrived as the body, and its media type. */
const echo: Reply = (request, response) => {
  void buffer(request).then((body) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ type: request.headers['content-type'], body: body.toString('latin1') }));
  });
};
/** Far above what the sockets of a loopback connection hold. */
const MUCH = 64 * 1024 * 1024;
const HELD_MAX = MUCH / 2;
/** Waits until a counter stands still: whoever moves it waits for somebody else. */
async function still(counter: () => number): Promise<number> {
  for (let before = -1, quiet = 0; quiet < 200;) {
    await turn();
    quiet = counter() === before && before > 0 ? quiet + 1 : 0;
    before = counter();
  }
  return counter();
}

describe('createHttp: bodies and answers that are not JSON', () => {
  it('takes an answer of any media type as its text when asked to', async () => {
    const server = await serve(json(200, 'a;b\n1;2\n', { 'content-type': 'text/csv' }));
    const answer = await client(server.url).send({ ...read, expect: 'text' });
    expect(answer.body).toBe('a;b\n1;2\n');
  });

  it('takes even a web page as text, and an empty answer as empty text', async () => {
    const server = await serve(json(200, '<html>', { 'content-type': 'text/html' }), json(200, ''));
    const http = client(server.url);
    expect((await http.send({ ...read, expect: 'text' })).body).toBe('<html>');
    expect((await http.send({ ...read, expect: 'text' })).body).toBe('');
  });

  const bytesOf =
    (type: string, body: Buffer): Reply =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    };

  it.each([
    ['application/json; charset=iso-8859-1', Buffer.from('{"a":"Förderband Süd"}', 'latin1')],
    ['application/json;charset="windows-1252"', Buffer.from('{"a":"Förderband Süd"}', 'latin1')],
    ['application/json', Buffer.from('\ufeff{"a":"Förderband Süd"}', 'utf8')],
    ['application/json', Buffer.from('\ufeff{"a":"Förderband Süd"}', 'utf16le')],
    ['application/json; charset=nobody-knows', Buffer.from('{"a":"Förderband Süd"}', 'utf8')],
  ])('reads %s in its charset', async (type, body) => {
    const server = await serve(bytesOf(type, body));
    expect((await client(server.url).send(read)).body).toEqual({ a: 'Förderband Süd' });
  });

  it('keeps all digits of what a double cannot hold', async () => {
    const server = await serve(json(200, '[{"id":9007199254740993,"n":7,"cost":12.50}]'));
    const { body } = await client(server.url).send(read);
    expect(body).toEqual([{ id: '9007199254740993', n: 7, cost: 12.5 }]);
  });

  it('replaces what no store can hold, in texts and names', async () => {
    const server = await serve(json(200, '{"a\\u0000":"x\\ud83d","b":"\\ud83d\\udd27"}'));
    const { body } = await client(server.url).send(read);
    expect(body).toEqual({ 'a\ufffd': 'x\ufffd', b: '🔧' });
  });

  it.each([
    ['[{"cost":NaN}]', 'GET /things with 200 and NaN at 0.cost'],
    ['{"items":[{"name":"a\u0007b"}]}', 'a raw control character (U+0007) at items.0.name'],
  ])('says where %j is no JSON, and asks once', async (body, said) => {
    const server = await serve(json(200, body));
    const failure = await failureOf(client(server.url).send(read));
    expect(failure).toMatchObject({ kind: 'unexpected_response', code: 'NO_JSON' });
    expect(failure.message).toContain(said);
    expect(server.seen).toHaveLength(1);
  });

  it('reads it for who takes it, with the place', async () => {
    const server = await serve(json(200, '[{"cost":NaN,"n":1}]'));
    const answer = await client(server.url).send({ ...read, takesOddities: true });
    expect(answer.body).toEqual([{ cost: 'NaN', n: 1 }]);
    expect(answer.oddities).toEqual([{ steps: [0, 'cost'], what: 'NaN' }]);
  });

  it('says where JSON breaks off', async () => {
    const server = await serve(json(200, '{"items":[{"name":"a'));
    const failure = await failureOf(client(server.url).send({ ...write, method: 'PUT' }));
    expect(failure.message).toContain('malformed in items.0.name at its end');
  });

  it('judges the status of a text as of JSON', async () => {
    const server = await serve(json(404, 'no such thing'));
    expect(await failureOf(client(server.url).send({ ...read, expect: 'text' }))).toMatchObject({
      kind: 'not_found',
    });
  });

  it.each([
    ['text', 'a=1&b=%20'],
    ['bytes', Buffer.from([0xff, 1, 0x80])],
    ['a stream', () => Readable.from([Buffer.from('ab'), Buffer.from('cd')], { objectMode: false })],
  ])('sends %s as they are beside a content type of our own', async (_what, body) => {
    const server = await serve(echo);
    const answer = await client(server.url).send({ ...write, headers: { 'Content-Type': 'x/y' }, body });
    const sent = typeof body === 'function' ? 'abcd' : body.toString('latin1');
    expect(answer.body).toEqual({ type: 'x/y', body: sent });
  });

  it('sends text without a content type of our own as JSON', async () => {
    const server = await serve(echo);
    const answer = await client(server.url).send({ ...write, body: 'a' });
    expect(answer.body).toEqual({ type: 'application/json', body: '"a"' });
  });

  it('opens a stream anew for each attempt', async () => {
    const server = await serve(json(503, {}), echo);
    let opened = 0;
    const body = (): Readable =>
      Readable.from([Buffer.from(`try ${String((opened += 1))}`)], { objectMode: false });
    const answer = await client(server.url).send({
      ...write,
      repeatable: true,
      headers: { 'content-type': 'x/y' },
      body,
    });
    expect(answer.body).toEqual({ type: 'x/y', body: 'try 2' });
  });

  it('reads no further ahead of a slow receiver than the line holds', async () => {
    let produced = 0;
    let go: () => void = () => undefined;
    const server = await serve((request, response) => {
      go = () => {
        request.resume();
        request.on('end', () => response.end('{}'));
      };
    });
    const source = Readable.from(
      (function* () {
        const piece = Buffer.alloc(64 * 1024);
        for (; produced < MUCH; produced += piece.length) yield piece;
      })(),
      { objectMode: false },
    );
    const sent = client(server.url).send({
      ...write,
      headers: { 'content-type': 'x/y', 'content-length': String(MUCH) },
      body: () => source,
    });
    expect(await still(() => produced)).toBeLessThan(HELD_MAX);
    go();
    await sent;
    expect(produced).toBe(MUCH);
  });

  it('a stream that breaks while it is sent is a failure with an unknown outcome or none', async () => {
    const server = await serve(echo);
    const body = (): Readable =>
      Readable.from(
        (async function* () {
          yield Buffer.from('a');
          await turn();
          throw new Error('the source went away');
        })(),
        { objectMode: false },
      );
    const failure = await failureOf(
      client(server.url).send({ ...write, headers: { 'content-type': 'x/y' }, body }),
    );
    expect(failure.name).toBe('Failure');
    expect(server.seen.length).toBeLessThanOrEqual(1);
  });
});

describe('createHttp: downloads', () => {
  const bytes =
    (size: number): Reply =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': String(size) });
      response.end(Buffer.alloc(size, 7));
    };

  it('gives headers and content, for one throttle slot', async () => {
    const server = await serve(bytes(100_000));
    const http = client(server.url);
    const { headers, stream } = await http.download({ ...read, query: { v: '1' } });
    expect(headers).toMatchObject({ 'content-type': 'image/png', 'content-length': '100000' });
    expect(await buffer(stream)).toEqual(Buffer.alloc(100_000, 7));
    expect([server.seen, http.acquired()]).toEqual([['GET /api/things?v=1'], 1]);
  });

  it('reads no further ahead of a slow reader than the line holds', async () => {
    let written = 0;
    const server = await serve((_request, response) => {
      const source = Readable.from(
        (function* () {
          const piece = Buffer.alloc(64 * 1024);
          for (; written < MUCH; written += piece.length) yield piece;
        })(),
        { objectMode: false },
      );
      source.pipe(response);
    });
    const { stream } = await client(server.url).download(read);
    expect(await still(() => written)).toBeLessThan(HELD_MAX);
    let taken = 0;
    for await (const piece of stream as AsyncIterable<Buffer>) taken += piece.length;
    expect(taken).toBe(MUCH);
  });

  it('that break off destroy the stream with a failure', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => request.socket.destroy());
    });
    const { stream } = await client(server.url).download(read);
    expect(await failureOf(buffer(stream))).toMatchObject({ kind: 'unavailable', code: 'ECONNRESET' });
    expect(stream.destroyed).toBe(true);
  });

  it('that stop coming end at the time bound between two chunks', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
    });
    const { stream } = await client(server.url).download({ ...read, timeoutMs: 80 });
    expect(await failureOf(buffer(stream))).toMatchObject({ kind: 'unavailable', code: 'ETIMEDOUT' });
  });

  it('that never begin end at their timeout', async () => {
    const server = await serve(silence);
    expect(await failureOf(client(server.url).download({ ...read, timeoutMs: 50 }))).toMatchObject({
      kind: 'unavailable',
      code: 'ETIMEDOUT',
    });
  });

  it('that are refused say why, without secrets, and are not repeated', async () => {
    const { Failure: MakeFailure } = await import('../../domain/kernel/failure.ts');
    const server = await serve(json(403, 'hunter2 may not read this'));
    const http = client(server.url, {
      secrets: ['hunter2'],
      classify: ({ status, body }) => (status === 403 ? new MakeFailure('forbidden', String(body)) : null),
    });
    const failure = await failureOf(http.download(read));
    expect(failure).toMatchObject({ kind: 'forbidden', message: '[secret] may not read this' });
    const again = await serve(json(503, {}));
    await failureOf(client(again.url).download(read));
    expect(again.seen).toHaveLength(1);
  });

  it('read no more of an endless refusal than a person would', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(500);
      Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(64 * 1024, 'x');
        })(),
        { objectMode: false },
      ).pipe(response);
    });
    expect(await failureOf(client(server.url).download(read))).toMatchObject({ kind: 'unavailable' });
  });

  it('that meet a throttle pause everybody', async () => {
    const server = await serve(json(429, {}, { 'retry-after': '9' }));
    const http = client(server.url);
    expect(await failureOf(http.download(read))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 9_000 });
    expect(http.pauses).toEqual([9_000]);
  });

  it('end with the signal', async () => {
    const controller = new AbortController();
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
    });
    const { stream } = await client(server.url, { signal: controller.signal }).download(read);
    const content = failureOf(text(stream));
    stream.once('readable', () => controller.abort());
    expect((await content).kind).toBe('cancelled');
  });

  it('leave no connection open when nobody reads them', async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await serve((request, response) => {
      request.socket.once('close', closed);
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
    });
    const { stream } = await client(server.url).download(read);
    stream.destroy();
    await gone;
  });

  it('do not leave the host', async () => {
    const server = await serve(json(200, {}));
    const other = await serve(json(200, {}));
    await failureOf(client(server.url).download({ ...read, path: other.url }));
    expect(other.seen).toEqual([]);
  });
});

describe('createHttp: reachable addresses', () => {
  it('refuses a private address when it is made', () => {
    expect(() => client('http://127.0.0.1:1', { network: { allowed: [] } })).toThrow(
      /CHATTERFIX_ALLOWED_HOSTS/,
    );
  });

  it('refuses a name that turns out to be private when it connects', async () => {
    const server = await serve(json(200, {}));
    const { port } = new URL(server.url);
    const network = { allowed: ['localhost'] };
    const http = client(`http://localhost:${port}`, { network });
    // From here on it is a name like any other: only what it resolves to speaks against it.
    network.allowed = [];
    expect(await failureOf(http.send(write))).toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(await failureOf(http.download(read))).toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(server.seen).toEqual([]);
  });
});

describe('a name that resolves to a private address', () => {
  it('is refused once, with the setting that would allow it', async () => {
    // A name that every machine resolves to loopback, and that is not refused by its spelling.
    const name = hostname();
    const found = await lookup(name).catch(() => null);
    if (found === null) return;
    const http = client(`http://${name}:9/api`, { network: { allowed: [] } });
    const failure = await failureOf(http.send(read));
    expect(failure).toMatchObject({ kind: 'invalid_config', code: 'ADDRESS_REFUSED' });
    expect(failure.message).toContain('CHATTERFIX_ALLOWED_HOSTS');
    expect(http.acquired()).toBe(1);
  });
});
