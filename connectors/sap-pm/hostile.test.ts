/** What an SAP system, a gateway before it or an operator can do wrong, each told in one sentence; and the CSRF handshake. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { ABSENT_ENTITY } from '../../domain/kernel/failure.ts';
import { drain } from '../kit/conformance-bench.ts';
import type { Session, WriteOutcome } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { sapPm } from './index.ts';
import { doneRecord, openStand } from './stand.fixture.ts';
import type { SapStand } from './stand.fixture.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function stand(settings: JsonObject = {}, seed = 'empty'): Promise<SapStand> {
  const opened = await openStand(settings, seed);
  closers.push(() => opened.close());
  return opened;
}

/** A server that answers as it likes. */
async function server(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const http: Server = createServer(handle);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
}

function connect(
  baseUrl: string,
  config: JsonObject = {},
  secret: JsonObject = { user: 'U', password: 'passw0rd' },
): Session {
  const session = sapPm.connect({ baseUrl, ...config }, secret, createSessionDeps());
  closers.push(() => session.close());
  return session;
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw new Error('A failure was expected.', { cause: error });
}

const NOTIFICATION = JSON.stringify({ d: { MaintenanceNotification: '1', NotificationText: 'Leak' } });
const PAGE = { cursor: null, pageSize: 10 };
const create = (session: Session): Promise<WriteOutcome[]> =>
  session.create('request', [
    {
      key: 'k',
      reference: 'CF1',
      intendedAt: new Date().toISOString(),
      payload: { NotificationText: 'Leak' },
      comments: [],
    },
  ]);

describe('the CSRF handshake', () => {
  it('one token serves all writes of all workers', async () => {
    const { session, connect: another, calls } = await stand();
    await create(session);
    await create(session);
    await create(another());
    expect(calls('GET', /API_MAINTNOTIFICATION\/$/)).toBe(1);
    expect(calls('POST', /MaintenanceNotification$/)).toBe(3);
  });

  it('an expired one is fetched again once, and the write is made once', async () => {
    const { session, sandbox } = await stand();
    await create(session);
    sandbox.control.expireSessions();
    const [outcome] = await create(session);
    expect(outcome?.outcome).toBe('done');
    expect(sandbox.control.list('MaintenanceNotification')).toHaveLength(2);
  });

  it('one that is refused again and again is one fault of the connection, with what to check', async () => {
    let posts = 0;
    const url = await server((request, response) => {
      if (request.method === 'GET') return void response.writeHead(404, { 'x-csrf-token': 'abc' }).end('{}');
      posts += 1;
      response
        .writeHead(403, { 'x-csrf-token': 'Required', 'content-type': 'text/plain' })
        .end('CSRF token validation failed');
    });
    const failure = await failureOf(create(connect(url)));
    expect(failure.kind).toBe('invalid_config');
    expect(failure.message).toBe(
      `${new URL(url).host} refuses the CSRF token of this session again and again; check that the proxy before it passes cookies on.`,
    );
    expect(posts).toBe(2);
  });

  it('sends all cookies that came with the token, and takes it from an error answer', async () => {
    const seen: (string | undefined)[] = [];
    const url = await server((request, response) => {
      if (request.method === 'POST')
        seen.push(request.headers.cookie, request.headers['x-csrf-token'] as string);
      response
        .writeHead(request.method === 'GET' ? 405 : 503, {
          'x-csrf-token': 'abc',
          'set-cookie': ['SAP_SESSIONID_X_100=1; path=/; HttpOnly', 'sap-XSRF_X_100=2; secure'],
        })
        .end('{}');
    });
    await create(connect(url));
    expect(seen).toEqual(['SAP_SESSIONID_X_100=1; sap-XSRF_X_100=2', 'abc']);
  });

  it('a refusal that leaves the header out is the same refusal, and leads to one new token', async () => {
    const tokens: unknown[] = [];
    let fetched = 0;
    const url = await server((request, response) => {
      if (request.method === 'GET' && request.headers['x-csrf-token'] === 'Fetch') {
        fetched += 1;
        return void response.writeHead(200, { 'x-csrf-token': `token ${String(fetched)}` }).end('{}');
      }
      if (request.method === 'GET') return void response.writeHead(200).end(NOTIFICATION);
      tokens.push(request.headers['x-csrf-token']);
      if (tokens.length > 1) return void response.writeHead(201).end(NOTIFICATION);
      response
        .writeHead(403, { 'content-type': 'text/plain;charset=utf-8' })
        .end('CSRF token validation failed');
    });
    const [outcome] = await create(connect(url));
    expect(outcome?.outcome).toBe('done');
    expect(tokens).toEqual(['token 1', 'token 2']);
  });

  it('a system that gives none is written to without one', async () => {
    const seen: unknown[] = [];
    let fetched = 0;
    const url = await server((request, response) => {
      if (request.headers['x-csrf-token'] === 'Fetch') fetched += 1;
      if (request.method === 'GET') return void response.writeHead(200).end(NOTIFICATION);
      seen.push(request.headers['x-csrf-token']);
      response.writeHead(201).end(NOTIFICATION);
    });
    const session = connect(url);
    expect((await create(session))[0]?.outcome).toBe('done');
    expect((await create(session))[0]?.outcome).toBe('done');
    expect([seen, fetched]).toEqual([[undefined, undefined], 1]);
  });

  it('a system that gives none and wants one is named once, not once a record', async () => {
    const url = await server((request, response) => {
      if (request.method === 'GET') return void response.writeHead(200).end('{}');
      response.writeHead(403, { 'x-csrf-token': 'Required' }).end('CSRF token required');
    });
    const failure = await failureOf(create(connect(url)));
    expect([failure.kind, failure.message]).toEqual([
      'invalid_config',
      `${new URL(url).host} wants a CSRF token for writes and gives none at /sap/opu/odata/sap/API_MAINTNOTIFICATION; check that nothing before it drops the header x-csrf-token.`,
    ]);
  });
});

describe('bad answers', () => {
  it('V4 where V2 was expected names the setting', async () => {
    const { session, sandbox } = await stand();
    sandbox.control.setDial('v4Json', true);
    const failure = await failureOf(session.pull('work_order', PAGE));
    expect([failure.kind, failure.path]).toEqual(['unexpected_response', 'services.orders']);
    expect(failure.message).toContain(
      'answered in OData V4 where OData V2 was expected; correct services.orders',
    );
  });

  it('a change date that is gone from $metadata is named', async () => {
    const { session, sandbox } = await stand({}, 'orders:3');
    sandbox.control.setDial('removeFields', ['MaintenanceOrder.LastChangeDateTime']);
    const failure = await failureOf(session.pull('work_order', PAGE));
    expect([failure.kind, failure.path]).toEqual(['unexpected_response', 'LastChangeDateTime']);
    expect(failure.message).toContain('compare the service');
  });

  it('a key that is gone is named', async () => {
    const url = await server((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ '@odata.context': 'c', value: [{ Point: '1' }] }));
    });
    const failure = await failureOf(connect(url).read('meter', ['1']));
    expect(failure.message).toContain('came without MeasuringPoint');
  });

  it('a web page with status 200 or a redirect to one is no data, and nothing is taken for applied', async () => {
    for (const status of [200, 302]) {
      const url = await server((_request, response) => {
        response
          .writeHead(status, { 'content-type': 'text/html', location: '/logon' })
          .end('<html>Logon</html>');
      });
      const failure = await failureOf(connect(url).probe());
      expect(failure.kind).toBe('unexpected_response');
      expect(failure.message).toContain(`answered ${String(status)} with a web page instead of data`);
    }
  });

  it('another client than the configured one is seen by its cookies', async () => {
    const url = await server((_request, response) => {
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'set-cookie': 'sap-usercontext=sap-client=200; path=/',
        })
        .end('{"d":{"results":[]}}');
    });
    const failure = await failureOf(connect(url, { sapClient: '100' }).probe());
    expect([failure.kind, failure.path]).toEqual(['invalid_config', 'sapClient']);
    expect(failure.message).toContain('client 200 answered');
  });

  it('a client that the system does not have is refused with its number', async () => {
    const { connect: another } = await stand();
    const failure = await failureOf(another({ sapClient: '999' }).probe());
    expect(['invalid_config', 'unauthorized']).toContain(failure.kind);
    expect(failure.message).toContain('client 999');
    expect(failure.message).toContain('sapClient');
  });

  it('a refused password is tried once, however many calls follow', async () => {
    let asked = 0;
    const url = await server((_request, response) => {
      asked += 1;
      response
        .writeHead(401, { 'www-authenticate': 'Basic', 'content-type': 'text/html' })
        .end('<html>Logon failed</html>');
    });
    const session = connect(url, { sapClient: '100' });
    for (let n = 0; n < 4; n += 1) expect((await failureOf(session.probe())).kind).toBe('unauthorized');
    expect(asked).toBe(1);
  });

  it('a refused OAuth client is unauthorized and its secret is not told', async () => {
    const { connect: another, sandbox } = await stand();
    const { clientId = '', tokenUrl = '' } = sandbox.credentials;
    const failure = await failureOf(
      another({ tokenUrl }, { clientId, clientSecret: 'not-the-secret' }).probe(),
    );
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toContain('token endpoint refused the credentials');
    expect(failure.message).not.toContain('not-the-secret');
    expect(() =>
      sapPm.connect({ baseUrl: sandbox.url }, { clientId, clientSecret: 'x' }, createSessionDeps()),
    ).toThrow('tokenUrl');
  });

  it('version 1 of the order service is refused with the path to set', async () => {
    const { connect: another } = await stand({}, 'orders:1');
    const session = another({ services: { orders: '/sap/opu/odata/sap/API_MAINTENANCEORDER' } });
    const failure = await failureOf(session.probe());
    expect([failure.kind, failure.path]).toEqual(['invalid_config', 'services.orders']);
  });

  it('a service that is not activated is told as such', async () => {
    const { session, sandbox } = await stand();
    sandbox.control.setDial('inactiveServices', ['API_EQUIPMENT']);
    const failure = await failureOf(session.pull('asset', PAGE));
    expect([failure.kind, failure.code, failure.path]).toEqual([
      'invalid_config',
      ABSENT_ENTITY,
      'services.equipment',
    ]);
    expect(failure.message).toContain('set it to false to leave them out for good');
  });

  it('an outage in the middle of an update leaves it unknown, and a record that moved is stale', async () => {
    const stands = await stand();
    const record = await stands.create('request', { NotificationText: 'Leak' });
    stands.sandbox.control.setFaults({
      rules: [{ match: { method: 'PATCH', path: '.' }, effect: 'http_503', times: 9 }],
    });
    expect((await stands.update('request', record, { NotificationText: 'x' })).outcome).toBe('unknown');
    stands.sandbox.control.clearFaults();
    expect(
      doneRecord(await stands.update('request', record, { NotificationText: 'Leak, big' })).raw,
    ).toMatchObject({
      NotificationText: 'Leak, big',
    });
    expect((await stands.update('request', record, { NotificationText: 'late' })).outcome).toBe('stale');
  });
});

describe('versions', () => {
  it('a server that refuses the very version it shows is told * once', async () => {
    const sent: (string | undefined)[] = [];
    let text = 'Leak';
    const url = await server((request, response) => {
      const headers = { 'content-type': 'application/json', 'x-csrf-token': 'abc' };
      if (request.method !== 'PATCH') {
        const d = { __metadata: { etag: 'W/"1%3A2"' }, MaintenanceNotification: '7', NotificationText: text };
        return void response.writeHead(200, headers).end(JSON.stringify({ d }));
      }
      sent.push(request.headers['if-match']);
      if (request.headers['if-match'] !== '*') return void response.writeHead(412, headers).end('{}');
      text = 'Leak, big';
      response.writeHead(204, headers).end();
    });
    const op = {
      key: 'k',
      externalId: '7',
      address: null,
      version: 'W/"1:2"',
      comments: [],
      knownComments: [],
    };
    const [outcome] = await connect(url).update('request', [
      { ...op, payload: { NotificationText: 'Leak, big' } },
    ]);
    expect(outcome?.outcome).toBe('done');
    expect(sent).toEqual(['W/"1%3A2"', '*']);
  });
});

describe('pages', () => {
  it('that the server cuts short are all read, in order, once', async () => {
    const { session, sandbox } = await stand({}, 'orders:25');
    sandbox.control.setDial('pageSize', 4);
    const { records } = await drain(session, 'work_order', null, 200);
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(25);
    expect(records).toHaveLength(25);
    expect(
      await session.read(
        'work_order',
        records.map(({ externalId }) => externalId),
      ),
    ).toHaveLength(25);
  });

  it('orders never changed since they were made have no change date, and are found all the same', async () => {
    const { session, sandbox } = await stand({}, 'orders:2');
    const first = await drain(session, 'work_order', null, 50);
    const row = sandbox.control.insert('MaintenanceOrder', {
      MaintenanceOrderDesc: 'New',
      MaintenanceOrderType: 'PM01',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: '1000',
    }) as JsonObject;
    const second = await drain(session, 'work_order', first.cursor, 50);
    expect(row['LastChangeDateTime'] ?? null).toBeNull();
    expect(second.records.map(({ externalId }) => externalId)).toContain(row['MaintenanceOrder']);
  });
});

describe('what is not there', () => {
  it('people are refused by every verb', async () => {
    const { session } = await stand();
    for (const verb of [
      () => session.pull('person', PAGE),
      () => session.read('person', ['1']),
      () => session.keys('person', null),
      () => session.remove('person', '1', null),
    ]) {
      expect((await failureOf(verb())).kind).toBe('invalid_request');
    }
    const op = { key: 'k', reference: 'R', intendedAt: new Date().toISOString(), payload: {}, comments: [] };
    expect((await session.create('person', [op]))[0]?.outcome).toBe('rejected');
    expect(await session.findCreated('person', [op])).toEqual([{ key: 'k', candidates: [] }]);
  });

  it('the metadata describes every entity but people, under the names that records have', async () => {
    const { session, create: make } = await stand();
    const order = await make('work_order', { MaintenanceOrderDesc: 'x', MaintenanceOrderType: 'PM01' });
    const schema = await session.discover?.();
    expect(schema?.source).toBe('metadata');
    expect(Object.keys(schema?.entities ?? {}).sort()).toEqual(
      ENTITIES.filter((entity) => entity !== 'person').sort(),
    );
    const fields = schema?.entities.work_order?.fields ?? {};
    expect(fields['MaintenanceOrderDesc']).toMatchObject({ type: 'text', maxLength: 40 });
    expect(fields['LastChangeDateTime']).toMatchObject({ type: 'instant' });
    const names = Object.keys(order.raw).filter((name) => !name.startsWith('_'));
    expect(names.filter((name) => !(name in fields))).toEqual([]);
  });

  it('a payload name SAP has not is refused by name, without a call', async () => {
    const { session, calls } = await stand();
    const [outcome] = await session.create('asset', [
      {
        key: 'k',
        reference: 'R',
        intendedAt: new Date().toISOString(),
        payload: { Name: 'x' },
        comments: [],
      },
    ]);
    expect(outcome && 'failure' in outcome ? outcome.failure.path : '').toBe('Name');
    expect(calls('POST', /./)).toBe(0);
  });
});
