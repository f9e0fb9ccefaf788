/** Finds: fields, the ql language, order and pages, display and calculated values. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startClient, type Json, type TestClient } from './test-client.ts';

let client: TestClient;
let site: number;
beforeAll(async () => {
  client = await startClient();
  const { control } = client.sandbox;
  site = await client.idOf('Asset', 'Main Plant');
  const intCategoryID = await client.idOf('AssetCategory', 'Equipment');
  for (const [strName, strCode, strMake] of [
    ['Pump 7', 'P-7', 'KSB'],
    ['pump 8', 'P-8', undefined],
    ['Fan_1', 'F%1', 'Ziehl'],
    ["O'Brien's press", undefined, 'KSB'],
  ] as const) {
    control.insert('Asset', { strName, strCode, strMake, intCategoryID, intSiteID: site });
  }
});
afterAll(() => client.close());

async function names(ql: string, ...parameters: unknown[]): Promise<unknown[]> {
  const filters = [{ ql: `(${ql}) AND intKind = 2`, parameters }];
  const { objects, error } = await client.find('Asset', { fields: 'strName', orderBy: 'id', filters });
  if (error !== undefined) throw new Error(error.message);
  return objects.map(({ strName }) => strName);
}

describe('ql', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['strName = ?', ['Pump 7'], ['Pump 7']],
    ['strName = ?', ['PUMP 7'], []],
    ['STRNAME = ? or strCODE = ?', ['Pump 7', 'P-8'], ['Pump 7', 'pump 8']],
    ["strName = 'O''Brien''s press'", [], ["O'Brien's press"]],
    ['strMake is null', [], ['pump 8']],
    ['strMake IS NOT NULL', [], ['Pump 7', 'Fan_1', "O'Brien's press"]],
    // What is empty is neither equal nor unequal.
    ['strMake <> ?', ['KSB'], ['Fan_1']],
    ['strMake != ?', ['KSB'], ['Fan_1']],
    ['NOT strMake = ?', ['KSB'], ['Fan_1']],
    ['strMake NOT IN (?, ?)', ['KSB', 'x'], ['Fan_1']],
    ['strMake NOT IN (?, ?)', ['KSB', null], []],
    ['strMake IN (?, ?)', ['Ziehl', null], ['Fan_1']],
    ['strMake = ?', [null], []],
    ['strName LIKE ?', ['Pump%'], ['Pump 7']],
    ['strName LIKE ?', ['%_1'], ['Fan_1']],
    ['strCode LIKE ?', ['_-7'], ['Pump 7']],
    ['strName NOT LIKE ?', ['%ump%'], ['Fan_1', "O'Brien's press"]],
    ['NOT (strMake = ? AND strCode IS NOT NULL)', ['KSB'], ['Fan_1', "O'Brien's press"]],
    ['bolIsOnline = 0', [], []],
  ])('%s %j', async (ql, parameters, expected) => {
    expect(await names(ql, ...parameters)).toEqual(expected);
  });

  it.each([
    ['strName =', []],
    ['strName = ?', []],
    ['strName = ? AND', ['x']],
    ['(strName = ?', ['x']],
    ['strName = ? strCode', ['x']],
    ['dv_intSiteID = ?', ['x']],
    ['strName IN ()', []],
    ['site.strName = ?', ['x']],
    ['strName ~ ?', ['x']],
    ['intParentID IS NULL', []],
    ['intSiteID = ?', ['Main Plant']],
    ['bolIsSite = ?', [true]],
    ['intUpdated > ?', ['2026-01-01']],
  ])('refuses %s', async (ql, parameters) => {
    const { status, error } = await client.find('Asset', { filters: [{ ql, parameters }] });
    expect(status).toBe(200);
    expect(error?.leg).toMatch(/^SERVER_REQUEST_(PROCESS|UNPACK)$/);
  });

  it('compares times with milliseconds and with text that is UTC', async () => {
    const at = Date.UTC(2025, 0, 1);
    const [unit] = await client.where('MeterReadingUnit', 'strSymbol = ?', 'h');
    const asset = await client.idOf('Asset', 'Pump 7');
    const reading = { intAssetID: asset, intMeterReadingUnitsID: unit?.['id'], dblMeterReading: 12.5 };
    await client.add('MeterReading', { ...reading, dtmDateSubmitted: '2025-01-01T00:00:00' });
    const [found] = await client.where('MeterReading', 'dtmdatesubmitted >= ?', '2025-01-01T00:00:00');
    expect(found).toMatchObject({ dtmDateSubmitted: at, dblMeterReading: 12.5 });
    expect(await client.where('MeterReading', 'dtmDateSubmitted > ?', at)).toEqual([]);
    expect(await client.where('MeterReading', 'dtmDateSubmitted = ?', at)).toHaveLength(1);
  });

  it('joins all filters, full text ignores case, sites narrow down, named filters are unknown', async () => {
    const pumps = { fields: 'strName, strCode', fullText: 'PUMP' };
    const both = await client.find('Asset', { filters: [pumps, { ql: 'strMake = ?', parameters: ['KSB'] }] });
    expect(both.json['totalObjects']).toBe(1);
    expect((await client.find('Asset', { filters: [pumps] })).json['totalObjects']).toBe(2);
    const elsewhere = await client.find('Asset', { filters: [{ ...pumps, selectedSites: [site + 1] }] });
    expect(elsewhere.json).toMatchObject({ totalObjects: 0, objects: [] });
    expect((await client.find('Asset', { filters: [{ name: 'mine' }] })).error?.code).toBe(0);
  });
});

describe('records', () => {
  it('hold what was asked for, without empty fields; dv_ and cf_ stand apart', async () => {
    const filters = [{ ql: 'strName = ?', parameters: ['pump 8'] }];
    const fields = 'strName, strMake, dv_intSiteID, cf_intDefaultImageFileID';
    const { objects } = await client.find('Asset', { fields, filters });
    expect(objects).toEqual([
      {
        className: 'Asset',
        strName: 'pump 8',
        extraFields: { dv_intSiteID: 'Main Plant (MAIN)', cf_intDefaultImageFileID: -1 },
        dirty: false,
        new: false,
        uideleted: false,
      },
    ]);
    const plain = await client.find('Asset', { fields: 'id, dv_intCountryID', filters });
    expect(plain.objects[0]).not.toHaveProperty('extraFields');
    expect((await client.find('Asset', { fields: 'id, strColour' })).error?.message).toContain('strColour');
  });

  it('by * are whole but for what the contract leaves out, and dials change how empty looks', async () => {
    const { control } = client.sandbox;
    const [category] = await client.where('AssetCategory', 'strName = ?', 'Equipment');
    expect(category).toMatchObject({ strName: 'Equipment', bolOverrideRules: 0 });
    expect(category).not.toHaveProperty('intSysCode');
    const { objects } = await client.find('AssetCategory', {
      fields: '*, intSysCode',
      orderBy: 'intSysCode',
    });
    expect(objects.map(({ intSysCode }) => intSysCode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10, 11]);
    control.setDial('starHoldsSysCode', true);
    control.setDial('nullsSent', true);
    control.setDial('extraProperties', false);
    const [root] = await client.where('AssetCategory', 'intSysCode = 0');
    expect(root).toMatchObject({ intParentID: null, intSysCode: 0 });
    expect(root).not.toHaveProperty('dirty');
    for (const dial of ['starHoldsSysCode', 'nullsSent', 'extraProperties']) control.setDial(dial, null);
    expect(Object.hasOwn((await client.where('AssetCategory', 'intSysCode = 0'))[0] ?? {}, 'dirty')).toBe(
      true,
    );
  });

  it('by id: an unknown one is no error and has no object', async () => {
    const body = { _maCn: 'FindByIdRequest', className: 'Asset', fields: 'id,strName' };
    expect((await client.send({ ...body, id: site })).object).toMatchObject({ strName: 'Main Plant' });
    const unknown = await client.send({ ...body, id: 999_999 });
    expect(unknown.error).toBeUndefined();
    expect(unknown.json).not.toHaveProperty('object');
  });
});

describe('pages', () => {
  let paged: TestClient;
  beforeAll(async () => {
    paged = await startClient({ seed: 'orders:1300' });
  });
  afterAll(() => paged.close());

  const ids = (objects: readonly Json[]): number[] => objects.map(({ id }) => Number(id));

  it('are capped at 1000 and count all matches; without a size everything comes', async () => {
    const capped = await paged.find('WorkOrder', { maxObjects: 5000 });
    expect(capped.objects).toHaveLength(1000);
    expect(capped.json['totalObjects']).toBe(1300);
    expect((await paged.find('WorkOrder')).objects).toHaveLength(1300);
    paged.sandbox.control.setDial('totalObjects', 'returned');
    expect((await paged.find('WorkOrder', { maxObjects: 10 })).json['totalObjects']).toBe(10);
    paged.sandbox.control.setDial('totalObjects', null);
    paged.sandbox.control.setDial('pageCap', 100);
    expect((await paged.find('WorkOrder', { maxObjects: 500 })).objects).toHaveLength(100);
    paged.sandbox.control.setDial('pageCap', 1000);
  });

  it('by key and by offset bring the same rows, in either direction', async () => {
    const all = ids((await paged.find('WorkOrder', { orderBy: 'id' })).objects);
    const byKey: number[] = [];
    for (let last = 0; ; last = byKey.at(-1) ?? 0) {
      const filters = [{ ql: 'id > ?', parameters: [last] }];
      const { objects } = await paged.find('WorkOrder', { orderBy: 'id', maxObjects: 400, filters });
      if (objects.length === 0) break;
      byKey.push(...ids(objects));
    }
    expect(byKey).toEqual(all);
    expect(all).toHaveLength(1300);
    const down = await paged.find('WorkOrder', { orderBy: 'id DESC', startIndex: 1, maxObjects: 3 });
    expect(ids(down.objects)).toEqual(all.toReversed().slice(1, 4));
    const beyond = await paged.find('WorkOrder', { orderBy: 'id DESC', startIndex: 1300, maxObjects: 3 });
    expect(beyond.objects).toEqual([]);
  });

  it('any mixture of conditions and orders finds what a look at every row finds', async () => {
    const fields = 'id, intUpdated, intPriorityID, intWorkOrderStatusID';
    const rows = (await paged.find('WorkOrder', { fields })).objects as Record<string, number>[];
    const middle = rows[650]?.['intUpdated'] ?? 0;
    const late = rows.map((row) => row['intUpdated'] ?? 0).sort((a, b) => a - b)[1290] ?? 0;
    const priority = rows[3]?.['intPriorityID'] ?? 0;
    const after = rows[100]?.['id'] ?? 0;
    const cases: [string, unknown[], (row: Record<string, number>) => boolean][] = [
      ['intUpdated > ?', [middle], (row) => (row['intUpdated'] ?? 0) > middle],
      ['intUpdated >= ?', [late], (row) => (row['intUpdated'] ?? 0) >= late],
      [
        'intUpdated > ? AND id > ?',
        [late, after],
        (row) => (row['intUpdated'] ?? 0) > late && (row['id'] ?? 0) > after,
      ],
      [
        'intPriorityID = ? AND id > ?',
        [priority, after],
        (row) => row['intPriorityID'] === priority && (row['id'] ?? 0) > after,
      ],
      ['id IN (?, ?)', [after, rows[3]?.['id']], (row) => row['id'] === after || row === rows[3]],
      [
        'id > ? OR intPriorityID = ?',
        [after, priority],
        (row) => (row['id'] ?? 0) > after || row['intPriorityID'] === priority,
      ],
    ];
    for (const [ql, parameters, holds] of cases) {
      const expected = ids(rows.filter(holds)).sort((a, b) => a - b);
      for (const orderBy of ['id', 'id DESC', 'intUpdated', 'intUpdated, id', 'intPriorityID DESC, id']) {
        const { objects, json } = await paged.find('WorkOrder', { orderBy, filters: [{ ql, parameters }] });
        expect(ids(objects).sort((a, b) => a - b)).toEqual(expected);
        expect(json['totalObjects']).toBe(expected.length);
      }
      const byTime = await paged.find('WorkOrder', {
        fields,
        orderBy: 'intUpdated',
        filters: [{ ql, parameters }],
      });
      const times = byTime.objects.map(({ intUpdated }) => Number(intUpdated));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it('show what the dials ask for: another order, a stranger’s insert, the past', async () => {
    const { control } = paged.sandbox;
    control.setDial('unordered', 'shuffled');
    const loose = ids((await paged.find('WorkOrder')).objects);
    expect(loose).not.toEqual(loose.toSorted((a, b) => a - b));
    control.setDial('unordered', null);
    control.setDial('insertWhilePaging', { object: 'WorkOrder', times: 1 });
    expect((await paged.find('WorkOrder')).objects).toHaveLength(1300);
    expect((await paged.find('WorkOrder')).objects).toHaveLength(1301);
    control.setDial('staleReads', 1);
    const [first] = loose;
    control.change('WorkOrder', String(first), { strDescription: 'Now' });
    const look = { fields: 'strDescription', filters: [{ ql: 'id = ?', parameters: [first] }] };
    expect((await paged.find('WorkOrder', look)).objects[0]).not.toMatchObject({ strDescription: 'Now' });
    expect((await paged.find('WorkOrder', look)).objects[0]).toMatchObject({ strDescription: 'Now' });
    control.setDial('objectsMissing', true);
    const none = await paged.find('WorkOrder', { filters: [{ ql: 'id = ?', parameters: [-5] }] });
    expect(none.json).not.toHaveProperty('objects');
  });
});
