/** Too much, too often, too long, and bytes that are no HTTP: refused as problems, with what to do. */
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await openTestApi({
    deps: () => ({ settings: { corsOrigins: [], requestsPerMinute: 3, version: '0' } }),
  });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.app.server.address() as AddressInfo);
});
afterAll(async () => {
  expect(api.bugs).toEqual([]);
  await api.close();
});

describe('the limit of requests', () => {
  it('is told with every answer, holds for one key, and ends in a problem that says when to go on', async () => {
    const key = await api.keyOf('viewer');
    const call = (with_: string) => api.call('GET', '/runs', { key: with_ });
    const left: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { statusCode, headers } = await call(key);
      expect([statusCode, headers['x-ratelimit-limit']]).toEqual([200, '3']);
      left.push(headers['x-ratelimit-remaining']);
    }
    expect(left).toEqual(['2', '1', '0']);
    const refused = await call(key);
    expect(refused.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json'),
      'x-ratelimit-remaining': '0',
      'retry-after': expect.stringMatching(/^\d+$/),
    });
    expect(refused.json()).toEqual({
      type: 'about:blank',
      title: 'rate_limited',
      status: 429,
      detail: expect.stringMatching(/go on in \d+ s/),
      request_id: refused.headers['x-request-id'],
    });
    expect((await call(await api.keyOf('viewer'))).statusCode).toBe(200);
  });

  it('does not count what came in with no key against anybody', async () => {
    const key = await api.keyOf('viewer');
    for (let n = 0; n < 5; n += 1) {
      expect((await api.call('GET', '/runs', { key: null })).statusCode).toBe(401);
    }
    expect((await api.call('GET', '/runs', { key })).statusCode).toBe(200);
  });
});

/** Sends bytes as they are and reads until the server closes. */
function raw(bytes: string): Promise<{ status: number; head: string; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connectSocket(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const [head = '', body = ''] = text.split('\r\n\r\n');
      resolve({
        status: Number(head.split(' ')[1]),
        head: head.toLowerCase(),
        body: JSON.parse(body) as Record<string, unknown>,
      });
    });
  });
}

describe('bytes that are no request', () => {
  it.each([
    ['no HTTP at all', 'HELO plant.example\r\n\r\n', 400],
    ['a header without a name', 'GET /health HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n', 400],
    [
      'two lengths, as smugglers send them',
      'POST /health HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a NUL in a header', 'GET /health HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n', 400],
    ['headers without end', `GET /health HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s: answered as a problem, and the socket closed', async (_what, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer.status).toBe(status);
    expect(answer.head).toContain('content-type: application/problem+json');
    expect(answer.body).toMatchObject({ title: 'invalid_request', status });
  });
});

describe('addresses', () => {
  it.each([
    ['a broken escape', '/api/v1/runs/%zz', 400],
    ['an escape that is no UTF-8', '/api/v1/runs/%ff', 400],
    ['an id of any length', `/api/v1/runs/${'a'.repeat(2_000)}`, 404],
    ['a way up', '/api/v1/runs/..%2f..%2fkeys', 404],
    ['nothing there', '/nowhere', 404],
  ])('with %s are a problem', async (_what, url, status) => {
    const answer = await api.app.inject({
      url,
      headers: { authorization: `Bearer ${await api.keyOf('viewer')}` },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(answer.json()).toMatchObject({ status, request_id: answer.headers['x-request-id'] });
  });

  it('with parameters tell which methods they take', async () => {
    const answer = await api.call('PUT', `/runs/${api.plant.tenantId}`);
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET']);
  });
});
