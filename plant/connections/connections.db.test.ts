import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectors } from '../../connectors/registry.ts';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';
import { overviewConnections } from './connections.ts';

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

it('connects every system there is, and tells of a system that is none which there are', async () => {
  for (const system of Object.keys(connectors)) {
    const made = await api.call('POST', '/cmms/connections', {
      body: {
        cmms_type: system,
        connection_name: `one of ${system}`,
        config: {},
        secret: {},
        state: 'paused',
      },
    });
    // Settings that are not complete are told by the schemas of the system itself.
    expect([system, made.statusCode, made.body]).toEqual([
      system,
      422,
      expect.stringContaining(` of a ${system} connection`),
    ]);
  }
  const none = await api.call('POST', '/cmms/connections', {
    body: { cmms_type: 'sap', connection_name: 'none', config: {}, secret: {} },
  });
  expect([none.statusCode, none.body]).toEqual([422, expect.stringContaining('upkeep')]);
});

it('makes a connection paused, with the reason, and starts nothing', async () => {
  const made = await api.call('POST', '/cmms/connections', {
    body: {
      cmms_type: 'custom',
      connection_name: 'later',
      api_url: 'https://later.example/api',
      api_key: 'a-key',
      state: 'paused',
      state_reason: 'The plant moves in March.',
    },
  });
  expect(made.statusCode).toBe(201);
  expect(made.json()).toMatchObject({
    connection: { state: 'paused', state_reason: 'The plant moves in March.', is_active: false },
    message: 'Stored and paused: The plant moves in March.',
  });
});

it('shows on one screen what each connection is doing', async () => {
  const rows = await overviewConnections(api.person);
  expect(rows.find(({ name }) => name === 'later')).toEqual({
    absent: {},
    id: expect.any(String),
    name: 'later',
    system: 'custom',
    state: 'paused',
    stateReason: 'The plant moves in March.',
    lastRun: null,
    queuedPushes: 0,
  });
});
