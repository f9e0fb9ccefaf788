/** Two processes of the API on one database: what a caller may do in a minute is one number for both. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { sharedCallCounts } from '../../../cli/serve-api.ts';
import { openTestApi, type TestApi } from '../api.fixture.ts';
import { createApi } from '../server.ts';

const FAILURES = 30;
const REQUESTS = 60;

let api: TestApi;
let other: FastifyInstance;
beforeAll(async () => {
  const settings = {
    corsOrigins: [],
    requestsPerMinute: REQUESTS,
    failuresPerMinute: FAILURES,
    version: '0',
  };
  api = await openTestApi({ deps: () => ({ settings }) });
  other = await createApi({ ...api.deps, counts: sharedCallCounts(api.plant.store, () => Date.now()) });
});
afterAll(async () => {
  await other.close();
  await api.close();
});

async function ask(app: FastifyInstance, key: string, remoteAddress: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  return (await app.inject({ url: '/api/v1/runs', headers, remoteAddress })).statusCode;
}

/** How many got through before the first that was told to wait. */
async function untilRefused(max: number, one: () => Promise<number>): Promise<number> {
  for (let n = 0; n < max; n += 1) if ((await one()) === 429) return n;
  return max;
}

describe('two processes', () => {
  it('refuse whoever guessed too often at either', async () => {
    const guess = (app: FastifyInstance) => ask(app, `cfx_${'g'.repeat(43)}`, '192.0.2.7');
    expect(await untilRefused(FAILURES * 2, () => guess(api.app))).toBe(FAILURES);
    expect(await untilRefused(FAILURES * 2, () => guess(other))).toBeLessThan(FAILURES);
    expect(await ask(other, api.key, '192.0.2.8')).toBe(200);
  });

  it('count the requests of one key together, and those of another apart', async () => {
    const key = await api.keyOf('viewer');
    expect(await untilRefused(REQUESTS * 2, () => ask(api.app, key, '192.0.2.9'))).toBe(REQUESTS);
    expect(await untilRefused(REQUESTS * 2, () => ask(other, key, '192.0.2.10'))).toBeLessThan(REQUESTS);
    expect(await ask(other, await api.keyOf('viewer'), '192.0.2.9')).toBe(200);
  });
});
