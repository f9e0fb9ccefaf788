/** The odd requests of IBM's Node sdk, byte for byte where it matters (contract 7.17): a stranger's client must get on. */
import { request as open, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startClient, type Json, type TestClient } from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startClient({ seed: 'empty' });
});
afterEach(() => client.close());

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: Json;
}

/** Without a length Node sends the body in chunks, as the sdk does. */
function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> {
  const { hostname, port } = new URL(client.sandbox.url);
  return new Promise((resolve, reject) => {
    const outgoing = open({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const json = text.startsWith('{') ? (JSON.parse(text) as Json) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    outgoing.on('error', reject);
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

/** Logs in at the root with the trailing slash and returns the cookie as the sdk sends it back: attributes and all. */
async function login(): Promise<string> {
  const { user = '', password = '' } = client.sandbox.credentials;
  const maxauth = Buffer.from(`${user}:${password}`).toString('base64');
  const { status, headers } = await send('GET', '/maximo/oslc/', { maxauth });
  const cookie = headers['set-cookie']?.[0] ?? '';
  expect([status, cookie]).toEqual([200, expect.stringMatching(/^JSESSIONID=\w+; Path=\/; HttpOnly$/)]);
  return cookie;
}

async function createOrder(cookie: string): Promise<string> {
  const body = JSON.stringify({ 'spi:siteid': 'BEDFORD', 'spi:description': 'Made by the sdk' });
  const reply = await send(
    'POST',
    '/maximo/oslc/os/mxapiwodetail',
    {
      cookie,
      'content-type': 'application/json',
      'x-method-override': 'null',
      patchtype: 'null',
      properties: 'spi:wonum,spi:description,spi:siteid',
      // The sdk hands the payload to the header list as well.
      body,
    },
    body,
  );
  expect(reply.status).toBe(201);
  expect(reply.json).toMatchObject({ 'spi:siteid': 'BEDFORD', 'spi:description': 'Made by the sdk' });
  return String(reply.json['rdf:about']);
}

describe('what the Node sdk of IBM puts on the wire', () => {
  it('creates with literal "null" headers, a body header and a chunked body, and gets an address with the port', async () => {
    const href = await createOrder(await login());
    expect(href).toMatch(new RegExp(`^${client.sandbox.url}/maximo/oslc/os/mxapiwodetail/_`));
  });

  it('queries with spi: names and a list without blanks', async () => {
    const cookie = await login();
    const href = await createOrder(cookie);
    const query = new URLSearchParams({
      'oslc.where': 'spi:status in["WAPPR","APPR"] and spi:siteid="BEDFORD"',
      'oslc.select': 'spi:wonum,spi:status',
      'oslc.orderBy': '-spi:wonum',
      'oslc.pageSize': '20',
      collectioncount: '1',
      lean: '0',
    });
    const reply = await send('GET', `/maximo/oslc/os/mxapiwodetail?&${query.toString()}`, { cookie });
    expect(reply.json).toMatchObject({
      'rdfs:member': [{ 'rdf:about': href, 'spi:status': 'WAPPR' }],
      'oslc:responseInfo': { 'oslc:totalCount': 1 },
    });
  });

  it('gets a JSON body for an update, which it reads without looking', async () => {
    const cookie = await login();
    const path = new URL(await createOrder(cookie)).pathname;
    const body = JSON.stringify({ 'spi:description': 'Changed' });
    const headers = {
      cookie,
      'x-method-override': 'PATCH',
      patchtype: 'MERGE',
      properties: 'spi:description',
      body,
    };
    const reply = await send('POST', path, headers, body);
    expect([reply.status, reply.json['spi:description']]).toEqual([200, 'Changed']);
  });

  it('deletes although its DELETE carries a body nobody announced', async () => {
    const cookie = await login();
    const path = new URL(await createOrder(cookie)).pathname;
    const { hostname, port } = new URL(client.sandbox.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let heard = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (heard += chunk));
      socket.on('close', () => {
        resolve(heard);
      });
      socket.on('error', reject);
      socket.write(`DELETE ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${cookie}\r\n`);
      socket.write('Connection: close\r\n\r\nundefined');
    });
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await send('GET', path, { cookie })).status).toBe(404);
  });
});
