/** The example of every operation that a call stands for, sent as that call, ends as it does over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGrpc, type RunningGrpc } from '../../cli/serve-grpc.ts';
import { openTestApi, type TestApi } from '../http/api.fixture.ts';
import { seedExamples } from '../http/examples.fixture.ts';
import { ROUTES } from '../http/routes.ts';
import { openTestClient, type TestClient } from './grpc.fixture.ts';
import { jsonToMessage, type Fields } from './message-json.ts';
import { METHODS, type Binding } from './methods.ts';
import { loadSchema, messageOf } from './schema.ts';

const schema = loadSchema();
let api: TestApi;
let grpc: RunningGrpc;
let client: TestClient;

beforeAll(async () => {
  api = await openTestApi();
  grpc = await startGrpc(api.app, { host: '127.0.0.1', port: 0, onBug: (error) => api.bugs.push(error) });
  client = openTestClient(grpc.port, api.key);
  await seedExamples(api);
});

afterAll(async () => {
  client.close();
  await grpc.stop();
  expect(api.bugs).toEqual([]);
  await api.close();
});

function routeOf({ method, path }: Binding) {
  const found = ROUTES.find((route) => route.method === method && route.url === path);
  if (found === undefined) throw new Error(`${method} ${path} is no route.`);
  return found;
}

/** What only HTTP takes of an example: `parity.test.ts` lists it. */
const OTHER_FORMS: Readonly<Record<string, (body: Fields) => Fields>> = Object.fromEntries(
  ['SyncWorkOrders', 'SyncMaintenanceSchedules', 'SyncAssets', 'SyncAll'].map((name) => [
    `SyncService.${name}`,
    ({ cmms_connection_id: id, ...rest }) => ({ ...rest, connection_id: id }),
  ]),
);

function requestOf(binding: Binding): object {
  const { params = {}, query = {}, body, headers = {} } = routeOf(binding).example;
  const [service = '', name = ''] = binding.rpc.split('.');
  const type = messageOf(schema.service(`cmms.v1.${service}`), name, 'request');
  const sent = { ...(body as Fields | undefined) };
  const fields = OTHER_FORMS[binding.rpc]?.(sent) ?? sent;
  const inside = binding.draft === undefined ? fields : { [binding.draft]: fields };
  const message = jsonToMessage(type, { ...params, ...query, ...inside });
  const etag = headers['if-match'];
  return etag === undefined ? message : { ...message, etag };
}

describe('the example of', () => {
  const bindings = METHODS.filter(({ stream, watch }) => stream !== true && watch === undefined)
    .toSorted((a, b) => Number(a.method !== 'GET') - Number(b.method !== 'GET'))
    .map((binding) => [binding.rpc, binding] as const);

  it.each(bindings)('%s', async (rpc, binding) => {
    const route = routeOf(binding);
    // What only reads finds everything as the seeds made it.
    if (binding.method !== 'GET') await seedExamples(api);
    const expected = route.example.status ?? Number(Object.keys(route.responses)[0]);
    const refused = await client.unary(`cmms.v1.${rpc}`, requestOf(binding)).then(
      () => null,
      (error: unknown) => (error as Error).message,
    );
    if (expected < 300) expect(refused).toBeNull();
    else expect(refused).not.toBeNull();
  });
});
