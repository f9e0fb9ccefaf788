import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startUpkeepSandbox } from './index.ts';

let folder: string;
let running: RunningSandbox | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upkeep-state-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await rm(folder, { recursive: true });
});

async function restart(seed: string): Promise<RunningSandbox> {
  await running?.close();
  running = await startUpkeepSandbox({ seed, stateFile: join(folder, 'upkeep.state') });
  return running;
}

async function call(sandbox: RunningSandbox, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${sandbox.url}/api/v2/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'session-token': sandbox.credentials['token'] ?? '',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

function everything(sandbox: RunningSandbox): unknown {
  const { control } = sandbox;
  return Object.fromEntries(control.objects().map((object) => [object, control.list(object)]));
}

describe('the state file of the UpKeep sandbox', () => {
  it('brings rows, numbers, subscriptions and dials back; new records get new ids', async () => {
    const first = await restart('excavators');
    await call(first, 'work-orders', { title: 'By API', priority: 2 });
    first.control.insert('assets', { name: 'By hand' });
    await call(first, 'webhooks', {
      title: 'h',
      endpoint: 'http://127.0.0.1:9/',
      events: ['REQUEST_CREATED'],
    });
    first.control.setDial('emptyListIs404', true);
    first.control.setDial('insertWhilePaging', true);
    const before = everything(first);
    const hooks = await call(first, 'webhooks');
    const numbers = (first.control.list('work-orders') as { id: string; workOrderNo: string }[]).flatMap(
      (row) => [row.id, row.workOrderNo],
    );

    const second = await restart('excavators');
    expect(second.credentials).toEqual(first.credentials);
    expect(everything(second)).toEqual(before);
    expect(await call(second, 'webhooks')).toEqual(hooks);
    expect(hooks['results']).toHaveLength(1);
    expect(await call(second, 'requests?createdAtGreaterThan=9999999999999')).toMatchObject({
      success: false,
    });
    const { result } = (await call(second, 'work-orders', { title: 'Next', priority: 0 })) as {
      result: { id: string; workOrderNo: string };
    };
    expect(numbers).not.toContain(result.id);
    expect(numbers).not.toContain(result.workOrderNo);
    const size = second.control.list('work-orders').length;
    await call(second, 'work-orders');
    expect(second.control.list('work-orders')).toHaveLength(size + 1);
  });

  it('keeps a changed subscription', async () => {
    const first = await restart('empty');
    const { webhookId } = await call(first, 'webhooks', {
      title: 'h',
      endpoint: 'http://127.0.0.1:9/a',
      events: ['REQUEST_CREATED'],
    });
    await fetch(`${first.url}/api/v2/webhooks/${String(webhookId)}`, {
      method: 'PATCH',
      headers: { 'session-token': first.credentials['token'] ?? '', 'content-type': 'application/json' },
      body: '{"endpoint":"http://127.0.0.1:9/b"}',
    });
    const hooks = await call(await restart('empty'), 'webhooks');
    expect(hooks['results']).toMatchObject([{ id: webhookId, endpoint: 'http://127.0.0.1:9/b' }]);
  });
});
