/** Schemas and drift over the API, with a real SAP sandbox that loses a field. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../domain/json.ts';
import { newId } from '../../../../domain/id.ts';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import type { PlantConnection } from '../../../../test/support/plant.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';

interface Drift extends JsonObject {
  id: string;
  direction: string;
}

describe('schemas', () => {
  let api: TestApi;
  let sap: PlantConnection;
  let base: string;
  beforeAll(async () => {
    api = await openTestApi();
    sap = await api.plant.connect('sap_pm', { seed: 'empty' });
    base = `/cmms/connections/${sap.id}`;
    sap.sandbox.control.insert('MaintenanceOrder', {
      MaintenanceOrderDesc: 'Seal leaks',
      MaintenanceOrderType: 'PM01',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: '1000',
      MaintPriority: '2',
    });
    await api.plant.pass(sap, { entities: ['work_order'] });
  });
  afterAll(async () => {
    expect(api.bugs).toEqual([]);
    await api.close();
  });
  const drift = async (query = ''): Promise<Drift[]> =>
    (await api.call('GET', `${base}/drift${query}`)).json<{ drift: Drift[] }>().drift;
  const discover = async (): Promise<JsonObject> =>
    (await api.call('POST', `${base}/discover`)).json<{ result: JsonObject }>().result;

  it('shows nothing before anybody looked, then every entity that SAP describes', async () => {
    expect((await api.call('GET', `${base}/schema`)).json()).toMatchObject({ looked_at: null, entities: [] });
    expect(await discover()).toEqual({ failure: null, found: 0, ended: 0 });
    const body = (await api.call('GET', `${base}/schema`)).json<{ entities: JsonObject[] }>();
    const order = body.entities.find(({ entity }) => entity === 'work_order');
    expect(order).toMatchObject({
      object: 'MaintenanceOrder',
      source: 'metadata',
      fields: { MaintenanceOrderDesc: { type: 'text', maxLength: 40 } },
    });
  });

  it('lists what a change of the schema holds, says so in explain, and lets people acknowledge and release it', async () => {
    sap.sandbox.control.setDial('removeFields', ['MaintenanceOrder.MaintPriority']);
    expect(await discover()).toEqual({ failure: null, found: 2, ended: 0 });
    const [pull, push] = (await drift()).sort((a, b) => (a.direction < b.direction ? -1 : 1));
    expect([pull, push]).toMatchObject([
      { entity: 'work_order', direction: 'pull', rule: 'priority', kind: 'lost', effect: 'held' },
      { entity: 'work_order', direction: 'push', rule: 'MaintPriority', fields: ['priority'] },
    ]);
    const records = await api.call('GET', `/links?connection_id=${sap.id}&entity=work_order`);
    const [{ record } = { record: '' }] = records.json<{ links: { record: string }[] }>().links;
    const explained = (await api.call('GET', `/records/${record}/explain`)).json<{
      explanation: { fields: { field: string; value: string; views: JsonObject[] }[] };
    }>();
    const priority = explained.explanation.fields.find(({ field }) => field === 'priority');
    expect(priority).toMatchObject({ value: 'high', views: [{ state: 'held' }] });
    expect(priority?.views[0]?.['held']).toContain('MaintPriority');

    const page = (await api.call('GET', `${base}/drift?limit=1`)).json<{ next_cursor: string }>();
    expect(await drift(`?limit=1&cursor=${page.next_cursor}`)).toHaveLength(1);

    const ids = [pull?.id, push?.id];
    const known = await api.call('POST', `${base}/drift/acknowledge`, { body: { drift: ids } });
    expect(known.json()).toMatchObject({ count: 2 });
    expect((await drift())[0]).toMatchObject({ acknowledged_by: expect.any(String), resolved_at: null });

    const released = await api.call('POST', `${base}/drift/release`, { body: { drift: ids } });
    expect(released.json()).toMatchObject({ count: 2 });
    expect(await drift()).toEqual([]);
    expect(await drift('?status=all')).toMatchObject([
      { resolution: 'released' },
      { resolution: 'released' },
    ]);
    const again = await api.call('POST', `${base}/drift/release`, { body: { drift: ids } });
    expect(again.statusCode).toBe(422);
    const audit = await api.call('GET', `/audit?subject=connection/${sap.id}`);
    expect(audit.body).toContain('drift.release');
  });

  it('refuses other tenants, other roles, unknown connections and words', async () => {
    const nowhere = `/cmms/connections/${newId(Date.now())}`;
    for (const path of ['/schema', '/drift'])
      expect((await api.call('GET', nowhere + path)).statusCode).toBe(404);
    expect((await api.call('POST', `${nowhere}/discover`)).statusCode).toBe(404);
    expect((await api.call('GET', `${base}/drift?status=closed`)).statusCode).toBe(422);
    const viewer = await api.keyOf('viewer');
    expect((await api.call('POST', `${base}/discover`, { key: viewer })).statusCode).toBe(403);
    const supervisor = await api.keyOf('supervisor');
    expect((await api.call('GET', `${base}/drift`, { key: supervisor })).statusCode).toBe(200);
    const body = { drift: [newId(Date.now())] };
    expect((await api.call('POST', `${base}/drift/release`, { key: supervisor, body })).statusCode).toBe(403);

    const tenant = await ensureTenant(api.plant.store.db, { id: newId(Date.now()), slug: 'b', name: 'B' });
    const other = await createApiKey({ ...api.person, tenantId: tenant.id }, OPERATOR, {
      name: 'other',
      role: 'admin',
    });
    for (const path of ['/schema', '/drift'])
      expect((await api.call('GET', base + path, { key: other.key })).statusCode).toBe(404);
  });
});
