import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { startUpkeepSandbox } from './index.ts';

interface Delivery {
  path: string;
  body: Record<string, unknown>;
}

let sandbox: RunningSandbox;
let receiver: Server;
let endpoint: string;
let received: Delivery[];
/** How the receiver answers the next deliveries; 200 when none is left. */
let answers: number[];

beforeEach(async () => {
  sandbox = await startUpkeepSandbox({ seed: 'empty' });
  sandbox.control.setDial('webhooks', { retryMs: 0 });
  received = [];
  answers = [];
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url ?? '', body: JSON.parse(body) as Delivery['body'] });
      response.writeHead(answers.shift() ?? 200).end();
      receiver.emit('delivery');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await sandbox.close();
  receiver.closeAllConnections();
  receiver.close();
});

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { 'session-token': sandbox.credentials['token'] ?? '', 'content-type': 'application/json' };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return (await (await fetch(`${sandbox.url}/api/v2${path}`, init)).json()) as Record<string, unknown>;
}

async function deliveries(count: number): Promise<Delivery[]> {
  while (received.length < count) await once(receiver, 'delivery');
  return received;
}

function subscribe(event: string): Promise<Record<string, unknown>> {
  return call('POST', '/webhooks', { title: event, endpoint: `${endpoint}/${event}`, events: [event] });
}

describe('webhooks', () => {
  it('deliver the record for each event, the id alone for deletes', async () => {
    for (const event of ['CREATED', 'UPDATED', 'STATUS_UPDATED', 'DELETED'])
      await subscribe(`WORK_ORDER_${event}`);
    const { result } = (await call('POST', '/work-orders', { title: 'a' })) as { result: { id: string } };
    await deliveries(1);
    await call('PATCH', `/work-orders/${result.id}`, { status: 'onHold' });
    await deliveries(3);
    // A person's edit fires like a client's.
    sandbox.control.remove('work-orders', result.id);
    const all = await deliveries(4);
    expect(all[0]).toMatchObject({
      path: '/WORK_ORDER_CREATED',
      body: { id: result.id, title: 'a', status: 'open' },
    });
    expect(
      all
        .slice(1, 3)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/WORK_ORDER_STATUS_UPDATED', '/WORK_ORDER_UPDATED']);
    expect(all[3]).toEqual({ path: '/WORK_ORDER_DELETED', body: { id: result.id } });
  });

  it('deliver a request and its approval', async () => {
    await subscribe('REQUEST_CREATED');
    await subscribe('REQUEST_APPROVED');
    const { result } = (await call('POST', '/requests', { title: 'a' })) as { result: { id: string } };
    await deliveries(1);
    await call('PATCH', `/requests/${result.id}/approve`);
    expect((await deliveries(2))[1]).toMatchObject({
      path: '/REQUEST_APPROVED',
      body: { status: 'approved' },
    });
  });

  it('try three times', async () => {
    await subscribe('WORK_ORDER_CREATED');
    answers = [500, 503, 500, 200];
    await call('POST', '/work-orders', { title: 'a' });
    await deliveries(3);
    // A fourth try would be under way by now; each of these is a round trip behind it.
    for (const title of ['b', 'c', 'd']) {
      await call('POST', '/work-orders', { title });
      while (!received.some(({ body }) => body['title'] === title)) await once(receiver, 'delivery');
    }
    expect(received.map(({ body }) => body['title'])).toEqual(['a', 'a', 'a', 'b', 'c', 'd']);
  });

  it('duplicate, delay and drop by dial', async () => {
    await subscribe('WORK_ORDER_CREATED');
    sandbox.control.setDial('webhooks', { drop: 1 });
    await call('POST', '/work-orders', { title: 'lost' });
    sandbox.control.setDial('webhooks', { duplicate: 2, delayMs: 5 });
    await call('POST', '/work-orders', { title: 'thrice' });
    expect((await deliveries(3)).map(({ body }) => body['title'])).toEqual(['thrice', 'thrice', 'thrice']);
  });

  it('are listed, changed, removed, and refused when wrong', async () => {
    const { webhookId } = (await subscribe('WORK_ORDER_CREATED')) as { webhookId: string };
    expect(await call('GET', '/webhooks')).toMatchObject({
      results: [{ id: webhookId, events: ['WORK_ORDER_CREATED'] }],
    });
    await call('PATCH', `/webhooks/${webhookId}`, { events: ['WORK_ORDER_DELETED'] });
    expect(await call('GET', `/webhooks/${webhookId}`)).toMatchObject({
      result: { events: ['WORK_ORDER_DELETED'] },
    });
    expect(await call('DELETE', `/webhooks/${webhookId}`)).toMatchObject({ success: true });
    expect(await call('DELETE', `/webhooks/${webhookId}`)).toMatchObject({ message: 'webhook not found' });
    const bad = { title: 'a', endpoint: 'nowhere', events: ['WORK_ORDER_CREATED'] };
    expect(await call('POST', '/webhooks', bad)).toMatchObject({ message: 'endpoint must be a URL' });
    expect(await call('POST', '/webhooks', { ...bad, endpoint, events: ['ASSET_CREATED'] })).toMatchObject({
      success: false,
    });
  });
});
