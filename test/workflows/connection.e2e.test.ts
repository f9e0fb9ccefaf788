import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueWebhookUrl, startConnection, subscribeWebhook } from '../../cli/connection-service.ts';
import { sql } from 'kysely';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { repositories } from '../../store/index.ts';
import { saveSecret } from '../../store/connections/secrets.ts';
import { pauseConnection, resumeConnection, retryConnection } from '../../plant/connections/connections.ts';
import { pokeSignal } from '../../workflows/sync/messages.ts';
import { quietRuntime } from '../support/temporal.ts';
import { createStack, until, type Plant, type Stack } from './stack.ts';

const ORDERS = 12;

let stack: Stack;
let maximo: Plant;
let upkeep: Plant;
/** Its system is down from the start; told at the end, because the retries of a pass take half a minute. */
let down: Plant;
beforeAll(async () => {
  quietRuntime();
  stack = await createStack();
  maximo = await stack.connect('maximo', `orders:${String(ORDERS)}`);
  upkeep = await stack.connect('upkeep', 'empty');
  down = await stack.connect('upkeep', 'empty', { name: 'down', config: only('location') });
  down.sandbox.control.setFaults({ rules: [{ effect: 'http_503' }] });
  // The orders' lead must be known there: UpKeep's users are invited by hand.
  upkeep.sandbox.control.insert('users', {
    email: 'wilson@plant.example',
    password: 'of no use',
    accountType: 'TECHNICIAN',
    firstName: 'Wilson',
    lastName: 'Hart',
  });
  await stack.start(maximo, upkeep, down);
});
afterAll(() => stack.close());

describe('a connection that was started', () => {
  it('runs its first sync by itself, and what it brought goes on to the others', async () => {
    await until(
      'the orders stand in UpKeep',
      async () => upkeep.sandbox.control.list('work-orders').length === ORDERS,
    );
    await until('both are quiet', async () => (await idle(maximo)) && (await idle(upkeep)));
    expect(await stack.progress(maximo)).toMatchObject({ state: 'idle', reason: null, runId: null });
    expect((await stack.runs(maximo)).at(-1)).toMatchObject({
      state: 'completed',
      counts: { work_order: { in: ORDERS, created: ORDERS } },
    });
  });

  it('is found running when it is started again', async () => {
    const before = await stack.handle(maximo).describe();
    await startConnection(stack.program, maximo.connection);
    const after = await stack.handle(maximo).describe();
    expect(after.runId).toBe(before.runId);
    expect(after.status.name).toBe('RUNNING');
  });

  it('answers a request with the id of the run, and later ones with that of the run not begun yet', async () => {
    slowly(maximo, 1_000);
    const first = await stack.syncNow(maximo, 'poll');
    const progress = await until('the run reads', async () => running(maximo, first));
    expect(progress).toMatchObject({ state: 'running', runId: first, entity: 'person', step: 'pull' });

    const second = await stack.syncNow(maximo, 'poll');
    expect(second).not.toBe(first);
    expect(await stack.syncNow(maximo, 'poll')).toBe(second);
    expect(await stack.ended(maximo, first)).toMatchObject({ state: 'completed' });
    expect(await stack.ended(maximo, second)).toMatchObject({ state: 'completed' });
  });
});

describe('a poke', () => {
  it('from the vendor through the API brings the change, and the other side gets it without a pull', async () => {
    await subscribeWebhook(stack.program, upkeep.connection, stack.apiUrl);
    await until('both are quiet', async () => (await idle(maximo)) && (await idle(upkeep)));
    maximo.sandbox.control.resetStats();
    upkeep.sandbox.control.resetStats();
    const runs = new Set((await stack.runs(upkeep)).map(({ id }) => id));
    // One that Maximo has not closed for good: which of them comes first depends on how its creates were answered.
    const order = (upkeep.sandbox.control.list('work-orders') as { id: string; status: string }[]).find(
      ({ status }) => status !== 'complete',
    );

    upkeep.sandbox.control.change('work-orders', order?.id ?? '', { title: 'Retitled by a technician' });
    await until('the title stands in Maximo', async () =>
      maximo.sandbox.control
        .list('mxapiwodetail')
        .some((row) => (row as { description?: string }).description === 'Retitled by a technician'),
    );
    const woken = await until('the run of the delivery is done', async () =>
      (await stack.runs(upkeep)).find(({ id, state }) => !runs.has(id) && state === 'completed'),
    );
    // The delivery said what it is about, so nothing else was read.
    expect(Object.keys(woken.counts)).toEqual(['work_order']);
    expect(new Set(upkeep.sandbox.control.pages().map(({ object }) => object))).toEqual(
      new Set(['work-orders']),
    );
    const wheres = maximo.sandbox.control
      .pages()
      .map(({ query }) => new URLSearchParams(query).get('oslc.where') ?? '');
    expect(wheres.filter((where) => !where.includes(' and wonum="'))).toEqual([]);
    expect(maximo.sandbox.control.stats().writes.updated).toEqual({ WORKORDER: 1 });
  });

  it('with the token of another connection is not found', async () => {
    const { url } = await issueWebhookUrl(stack.program, maximo.connection, stack.apiUrl);
    const post = (to: string) => fetch(to, { method: 'POST', body: '{}' });
    expect((await post(url)).status).toBe(202);
    expect((await post(url.replace(maximo.connection.id, upkeep.connection.id))).status).toBe(404);
  });
});

describe('files', () => {
  it('give way to whoever waits, and come later', async () => {
    await until('it rests', async () => idle(maximo));
    const { control } = maximo.sandbox;
    control.setFaults({
      rules: [{ match: { path: '/doclinks' }, effect: 'slow', delayMs: 120_000, times: 1 }],
    });
    const [order] = control.list('mxapiwodetail') as { id: string }[];
    control.change('mxapiwodetail', order?.id ?? '', { description: 'Replace the seal' });
    await stack.handle(maximo).signal(pokeSignal, { source: 'hint', entities: ['work_order'] });
    await until('a file request hangs', () => control.stats().faultsFired['slow'] === 1);
    // The request is given up long before it would have been answered.
    const run = await stack.ended(maximo, await stack.syncNow(maximo, 'poll'));
    expect(run).toMatchObject({ state: 'completed' });
    await until('the files were looked at', async () => {
      const due = await stack.inTenant((tx) => repositories.fileQueue.nextInMs(tx, maximo.connection.id));
      return due === null;
    });
    expect((await stack.runs(maximo)).filter(({ state }) => state === 'failed')).toEqual([]);
  });
});

describe('a pause', () => {
  it('stops what is under way and keeps its reason; a resume goes on', async () => {
    // Files of what the poke brought are still being looked at.
    await until('it rests', async () => idle(maximo));
    slowly(maximo, 60_000);
    const run = await stack.syncNow(maximo, 'poll');
    await until('the run reads', async () => running(maximo, run));
    await pauseConnection(stack.deps, maximo.connection.id, 'The plant changes its server.');
    expect(await stack.ended(maximo, run)).toMatchObject({ state: 'cancelled', failure: null });
    expect(await row(maximo)).toMatchObject({ stateReason: 'The plant changes its server.' });
    expect(await stack.progress(maximo)).toMatchObject({
      state: 'paused',
      reason: 'The plant changes its server.',
    });

    maximo.sandbox.control.clearFaults();
    maximo.sandbox.control.resetStats();
    const waiting = await stack.syncNow(maximo, 'poll');
    await stack.handle(maximo).signal(pokeSignal, { source: 'hint', entities: [] });
    expect(maximo.sandbox.control.stats().requests).toBe(0);
    await resumeConnection(stack.deps, maximo.connection.id);
    expect(await stack.ended(maximo, waiting)).toMatchObject({ state: 'completed' });
    expect(await row(maximo)).toMatchObject({ state: 'active', stateReason: null });
  });

  it('and a resume take effect in the order they came', async () => {
    for (let round = 0; round < 5; round += 1) {
      await pauseConnection(stack.deps, maximo.connection.id, 'A slip.');
      await resumeConnection(stack.deps, maximo.connection.id);
    }
    const run = await stack.syncNow(maximo, 'poll');
    expect(await stack.ended(maximo, run)).toMatchObject({ state: 'completed' });
    expect(await row(maximo)).toMatchObject({ state: 'active', stateReason: null });
  });
});

describe('a retry', () => {
  it('lifts the time that a system named, in the middle of a pass', async () => {
    await until('it rests', async () => idle(maximo));
    maximo.sandbox.control.setFaults({ rules: [{ effect: 'http_429', retryAfterS: 3_600, times: 1 }] });
    const run = await stack.syncNow(maximo, 'poll');
    await until(
      'the system named its time',
      () => maximo.sandbox.control.stats().faultsFired['http_429'] === 1,
    );
    await until('the pause is shared', async () => (await pausedUntil(maximo)) !== null);
    await retryConnection(stack.deps, maximo.connection.id);
    expect(await pausedUntil(maximo)).toBeNull();
    expect(await stack.ended(maximo, run)).toMatchObject({ state: 'cancelled' });
    expect(await stack.ended(maximo, await stack.syncNow(maximo, 'poll'))).toMatchObject({
      state: 'completed',
    });
  });
});

describe('a system that refuses us', () => {
  it.each([
    ['after its key was rotated', rotateKey],
    ['after its key expired', expireKey],
  ])('pauses the connection after three runs %s', async (_when, refuse) => {
    const repair = await refuse(maximo);
    for (let n = 0; n < 3; n += 1) {
      const run = await stack.ended(maximo, await stack.syncNow(maximo, 'poll'));
      expect(run).toMatchObject({ state: 'failed', failure: { kind: 'unauthorized' } });
    }
    await until('the workflow is paused', async () => (await stack.progress(maximo)).state === 'paused');
    const { state, stateReason } = await row(maximo);
    expect(state).toBe('paused');
    expect(stateReason).toMatch(/^Paused after 3 runs that the system refused: .*40[13]/);
    expect((await stack.progress(maximo)).reason).toBe(stateReason);

    await repair();
    await resumeConnection(stack.deps, maximo.connection.id);
    expect(await stack.ended(maximo, await stack.syncNow(maximo, 'poll'))).toMatchObject({
      state: 'completed',
    });
  });
});

describe('a history that grows long', () => {
  it('continues as new and keeps what was asked', async () => {
    const busy = await stack.connect('maximo', 'orders:1', { name: 'busy', config: only('location') });
    await stack.start(busy);
    const { runId } = await stack.handle(busy).describe();
    const asked = new Set<string>();
    // The server suggests it at 4 MB of history; real ones get there by many small events.
    const entities = Array.from({ length: 50_000 }, () => 'location' as const);
    await until('the workflow is a new one', async () => {
      asked.add(await stack.syncNow(busy, 'poll'));
      await stack.handle(busy).signal(pokeSignal, { source: 'hint', entities });
      asked.add(await stack.syncNow(busy, 'full'));
      return (await stack.handle(busy).describe()).runId !== runId;
    });
    for (const id of asked) expect(await stack.ended(busy, id)).toMatchObject({ state: 'completed' });
  });
});

describe('an outage', () => {
  it('fails the run with the reason, and the next run succeeds', async () => {
    const failed = await until(
      'the run fails',
      async () => (await stack.runs(down)).find(({ state }) => state === 'failed'),
      110_000,
    );
    expect(failed.failure).toMatchObject({ kind: 'unavailable' });
    expect(failed.failure?.['message']).toMatch(/answered 503.*tried again later/);

    down.sandbox.control.clearFaults();
    expect(await stack.ended(down, await stack.syncNow(down, 'poll'))).toMatchObject({ state: 'completed' });
    expect(await stack.progress(down)).toMatchObject({ reason: null, lastRun: { failure: null } });
  }, 120_000);
});

async function idle(plant: Plant): Promise<boolean> {
  const { state } = await stack.progress(plant);
  const due = await stack.inTenant((tx) => repositories.pushes.countDue(tx, plant.connection.id));
  return state === 'idle' && due === 0;
}

async function running(plant: Plant, runId: string) {
  const progress = await stack.progress(plant);
  return progress.runId === runId && progress.step !== null ? progress : null;
}

function row({ connection }: Plant) {
  return stack.inTenant((tx) => repositories.connections.load(tx, connection.id));
}

async function pausedUntil({ connection }: Plant): Promise<Date | null> {
  const found = await stack.inTenant((tx) =>
    sql<{ until: Date | null }>`select case when paused_until > now() then paused_until end as until
      from throttle where connection_id = ${connection.id}`.execute(tx),
  );
  return found.rows[0]?.until ?? null;
}

/** The next request of the vendor's takes its time. */
function slowly({ sandbox }: Plant, delayMs: number): void {
  sandbox.control.setFaults({ rules: [{ effect: 'slow', delayMs, times: 1 }] });
}

/** Settings under which a connection keeps this entity only. */
function only(entity: Entity): JsonObject {
  const off = { pull: false, push: false };
  return {
    sync: {
      entities: Object.fromEntries(ENTITIES.filter((one) => one !== entity).map((one) => [one, off])),
    },
  };
}

async function rotateKey({ connection, sandbox }: Plant): Promise<() => Promise<void>> {
  const save = (apiKey: string): Promise<void> =>
    stack.inTenant((tx) =>
      saveSecret(
        tx,
        stack.program.ring,
        { tenantId: stack.tenantId, connectionId: connection.id, purpose: 'credentials' },
        { apiKey },
      ),
    );
  await save('a-key-of-last-year');
  return () => save(sandbox.credentials['apiKey'] ?? '');
}

async function expireKey({ sandbox }: Plant): Promise<() => Promise<void>> {
  sandbox.control.setDial('expiredKey', true);
  return async () => {
    sandbox.control.setDial('expiredKey', false);
  };
}
