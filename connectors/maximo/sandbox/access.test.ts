/** Keys, sessions, roots and error envelopes over real HTTP (contract section 1, 6). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorOf, members, startClient, type TestClient } from './test-client.ts';

let client: TestClient;
let password: string;

beforeAll(async () => {
  client = await startClient({ seed: 'empty' });
  password = client.sandbox.credentials.password ?? '';
});
afterAll(() => client.close());

const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('API key', () => {
  it('works on /api, as header or parameter, and says who it is', async () => {
    const who = await client.api('whoami');
    expect(who.body).toMatchObject({
      personid: 'SYNCUSER',
      loginID: 'syncuser',
      defaultSite: 'BEDFORD',
      insertOrg: 'EAGLENA',
    });
    const key = client.sandbox.credentials.apiKey ?? '';
    expect((await client.raw(`/maximo/api/whoami?lean=1&apikey=${key}`)).status).toBe(200);
  });

  it('is refused on /oslc: hrefs must be rooted again', async () => {
    const headers = { apikey: client.sandbox.credentials.apiKey ?? '' };
    expect((await client.raw('/maximo/oslc/whoami?lean=1', { headers })).status).toBe(401);
  });

  it('is refused when wrong or expired', async () => {
    const wrong = await client.raw('/maximo/api/whoami?lean=1', { headers: { apikey: 'nonsense' } });
    expect(wrong.status).toBe(401);
    expect(errorOf(wrong)).toMatchObject({ reasonCode: 'BMXAA9549E', statusCode: '401' });
    client.sandbox.control.setDial('expiredKey', true);
    expect(errorOf(await client.api('whoami')).reasonCode).toBe('BMXAA9549E');
    client.sandbox.control.setDial('expiredKey', false);
  });

  it('fails together with the cookie the server handed out', async () => {
    const first = await client.api('whoami');
    const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(cookie).toMatch(/^JSESSIONID=/);
    const both = await client.api('whoami', {}, { headers: { cookie } });
    expect(both.status).toBe(401);
    expect(errorOf(both).reasonCode).toBe('BMXAA0021E');
  });
});

describe('sessions', () => {
  it.each(['maxauth', 'authorization'])(
    'opens one with %s and follows the cookie until logout',
    async (header) => {
      const token = encoded(`syncuser:${password}`);
      const headers = { [header]: header === 'maxauth' ? token : `Basic ${token}` };
      const login = await client.raw('/maximo/oslc/login', { method: 'POST', headers });
      expect(login.status).toBe(200);
      const cookie = login.headers.get('set-cookie') ?? '';
      // Echoed with its attributes, as one client does.
      const who = await client.raw('/maximo/oslc/whoami?lean=1', { headers: { cookie } });
      expect(who.body.personid).toBe('SYNCUSER');
      await client.raw('/maximo/oslc/logout', { headers: { cookie } });
      expect((await client.raw('/maximo/oslc/whoami?lean=1', { headers: { cookie } })).status).toBe(401);
    },
  );

  it('opens one by the form, and shows the form again for a wrong password', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = '/maximo/j_security_check';
    const good = await client.raw(path, {
      method: 'POST',
      headers,
      body: `j_username=syncuser&j_password=${password}`,
    });
    expect(good.status).toBe(302);
    expect(good.headers.get('set-cookie')).toMatch(/JSESSIONID/);
    const bad = await client.raw(path, { method: 'POST', headers, body: 'j_username=syncuser&j_password=x' });
    expect([bad.status, bad.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  it('refuses a wrong password, no credentials, and an expired session', async () => {
    const wrong = await client.raw('/maximo/oslc/login?lean=1', {
      method: 'POST',
      headers: { maxauth: encoded('syncuser:x') },
    });
    expect(errorOf(wrong).reasonCode).toBe('BMXAA7901E');
    const none = await client.raw('/maximo/oslc/whoami');
    expect(none.status).toBe(401);
    expect(none.body['oslc:Error']).toMatchObject({
      'oslc:statusCode': '401',
      'spi:reasonCode': 'BMXAA0021E',
    });
    const login = await client.raw('/maximo/oslc/', {
      headers: { MAXAUTH: encoded(`syncuser:${password}`) },
    });
    expect(login.body).toHaveProperty('maxupg');
    client.sandbox.control.expireSessions();
    const cookie = login.headers.get('set-cookie') ?? '';
    expect((await client.raw('/maximo/oslc/whoami?lean=1', { headers: { cookie } })).status).toBe(401);
  });
});

describe('sites', () => {
  it('hides records of other sites and refuses to write there', async () => {
    const order = await client.create('mxapiwo', { description: 'ours' });
    expect(order.siteid).toBe('BEDFORD');
    const headers = { maxauth: encoded('outsider:outsider-secret') };
    const theirs = await client.raw('/maximo/oslc/os/mxapiwo?lean=1&oslc.select=wonum', { headers });
    expect(members(theirs)).toEqual([]);
    const foreign = await client.raw(`/maximo/oslc/os/mxapiwo/${String(order.workorderid)}?lean=1`, {
      headers,
    });
    expect(foreign.status).toBe(404);
    const refused = await client.api(
      'os/mxapiwo',
      {},
      { method: 'POST', json: { siteid: 'HARTFORD', description: 'x' } },
    );
    expect(errorOf(refused)).toMatchObject({
      reasonCode: 'BMXAA4153E',
      errorattrname: 'siteid',
      errorobjpath: 'workorder',
    });
  });
});

describe('dials', () => {
  it('answers errors as HTML', async () => {
    client.sandbox.control.setDial('htmlErrors', true);
    const answer = await client.api('os/mxapiwo/1');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html']);
    client.sandbox.control.setDial('htmlErrors', false);
  });

  it('shows dates in the zone of the server', async () => {
    await client.create('mxapiwo', { wonum: 'ZONE', description: 'x', reportdate: '2026-03-01T12:00:00Z' });
    client.sandbox.control.setDial('zoneOffset', '-05:00');
    const query = { 'oslc.where': 'wonum="ZONE"', 'oslc.select': 'reportdate' };
    expect(members(await client.api('os/mxapiwo', query))[0]?.reportdate).toBe('2026-03-01T07:00:00-05:00');
    // Naive text means the server's zone.
    const naive = await client.api('os/mxapiwo', {
      ...query,
      'oslc.where': 'wonum="ZONE" and reportdate="2026-03-01T07:00:00"',
    });
    expect(members(naive)).toHaveLength(1);
    client.sandbox.control.setDial('zoneOffset', '+00:00');
  });

  it('lets consecutive writes share one changedate', async () => {
    const { control } = client.sandbox;
    control.setDial('equalTimestamps', 2);
    const times: unknown[] = [];
    for (const offset of [0, 60_000, 120_000]) {
      control.setClock(offset);
      times.push((await client.create('mxapiwo', { description: 'same time' })).changedate);
    }
    control.setClock(0);
    expect(times[1]).toBe(times[0]);
    expect(times[2]).not.toBe(times[0]);
  });

  it('serves stale reads and then fresh ones', async () => {
    const order = await client.create('mxapiwo', { description: 'before' });
    const query = { 'oslc.where': `wonum="${String(order.wonum)}"`, 'oslc.select': 'description' };
    client.sandbox.control.setDial('staleReads', 1);
    await client.patch(String(order.href), { description: 'after' });
    expect(members(await client.api('os/mxapiwo', query))[0]?.description).toBe('before');
    expect(members(await client.api('os/mxapiwo', query))[0]?.description).toBe('after');
  });

  it('inserts a row between two pages', async () => {
    const query = { 'oslc.select': 'wonum', 'oslc.orderBy': '-workorderid', 'oslc.pageSize': '2' };
    client.sandbox.control.setDial('insertWhilePaging', 1);
    const first = members(await client.api('os/mxapiwo', query)).map((row) => row.wonum);
    const second = members(await client.api('os/mxapiwo', { ...query, pageno: '2' })).map((row) => row.wonum);
    expect(second[0]).toBe(first[1]);
  });

  it('refuses an unknown dial', () => {
    expect(() => {
      client.sandbox.control.setDial('nosuch', 1);
    }).toThrow(/"nosuch" is unknown/);
  });
});
