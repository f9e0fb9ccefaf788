/** Many tests of one connection at once, each of which logs in: the others who use the API do not notice. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';

let api: TestApi;
let id: string;
beforeAll(async () => {
  api = await openTestApi();
  const connection = await api.plant.connect('chatterfix', { seed: 'empty' });
  ({ id } = connection);
  connection.sandbox.control.setDial('auth', 'bearer-login');
  const { username = '', password = '' } = connection.sandbox.credentials;
  const body = { secret: { username, password } };
  expect((await api.call('PUT', `/cmms/connections/${id}/secret`, { body })).statusCode).toBe(200);
});
afterAll(() => api.close());

it('14 at once succeed on a pool of 6, and lists are answered meanwhile', async () => {
  const tests = Array.from({ length: 14 }, () => api.call('POST', `/cmms/connections/${id}/test`));
  const lists = Array.from({ length: 5 }, () => api.call('GET', '/work-orders'));
  for (const answer of await Promise.all(lists)) expect(answer.statusCode).toBe(200);
  for (const answer of await Promise.all(tests))
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { success: true }]);
  expect(api.bugs).toEqual([]);
});
