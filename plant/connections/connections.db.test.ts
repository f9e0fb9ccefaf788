import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const create = (name: string, config: Record<string, unknown>) =>
  api.call('POST', '/cmms/connections', {
    body: {
      cmms_type: 'fiix',
      connection_name: name,
      api_url: 'https://plant.macmms.com',
      api_key: 'half-of-the-keys',
      config,
    },
  });

it('keeps an incomplete connection paused, with what is missing', async () => {
  const made = await create('fiix', {});
  expect([made.statusCode, made.body]).toEqual([201, expect.stringContaining('"state":"paused"')]);
});

it('keeps nothing that the system does not know, such as a password among the settings', async () => {
  const refused = await create('other', { password: 'typed-in-the-wrong-place' });
  expect([refused.statusCode, refused.body]).toEqual([
    422,
    expect.not.stringContaining('typed-in-the-wrong-place'),
  ]);
  expect((await api.call('GET', '/cmms/connections')).body).not.toContain('typed-in-the-wrong-place');
});
