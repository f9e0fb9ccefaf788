/** Adds, changes, removes, batches: what is refused, what the server adds, what else moves. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orderFields, startClient, type Json, type TestClient } from './test-client.ts';

let client: TestClient;
let order: Json;
beforeEach(async () => {
  client = await startClient();
  order = await orderFields(client);
});
afterEach(() => client.close());

async function addOrder(more: Json = {}): Promise<Json> {
  const { object, error } = await client.add('WorkOrder', { ...order, ...more });
  if (error !== undefined) throw new Error(error.message);
  return object;
}

async function addPump(strName = 'Pump 7'): Promise<number> {
  const intCategoryID = await client.idOf('AssetCategory', 'Equipment');
  const { object } = await client.add('Asset', { strName, strCode: 'P-7', intCategoryID });
  return Number(object['id']);
}

const read = async (className: string, id: unknown): Promise<Json> =>
  (await client.send({ _maCn: 'FindByIdRequest', className, id, fields: '*' })).object;

describe('an add', () => {
  it('gets number, dates, group and change time from the server, and is counted', async () => {
    const before = Date.now();
    const { json, object } = await client.add('WorkOrder', { ...order, strCode: 'mine', intUpdated: 1 });
    expect(json).toMatchObject({ _maCn: 'AddResponse', count: 1 });
    expect(object).toMatchObject({
      className: 'WorkOrder',
      strCode: '1',
      intWorkOrderStatusGroup: 101,
      bolLocked: 0,
    });
    for (const field of ['dtmDateCreated', 'dtmDateLastModified', 'intUpdated']) {
      expect(Number(object[field])).toBeGreaterThanOrEqual(before);
    }
    expect(client.sandbox.control.stats().writes.created).toEqual({ WorkOrder: 1 });
    const bare = await client.send({ _maCn: 'AddRequest', className: 'WorkOrder', object: order });
    expect(Object.keys(bare.object).sort()).toEqual(['className', 'dirty', 'id', 'new', 'uideleted']);
  });

  it.each<[string, Json]>([
    ['without its site', { intSiteID: null }],
    ['with a status that does not exist', { intWorkOrderStatusID: 99_999 }],
    ['with a temporary id nobody gave', { intPriorityID: -1 }],
    ['with a field that does not exist', { strTitle: 'x' }],
    ['with a boolean for a flag', { bolRequiresSignature: true }],
    ['with text for a number', { intPriorityID: '3' }],
    ['with a date with zone', { dtmSuggestedStartDate: '2026-01-01T00:00:00Z' }],
    ['with half a millisecond', { dtmSuggestedStartDate: 1.5 }],
  ])('%s is refused and leaves nothing', async (_name, more) => {
    const { status, error, json } = await client.add('WorkOrder', { ...order, ...more });
    expect(status).toBe(200);
    expect(error?.leg).toMatch(/^SERVER_REQUEST_(PROCESS|UNPACK)$/);
    expect(json).not.toHaveProperty('object');
    expect(client.sandbox.control.list('WorkOrder')).toEqual([]);
    expect(client.sandbox.control.stats().writes.created).toEqual({});
  });

  it('of a work order needs a place as its site', async () => {
    const { error } = await client.add('WorkOrder', { ...order, intSiteID: await addPump() });
    expect(error?.message).toContain('intSiteID');
    const building = (await client.where('Asset', 'strName = ?', 'Building 1'))[0]?.['id'];
    expect((await client.add('WorkOrder', { ...order, intSiteID: building })).error).toBeUndefined();
  });

  it('of an asset derives its kind from the category above, and is no site', async () => {
    const top = await client.idOf('AssetCategory', 'Parts And Supplies');
    const { object: seals } = await client.add('AssetCategory', { strName: 'Seals', intParentID: top });
    const { object } = await client.add('Asset', {
      strName: 'Seal',
      intCategoryID: seals['id'],
      bolIsSite: 1,
    });
    expect(object).toMatchObject({ intKind: 4, intSuperCategorySysCode: 4, bolIsSite: 0, bolIsOnline: 1 });
    client.sandbox.control.setDial('createSites', true);
    const places = await client.idOf('AssetCategory', 'Plants');
    const made = await client.add('Asset', { strName: 'New', intCategoryID: places, bolIsSite: 1 });
    expect(made.object).toMatchObject({ bolIsSite: 1, intSuperCategorySysCode: 1 });
  });

  it('of a user makes no active one', async () => {
    const user = { strFullName: 'A B', strUserName: 'ab' };
    expect((await client.add('User', { ...user, intUserStatusID: 1 })).error?.message).toContain('inactive');
    const { object } = await client.add('User', user);
    expect(object).toMatchObject({ intUserStatusID: 0 });
    const activated = await client.change('User', { id: object['id'], intUserStatusID: 1 });
    expect(activated.error).toBeDefined();
    client.sandbox.control.change('User', String(object['id']), { intUserStatusID: 1 });
    expect(await read('User', object['id'])).toMatchObject({ intUserStatusID: 1 });
  });
});

describe('a change', () => {
  it('writes what changeFields names, passes over what only the server writes, and moves on', async () => {
    const made = await addOrder({ strAdminNotes: 'old' });
    const { json, object } = await client.send({
      _maCn: 'ChangeRequest',
      className: 'WorkOrder',
      changeFields: 'strDescription, strCode, intUpdated, id',
      fields: '*',
      object: {
        id: made['id'],
        strDescription: 'new',
        strCode: 'x',
        intUpdated: 5,
        strAdminNotes: 'ignored',
      },
    });
    expect(json).toMatchObject({ _maCn: 'ChangeResponse', count: 1 });
    expect(object).toMatchObject({ strDescription: 'new', strCode: made['strCode'], strAdminNotes: 'old' });
    expect(Number(object['intUpdated'])).toBeGreaterThan(Number(made['intUpdated']));
    expect(client.sandbox.control.stats().writes.updated).toEqual({ WorkOrder: 1 });
  });

  it('clears with null, and with a field that is named but not there', async () => {
    const made = await addOrder({ strAdminNotes: 'a', strCompletionNotes: 'b' });
    const { object } = await client.send({
      _maCn: 'ChangeRequest',
      className: 'WorkOrder',
      changeFields: 'strAdminNotes,strCompletionNotes',
      fields: 'strAdminNotes,strCompletionNotes',
      object: { id: made['id'], strAdminNotes: null },
    });
    expect(object).not.toHaveProperty('strAdminNotes');
    expect(object).not.toHaveProperty('strCompletionNotes');
    expect((await client.change('WorkOrder', { id: made['id'], intSiteID: null })).error).toBeDefined();
  });

  it('of an unknown record is no error; without changeFields or id it is one', async () => {
    const unknown = await client.change('WorkOrder', { id: 99_999, strDescription: 'x' });
    expect(unknown.json).toMatchObject({ count: 0 });
    expect(unknown.json).not.toHaveProperty('object');
    expect(unknown.error).toBeUndefined();
    const body = { _maCn: 'ChangeRequest', className: 'WorkOrder', object: { id: 1 } };
    expect((await client.send(body)).error?.message).toContain('changeFields');
    expect((await client.change('WorkOrder', { strDescription: 'x' })).error?.message).toContain('id');
  });

  it('twice in one millisecond still moves intUpdated, unless the dial lets times be equal', async () => {
    const { id } = await addOrder();
    const times: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const { object } = await client.change('WorkOrder', { id, strDescription: `${i}` });
      times.push(Number(object['intUpdated']));
    }
    expect(new Set(times).size).toBe(5);
    client.sandbox.control.setClock(-3_600_000);
    const { object } = await client.change('WorkOrder', { id, strDescription: 'late' });
    expect(Number(object['intUpdated'])).toBe((times.at(-1) ?? 0) + 1);
    client.sandbox.control.setClock(0);
    client.sandbox.control.setDial('equalTimestamps', 3);
    const made = await Promise.all([addOrder(), addOrder(), addOrder()]);
    expect(new Set(made.map(({ intUpdated }) => intUpdated)).size).toBe(1);
  });
});

describe('the status of a work order', () => {
  it('may become any other, with group and history', async () => {
    const made = await addOrder();
    const closed = await client.idOf('WorkOrderStatus', 'Closed, Completed');
    const { object } = await client.change('WorkOrder', { id: made['id'], intWorkOrderStatusID: closed });
    expect(object).toMatchObject({ intWorkOrderStatusGroup: 102, statusId: closed });
    expect(object).not.toHaveProperty('dtmDateCompleted');
    const back = await client.change('WorkOrder', { id: made['id'], intWorkOrderStatusID: made['statusId'] });
    expect(back.object).toMatchObject({ intWorkOrderStatusGroup: 101 });
    const history = await client.where('WorkOrderStatusTransition', 'intWorkOrderID = ?', made['id']);
    expect(history.map((row) => [row['intFromWorkOrderStatusID'], row['intToWorkOrderStatusID']])).toEqual([
      [made['statusId'], closed],
      [closed, made['statusId']],
    ]);
    expect((await client.add('WorkOrderStatusTransition', { dtmDate: 1 })).error).toBeDefined();
  });

  it('closes as the dials say: date set, notes needed, locked afterwards', async () => {
    const { control } = client.sandbox;
    for (const dial of ['closeSetsCompleted', 'notesForced', 'closedLocked']) control.setDial(dial, true);
    const { id } = await addOrder();
    const intWorkOrderStatusID = await client.idOf('WorkOrderStatus', 'Closed, Incomplete');
    const bare = await client.change('WorkOrder', { id, intWorkOrderStatusID });
    expect(bare.error?.message).toContain('notes');
    const done = await client.change('WorkOrder', { id, intWorkOrderStatusID, strCompletionNotes: 'ok' });
    expect(Number(done.object['dtmDateCompleted'])).toBeGreaterThan(0);
    expect((await client.change('WorkOrder', { id, strDescription: 'x' })).error?.message).toContain(
      'closed',
    );
    expect(control.change('WorkOrder', String(id), { strDescription: 'by hand' })).toMatchObject({
      strDescription: 'by hand',
    });
  });
});

describe('what hangs together', () => {
  it('texts of a work order follow its links and their names, without moving its change time', async () => {
    const made = await addOrder();
    const { id } = made;
    const pump = await addPump();
    const user = client.sandbox.control.insert('User', { strFullName: 'Jo Doe', strUserName: 'jo' }) as Json;
    const link = await client.add('WorkOrderAsset', { intWorkOrderID: id, intAssetID: pump });
    await client.add('WorkOrderUser', { intWorkOrderID: id, intUserID: user['id'] });
    const full = await read('WorkOrder', id);
    expect(full).toMatchObject({
      strAssetIds: ` ${pump} `,
      strAssets: 'Pump 7 (P-7)',
      strAssignedUserIds: ` ${String(user['id'])} `,
      strAssignedUsers: 'Jo Doe',
      intUpdated: made['intUpdated'],
    });
    await client.change('Asset', { id: pump, strName: 'Pump 9' });
    expect(await read('WorkOrder', id)).toMatchObject({ strAssets: 'Pump 9 (P-7)' });
    await client.send({ _maCn: 'RemoveRequest', className: 'WorkOrderAsset', id: link.object['id'] });
    expect(await read('WorkOrder', id)).not.toHaveProperty('strAssetIds');
    client.sandbox.control.setDial('childMovesParent', true);
    await client.add('WorkOrderTask', { intWorkOrderID: id, strDescription: 'Look' });
    expect(Number((await read('WorkOrder', id))['intUpdated'])).toBeGreaterThan(Number(made['intUpdated']));
  });

  it('a removed record takes its children along, empties references, and stays when it is needed', async () => {
    const { id } = await addOrder();
    const pump = await addPump();
    await client.add('WorkOrderAsset', { intWorkOrderID: id, intAssetID: pump });
    const part = { strName: 'Impeller', intCategoryID: await client.idOf('AssetCategory', 'Equipment') };
    const { object: child } = await client.add('Asset', { ...part, intAssetParentID: pump });
    const drop = (className: string, of: unknown): ReturnType<TestClient['send']> =>
      client.send({ _maCn: 'RemoveRequest', className, id: of });
    expect((await drop('Asset', order['intSiteID'])).error?.message).toContain('used by WorkOrder');
    expect((await drop('Asset', pump)).json).toMatchObject({ _maCn: 'RemoveResponse', count: 1 });
    expect(await client.where('WorkOrderAsset', 'intWorkOrderID = ?', id)).toEqual([]);
    expect(await read('Asset', child['id'])).not.toHaveProperty('intAssetParentID');
    expect((await drop('Asset', pump)).json).toMatchObject({ count: 0 });
    expect(client.sandbox.control.stats().writes.deleted).toEqual({ Asset: 1 });
  });

  it('stock totals reach the part, and the ledger is written when stock may be changed', async () => {
    const intCategoryID = await client.idOf('AssetCategory', 'Parts And Supplies');
    const { object: part } = await client.add('Asset', { strName: 'Seal', intCategoryID });
    const places = { intAssetID: part['id'], intFacilityID: order['intSiteID'] };
    const { object: stock } = await client.add('Stock', { ...places, qtyOnHand: 4.5, qtyMinQty: 1 });
    expect(await read('Asset', part['id'])).toMatchObject({ qtyStockCount: 4.5, qtyMinStockCount: 1 });
    const taken = { id: stock['id'], qtyOnHand: 3 };
    expect((await client.change('Stock', taken)).error).toBeDefined();
    expect((await client.change('Stock', { id: stock['id'], qtyMinQty: 2 })).error).toBeUndefined();
    client.sandbox.control.setDial('stockWritable', true);
    expect((await client.change('Stock', taken)).error).toBeUndefined();
    const history = await client.where('StockHistory', 'intStockID = ?', stock['id']);
    expect(history.map(({ qtyBefore, qtyAfter }) => [qtyBefore, qtyAfter])).toEqual([
      [0, 4.5],
      [4.5, 3],
    ]);
  });

  it('triggers are not written, readings come back with the asset', async () => {
    const { object: plan } = await client.add('ScheduledMaintenance', { strDescription: 'Grease' });
    expect(plan).toMatchObject({ strCode: 'SM1', intScheduledMaintenanceStatusID: 0 });
    const trigger = { intScheduledMaintenanceID: plan['id'], strType: 't' };
    expect((await client.add('ScheduleTrigger', trigger)).error?.message).toContain('ScheduleTrigger');
    const pump = await addPump();
    const unit = await client.idOf('MeterReadingUnit', 'Hours');
    for (const [dblMeterReading, dtmDateSubmitted] of [
      [20, 2_000],
      [10, 1_000],
    ]) {
      const reading = { intAssetID: pump, intMeterReadingUnitsID: unit, dblMeterReading, dtmDateSubmitted };
      expect((await client.add('MeterReading', reading)).error).toBeUndefined();
    }
    const filters = [{ ql: 'id = ?', parameters: [pump] }];
    const { objects } = await client.find('Asset', { fields: 'cf_getLatestReadingsFor', filters });
    expect(objects[0]).toMatchObject({
      extraFields: { cf_getLatestReadingsFor: { returnObjects: [{ dblMeterReading: 20 }] } },
    });
  });
});

describe('a batch', () => {
  const add = (className: string, object: Json): Json => ({
    _maCn: 'AddRequest',
    className,
    fields: '*',
    object,
  });
  const bad = add('WorkOrder', { strDescription: 'no site' });

  it('resolves temporary ids and answers in order with the real ones', async () => {
    const pump = await addPump();
    const { json } = await client.batch([
      add('WorkOrder', { ...order, id: -1 }),
      add('WorkOrderAsset', { id: -2, intWorkOrderID: -1, intAssetID: pump }),
      {
        _maCn: 'ChangeRequest',
        className: 'WorkOrder',
        changeFields: 'strDescription',
        fields: 'id,strAssets',
        object: { id: -1, strDescription: 'second' },
      },
      { _maCn: 'RpcRequest', name: 'Ping' },
    ]);
    const [first, link, change, ping] = json['responses'] as { _maCn: string; object: Json }[];
    const id = first?.object['id'];
    expect(id).toBeGreaterThan(0);
    expect(link?.object).toMatchObject({ intWorkOrderID: id, intAssetID: pump });
    expect(change).toMatchObject({ _maCn: 'ChangeResponse', object: { id, strAssets: 'Pump 7 (P-7)' } });
    expect(ping).toMatchObject({ _maCn: 'RpcResponse' });
    expect(ping).not.toHaveProperty('serverVersion');
  });

  it('with a failure undoes everything and answers up to it', async () => {
    const made = await addOrder();
    const change = {
      _maCn: 'ChangeRequest',
      className: 'WorkOrder',
      changeFields: 'strDescription',
      object: { id: made['id'], strDescription: 'undone' },
    };
    client.sandbox.control.resetStats();
    for (const more of [{}, { singleTransaction: true }, { txMode: { code: 0 } }]) {
      const reply = await client.batch([add('WorkOrder', order), change, bad, change], more);
      expect(reply.error?.message).toContain('intSiteID');
      const responses = reply.json['responses'] as Json[];
      expect(responses).toHaveLength(3);
      expect(responses[2]).toMatchObject({ error: { leg: 'SERVER_REQUEST_PROCESS' } });
    }
    expect(client.sandbox.control.list('WorkOrder')).toHaveLength(1);
    expect(await read('WorkOrder', made['id'])).toEqual({ ...made });
    expect(client.sandbox.control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
  });

  it.each<[string, Json]>([
    ['singleTransaction', { singleTransaction: false }],
    ['txMode', { txMode: { code: 1, name: 'separate' } }],
    ['the dial', {}],
  ])('goes on after a failure when %s says each on its own', async (name, more) => {
    if (name === 'the dial') client.sandbox.control.setDial('batchMode', 'separate');
    const reply = await client.batch([add('WorkOrder', order), bad, add('WorkOrder', order)], more);
    expect(reply.error).toBeUndefined();
    const responses = reply.json['responses'] as Json[];
    expect(responses.map((one) => Object.hasOwn(one, 'error'))).toEqual([false, true, false]);
    expect(client.sandbox.control.list('WorkOrder')).toHaveLength(2);
  });

  it('needs requests, none of which is a batch', async () => {
    const empty = await client.batch([]);
    expect(empty.error?.code).toBe(3000);
    expect(empty.json).not.toHaveProperty('responses');
    const nested = await client.batch([{ _maCn: 'BatchRequest', requests: [add('WorkOrder', order)] }]);
    expect(nested.error?.leg).toBe('SERVER_REQUEST_UNPACK');
    client.sandbox.control.setDial('batchMax', 1);
    expect((await client.batch([add('WorkOrder', order), add('WorkOrder', order)])).error).toBeDefined();
  });
});
