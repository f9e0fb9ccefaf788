/** One line for each request: enough to find it again, and nothing that is secret. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from './api.fixture.ts';
import type { RequestLine } from './frame/request-line.ts';

describe('the log of requests', () => {
  const lines: RequestLine[] = [];
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ deps: () => ({ onAnswer: (line) => lines.push(line) }) });
  });
  afterAll(() => api.close());

  async function lineOf(
    ...[method, path, options]: Parameters<TestApi['call']>
  ): Promise<{ line: RequestLine | undefined; id: unknown }> {
    lines.length = 0;
    const answer = await api.call(method, path, options);
    expect(lines).toHaveLength(1);
    return { line: lines[0], id: answer.headers['x-request-id'] };
  }

  it('tells route, status, time and who asked, under the id that the answer carries', async () => {
    const { line, id } = await lineOf('GET', '/assets');
    expect(line).toEqual({
      requestId: id,
      method: 'GET',
      route: '/api/v1/assets',
      status: 200,
      ms: expect.any(Number),
      actor: expect.stringMatching(/^key:/),
      tenantId: api.plant.tenantId,
    });
  });

  it("takes the caller's id", async () => {
    const { line } = await lineOf('GET', '/assets', { headers: { 'x-request-id': 'order-7' } });
    expect(line?.requestId).toBe('order-7');
  });

  it('tells a refused key without the key', async () => {
    const { line } = await lineOf('GET', '/assets', { key: 'cfs_wrong-and-secret' });
    expect(line).toMatchObject({ status: 401, route: '/api/v1/assets' });
    expect(JSON.stringify(line)).not.toContain('wrong-and-secret');
  });

  it('tells the pattern of a route, never the address with its ids, tokens and questions', async () => {
    const { line } = await lineOf('GET', '/assets/0193c1de-0000-7000-8000-000000000001');
    expect(line).toMatchObject({ status: 404, route: '/api/v1/assets/:asset_id' });
    lines.length = 0;
    await api.app.inject({
      method: 'POST',
      url: '/webhooks/0193c1de-0000-7000-8000-000000000001/hush',
      payload: {},
    });
    expect(lines).toMatchObject([{ method: 'POST', route: '/webhooks/:connection/:token', status: 404 }]);
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('tells an address that is none', async () => {
    expect((await lineOf('GET', '/no-such-thing/hush')).line).toMatchObject({ status: 404, route: null });
  });
});
