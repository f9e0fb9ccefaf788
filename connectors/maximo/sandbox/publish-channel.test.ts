import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startClient, type Json, type TestClient } from './test-client.ts';

/** Takes hints, or answers what `answers` says first; keeps the order of arrival. */
interface Receiver {
  url: string;
  /** Every request, also those refused. */
  arrived: Json[];
  taken: Json[];
  answers: number[];
  mostAtOnce(): number;
  until(count: number): Promise<Json[]>;
  close(): Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const [arrived, taken, answers]: [Json[], Json[], number[]] = [[], [], []];
  let [atOnce, most] = [0, 0];
  let heard = (): void => undefined;
  const server: Server = createServer((request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const hint = JSON.parse(text) as Json;
      const status = answers.shift() ?? 204;
      arrived.push(hint);
      if (status < 300) taken.push(hint);
      atOnce -= 1;
      response.writeHead(status).end();
      heard();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hints`,
    arrived,
    taken,
    answers,
    mostAtOnce: () => most,
    async until(count) {
      while (taken.length < count) await new Promise<void>((resolve) => (heard = resolve));
      return taken;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const entry of open.splice(0).reverse()) await entry.close();
});

async function start(options: Json = {}): Promise<{ client: TestClient; receiver: Receiver }> {
  const receiver = await startReceiver();
  open.push(receiver);
  const client = await startClient({ seed: 'empty' });
  open.push(client);
  client.sandbox.control.setDial('publishChannel', { endpoint: receiver.url, retryMs: 1, ...options });
  return { client, receiver };
}

const SITE = 'BEDFORD';

describe('the dial publishChannel', () => {
  it('posts one hint per commit, in order, for inserts, updates and deletes by API', async () => {
    const { client, receiver } = await start();
    const order = await client.create('mxapiwodetail', { siteid: SITE }, 'wonum,href,_rowstamp');
    await client.patch(String(order.href), { description: 'a' });
    await client.patch(String(order.href), { description: 'b', worklog: [{ description: 'c' }] });
    await client.api(
      `os/mxapiwodetail/${String(order.href).split('/').pop() ?? ''}`,
      {},
      { method: 'DELETE' },
    );
    const hints = await receiver.until(4);
    expect(hints[0]).toEqual({
      os: 'MXAPIWO',
      siteid: SITE,
      wonum: order.wonum,
      event: 'insert',
      rowstamp: order._rowstamp,
    });
    expect(hints.map(({ event, wonum }) => [event, wonum])).toEqual(
      ['insert', 'update', 'update', 'delete'].map((event) => [event, order.wonum]),
    );
    const stamps = hints.map(({ rowstamp }) => Number(rowstamp));
    expect(stamps[1]).toBeGreaterThan(stamps[0] ?? 0);
    expect(stamps[2]).toBeGreaterThan(stamps[1] ?? 0);
    expect(receiver.mostAtOnce()).toBe(1);
  });

  it('names every kind of record, and the order of a log entry or a task, also for the control port', async () => {
    const { client, receiver } = await start();
    const { control } = client.sandbox;
    const order = control.insert('mxapiwodetail', { siteid: SITE }) as Json;
    control.change('mxapiwodetail', String(order.id), { worklog: [{ description: 'Seen' }] });
    control.change('mxapiwodetail', String(order.id), { woactivity: [{ taskid: 10, description: 'Open' }] });
    const request = control.insert('mxapisr', { siteid: SITE, description: 'Noise' }) as Json;
    control.insert('mxapilocations', { siteid: SITE, location: 'HALL', description: 'Hall' });
    const asset = control.insert('mxapiasset', { siteid: SITE, assetnum: 'P1', location: 'HALL' }) as Json;
    control.insert('mxapiitem', { itemnum: 'SEAL', description: 'Not published' });
    control.remove('mxapiasset', String(asset.id));
    const hints = await receiver.until(7);
    const wo = { os: 'MXAPIWO', siteid: SITE, wonum: order.wonum };
    expect(hints).toMatchObject([
      { ...wo, event: 'insert' },
      { ...wo, event: 'update' },
      { ...wo, event: 'update' },
      { os: 'MXAPISR', siteid: SITE, class: 'SR', ticketid: request.ticketid, event: 'insert' },
      { os: 'MXAPILOCATIONS', siteid: SITE, location: 'HALL', event: 'insert' },
      { os: 'MXAPIASSET', siteid: SITE, assetnum: 'P1', event: 'insert' },
      { os: 'MXAPIASSET', siteid: SITE, assetnum: 'P1', event: 'delete' },
    ]);
  });

  it('says nothing of a write that was refused', async () => {
    const { client, receiver } = await start();
    const refused = await client.api(
      'os/mxapiwodetail',
      {},
      {
        method: 'POST',
        json: { siteid: SITE, worklog: [{ description: 'x', logtype: 'NONE' }], assetnum: 'NONE' },
      },
    );
    expect(refused.status).toBe(400);
    await client.create('mxapiwodetail', { siteid: SITE });
    expect((await receiver.until(1)).map(({ event }) => event)).toEqual(['insert']);
    expect(receiver.arrived).toHaveLength(1);
  });

  it('holds the queue until a hint is taken', async () => {
    const { client, receiver } = await start();
    receiver.answers.push(503, 302, 404);
    const first = await client.create('mxapiwodetail', { siteid: SITE }, 'wonum');
    const second = await client.create('mxapiwodetail', { siteid: SITE }, 'wonum');
    await receiver.until(2);
    expect(receiver.arrived.map(({ wonum }) => wonum)).toEqual([
      ...Array.from({ length: 4 }, () => first.wonum),
      second.wonum,
    ]);
  });

  it('gives a hint up after triesMax and goes on with the next', async () => {
    const { client, receiver } = await start({ triesMax: 2 });
    receiver.answers.push(500, 500);
    await client.create('mxapiwodetail', { siteid: SITE });
    const second = await client.create('mxapiwodetail', { siteid: SITE }, 'wonum');
    expect(await receiver.until(1)).toMatchObject([{ wonum: second.wonum }]);
    expect(receiver.arrived).toHaveLength(3);
  });

  it('stops at endpoint null and refuses what is no address', async () => {
    const { client, receiver } = await start();
    const { control } = client.sandbox;
    control.setDial('publishChannel', { endpoint: null });
    await client.create('mxapiwodetail', { siteid: SITE });
    control.setDial('publishChannel', { endpoint: receiver.url });
    const second = await client.create('mxapiwodetail', { siteid: SITE }, 'wonum');
    expect(await receiver.until(1)).toMatchObject([{ wonum: second.wonum }]);
    expect(() => control.setDial('publishChannel', { endpoint: 'ftp://x' })).toThrow(/endpoint/);
    expect(() => control.setDial('publishChannel', 7)).toThrow(/endpoint/);
  });

  it('keeps the dial and the hints nobody took over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maximo-hints-'));
    open.push({ close: () => rm(folder, { recursive: true }) });
    const receiver = await startReceiver();
    open.push(receiver);
    const options = { seed: 'empty', stateFile: join(folder, 'state') };
    const first = await startClient(options);
    // Nobody listens on the port of a sandbox that has no such path: 404, never 2xx.
    const deaf = `${first.sandbox.url}/nowhere`;
    first.sandbox.control.setDial('publishChannel', { endpoint: deaf, retryMs: 60_000 });
    const order = await first.create('mxapiwodetail', { siteid: SITE }, 'wonum');
    await first.close();
    const second = await startClient(options);
    open.push(second);
    second.sandbox.control.setDial('publishChannel', { endpoint: receiver.url });
    const next = await second.create('mxapiwodetail', { siteid: SITE }, 'wonum');
    expect((await receiver.until(2)).map(({ wonum }) => wonum)).toEqual([order.wonum, next.wonum]);
  });
});
