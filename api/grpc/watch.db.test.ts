/** Watching over gRPC: a real server, a real database, and watchers that die, sleep and come back. */
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startGrpc, type RunningGrpc } from '../../cli/serve-grpc.ts';
import { openTestApi, type TestApi } from '../http/api.fixture.ts';
import { EXAMPLE } from '../http/frame/example-ids.ts';
import { seedConnections } from '../http/routes/connections/examples.fixture.ts';
import { openTestClient, type TestClient } from './grpc.fixture.ts';

const WATCH = 'cmms.v1.ChangeService.WatchChanges';
let api: TestApi;
let grpc: RunningGrpc;
let client: TestClient;
let admin: pg.Client;

beforeAll(async () => {
  api = await openTestApi();
  grpc = await startGrpc(api.app, { host: '127.0.0.1', port: 0, onBug: (error) => api.bugs.push(error) });
  client = openTestClient(grpc.port, api.key);
  admin = new pg.Client({ connectionString: api.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  client.close();
  await grpc.stop();
  await admin.end();
  expect(api.bugs).toEqual([]);
  await api.close();
});

interface Change {
  cursor: string;
  entity: string;
  record_id: string;
  version: number;
}
type Messages = AsyncGenerator<Record<string, unknown>>;

async function next(messages: Messages): Promise<{ changes: Change[]; cursor: string }> {
  const message = await messages.next();
  if (message.done === true) throw new Error('The stream ended.');
  const { changes = [], cursor } = message.value as { changes?: Change[]; cursor: string };
  return { changes, cursor };
}

/** A watch that has begun, and where. */
async function begin(request: object): Promise<{ messages: Messages; cursor: string }> {
  const messages = client.watch(WATCH, request);
  return { messages, cursor: (await next(messages)).cursor };
}

async function take(messages: Messages, count: number): Promise<Change[]> {
  const taken: Change[] = [];
  while (taken.length < count) taken.push(...(await next(messages)).changes);
  return taken;
}

async function appendParts(by: pg.Client, from: number, count: number): Promise<void> {
  await by.query(
    `insert into change (tenant_id, entity, hub_ids, versions)
      select $1, 'part', array[gen_random_uuid()], array[n] from generate_series($2::bigint, $3::bigint) n`,
    [api.plant.tenantId, from, from + count - 1],
  );
}

async function createAsset(id: string): Promise<string> {
  const body = { asset_id: id, name: id, asset_type: 'equipment' };
  const made = await api.call('POST', '/assets', { body });
  return made.json<{ asset: { hub_id: string } }>().asset.hub_id;
}

describe('watching changes', () => {
  it('hears of a change when it is committed, of the entities asked for', async () => {
    const { messages } = await begin({ entities: ['ENTITY_ASSET'] });
    await appendParts(admin, 1, 1);
    const id = await createAsset('W-1');
    expect(await take(messages, 1)).toMatchObject([{ entity: 'ENTITY_ASSET', record_id: id, version: 1 }]);
    await messages.return(null);
  });

  it('sees 100,000 changes once and in order, whatever dies in between', async () => {
    const { messages, cursor } = await begin({ entities: ['ENTITY_PART'] });
    await messages.return(null);
    const deaths = 10;
    const each = 10_000;
    for (let n = 0; n < deaths; n += 1) await appendParts(admin, n * each + 1, each);
    const seen: number[] = [];
    let at = cursor;
    for (let life = 0; life <= deaths; life += 1) {
      const messagesOfLife = (await begin({ cursor: at, entities: ['ENTITY_PART'] })).messages;
      const wanted = life === deaths ? deaths * each : Math.min(life * 9_001 + 17, deaths * each);
      while (seen.length < wanted) {
        for (const change of (await next(messagesOfLife)).changes) {
          // Dies in the middle of a message too: the cursor is that of the last change taken.
          if (seen.length === wanted) break;
          seen.push(change.version);
          at = change.cursor;
        }
      }
      await messagesOfLife.return(null);
    }
    expect(seen).toHaveLength(deaths * each);
    expect(seen.findIndex((version, index) => version !== index + 1)).toBe(-1);
  });

  it('does not wait for a watcher that takes nothing', async () => {
    const slow = await begin({ entities: ['ENTITY_PART'] });
    const quick = await begin({ entities: ['ENTITY_PART'] });
    await appendParts(admin, 1, 5_000);
    expect(await take(quick.messages, 5_000)).toHaveLength(5_000);
    const late = await take(slow.messages, 5_000);
    expect(late.map(({ version }) => version)).toEqual(Array.from({ length: 5_000 }, (_one, n) => n + 1));
    await slow.messages.return(null);
    await quick.messages.return(null);
  });

  it('shows a change that was committed behind an older transaction when that one has ended', async () => {
    const { messages } = await begin({ entities: ['ENTITY_PART'] });
    const other = new pg.Client({ connectionString: api.adminUrl });
    await other.connect();
    await other.query('begin');
    await appendParts(other, 1, 1);
    await appendParts(admin, 2, 1);
    await other.query('commit');
    await other.end();
    expect((await take(messages, 2)).map(({ version }) => version)).toEqual([1, 2]);
    await messages.return(null);
  });

  it('begins with each record that is there, once, and goes on with what changes', async () => {
    const there = [await createAsset('W-2'), await createAsset('W-3')];
    await api.call('PATCH', '/assets/W-2', { body: { name: 'Changed' } });
    const { messages } = await begin({ from: 'WATCH_FROM_START', entities: ['ENTITY_ASSET'] });
    const present = await next(messages);
    const shown = present.changes.filter(({ record_id: id }) => there.includes(id));
    expect(shown.map(({ record_id: id, version }) => [id, version])).toEqual([
      [there[0], 2],
      [there[1], 1],
    ]);
    const made = await createAsset('W-4');
    expect((await take(messages, 1)).map(({ record_id: id }) => id)).toEqual([made]);
    await messages.return(null);
  });

  it('refuses a cursor of another server, and who may not', async () => {
    const far = Buffer.from(JSON.stringify(['9000000000000000000', 0, 0, null])).toString('base64url');
    for (const cursor of [far, 'nonsense']) {
      await expect(client.watch(WATCH, { cursor }).next()).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
      });
    }
    const key = await api.keyOf('viewer', ['assets:read']);
    await expect(client.watch(WATCH, {}, { key }).next()).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
    });
  });

  it('leaves nothing behind when the watcher goes', async () => {
    const { signals } = api.plant.store;
    const { messages } = await begin({});
    expect(signals.open()).toBe(1);
    await messages.return(null);
    // Each call gives the server turns; what it left would stay however many they are.
    for (let turns = 0; signals.open() > 0 && turns < 500; turns += 1) {
      await client.unary('grpc.health.v1.Health.Check', {});
    }
    expect(signals.open()).toBe(0);
  });
});

describe('watching a run', () => {
  it('shows it as it moves, to its end', async () => {
    await seedConnections(api);
    const messages = client.watch('cmms.v1.RunService.WatchRun', { id: EXAMPLE.runningRun });
    const first = (await messages.next()).value as { run: { state: string } };
    expect(first.run.state).toBe('RUN_STATE_RUNNING');
    await admin.query(`update run set state = 'completed', finished_at = now() where id = $1`, [
      EXAMPLE.runningRun,
    ]);
    const last = (await messages.next()).value as { run: { state: string } };
    expect(last.run.state).toBe('RUN_STATE_COMPLETED');
    expect((await messages.next()).done).toBe(true);
  });
});
