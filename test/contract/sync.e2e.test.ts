/**
 * The sync endpoints (3 to 6) against the generic external system of 13.4: sections 2.1, 5, 6, 10, 13.2 and W22, W23. The
 * external system is the sandbox of the custom connector; ours is the whole program, known by HTTP alone.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/access/delegation.ts';
import { createApiKey } from '../../plant/keys/api-keys.ts';
import { startCustomSandbox } from '../../connectors/custom/sandbox/index.ts';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import { quietRuntime } from '../support/temporal.ts';
import { createStack, type Stack } from '../workflows/stack.ts';
import {
  createOldClient,
  many,
  one,
  refusal,
  textOf,
  type Answer,
  type OldClient,
  type Shown,
} from './old-client.fixture.ts';

let stack: Stack;
let external: RunningSandbox;
let client: OldClient;
let id: string;
/** Ids of the external system. */
const theirs: Record<string, string> = {};

function insert(object: string, fields: Shown): string {
  return textOf((external.control.insert(object, fields) as Shown)['id']);
}

async function connect(changes: Shown = {}): Promise<string> {
  const made = await client.post('/cmms/connections', {
    cmms_type: 'custom',
    connection_name: `External ${String(Math.random())}`,
    api_url: external.url,
    api_key: external.credentials['apiKey'],
    ...changes,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return textOf(made.body['connection_id']);
}

function sync(path: string, connection = id, force = false): Promise<Answer> {
  const body = { cmms_connection_id: connection, sync_type: path.replace('-', '_'), force_sync: force };
  return client.post(`/cmms/sync/${path}`, body, { wait: 60 });
}

async function orders(): Promise<Shown[]> {
  return many(await client.get('/work-orders', { limit: 200 }), 'work_orders');
}

async function byTitle(title: string): Promise<Shown> {
  const found = (await orders()).filter((order) => order['title'] === title);
  if (found.length !== 1) throw new Error(`${String(found.length)} orders are called ${title}.`);
  return found[0] ?? {};
}

const STATUS_WORDS = {
  draft: 'scheduled',
  open: 'scheduled',
  assigned: 'scheduled',
  in_progress: 'in_progress',
  on_hold: 'on_hold',
  completed: 'completed',
  cancelled: 'cancelled',
  closed: 'completed',
};

beforeAll(async () => {
  quietRuntime();
  stack = await createStack();
  external = await startCustomSandbox({ seed: 'empty' });
  const { key } = await createApiKey(
    {
      store: stack.program.store,
      tenantId: stack.tenantId,
      actor: 'test:maria',
      now: stack.program.sync.now,
      newId: stack.program.sync.newId,
    },
    OPERATOR,
    { name: 'old client', role: 'admin' },
  );
  client = createOldClient(`${stack.apiUrl}/api/v1`, key);
  theirs['pump'] = insert('assets', {
    name: 'Main pump',
    asset_type: 'machinery',
    manufacturer: 'KSB',
    model: 'Etanorm',
    serial_number: 'SN-1',
    department: 'Pit',
    expected_lifespan: 120,
    installation_date: '2020-05-01',
    tags: ['wet'],
    specifications: { kw: 75, colour: 'dark green', notes: '  loud  pump ' },
  });
  theirs['fan'] = insert('assets', { name: 'Fan', status: 'out_of_service' });
  theirs['schedule'] = insert('schedules', {
    name: 'Grease the pump',
    description: 'All points',
    maintenance_type: 'preventive',
    priority: 'high',
    frequency: 'monthly',
    estimated_duration: 45,
    estimated_cost: 80,
    asset_ids: [theirs['pump']],
    next_scheduled: '2031-06-01T08:00:00Z',
    required_skills: ['greasing'],
  });
  theirs['order'] = insert('work-orders', {
    title: 'Seal leaks',
    description: 'Drips on the floor.',
    status: 'open',
    priority: 'emergency',
    asset_id: theirs['pump'],
    estimated_hours: 2.5,
    due_date: '2031-01-20T08:00:00Z',
  });
  for (const status of Object.keys(STATUS_WORDS))
    insert('work-orders', { title: `Is ${status}`, status, due_date: '2031-01-01T00:00:00Z' });
  id = await connect();
}, 120_000);
afterAll(async () => {
  await stack.close();
  await external.close();
});

describe('the first sync', () => {
  it('brings everything and tells three whole numbers and the errors', async () => {
    const done = await sync('all');
    expect([done.status, done.body['success'], done.body['errors']]).toEqual([200, true, []]);
    expect(done.body).toMatchObject({
      work_orders_synced: 9,
      schedules_synced: 1,
      assets_synced: 2,
      failed: 0,
    });
    for (const name of ['processed', 'created', 'updated', 'failed'])
      expect(Number.isInteger(done.body[name])).toBe(true);
    expect(typeof done.body['message']).toBe('string');
  });

  it('shows the assets among ours', async () => {
    const assets = many(await client.get('/assets'), 'assets');
    expect(assets).toHaveLength(2);
    expect(assets.find((asset) => asset['name'] === 'Main pump')).toMatchObject({
      asset_type: 'machinery',
      status: 'operational',
      manufacturer: 'KSB',
      model: 'Etanorm',
      serial_number: 'SN-1',
      department: 'Pit',
      expected_lifespan: 120,
      installation_date: '2020-05-01T00:00:00.000Z',
      tags: ['wet'],
      specifications: { kw: 75, colour: 'dark green' },
    });
  });

  it('shows the schedules among ours, with their assets', async () => {
    const [schedule, ...more] = many(await client.get('/maintenance/schedules'), 'schedules');
    expect(more).toEqual([]);
    const pump = many(await client.get('/assets'), 'assets').find((asset) => asset['name'] === 'Main pump');
    expect(schedule).toMatchObject({
      name: 'Grease the pump',
      maintenance_type: 'preventive',
      priority: 'high',
      frequency: 'monthly',
      estimated_duration: 45,
      estimated_cost: 80,
      next_scheduled: '2031-06-01T08:00:00.000Z',
      required_skills: ['greasing'],
      asset_ids: [pump?.['id']],
      is_active: true,
    });
  });

  it('shows the orders among ours, with the asset they are about', async () => {
    const pump = many(await client.get('/assets'), 'assets').find((asset) => asset['name'] === 'Main pump');
    const order = await byTitle('Seal leaks');
    expect(order).toMatchObject({
      description: 'Drips on the floor.',
      status: 'scheduled',
      asset_id: pump?.['id'],
      estimated_hours: 2.5,
    });
    const filtered = await client.get('/work-orders', { asset_id: textOf(pump?.['id']) });
    expect(many(filtered, 'work_orders').map((row) => row['id'])).toEqual([order['id']]);
  });

  it.each(Object.entries(STATUS_WORDS))(
    'passes the status %s over the bridge to %s',
    async (word, status) => {
      expect(await byTitle(`Is ${word}`)).toMatchObject({ status });
    },
  );
});

describe('further syncs', () => {
  it.each([
    ['work-orders', 9],
    ['maintenance-schedules', 1],
    ['assets', 2],
  ])('%s: creates nothing twice, not even when forced (W22)', async (path, count) => {
    const before = await orders();
    const again = await sync(path);
    expect([again.status, again.body['success'], again.body['created'], again.body['errors']]).toEqual([
      200,
      true,
      0,
      [],
    ]);
    const forced = await sync(path, id, true);
    expect([forced.status, forced.body['created'], forced.body['failed']]).toEqual([200, 0, 0]);
    expect(forced.body['synced_count']).toBe(count);
    expect(await orders()).toEqual(before);
    expect(many(await client.get('/assets'), 'assets')).toHaveLength(2);
    expect(many(await client.get('/maintenance/schedules'), 'schedules')).toHaveLength(1);
  });

  it('takes what changed outside, and counts it', async () => {
    external.control.change('work-orders', theirs['order'] ?? '', {
      title: 'Seal replaced',
      status: 'closed',
    });
    external.control.change('assets', theirs['fan'] ?? '', { status: 'operational' });
    external.control.change('schedules', theirs['schedule'] ?? '', { estimated_duration: 60 });
    const before = await byTitle('Seal leaks');
    const done = await sync('work-orders');
    expect([done.status, done.body['created'], done.body['updated']]).toEqual([200, 0, 1]);
    expect(await byTitle('Seal replaced')).toMatchObject({ id: before['id'], status: 'completed' });
    const [schedule] = many(await client.get('/maintenance/schedules'), 'schedules');
    expect(schedule?.['estimated_duration']).toBe(60);
  });

  it('brings a change of ours to the other side (W22: push)', async () => {
    const order = await byTitle('Is open');
    await client.put(`/work-orders/${textOf(order['id'])}/status`, { status: 'in_progress' });
    const done = await sync('work-orders');
    expect([done.status, done.body['errors']]).toEqual([200, []]);
    const rows = external.control.list('work-orders') as Shown[];
    expect(rows.find((row) => row['title'] === 'Is open')).toMatchObject({ status: 'in_progress' });
  });

  it('does two runs that are asked for at once without doubling anything', async () => {
    insert('work-orders', { title: 'Made between', status: 'open' });
    const answers = await Promise.all([sync('work-orders'), sync('work-orders'), sync('all')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await byTitle('Made between')).toMatchObject({ status: 'scheduled' });
  });

  it('answers 202 with an address at once when nobody waits', async () => {
    const begun = await client.post('/cmms/sync/assets', { cmms_connection_id: id });
    expect([200, 202]).toContain(begun.status);
    const address = textOf(begun.headers.get('location')).replace('/api/v1', '');
    expect((await client.get(address)).status).toBe(200);
  });

  it("takes the gateway's name for the connection (9.2)", async () => {
    const done = await client.post(
      '/cmms/sync/work-orders',
      { connection_id: id, force_sync: false },
      { wait: 60 },
    );
    expect(done.status).toBe(200);
  });
});

describe('rules on real records', () => {
  it('applies mappings to the records of a sync, nested fields too', async () => {
    const rules: [string, string, unknown][] = [
      ['manufacturer', 'manufacturer', 'uppercase'],
      [
        'specifications.colour',
        'category',
        [{ type: 'string_manipulation', operation: 'replace', old: ' ', new: '-' }, 'uppercase'],
      ],
      ['specifications.notes', 'description', 'trim'],
      ['specifications.kw', 'criticality', { type: 'type_conversion', target_type: 'int' }],
    ];
    for (const [source_field, target_field, transformation_rule] of rules) {
      const made = await client.post('/cmms/mappings', {
        cmms_connection_id: id,
        source_field,
        target_field,
        transformation_rule,
        entity: 'asset',
      });
      expect([target_field, made.status]).toEqual([target_field, 201]);
    }
    const done = await sync('assets', id, true);
    expect([done.status, done.body['errors']]).toEqual([200, []]);
    const pump = many(await client.get('/assets'), 'assets').find((asset) => asset['name'] === 'Main pump');
    expect(pump).toMatchObject({
      manufacturer: 'KSB',
      category: 'DARK-GREEN',
      description: 'loud  pump',
      criticality: 75,
    });
  });

  it('refuses a record that a rule cannot read, with its reason, and goes on (W23)', async () => {
    const bad = insert('assets', { name: 'Bad one', serial_number: 'SN-9', specifications: { kw: 'many' } });
    const done = await sync('assets');
    expect([done.status, done.body['failed']]).toEqual([200, 1]);
    expect(done.body['errors']).toEqual([expect.any(String)]);
    const [held] = many(await client.get('/quarantine'), 'quarantine');
    expect(JSON.stringify(held)).toContain(bad);
    external.control.remove('assets', bad);
  });
});

describe('what is refused', () => {
  const PATHS = ['work-orders', 'maintenance-schedules', 'assets', 'all'];
  it.each(PATHS)('%s: an unknown connection is a 404, none or a malformed one a 422', async (path) => {
    const post = (body: Shown): Promise<Answer> => client.post(`/cmms/sync/${path}`, body);
    const unknown = '3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';
    expect(refusal(await post({ cmms_connection_id: unknown, sync_type: 'all' }))[0]).toBe(404);
    expect(refusal(await post({ sync_type: 'all' }))).toEqual([422, 'cmms_connection_id']);
    expect(refusal(await post({ cmms_connection_id: 'north' }))).toEqual([422, 'cmms_connection_id']);
    expect(refusal(await post({ cmms_connection_id: id, force_sync: 'perhaps' }))).toEqual([
      422,
      'force_sync',
    ]);
  });

  it('tells a refused credential, and never succeeds silently', async () => {
    const wrong = await connect({ api_key: 'of-last-year' });
    const done = await sync('all', wrong);
    if (done.status === 200) {
      expect(done.body['errors']).toEqual([expect.stringMatching(/401|credential|unauthorized/i)]);
      expect(one(done, 'run')['state']).toBe('failed');
    } else expect([409, 502, 503, 504]).toContain(refusal(done)[0]);
    expect(JSON.stringify(done.body)).not.toContain('of-last-year');
  });

  it('tells an upstream that is down, and keeps what there is', async () => {
    const count = (await orders()).length;
    external.control.setFaults({
      rules: [{ match: { path: '/api/assets' }, effect: 'http_500', status: 501 }],
    });
    const done = await sync('assets');
    external.control.clearFaults();
    if (done.status === 200) {
      expect(done.body['errors']).toEqual([expect.stringMatching(/./)]);
      expect(one(done, 'run')['state']).toBe('failed');
    } else expect([502, 503, 504]).toContain(refusal(done)[0]);
    expect(await orders()).toHaveLength(count);
    const again = await sync('assets');
    expect([again.status, again.body['created']]).toEqual([200, 0]);
  });
});
