/** Reading: shapes, literals, filters, paging, expansion, languages (contract 3, 4). */
import { afterAll, beforeAll, afterEach, describe, expect, it } from '@jest/globals';
import {
  enc,
  EQUIPMENT,
  errorOf,
  LOCATIONS,
  metadataOf,
  NOTIFICATIONS,
  ORDERS,
  PLANS,
  POINTS,
  READINGS,
  startClient,
  type Json,
  type TestClient,
} from './test-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient({ seed: 'excavators' });
});
afterEach(() => {
  for (const dial of ['pageSize', 'refuseEqNull', 'v4Json', 'insertWhilePaging'])
    client.sandbox.control.setDial(dial, null);
});
afterAll(() => client.close());

async function keys(filter: string, more = ''): Promise<string[]> {
  const { rows } = await client.get(
    enc(`${ORDERS}/MaintenanceOrder?$select=MaintenanceOrder&$filter=${filter}${more}`),
  );
  return rows.map((row) => String(row['MaintenanceOrder']));
}

describe('the shape of V2 answers', () => {
  it('wraps in d with metadata, literals and deferred links as the contract shows them', async () => {
    const answer = await client.get(`${ORDERS}/MaintenanceOrder('4000002')`);
    expect(answer.headers.get('dataserviceversion')).toBe('2.0');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const uri = `${client.sandbox.url}${ORDERS}/MaintenanceOrder('4000002')`;
    expect(answer.body['d']).toMatchObject({
      __metadata: { id: uri, uri, type: 'cds_api_maintenanceorder_2.MaintenanceOrderType' },
      MaintenanceOrder: '4000002',
      MaintenanceOrderDesc: "BUCKET WON'T OPEN",
      MaintenanceOrderType: 'PM01',
      MaintOrdBasicStartDateTime: '/Date(1088640000000+0000)/',
      MaintOrdBasicStartDate: '/Date(1088640000000)/',
      MaintOrdBasicStartTime: 'PT00H00M00S',
      LatestAcceptableCompletionDate: '/Date(1088640000000)/',
      WorkCenterInternalID: '0',
      MaintenanceObjectList: '2',
      MaintenanceCall: 0,
      OrderHasLongText: false,
      TechnicalObject: '000000000010000001',
      TechnicalObjectLabel: '10000001',
      TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI',
      MaintOrdProcessPhaseCode: '',
      to_MaintenanceOrderOperation: { __deferred: { uri: `${uri}/to_MaintenanceOrderOperation` } },
    });
    expect(answer.headers.get('etag')).toBe(metadataOf(answer.d).etag);
    expect(answer.headers.get('etag')).toMatch(/^W\/"datetimeoffset'2004-07-02T00%3A00%3A02\.\d{7}Z'"$/);
  });

  it('is Atom without JSON, and V4 by mistake with a dial', async () => {
    const atom = await client.get(`${ORDERS}/MaintenanceOrder?$top=1`, { accept: 'application/xml' });
    expect(atom.headers.get('content-type')).toMatch(/^application\/atom\+xml/);
    expect(atom.text).toContain('<d:MaintenanceOrder>4000002</d:MaintenanceOrder>');
    const format = await client.get(`${ORDERS}/MaintenanceOrder?$top=1&$format=json`, {
      accept: 'application/xml',
    });
    expect(format.rows).toHaveLength(1);
    client.sandbox.control.setDial('v4Json', true);
    const v4 = await client.get(`${ORDERS}/MaintenanceOrder?$top=1`);
    expect(v4.body).toMatchObject({
      value: [{ MaintOrdBasicStartDate: '2004-07-01', '@odata.etag': expect.any(String) }],
    });
  });

  it('takes both key notations, padded keys, empty key parts and encoded dates', async () => {
    for (const key of ["'4000002'", "MaintenanceOrder='4000002'", "'000004000002'", '%274000002%27']) {
      expect((await client.get(`${ORDERS}/MaintenanceOrder(${key})`)).d).toMatchObject({
        MaintenanceOrder: '4000002',
      });
    }
    const operation =
      "MaintenanceOrder='4000002',MaintenanceOrderOperation='0010',MaintenanceOrderSubOperation=''";
    expect((await client.get(`${ORDERS}/MaintenanceOrderOperation(${operation})`)).d).toMatchObject({
      MaintenanceOrderOperation: '0010',
      SystemStatusText: 'CNF  REL',
    });
    const equipment = "Equipment='10000001',ValidityEndDate=datetime'9999-12-31T00%3A00%3A00'";
    expect((await client.get(`${EQUIPMENT}/Equipment(${equipment})`)).d).toMatchObject({
      ManufacturerSerialNumber: 'RH120-A-0001',
      LastChangeDateTime: null,
      EquipmentIsInstalled: true,
    });
    expect((await client.get(`${ORDERS}/MaintenanceOrder('1')`)).status).toBe(404);
    expect((await client.get(`${ORDERS}/MaintenanceOrder('1','2')`)).status).toBe(400);
    expect((await client.get(`${ORDERS}/Nothing`)).status).toBe(404);
  });

  it('has doubles with exponents, decimals padded, initial NUMC as 0', async () => {
    const [plan] = (
      await client.get(
        enc(
          `${PLANS}/MaintenancePlan?$filter=MaintenancePlan eq '204'&$expand=to_MaintenanceCycle,to_Item,to_Schedules`,
        ),
      )
    ).rows;
    expect(plan).toMatchObject({
      LastChangeDateTime: null,
      LastChangeDate: expect.stringMatching(/^\/Date\(\d+\)\/$/),
      CycleModificationRatio: '1.00',
      to_MaintenanceCycle: { results: [{ MaintPlanCycRcrrcIntervalQty: '2.5E2', MeasuringPoint: '14' }] },
      to_Item: { results: [{ MaintenanceOrderType: 'PM02', Equipment: '10000004' }] },
    });
    const [grease] = (
      await client.get(
        enc(
          `${PLANS}/MaintenancePlan?$filter=MaintenancePlan eq '104'&$expand=to_Schedules/to_MaintenancePlanCallObjects`,
        ),
      )
    ).rows;
    expect((grease?.['to_Schedules'] as { results: Json[] }).results).toHaveLength(3);
  });
});

describe('filters and order', () => {
  it('understands the literals and functions of the contract', async () => {
    expect(await keys("MaintenanceOrder eq '000004000002'")).toEqual(['4000002']);
    expect(await keys("MaintenanceOrderDesc eq 'BUCKET WON''T OPEN' and Equipment eq '10000001'")).toEqual([
      '4000002',
    ]);
    expect(
      await keys(
        "MaintOrdBasicStartDateTime eq datetimeoffset'2004-07-01T00:00:00.000Z' and Equipment eq '10000001'",
      ),
    ).toEqual(['4000002']);
    expect(
      await keys("MaintOrdBasicStartDate eq datetime'2004-07-01T00:00:00' and Equipment eq '10000001'"),
    ).toEqual(['4000002']);
    expect(
      await keys("substringof('WON''T OPEN',MaintenanceOrderDesc) and startswith(MaintenanceOrder,'400000')"),
    ).toEqual(['4000002']);
    expect(
      await keys(
        "(MaintenanceOrder eq '4000002' or MaintenanceOrder eq '4000003') and not (MaintPriority eq '2')",
      ),
    ).toEqual(['4000002']);
    expect(
      await keys(
        "endswith(MaintenanceOrder,'00002') and OrderHasLongText eq false and MaintOrdBasicStartTime eq time'PT00H00M00S'",
      ),
    ).toEqual(['4000002']);
  });

  it('compares keys as padded numbers, not as words', async () => {
    const after = await keys("MaintenanceOrder gt '999999'", '&$top=1');
    expect(after).toEqual(['4000002']);
    const ge = await keys("MaintenanceOrder ge '004000010'", '&$orderby=MaintenanceOrder&$top=2');
    const gt = await keys("MaintenanceOrder gt '4000010'", '&$orderby=MaintenanceOrder&$top=1');
    expect([ge, gt]).toEqual([['4000010', '4000011'], ['4000011']]);
    expect(await keys("MaintenanceOrder gt '4000010'", '&$orderby=MaintenanceOrder desc&$top=1')).toEqual([
      '4005486',
    ]);
    expect(await keys("MaintenanceOrder gt '40000020' and MaintenanceOrder le '40000030'")).toEqual([]);
  });

  it('loses rows without a change moment to ge, and finds them with eq null unless it is refused', async () => {
    const count = async (filter: string): Promise<number> =>
      Number((await client.get(enc(`${ORDERS}/MaintenanceOrder/$count?$filter=${filter}`))).text);
    const changed = await count("LastChangeDateTime ge datetimeoffset'1990-01-01T00:00:00Z'");
    const never = await count('LastChangeDateTime eq null');
    expect(never).toBeGreaterThan(1000);
    expect(changed + never).toBe(5485);
    expect(await count('LastChangeDateTime ne null')).toBe(changed);
    client.sandbox.control.setDial('refuseEqNull', true);
    expect(
      (await client.get(enc(`${ORDERS}/MaintenanceOrder?$filter=LastChangeDateTime eq null`))).status,
    ).toBe(400);
  });

  it('refuses status texts, unknown properties, wrong literals and unknown options', async () => {
    const refused = await client.get(enc(`${ORDERS}/MaintenanceOrder?$filter=SystemStatusText eq 'REL'`));
    expect(refused.status).toBe(501);
    expect(errorOf(refused).message).toMatch(/not implemented/);
    expect(errorOf(refused).details[0]).toMatchObject({ severity: 'error', target: 'SystemStatusText' });
    const bad = [
      "$filter=Nothing eq 'x'",
      '$filter=MaintenanceOrder eq 4000002',
      "$filter=MaintOrdBasicStartDateTime ge '2004'",
      "$filter=MaintenanceOrder eq '1",
      "$filter=MaintenanceOrder eq '1' and",
      "$filter=MaintenanceOrder like 'x'",
      '$orderby=Nothing',
      '$top=x',
      '$search=x',
      '$expand=to_Nothing',
      '$select=Nothing',
    ];
    for (const query of bad) {
      expect([query, (await client.get(enc(`${ORDERS}/MaintenanceOrder?${query}`))).status]).toEqual([
        query,
        400,
      ]);
    }
    expect((await client.get(`${ORDERS}/MaintenanceOrder?$orderby=TechnicalObject`)).status).toBe(501);
    const xml = await client.get(`${ORDERS}/MaintenanceOrder('1')`, { accept: 'application/xml' });
    expect(xml.text).toContain('<code>/IWBEP/CM_MGW_RT/020</code>');
  });

  it('sorts by several properties', async () => {
    const { rows } = await client.get(
      enc(
        `${ORDERS}/MaintenanceOrder?$top=300&$select=MaintPriority,MaintenanceOrder&$orderby=MaintPriority desc,MaintenanceOrder`,
      ),
    );
    const shown = rows.map((row) => `${String(row['MaintPriority'])} ${String(row['MaintenanceOrder'])}`);
    const wanted = [...shown].sort((a, b) =>
      a.slice(0, 1) === b.slice(0, 1) ? (a < b ? -1 : 1) : a < b ? 1 : -1,
    );
    expect(shown).toEqual(wanted);
  });
});

describe('paging', () => {
  async function walk(path: string): Promise<{ keys: string[]; pages: number; count: unknown }> {
    let next: string | undefined = path;
    let count: unknown;
    const seen: string[] = [];
    let pages = 0;
    while (next !== undefined) {
      const answer = await client.get(next.replace(client.sandbox.url, ''));
      seen.push(...answer.rows.map((row) => String(row['MaintenanceOrder'])));
      count = answer.d['__count'];
      next = answer.d['__next'] as string | undefined;
      pages += 1;
    }
    return { keys: seen, pages, count };
  }

  it('by the server, along __next, each row once', async () => {
    client.sandbox.control.setDial('pageSize', 400);
    client.sandbox.control.resetStats();
    const all = await walk(`${ORDERS}/MaintenanceOrder?$select=MaintenanceOrder&$inlinecount=allpages`);
    expect([all.keys.length, new Set(all.keys).size, all.pages, all.count]).toEqual([5485, 5485, 14, '5485']);
    expect(client.sandbox.control.pages()).toHaveLength(14);
    const part = await walk(`${ORDERS}/MaintenanceOrder?$select=MaintenanceOrder&$top=900&$skip=100`);
    expect([part.keys.length, part.pages, part.keys[0]]).toEqual([900, 3, all.keys[100]]);
  });

  it('or not at all', async () => {
    client.sandbox.control.setDial('pageSize', 0);
    expect((await walk(`${ORDERS}/MaintenanceOrder?$select=MaintenanceOrder`)).pages).toBe(1);
  });

  it('with somebody inserting in between', async () => {
    client.sandbox.control.setDial('pageSize', 2000);
    client.sandbox.control.setDial('insertWhilePaging', 1);
    const all = await walk(`${ORDERS}/MaintenanceOrder?$select=MaintenanceOrder`);
    expect(all.keys).toHaveLength(5486);
  });
});

describe('expansion and selection', () => {
  it('goes two levels down and selects through navigation', async () => {
    const [row] = (
      await client.get(
        `${ORDERS}/MaintenanceOrder?$top=1&$expand=to_MaintenanceOrderOperation/to_MaintOrderOpComponent_2&$select=MaintenanceOrder,to_MaintenanceOrderOperation/OperationDescription`,
      )
    ).rows;
    expect(Object.keys(row ?? {})).toEqual([
      '__metadata',
      'MaintenanceOrder',
      'to_MaintenanceOrderOperation',
    ]);
    const [operation] = (row?.['to_MaintenanceOrderOperation'] as { results: Json[] }).results;
    expect(operation).toMatchObject({
      OperationDescription: "BUCKET WON'T OPEN",
      to_MaintOrderOpComponent_2: { results: [] },
    });
    expect(operation).not.toHaveProperty('WorkCenter');
  });

  it('walks to children, parents, counts and properties', async () => {
    const below = await client.get(`${ORDERS}/MaintenanceOrder('4000002')/to_MaintenanceOrderOperation`);
    expect(below.rows).toHaveLength(1);
    expect(
      (await client.get(`${ORDERS}/MaintenanceOrder('4000002')/to_MaintenanceOrderOperation/$count`)).text,
    ).toBe('1');
    const key =
      "MaintenanceOrderOperation(MaintenanceOrder='4000002',MaintenanceOrderOperation='0010',MaintenanceOrderSubOperation='')";
    expect((await client.get(`${ORDERS}/${key}/to_MaintenanceOrder`)).d).toMatchObject({
      MaintenanceOrder: '4000002',
    });
    expect((await client.get(`${ORDERS}/MaintenanceOrder('4000002')/MaintPriority`)).d).toEqual({
      MaintPriority: '3',
    });
    const place = await client.get(`${LOCATIONS}/FunctionalLocation('PIT-N')`);
    expect(place.d).toMatchObject({
      FuncnlLocHasSubOrdinateFuncLoc: 'X',
      FunctionalLocationHasEquipment: '',
      SuperiorFunctionalLocation: 'PIT',
    });
  });
});

describe('the logon language', () => {
  it('changes statuses and units, in the text and nowhere else', async () => {
    const path = `${ORDERS}/MaintenanceOrder('4000002')?$select=SystemStatusText&$expand=to_MaintenanceOrderOperation`;
    const english = (await client.get(path)).d;
    const german = (await client.get(`${path}&sap-language=DE`)).d;
    expect([english['SystemStatusText'], german['SystemStatusText']]).toEqual([
      'CLSD CNF  PRC  SETC',
      'ABGS RÜCK VOKL ABRV',
    ]);
    const unit = (d: Json): unknown =>
      (d['to_MaintenanceOrderOperation'] as { results: Json[] }).results[0]?.['MaintOrdOpWorkDurationUnit'];
    expect([unit(english), unit(german)]).toEqual(['H', 'STD']);
    const byHeader = await client.get(path, { 'accept-language': 'de-DE,de;q=0.9' });
    expect(byHeader.d['SystemStatusText']).toBe('ABGS RÜCK VOKL ABRV');
  });
});

describe('OData V4', () => {
  it('shows points and readings with SI values beside what was typed', async () => {
    const points = await client.get(
      enc(`${POINTS}/MeasuringPoint?$count=true&$filter=Equipment eq '10000004'&$expand=_LongText`),
    );
    expect(points.headers.get('odata-version')).toBe('4.0');
    expect(points.body).toMatchObject({
      '@odata.count': 1,
      value: [
        {
          MeasuringPoint: '14',
          MeasuringPointIsCounter: true,
          MeasuringPointAnnualEstimate: 21_600_000,
          _LongText: null,
        },
      ],
    });
    const readings = await client.get(
      enc(
        `${READINGS}/MeasurementDocument?$filter=MeasuringPoint eq '14' and MsmtRdngDate ge 2012-11-24&$orderby=MeasurementDocument`,
      ),
    );
    expect(readings.rows).toMatchObject([
      {
        MsmtRdngDate: '2012-11-24',
        MsmtRdngTime: '06:00:00',
        MeasurementReadingInEntryUoM: 27_269,
        MeasurementReading: 27_269 * 3600,
      },
      { MeasurementReadingInEntryUoM: 27_400, MeasurementReadingEntryUoM: 'H' },
    ]);
    client.sandbox.control.setDial('pageSize', 2);
    const first = await client.get(`${READINGS}/MeasurementDocument?$top=5`);
    const next = await client.get(`${READINGS}/${String(first.body['@odata.nextLink'])}`);
    expect([first.rows.length, next.rows.length]).toEqual([2, 2]);
    const missing = await client.get(`${POINTS}/MeasuringPoint('99999')`);
    expect([missing.status, errorOf(missing).message]).toEqual([404, expect.stringContaining('not found')]);
  });
});

describe('what the excavators brought', () => {
  it('holds every order as it was typed, by its own type', async () => {
    const types: Record<string, number> = {};
    client.sandbox.control.setDial('pageSize', 0);
    const { rows } = await client.get(
      enc(
        `${ORDERS}/MaintenanceOrder?$filter=MaintenanceOrder lt '4900000'&$select=MaintenanceOrder,MaintenanceOrderType,MaintenanceOrderDesc`,
      ),
    );
    for (const row of rows)
      types[String(row['MaintenanceOrderType'])] = (types[String(row['MaintenanceOrderType'])] ?? 0) + 1;
    expect(types).toEqual({ PM01: 5217, PM02: 153, PM06: 98, PM04: 7, PM13: 6, PM05: 4 });
    expect(Math.max(...rows.map((row) => String(row['MaintenanceOrderDesc']).length))).toBe(40);
    const long = await client.get(`${ORDERS}/MaintenanceOrderLongText`);
    expect(long.rows).toHaveLength(5);
    expect(
      long.rows.filter(
        (row) =>
          String(row['MaintenanceOrderLongText']).length > 40 ||
          String(row['MaintenanceOrderLongText']).startsWith('2003-12-31,B,won'),
      ),
    ).toHaveLength(5);
  });

  it('has requests with moments beside their pairs', async () => {
    const [row] = (
      await client.get(
        enc(
          `${NOTIFICATIONS}/MaintenanceNotification?$filter=NotifProcessingPhase eq '3'&$orderby=MaintenanceNotification`,
        ),
      )
    ).rows;
    expect(row).toMatchObject({
      NotificationText: 'HORN DOES NOT WORK',
      NotifProcessingPhaseDesc: 'In process',
      ConcatenatedActiveSystStsName: 'NOPR',
      CreationDate: '/Date(1354492800000)/',
      CreationTime: 'PT06H30M00S',
      CreationDateTime: '/Date(1354516200000+0000)/',
    });
  });
});
