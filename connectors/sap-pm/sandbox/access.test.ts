/** Logon, client, CSRF and what a service says about itself (contract 1). */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { enc, EQUIPMENT, ORDERS, POINTS, startClient, type TestClient } from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startClient({ seed: 'site:C' });
});
afterEach(() => client.close());

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

describe('logon', () => {
  it('refuses nobody and a wrong password with an HTML page, and locks the user after five tries', async () => {
    const nobody = await client.raw(`${ORDERS}/MaintenanceOrder?$top=1`);
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic realm=/),
    ]);
    expect(nobody.headers.get('content-type')).toMatch(/^text\/html/);
    for (let i = 0; i < 4; i += 1) {
      expect((await client.raw(ORDERS, { headers: basic('CHATTERFIX', 'no') })).status).toBe(401);
    }
    expect((await client.get(ORDERS)).status).toBe(200);
    for (let i = 0; i < 5; i += 1) await client.raw(ORDERS, { headers: basic('CHATTERFIX', 'no') });
    expect((await client.get(ORDERS)).status).toBe(401);
    client.sandbox.control.setDial('lockUserAfter', 100);
    expect((await client.get(ORDERS)).status).toBe(200);
  });

  it('gives a bearer token for client credentials, in a header or in the form, until it ends', async () => {
    const { clientId = '', clientSecret = '', tokenUrl = '' } = client.sandbox.credentials;
    const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = new URL(tokenUrl).pathname;
    const ask = {
      method: 'POST',
      headers: { ...type, ...basic(clientId, clientSecret) },
      body: form({ grant_type: 'client_credentials' }),
    };
    const given = await client.raw(path, ask);
    expect(given.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const bearer = {
      authorization: `Bearer ${String(given.body['access_token'])}`,
      accept: 'application/json',
    };
    expect((await client.raw(`${ORDERS}/MaintenanceOrder?$top=1`, { headers: bearer })).rows).toHaveLength(1);
    client.sandbox.control.setClock(3_601_000);
    expect((await client.raw(ORDERS, { headers: bearer })).status).toBe(401);
    const inForm = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    expect((await client.raw(path, { method: 'POST', headers: type, body: form(inForm) })).status).toBe(200);
    const wrong = await client.raw(path, {
      method: 'POST',
      headers: type,
      body: form({ ...inForm, client_secret: 'x' }),
    });
    expect([wrong.status, wrong.body]).toEqual([401, { error: 'invalid_client' }]);
    const grant = await client.raw(path, {
      method: 'POST',
      headers: type,
      body: form({ grant_type: 'password' }),
    });
    expect([grant.status, grant.body]).toEqual([400, { error: 'unsupported_grant_type' }]);
  });

  it('knows client 100 only, named in the query or a header', async () => {
    expect((await client.get(`${ORDERS}/MaintenanceOrder?$top=1&sap-client=100`)).status).toBe(200);
    expect((await client.get(`${ORDERS}/MaintenanceOrder?$top=1`, { 'sap-client': '100' })).status).toBe(200);
    expect((await client.get(`${ORDERS}/MaintenanceOrder?$top=1&sap-client=200`)).status).toBe(401);
    expect((await client.get(`${ORDERS}/MaintenanceOrder?$top=1`, { 'sap-client': '200' })).status).toBe(401);
  });
});

describe('the CSRF handshake', () => {
  const create = {
    MaintenanceOrderType: 'PM01',
    MaintenancePlanningPlant: '1000',
    MainWorkCenter: 'MECH-01',
  };

  it('wants token and cookies together, and answers 403 Required otherwise', async () => {
    const { 'x-csrf-token': token = '', cookie = '' } = await client.token();
    expect(token).not.toBe('');
    const attempts = [{}, { 'x-csrf-token': token }, { cookie }, { 'x-csrf-token': 'foreign', cookie }];
    for (const headers of attempts) {
      const { user = '', password = '' } = client.sandbox.credentials;
      const answer = await client.raw(`${ORDERS}/MaintenanceOrder`, {
        method: 'POST',
        json: create,
        headers: { ...basic(user, password), accept: 'application/json', ...headers },
      });
      expect([answer.status, answer.headers.get('x-csrf-token')]).toEqual([403, 'Required']);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    }
    expect((await client.write('POST', `${ORDERS}/MaintenanceOrder`, create)).status).toBe(201);
    client.sandbox.control.expireSessions();
    expect((await client.write('POST', `${ORDERS}/MaintenanceOrder`, create)).status).toBe(403);
  });

  it('hands the token out to HEAD at any address, in any letter case, and again to the same session', async () => {
    const { user = '', password = '' } = client.sandbox.credentials;
    const headers = { ...basic(user, password), 'X-CSRF-Token': 'fetch' };
    const odd = await client.raw(`${ORDERS}/ReleaseMaintenanceOrder/`, { method: 'HEAD', headers });
    expect(odd.headers.get('x-csrf-token')).toBeTruthy();
    const cookies = odd.headers.getSetCookie();
    expect(cookies.join('\n')).toMatch(/SAP_SESSIONID_S4H_100=[\s\S]*sap-XSRF_S4H_100=/);
    const cookie = cookies.map((text) => text.split(';')[0]).join('; ');
    const again = await client.raw(ORDERS, { method: 'HEAD', headers: { ...headers, cookie } });
    expect(again.headers.get('x-csrf-token')).toBe(odd.headers.get('x-csrf-token'));
    // A session is a logon of its own.
    expect((await client.raw(`${ORDERS}/MaintenanceOrder/$count`, { headers: { cookie } })).status).toBe(200);
  });
});

describe('services', () => {
  it('describe themselves: EDMX with the names of the contract, V4 with bound actions', async () => {
    const orders = await client.get(`${ORDERS}/$metadata`);
    expect(orders.headers.get('content-type')).toMatch(/^application\/xml/);
    expect(orders.text).toContain('Schema Namespace="cds_api_maintenanceorder_2"');
    expect(orders.text).toContain('<EntityType Name="MaintnanceOrderPhaseControl_Type"');
    expect(orders.text).toContain('<FunctionImport Name="SetMaintOrderStatusToUnlocked"');
    expect(orders.text).toContain('<NavigationProperty Name="to_MaintOrderOpComponent_2"');
    const old = await client.get('/sap/opu/odata/sap/API_MAINTENANCEORDER/$metadata');
    expect(old.text).toContain('Schema Namespace="cds_api_maintenanceorder"');
    expect(old.text).toContain('<NavigationProperty Name="to_MaintOrderOpComponent"');
    expect(old.text).not.toContain('MaintOrderCreationDateTime');
    expect((await client.get('/sap/opu/odata/sap/API_MAINTENANCEORDER;v=2/$metadata')).text).toContain(
      'Schema Namespace="cds_api_maintenanceorder_2"',
    );
    const points = await client.get(`${POINTS}/$metadata`);
    expect(points.text).toContain('<Action Name="DeactivateMeasuringPoint" IsBound="true"');
    expect((await client.get(EQUIPMENT)).d).toMatchObject({
      EntitySets: expect.arrayContaining(['Equipment']),
    });
  });

  it('can be missing, hidden from the user, or have lost and renamed fields', async () => {
    expect((await client.get('/sap/opu/odata/sap/API_NOTHING/X')).status).toBe(403);
    const { control } = client.sandbox;
    control.setDial('inactiveServices', ['API_EQUIPMENT']);
    const off = await client.get(`${EQUIPMENT}/Equipment`);
    expect([off.status, off.headers.get('x-csrf-token')]).toEqual([403, null]);
    expect(off.text).toContain('No service found for namespace');
    control.setDial('hiddenSets', ['MaintenanceOrder']);
    expect((await client.get(`${ORDERS}/MaintenanceOrder`)).rows).toEqual([]);
    control.setDial('hiddenSets', null);
    control.setDial('removeFields', ['MaintenanceOrder.MaintPriority']);
    control.setDial('renameFields', { 'MaintenanceOrder.CostCenter': 'CostCentre' });
    const [row] = (await client.get(`${ORDERS}/MaintenanceOrder?$top=1`)).rows;
    expect(row).toMatchObject({ CostCentre: 'PIT100' });
    expect(row).not.toHaveProperty('MaintPriority');
    expect((await client.get(`${ORDERS}/$metadata`)).text).toContain('<Property Name="CostCentre"');
    const asked = await client.get(enc(`${ORDERS}/MaintenanceOrder?$select=MaintPriority`));
    expect(asked.status).toBe(400);
    expect(() => control.setDial('nothing', 1)).toThrow(/The dial "nothing" is unknown/);
    expect(() => control.setDial('pageSize', 'many')).toThrow(/takes a number of 0 or more/);
  });
});
