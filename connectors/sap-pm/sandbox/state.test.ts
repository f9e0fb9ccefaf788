/** What outlives the process (kit: stateFile), seeds, and the screens of the control port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Json,
  EQUIPMENT,
  enc,
  metadataOf,
  NOTIFICATIONS,
  ORDERS,
  startClient,
  type TestClient,
} from './test-client.ts';

let folder: string;
const clients: TestClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sap-pm-state-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await rm(folder, { recursive: true });
});

async function open(seed: string, stateFile?: string): Promise<TestClient> {
  const client = await startClient({ seed, ...(stateFile === undefined ? {} : { stateFile }) });
  clients.push(client);
  return client;
}

async function texts(client: TestClient): Promise<string[]> {
  const { rows } = await client.get(`${EQUIPMENT}/Equipment?$select=ManufacturerSerialNumber`);
  return rows.map((row) => String(row['ManufacturerSerialNumber']));
}

describe('the state file', () => {
  it('brings rows, etags, number ranges and dials back', async () => {
    const file = join(folder, 'made', 'sap.state');
    const first = await open('empty', file);
    const key = await first.order();
    await first.write(
      'PATCH',
      `${ORDERS}/MaintenanceOrder('${key}')`,
      { MaintPriority: '2' },
      { 'if-match': '*' },
    );
    first.sandbox.control.setDial('pageSize', 7);
    const strip = (text: string): string => text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '');
    const before = await first.get(
      `${ORDERS}/MaintenanceOrder('${key}')?$expand=to_MaintenanceOrderOperation`,
    );
    await first.close();
    clients.length = 0;
    const second = await open('empty', file);
    const after = await second.get(
      `${ORDERS}/MaintenanceOrder('${key}')?$expand=to_MaintenanceOrderOperation`,
    );
    expect(strip(after.text)).toBe(strip(before.text));
    expect(await second.order()).toBe(String(Number(key) + 1));
    await expect(open('site:C', file)).rejects.toThrow(/seed "empty"/);
  });
});

describe('seeds', () => {
  it('give a site its machines and their repairs and replacements only', async () => {
    const site = await open('site:CD');
    expect(await texts(site)).toEqual(['RH120-C-0003', 'RH120-D-0004']);
    const other = await site.get(
      enc(
        `${ORDERS}/MaintenanceOrder/$count?$filter=MaintenanceOrderType ne 'PM01' and MaintenanceOrderType ne 'PM02'`,
      ),
    );
    expect(other.text).toBe('0');
    const all = await site.get(`${ORDERS}/MaintenanceOrder/$count`);
    expect(Number(all.text)).toBeGreaterThan(3000);
    const empty = await open('empty');
    expect((await empty.get(`${ORDERS}/MaintenanceOrder/$count`)).text).toBe('0');
    await expect(open('site:Z')).rejects.toThrow(/is unknown; use empty, excavators/);
  });

  it('give N orders for benchmarks, the same ones every time', async () => {
    const [one, two] = [await open('orders:50'), await open('orders:50')];
    const rows = async (client: TestClient): Promise<string[]> =>
      (await client.get(`${ORDERS}/MaintenanceOrder?$expand=to_MaintenanceOrderOperation`)).rows.map((row) =>
        JSON.stringify({ ...row, __metadata: null }).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, ''),
      );
    expect(await rows(one)).toHaveLength(50);
    expect(await rows(one)).toEqual(await rows(two));
  });
});

describe('the screens of the control port', () => {
  it('follow the rules, move the change time, and are not counted', async () => {
    const client = await open('site:C');
    const { control } = client.sandbox;
    const made = control.insert('MaintenanceOrder', {
      MaintenanceOrderType: 'PM02',
      MaintenanceOrderDesc: 'By hand',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      Equipment: '10000003',
    }) as Record<string, unknown>;
    const key = String(made['MaintenanceOrder']);
    const path = `${ORDERS}/MaintenanceOrder('${key}')`;
    const before = metadataOf((await client.get(path)).d).etag;
    control.change('MaintenanceOrder', key, { MaintPriority: '1', SystemStatusText: 'REL' });
    const after = (await client.get(path)).d;
    expect(after).toMatchObject({
      MaintPriority: '1',
      SystemStatusText: 'REL  MANC NTUP PRC  SETC',
      LastChangeByUser: 'JDOE',
    });
    expect(metadataOf(after).etag).not.toBe(before);
    control.insert('MaintenanceOrderOperation', { MaintenanceOrder: key, OperationDescription: 'Typed' });
    expect((await client.get(`${path}/to_MaintenanceOrderOperation/$count`)).text).toBe('2');
    control.change('MaintenanceNotification', '10000104', { NotifProcessingPhase: '4' });
    const closed = await client.get(`${NOTIFICATIONS}/MaintenanceNotification('10000104')`);
    expect(closed.d).toMatchObject({ NotifProcessingPhase: '4', ConcatenatedActiveSystStsName: 'NOCO' });
    control.change('Equipment', '10000003', { EquipmentName: 'RENAMED' });
    control.remove('MaintenanceOrderOperation', `${key},0020,`);
    expect(() => control.change('MaintenanceOrder', '1', {})).toThrow(
      'There is no record "1" in MaintenanceOrder.',
    );
    expect(() => control.insert('Nothing', {})).toThrow(/There is no object "Nothing"/);
    expect(control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
    expect(control.list('Equipment')).toMatchObject([
      { EquipmentName: 'RENAMED', ValidityEndDate: '9999-12-31' },
    ]);
  });

  it('press no button that the status of the order does not allow', async () => {
    const client = await open('empty');
    const { control } = client.sandbox;
    const key = await client.order();
    const press = (SystemStatusText: string): string =>
      String((control.change('MaintenanceOrder', key, { SystemStatusText }) as Json)['SystemStatusText']);
    expect(press('TECO')).toContain('TECO');
    expect(() => press('LKD')).toThrow('System status TECO is active');
    expect(() => press('NOEX')).toThrow('System status TECO is active');
    expect(() => press('CRTD')).toThrow('System status REL is active');
    expect(press('REL')).not.toContain('TECO');
    expect(press('LKD')).toContain('LKD');
    expect(() => control.change('MaintenanceOrder', key, { MaintPriority: '1' })).toThrow('LKD is active');
    expect(press('CLSD')).toMatch(/^CLSD(?!.*LKD)/);
    expect(() => press('NOEX')).toThrow('System status CLSD is active');
  });
});
