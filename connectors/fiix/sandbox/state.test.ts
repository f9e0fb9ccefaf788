/** Seeds, the control port, and the state file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orderFields, startClient, type Json, type TestClient } from './test-client.ts';

let folder: string;
let running: TestClient | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fiix-state-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await rm(folder, { recursive: true });
});

async function start(seed: string, stateFile?: string): Promise<TestClient> {
  await running?.close();
  running = await startClient(stateFile === undefined ? { seed } : { seed, stateFile });
  return running;
}

function everything({ sandbox: { control } }: TestClient): unknown {
  return Object.fromEntries(control.objects().map((object) => [object, control.list(object)]));
}

describe('seeds', () => {
  it('empty has reference data and places only', async () => {
    const { control } = (await start('empty')).sandbox;
    const counts = Object.fromEntries(
      control.objects().flatMap((object) => {
        const { length } = control.list(object);
        return length === 0 ? [] : [[object, length]];
      }),
    );
    expect(counts).toMatchObject({ WorkOrderStatus: 8, Priority: 5, AssetCategory: 10, Asset: 4, User: 2 });
    expect(counts).not.toHaveProperty('WorkOrder');
  });

  it('excavators has all machines and orders; a site has the same ones of its machines', async () => {
    const all = await start('excavators');
    const serials = async (client: TestClient): Promise<unknown[]> =>
      (await client.where('Asset', 'strSerialNumber IS NOT NULL')).map((row) => row['strSerialNumber']);
    expect(await serials(all)).toEqual(['A', 'B', 'C', 'D', 'E'].map((l, i) => `RH120-${l}-000${i + 1}`));
    expect((await all.find('WorkOrder')).json['totalObjects']).toBe(5485 + 5);
    const shown = ['strDescription', 'dtmDateCreated', 'dtmDateCompleted', 'intWorkOrderStatusGroup'];
    const ofC = async (client: TestClient): Promise<Json[]> => {
      const filters = [{ ql: 'strAssets LIKE ?', parameters: ['%(SHV-C)%'] }];
      const { objects } = await client.find('WorkOrder', { fields: shown.join(), filters, orderBy: 'id' });
      return objects;
    };
    const expected = await ofC(all);
    const open = expected.filter((row) => row['intWorkOrderStatusGroup'] === 101);
    expect(open.length).toBeGreaterThan(0);
    const site = await start('site:C');
    expect(await serials(site)).toEqual(['RH120-C-0003']);
    expect(await ofC(site)).toEqual(expected);
    expect((await site.find('WorkOrder')).json['totalObjects']).toBe(expected.length);
  });

  it.each(['site:', 'site:CZ', 'site:CC', 'orders:x', 'nosuch'])('there is no %s', async (seed) => {
    await expect(start(seed)).rejects.toThrow('use empty, excavators');
  });
});

describe('the control port', () => {
  it('edits as a person: moves the change time, is not counted, may more than a program', async () => {
    const client = await start('empty');
    const { control } = client.sandbox;
    const order = control.insert('WorkOrder', await orderFields(client)) as Json;
    const changed = control.change('WorkOrder', String(order['id']), { strAdminNotes: 'seen' }) as Json;
    expect(Number(changed['intUpdated'])).toBeGreaterThan(Number(order['intUpdated']));
    expect(control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
    const category = (control.list('AssetCategory') as Json[]).find((row) => row['strName'] === 'Plants');
    const site = control.insert('Asset', { strName: 'Third', bolIsSite: 1, intCategoryID: category?.['id'] });
    expect(site).toMatchObject({ bolIsSite: 1, intSuperCategorySysCode: 1 });
    expect(() => control.insert('WorkOrder', { strDescription: 'nowhere' })).toThrow('intSiteID');
    expect(() => control.insert('Site', {})).toThrow('There is no object "Site"');
    control.remove('WorkOrder', String(order['id']));
    expect(control.list('WorkOrder')).toEqual([]);
    expect(() => control.setDial('nosuch', 1)).toThrow('nosuch');
  });

  it('can open further calls with the shapes the vendor’s client reads', async () => {
    const client = await start('site:A');
    const call = (name: string, more: Json = {}): Promise<Json> =>
      client.send({ _maCn: 'RpcRequest', name, ...more }).then(({ json }) => json);
    expect(await call('GetPermissions')).toMatchObject({ error: { leg: 'SERVER_REQUEST_PROCESS' } });
    client.sandbox.control.setDial('moreRpcs', true);
    client.sandbox.control.setDial('customFields', [{ fieldName: 'shift', fieldType: 'text' }]);
    expect(await call('GetPermissions', { action: 'get' })).toMatchObject({
      object: { permissionsDescriptor: { isAdministrator: true } },
    });
    expect(await call('CustomFields', { action: 'getWorkOrderCustomFieldsMetaData' })).toMatchObject({
      object: { returnObjects: [{ fieldName: 'shift' }] },
    });
    const [shovel] = await client.where('Asset', 'strCode = ?', 'SHV-A');
    const parents = await call('AssetResolved', {
      action: 'getAssetParents',
      parameters: { descendantID: shovel?.['id'], pageNumber: 1, pageSize: 10 },
    });
    expect(parents).toMatchObject({
      object: { dataList: [{ strName: 'North Pit (PIT-N)' }, { strName: 'Pit Mine (PITMINE)' }] },
    });
  });
});

describe('the state file', () => {
  it('brings rows, numbers, files and dials back; new records get new ids', async () => {
    const stateFile = join(folder, 'fiix.state');
    const first = await start('empty', stateFile);
    const order = await orderFields(first);
    const { object } = await first.add('WorkOrder', order);
    first.sandbox.control.insert('FileContents', { strName: 'a', strContents: 'AAEC' });
    first.sandbox.control.setDial('pageCap', 7);
    const before = everything(first);
    const second = await start('empty', stateFile);
    expect(everything(second)).toEqual(before);
    expect((await second.find('AssetCategory', { maxObjects: 100 })).objects).toHaveLength(7);
    const next = (await second.add('WorkOrder', order)).object;
    expect(next['id']).toBe(Number(object['id']) + 1);
    expect(next['strCode']).toBe('2');
  });
});
