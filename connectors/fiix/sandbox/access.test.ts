/** Who is let in: signatures, guests, rights, budget, and what comes back when the network or the vendor fails. */
import { request as open } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SandboxRequest } from '../../kit/sandbox/index.ts';
import { senderOf, sign, type Keys } from './signature.ts';
import { call } from '../../kit/sandbox/test-client.ts';
import { orderFields, replyOf, startClient, type Json, type Reply, type TestClient } from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startClient();
});
afterEach(() => client.close());

/** Sent to the sandbox under another host's name, in chunks, as the vendor's Node client does. */
function sendAs(host: string, path: string, authorization: string, body: Json): Promise<Json> {
  const { hostname, port } = new URL(client.sandbox.url);
  return new Promise((resolve, reject) => {
    const headers = { host, authorization, 'content-type': 'text/plain' };
    const outgoing = open({ hostname, port, method: 'POST', path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text) as Json));
    });
    outgoing.on('error', reject);
    outgoing.write(JSON.stringify(body));
    outgoing.end();
  });
}

const FIND = { _maCn: 'FindRequest', className: 'Priority', fields: 'id' };
const PING = { _maCn: 'RpcRequest', name: 'Ping' };

const VECTORS = [
  [
    'demo.macmms.com/api/?action=FindRequest&service=cmms&accessKey=macmmsaakpDEMO&appKey=macmmsackpDEMO&timestamp=1700000000000&signatureVersion=1&signatureMethod=HmacSHA256',
    'c7278c0cc92fdaa4d4b109c329067f0c57b4a3b3d194ded9a68859e07958fa5c',
  ],
  [
    'demo.macmms.com/api/?service=cmms&appKey=macmmsackpDEMO&accessKey=macmmsaakpDEMO&signatureMethod=HmacSHA256&signatureVersion=1',
    'a6b5c44f0e6e9edf93baf8f2c8a4b909e1e0589bb7c0047b76552c8bb43cff8c',
  ],
] as const;

describe('signatures', () => {
  it.each(VECTORS)('lets the contract’s vector in: %s', async (target, hex) => {
    expect(sign('macmmsaskpDEMO', target)).toBe(hex);
    const path = target.slice('demo.macmms.com'.length);
    const answer = await sendAs('demo.macmms.com', path, hex, FIND);
    expect(answer).toMatchObject({ _maCn: 'FindResponse', totalObjects: 5 });
    // Any parameter that is not as it was signed.
    const moved = await sendAs('demo.macmms.com', path.replace('cmms&', 'cmmx&'), hex, FIND);
    expect(moved).toMatchObject({ error: { leg: 'SERVER_REQUEST_RECEIVE', code: 1000 } });
    expect(moved).not.toHaveProperty('objects');
    const elsewhere = await sendAs('other.macmms.com', path, hex, FIND);
    expect(elsewhere).toMatchObject({ error: { code: 1000 } });
  });

  it('takes keys with letters beyond the plain ones as they are written in the address', () => {
    const keys: Keys = { accessKey: 'a/b+1', appKey: 'k y', secret: 'sécret' };
    const raw =
      'action=RpcRequest&service=cmms&accessKey=a%2Fb%2B1&appKey=k%20y&timestamp=1700000000000&signatureVersion=1&signatureMethod=HmacSHA256';
    const authorization = 'c9f0ef235680cdce1776765bef8e1037f9943d870c0d2d965ea52f41d69e95f1';
    const request: SandboxRequest = {
      method: 'POST',
      path: '/api/',
      query: new URLSearchParams(raw),
      headers: { host: '127.0.0.1:4010', authorization },
      body: Buffer.alloc(0),
      json: () => undefined,
    };
    const time = { windowMs: null, nowMs: 0 };
    expect(senderOf(request, keys, time)).toBe('signed');
    expect(senderOf(request, { ...keys, secret: 'secret' }, time)).toBe('refused');
    expect(senderOf(request, { ...keys, appKey: 'k+y' }, time)).toBe('refused');
  });

  it('refuses a wrong signature and unknown keys also for Ping, with the status of the dial', async () => {
    const { url, signature } = client.signed('RpcRequest');
    const post = async (address: string, authorization: string): Promise<Reply> =>
      replyOf(await call(address, { headers: { authorization }, json: PING }));
    expect((await post(url, signature)).error).toBeUndefined();
    const wrong = await post(
      url,
      signature.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    );
    expect(wrong).toMatchObject({ status: 200, error: { leg: 'SERVER_REQUEST_RECEIVE', code: 1000 } });
    const unknown = url.replace('macmmsaakpDEMO', 'macmmsaakpNONE');
    const target = unknown.slice('http://'.length);
    expect((await post(unknown, sign('macmmsaskpDEMO', target))).error?.code).toBe(1000);
    client.sandbox.control.setDial('refusalStatus', 401);
    expect((await post(url, 'x')).status).toBe(401);
  });

  it('accepts any timestamp, unless the dial gives a window', async () => {
    expect((await client.send(FIND)).error).toBeUndefined();
    client.sandbox.control.setDial('timestampWindowMs', 14 * 3_600_000);
    expect((await client.send(FIND)).error?.code).toBe(1000);
    client.sandbox.control.setClock(1_700_000_000_000 - Date.now());
    expect((await client.send(FIND)).error).toBeUndefined();
  });

  it('answers guests Ping and GetTimezone only', async () => {
    const url = `${client.sandbox.url}/api/?action=RpcRequest`;
    const guest = async (body: Json): Promise<Json> => (await call(url, { json: body })).body;
    expect(await guest(PING)).not.toHaveProperty('error');
    expect(await guest({ ...PING, name: 'GetTimezone', action: 'get' })).toMatchObject({
      object: { timezone: 'America/Toronto' },
    });
    expect(await guest({ ...PING, name: 'GetAccessibleSites' })).toMatchObject({ error: { code: 2100 } });
    expect(await guest(FIND)).toMatchObject({ error: { code: 1000 } });
  });
});

describe('requests nobody understands', () => {
  it.each([
    ['not JSON', '{"_maCn":'],
    ['no object', '[]'],
    ['an unknown request', '{"_maCn":"DropRequest"}'],
    ['an unknown class', '{"_maCn":"FindRequest","className":"Site"}'],
    ['a class in another case', '{"_maCn":"FindRequest","className":"asset"}'],
  ])('%s is an error of unpacking with status 200', async (_name, body) => {
    const { url, signature } = client.signed('FindRequest');
    const answer = await call(url, { headers: { authorization: signature }, body });
    expect(replyOf(answer)).toMatchObject({ status: 200, error: { leg: 'SERVER_REQUEST_UNPACK' } });
  });

  it('the path without its last slash is no endpoint', async () => {
    const { url, signature } = client.signed('FindRequest', '/api');
    const headers = { authorization: signature };
    const reply = replyOf(await call(url, { headers, json: FIND }));
    expect(reply.error?.leg).toBe('SERVER_REQUEST_UNPACK');
  });
});

describe('rights', () => {
  it('are refused with the code of what was asked for', async () => {
    const order = await orderFields(client);
    const { object } = await client.add('WorkOrder', order);
    client.sandbox.control.setDial('permissions', {
      add: ['WorkOrder'],
      change: ['*'],
      remove: ['WorkOrder'],
      find: ['WorkOrder'],
      rpc: ['GetTimezone'],
    });
    const codes = [
      await client.add('WorkOrder', order),
      await client.change('WorkOrder', { id: object['id'], strDescription: 'x' }),
      await client.send({ _maCn: 'RemoveRequest', className: 'WorkOrder', id: object['id'] }),
      await client.find('WorkOrder'),
      await client.send({ _maCn: 'FindByIdRequest', className: 'WorkOrder', id: object['id'] }),
      await client.send({ _maCn: 'RpcRequest', name: 'GetTimezone' }),
    ].map(({ error }) => error?.code);
    expect(codes).toEqual([2020, 2030, 2040, 2050, 2050, 2100]);
    expect((await client.find('Priority')).error).toBeUndefined();
  });

  it('by site hide rows of a find, and refuse what is named', async () => {
    const order = await orderFields(client);
    const { object } = await client.add('WorkOrder', order);
    const second = await client.idOf('Asset', 'Second Plant');
    client.sandbox.control.setDial('permissions', { sites: [second] });
    expect((await client.find('WorkOrder')).json).toMatchObject({ totalObjects: 0, objects: [] });
    const named = { _maCn: 'FindByIdRequest', className: 'WorkOrder', id: object['id'] };
    expect((await client.send(named)).error?.code).toBe(2050);
    expect((await client.add('WorkOrder', order)).error?.code).toBe(2020);
    expect((await client.add('WorkOrder', { ...order, intSiteID: second })).error).toBeUndefined();
    const sites = await client.send({ _maCn: 'RpcRequest', name: 'GetAccessibleSites', action: 'get' });
    expect(sites.object).toMatchObject({ accessibleSiteIds: [second] });
  });
});

describe('the budget', () => {
  it('counts every request of a batch, answers 429 with an advised wait, and recovers', async () => {
    const { control } = client.sandbox;
    control.setDial('budgetPerMinute', 3);
    expect((await client.batch([FIND, FIND])).error).toBeUndefined();
    const over = await client.batch([FIND, FIND]);
    expect(over.status).toBe(429);
    expect(over.json['_maCn']).toBe('BatchResponse');
    expect(over.error).toMatchObject({
      leg: 'SERVER_REQUEST_RECEIVE',
      code: 1100,
      object: { P_CLIENT_AUTO_RETRY_WAIT_ADVISORY_MS: 1500 },
    });
    expect(control.stats().violations).toBe(1);
    expect((await client.send(FIND)).status).toBe(200);
    control.setDial('adviceMs', null);
    expect((await client.send(FIND)).error?.object).toEqual({});
    control.setClock(60_000);
    expect((await client.send(FIND)).status).toBe(200);
  });
});

describe('trouble', () => {
  const orders = (): number => client.sandbox.control.list('WorkOrder').length;

  it('an empty body comes although the request was executed; a proxy page instead of it', async () => {
    const order = await orderFields(client);
    client.sandbox.control.setDial('emptyBodies', 1);
    expect(await client.add('WorkOrder', order)).toMatchObject({ status: 200, text: '' });
    expect(orders()).toBe(1);
    client.sandbox.control.setDial('html502', 1);
    expect(await client.add('WorkOrder', order)).toMatchObject({ status: 502 });
    expect(orders()).toBe(1);
    expect((await client.add('WorkOrder', order)).error).toBeUndefined();
  });

  it('faults of the kit hit before or after the work', async () => {
    const order = await orderFields(client);
    const { control } = client.sandbox;
    const once = (effect: 'reset_before' | 'drop_after_commit' | 'http_503' | 'html' | 'truncate'): void =>
      control.setFaults({ rules: [{ effect, times: 1, match: { query: 'action=AddRequest' } }] });
    once('reset_before');
    await expect(client.add('WorkOrder', order)).rejects.toThrow();
    expect(orders()).toBe(0);
    once('drop_after_commit');
    await expect(client.add('WorkOrder', order)).rejects.toThrow();
    expect(orders()).toBe(1);
    once('truncate');
    await expect(client.add('WorkOrder', order)).rejects.toThrow();
    expect(orders()).toBe(2);
    once('http_503');
    expect((await client.add('WorkOrder', order)).status).toBe(503);
    once('html');
    expect((await client.add('WorkOrder', order)).text).toContain('<html>');
    expect(orders()).toBe(2);
    control.setFaults({ rules: [{ effect: 'expire_session' }] });
    expect((await client.send(PING)).error).toBeUndefined();
  });
});
