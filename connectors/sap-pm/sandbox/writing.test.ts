/** Creating, changing, locks, etags, statuses, confirmations, batch (contract 1.5, 2, 3.4, 3.5, 4.5). */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CONFIRMATIONS,
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
  type Answer,
  type Json,
  type TestClient,
} from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startClient({ seed: 'site:C' });
});
afterEach(() => client.close());

const C = '10000003';

function orderPath(key: string): string {
  return `${ORDERS}/MaintenanceOrder('${key}')`;
}

async function orderOf(key: string): Promise<Json> {
  return (await client.get(orderPath(key))).d;
}

async function act(name: string, key: string, more = ''): Promise<Answer> {
  return client.write('POST', enc(`${ORDERS}/${name}?MaintenanceOrder='${key}'${more}`));
}

function refusal(answer: Answer): [number, string] {
  return [answer.status, errorOf(answer).message];
}

describe('creating an order', () => {
  it('takes a deep insert and answers with the tree that was sent', async () => {
    const answer = await client.write('POST', `${ORDERS}/MaintenanceOrder`, {
      MaintenanceOrderType: 'PM01',
      MaintenanceOrderDesc: 'Replace coupling',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: '1000',
      Equipment: `00000000${C}`,
      MaintPriority: '2',
      MaintOrdBasicStartDateTime: '/Date(1935644400000+0000)/',
      to_MaintenanceOrderOperation: [
        {
          OperationDescription: 'Dismount',
          MaintOrdOperationWorkDuration: '1.5',
          MaintOrdOpWorkDurationUnit: 'H',
          to_MaintOrderOpComponent_2: [
            { Product: 'GET-120-T', QuantityInUnitOfEntry: '2', UnitOfEntry: 'PC' },
          ],
        },
        { OperationDescription: 'Mount' },
      ],
      to_MaintenanceOrderLongText: {
        results: [{ TextObjectType: 'KOPF', Language: 'EN', MaintenanceOrderLongText: 'First\nSecond' }],
      },
    });
    expect(answer.status).toBe(201);
    const { d } = answer;
    const key = String(d['MaintenanceOrder']);
    expect(answer.headers.get('location')).toBe(client.sandbox.url + orderPath(key));
    expect(JSON.parse(answer.headers.get('sap-message') ?? '{}')).toMatchObject({
      code: 'IW/085',
      severity: 'info',
    });
    expect(d).toMatchObject({
      Equipment: C,
      FunctionalLocation: 'PIT-N-EXC',
      SystemStatusText: 'CRTD MANC NTUP PRC  SETC',
      LastChangeDateTime: null,
      MaintOrderCreationDateTime: expect.stringMatching(/^\/Date\(\d+\+0000\)\/$/),
      MaintOrdBasicEndDateTime: '/Date(1935903600000+0000)/',
      to_MaintenanceOrderLongText: { results: [{ MaintenanceOrderLongText: 'First\nSecond' }] },
      to_MaintenanceOrderOperation: {
        results: [
          {
            MaintenanceOrderOperation: '0010',
            MaintOrdOperationWorkDuration: '1.5',
            to_MaintOrderOpComponent_2: {
              results: [{ Product: 'GET-120-T', QuantityInUnitOfEntry: '2.000' }],
            },
          },
          { MaintenanceOrderOperation: '0020' },
        ],
      },
    });
    expect(client.sandbox.control.stats().writes.created).toMatchObject({
      MaintenanceOrder: 1,
      MaintenanceOrderOperation: 2,
      MaintOrderOpComponent: 1,
    });
  });

  it('gives an operation of its own, and stores nothing when a child is refused', async () => {
    const key = await client.order();
    expect((await client.get(`${orderPath(key)}/to_MaintenanceOrderOperation`)).rows).toMatchObject([
      { MaintenanceOrderOperation: '0010', OperationDescription: 'Replace coupling' },
    ]);
    const before = (await client.get(`${ORDERS}/MaintenanceOrder/$count`)).text;
    const answer = await client.write('POST', `${ORDERS}/MaintenanceOrder`, {
      MaintenanceOrderType: 'PM01',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      to_MaintenanceOrderOperation: [{ OperationDescription: 'Ok' }, { WorkCenter: 'NOWHERE' }],
    });
    expect(refusal(answer)).toEqual([400, expect.stringContaining('Work center')]);
    expect((await client.get(`${ORDERS}/MaintenanceOrder/$count`)).text).toBe(before);
    expect(client.sandbox.control.stats().writes.created['MaintenanceOrder']).toBe(1);
  });

  it.each([
    [{ MaintenanceOrderType: 'ZZ99' }, 'Order type ZZ99 is not defined'],
    [{ MaintenancePlanningPlant: '' }, 'Enter a maintenance planning plant'],
    [{ MainWorkCenter: '' }, 'Enter a main work center'],
    [{ Equipment: '77' }, 'Equipment 77 does not exist'],
    [{ FunctionalLocation: 'NOWHERE' }, 'Functional location NOWHERE does not exist'],
    [{ MaintPriority: '9' }, 'Priority 9 is not defined'],
    [{ MaintenanceOrderDesc: 'x'.repeat(41) }, "Property 'MaintenanceOrderDesc' has invalid value"],
    [{ SystemStatusText: 'REL' }, "Property 'SystemStatusText' is read-only"],
    [{ OrderDescription: 'x' }, "Property 'OrderDescription' does not exist"],
    [{ MaintOrdBasicStartDateTime: 'tomorrow' }, "Property 'MaintOrdBasicStartDateTime' has invalid value"],
    [{ MaintPriority: 2 }, "Property 'MaintPriority' has invalid value"],
    [
      { MaintOrdBasicStartDateTime: '/Date(2000)/', MaintOrdBasicEndDateTime: '/Date(1000)/' },
      'The basic finish date lies before',
    ],
  ])('refuses %j', async (wrong, text) => {
    const fields = {
      MaintenanceOrderType: 'PM01',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      ...wrong,
    };
    const answer = await client.write('POST', `${ORDERS}/MaintenanceOrder`, fields);
    expect(refusal(answer)).toEqual([400, expect.stringContaining(text)]);
    expect(errorOf(answer).details.at(-1)).toMatchObject({
      code: '/IWBEP/CX_MGW_BUSI_EXCEPTION',
      message: '',
    });
  });

  it('is possible only where the contract says, and never in version 1', async () => {
    const direct = await client.write('POST', `${ORDERS}/MaintenanceOrderOperation`, {
      OperationDescription: 'x',
    });
    expect(direct.status).toBe(405);
    const old = '/sap/opu/odata/sap/API_MAINTENANCEORDER/MaintenanceOrder';
    expect((await client.write('POST', old, {})).status).toBe(405);
    const key = await client.order();
    expect((await client.write('DELETE', orderPath(key), undefined, { 'if-match': '*' })).status).toBe(405);
  });
});

describe('changing', () => {
  it('wants If-Match: 428 without, 412 when stale, * overwrites; children are not part of it', async () => {
    const key = await client.order({ Equipment: C });
    const { etag } = metadataOf(await orderOf(key));
    expect((await client.write('PATCH', orderPath(key), { MaintPriority: '1' })).status).toBe(428);
    const changed = await client.write('PATCH', orderPath(key), { MaintPriority: '1' }, { 'if-match': etag });
    expect([changed.status, changed.text]).toEqual([204, '']);
    expect(changed.headers.get('etag')).toBe(metadataOf(await orderOf(key)).etag);
    const stale = await client.write('PATCH', orderPath(key), { MaintPriority: '4' }, { 'if-match': etag });
    expect(refusal(stale)).toEqual([412, expect.stringContaining('already changed')]);
    expect(
      (await client.write('MERGE', orderPath(key), { MaintPriority: '3' }, { 'if-match': '*' })).status,
    ).toBe(204);
    const tunnel = await client.write(
      'POST',
      orderPath(key),
      { MaintenanceOrderDesc: 'Tunnelled' },
      { 'x-http-method': 'MERGE', 'if-match': '*' },
    );
    expect(tunnel.status).toBe(204);
    const order = await orderOf(key);
    expect(order).toMatchObject({
      MaintPriority: '3',
      MaintenanceOrderDesc: 'Tunnelled',
      LastChangeDateTime: expect.stringMatching(/Date/),
    });
    const deep = await client.write(
      'PATCH',
      orderPath(key),
      { to_MaintenanceOrderOperation: [] },
      { 'if-match': '*' },
    );
    expect(refusal(deep)).toEqual([400, expect.stringContaining('cannot be updated')]);
    expect(
      (await client.write('PATCH', orderPath(key), { MaintenanceOrderType: 'PM02' }, { 'if-match': '*' }))
        .status,
    ).toBe(400);
    await client.write(
      'PUT',
      orderPath(key),
      { MaintenanceOrderDesc: 'Put', MainWorkCenter: 'MECH-01' },
      { 'if-match': '*' },
    );
    expect(await orderOf(key)).toMatchObject({
      MaintenanceOrderDesc: 'Put',
      MaintPriority: '',
      Equipment: '',
    });
  });

  it('adds, changes and removes operations and long texts through navigation', async () => {
    const key = await client.order({ Equipment: C });
    const added = await client.write('POST', `${orderPath(key)}/to_MaintenanceOrderOperation`, {
      OperationDescription: 'Second',
    });
    expect([added.status, added.d['MaintenanceOrderOperation']]).toEqual([201, '0020']);
    expect((await orderOf(key))['LastChangeDateTime']).not.toBeNull();
    const path = new URL(metadataOf(added.d).uri).pathname;
    expect(
      (
        await client.write(
          'PATCH',
          path,
          { OperationDescription: 'Changed' },
          { 'if-match': metadataOf(added.d).etag },
        )
      ).status,
    ).toBe(204);
    expect((await client.write('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
    expect((await client.get(path)).status).toBe(404);
    const text = { TextObjectType: 'KOPF', Language: 'EN', MaintenanceOrderLongText: 'a\nb' };
    expect((await client.write('POST', `${orderPath(key)}/to_MaintenanceOrderLongText`, text)).status).toBe(
      201,
    );
    expect((await orderOf(key))['OrderHasLongText']).toBe(true);
    const twice = await client.write('POST', `${orderPath(key)}/to_MaintenanceOrderLongText`, text);
    expect(twice.status).toBe(400);
    client.sandbox.control.setDial('childrenTouchOrder', false);
    const before = await orderOf(key);
    await client.write('POST', `${orderPath(key)}/to_MaintenanceOrderOperation`, {
      OperationDescription: 'Quiet',
    });
    expect(metadataOf(await orderOf(key)).etag).toBe(metadataOf(before).etag);
  });

  it('is refused while somebody has the object open', async () => {
    const key = await client.order();
    client.sandbox.control.setDial('locks', { [key]: 'JDOE' });
    const answer = await client.write('PATCH', orderPath(key), { MaintPriority: '1' }, { 'if-match': '*' });
    expect(refusal(answer)).toEqual([400, `Order ${key} is already being processed by JDOE`]);
    expect((await act('ReleaseMaintenanceOrder', key)).status).toBe(400);
    client.sandbox.control.setDial('lockStatus', 423);
    expect((await client.write('POST', `${orderPath(key)}/to_MaintenanceOrderOperation`, {})).status).toBe(
      423,
    );
    client.sandbox.control.change('MaintenanceOrder', key, { MaintenanceOrderDesc: 'By a person' });
    expect((await orderOf(key))['MaintenanceOrderDesc']).toBe('By a person');
  });
});

describe('the life of an order', () => {
  it('goes only along legal steps, by function import', async () => {
    const key = await client.order({ Equipment: C });
    expect(refusal(await act('SetMaintOrdToTechCompleted', key))).toEqual([
      400,
      `System status REL is not active (ORD ${key})`,
    ]);
    const released = await act('ReleaseMaintenanceOrder', key);
    expect(released.body).toEqual({
      d: {
        ReleaseMaintenanceOrder: {
          __metadata: { type: 'cds_api_maintenanceorder_2.DummyFunctionImportResult' },
          IsInvalid: false,
        },
      },
    });
    expect((await act('ReleaseMaintenanceOrder', key)).status).toBe(400);
    expect((await act('SetMaintOrderStatusToLocked', key)).status).toBe(200);
    expect((await orderOf(key))['SystemStatusText']).toBe('REL  LKD  MANC NTUP PRC  SETC');
    expect((await act('SetMaintOrdToTechCompleted', key)).status).toBe(400);
    await act('SetMaintOrderStatusToUnlocked', key);
    const moment = "&MaintOrderReferenceDateTime=datetimeoffset'2031-05-04T10:20:30Z'";
    expect((await act('SetMaintOrdToTechCompleted', key, moment)).status).toBe(200);
    expect(await orderOf(key)).toMatchObject({
      SystemStatusText: 'TECO MANC NTUP PRC  SETC',
      MaintOrderReferenceDateTime: '/Date(1935656430000+0000)/',
    });
    expect((await act('SetMaintOrdStsToMrkdForDeltn', key)).status).toBe(200);
    expect((await act('ResetMaintOrdStsMrkdForDeltn', key)).status).toBe(200);
    expect((await act('SetMaintOrderStatusToClosed', key)).status).toBe(200);
    expect(
      (await client.write('PATCH', orderPath(key), { MaintPriority: '1' }, { 'if-match': '*' })).status,
    ).toBe(400);
    await act('ResetMaintOrderStatusClosed', key);
    await act('ResetMaintOrdStsTechCompleted', key);
    expect(await orderOf(key)).toMatchObject({
      SystemStatusText: 'REL  MANC NTUP PRC  SETC',
      MaintOrderReferenceDateTime: null,
    });
    expect((await client.write('POST', `${orderPath(key)}/ReleaseMaintenanceOrder`)).status).toBe(404);
    expect(
      (await client.get(enc(`${ORDERS}/ReleaseMaintenanceOrder?MaintenanceOrder='${key}'`))).status,
    ).toBe(405);
    expect((await client.write('POST', `${ORDERS}/ReleaseMaintenanceOrder`)).status).toBe(400);
    client.sandbox.control.setDial('refuseFunctions', {
      SetMaintOrdToTechCompleted: 'Not allowed by user status',
    });
    expect(refusal(await act('SetMaintOrdToTechCompleted', key))).toEqual([
      400,
      'Not allowed by user status',
    ]);
  });

  it('has phases for the new order types only', async () => {
    const classic = await client.order();
    const modern = await client.order({ MaintenanceOrderType: 'YA01' });
    expect(await orderOf(classic)).toMatchObject({ MaintOrdProcessPhaseCode: '' });
    await act('ReleaseMaintenanceOrder', modern);
    expect(await orderOf(modern)).toMatchObject({
      MaintOrdProcessPhaseCode: '05',
      MaintOrdProcessSubPhaseCode: '0055',
    });
    expect((await act('SetMaintOrdToMainWorkComplete', modern)).status).toBe(200);
    await act('ReleaseMaintenanceOrder', classic);
    expect((await act('SetMaintOrdToMainWorkComplete', classic)).status).toBe(400);
  });

  it('shows at most eight statuses, 40 characters', async () => {
    const key = await client.order();
    client.sandbox.control.change('MaintenanceOrder', key, {
      SystemStatusText: 'REL PCNF GMPS MSPT PRT JBFI TTJL',
    });
    const text = String((await orderOf(key))['SystemStatusText']);
    expect(text).toBe('REL  GMPS JBFI MANC MSPT NTUP PCNF PRC');
    expect(text.split(/\s+/)).toHaveLength(8);
  });

  it('is moved by confirmations, whose hours add up and can be cancelled', async () => {
    const key = await client.order({ Equipment: C });
    const confirm = (fields: Json): Promise<Answer> =>
      client.write('POST', `${CONFIRMATIONS}/MaintOrderConfirmation`, {
        MaintenanceOrder: key,
        MaintenanceOrderOperation: '0010',
        ActualWorkQuantityUnit: 'H',
        ...fields,
      });
    expect(refusal(await confirm({ ActualWorkQuantity: '1.5' }))).toEqual([
      400,
      `Order ${key} is not released`,
    ]);
    await act('ReleaseMaintenanceOrder', key);
    expect((await confirm({ ActualWorkQuantity: '0.25' })).status).toBe(400);
    const etag = metadataOf(await orderOf(key)).etag;
    const first = await confirm({ ActualWorkQuantity: '1.5' });
    expect(first.d).toMatchObject({
      MaintOrderConfCntrValue: '1',
      ActualWorkQuantity: '1.5',
      ActyConfFcstdEndTime: 'PT24H00M00S',
    });
    const final = await confirm({
      ActualWorkQuantity: '30',
      ActualWorkQuantityUnit: 'MIN',
      IsFinalConfirmation: true,
    });
    expect(await orderOf(key)).toMatchObject({ SystemStatusText: 'REL  CNF  MANC NTUP PRC  SETC' });
    expect(metadataOf(await orderOf(key)).etag).toBe(etag);
    const operations = async (): Promise<Json | undefined> =>
      (await client.get(`${orderPath(key)}/to_MaintenanceOrderOperation`)).rows[0];
    expect(await operations()).toMatchObject({ ActualWorkQuantity: '2.000', SystemStatusText: 'CNF  REL' });
    const cancel = `${CONFIRMATIONS}/CancelMaintOrderConfirmation?MaintOrderConf='${String(final.d['MaintOrderConf'])}'&MaintOrderConfCntrValue='2'`;
    expect((await client.write('POST', enc(cancel))).d).toMatchObject({
      MaintOrderConfCntrValue: '3',
      ActualWorkQuantity: '-30.0',
    });
    expect(await operations()).toMatchObject({ ActualWorkQuantity: '1.500', SystemStatusText: 'PCNF REL' });
    expect((await client.write('POST', enc(cancel))).status).toBe(400);
    client.sandbox.control.setDial('closedBefore', '2031-01-01');
    expect((await confirm({ ActualWorkQuantity: '1', PostingDate: '/Date(1000000000000)/' })).status).toBe(
      400,
    );
  });
});

describe('notifications', () => {
  const create = {
    NotificationType: 'M2',
    NotificationText: 'Smoke',
    TechnicalObject: C,
    TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI',
  };

  it('compute dates from the priority, pad the object, and follow their functions', async () => {
    const answer = await client.write('POST', `${NOTIFICATIONS}/MaintenanceNotification`, {
      ...create,
      MaintPriority: '1',
      RequiredEndDate: '/Date(4102444800000)/',
      MaintNotifExtReferenceNumber: 'ours-17',
      MaintNotifLongTextForEdit: 'Long',
      to_Item: [{ MaintNotifItemText: 'Damage', to_ItemCause: [{ MaintNotifCauseText: 'Heat' }] }],
    });
    expect(answer.status).toBe(201);
    expect(answer.d).toMatchObject({
      TechnicalObject: `0000000000${C}`,
      TechnicalObjectLabel: C,
      FunctionalLocation: 'PIT-N-EXC',
      NotifProcessingPhase: '1',
      MaintNotificationLongText: 'Long',
      LastChangeDateTime: expect.stringMatching(/Date/),
      to_Item: {
        results: [
          {
            MaintenanceNotificationItem: '1',
            to_ItemCause: { results: [{ MaintenanceNotificationCause: '1' }] },
          },
        ],
      },
    });
    expect(answer.d['RequiredEndDate']).not.toBe('/Date(4102444800000)/');
    const key = String(answer.d['MaintenanceNotification']);
    const found = await client.get(
      enc(`${NOTIFICATIONS}/MaintenanceNotification?$filter=MaintNotifExtReferenceNumber eq 'ours-17'`),
    );
    expect(found.rows).toHaveLength(1);
    const press = (name: string): Promise<Answer> =>
      client.write('POST', enc(`${NOTIFICATIONS}/${name}?MaintenanceNotification='${key}'`));
    expect((await press('SetMaintNotifToInProcess')).d).toMatchObject({
      NotifProcessingPhase: '3',
      ConcatenatedActiveSystStsName: 'NOPR',
    });
    expect((await press('CompleteMaintNotification')).d).toMatchObject({ NotifProcessingPhase: '4' });
    expect((await press('SetMaintNotifToInProcess')).status).toBe(400);
    const order = await client.order({ MaintenanceNotification: key });
    expect((await orderOf(order))['MaintenanceNotification']).toBe(key);
  });

  it('want a text, and an object of a named kind', async () => {
    const post = (fields: Json): Promise<Answer> =>
      client.write('POST', `${NOTIFICATIONS}/MaintenanceNotification`, fields);
    expect(refusal(await post({ NotificationType: 'M1' }))).toEqual([
      400,
      "Property 'NotificationText' is mandatory",
    ]);
    expect((await post({ ...create, TechObjIsEquipOrFuncnlLoc: '' })).status).toBe(400);
    expect((await post({ ...create, FunctionalLocation: 'PIT' })).status).toBe(400);
  });
});

describe('equipment and places', () => {
  it('are numbered, installed, dismantled with a row of history, and flagged instead of deleted', async () => {
    const made = await client.write('POST', `${EQUIPMENT}/Equipment`, {
      EquipmentCategory: 'M',
      EquipmentName: 'Pump',
      ManufacturerSerialNumber: 'P-1',
    });
    expect(made.d).toMatchObject({
      LastChangeDateTime: null,
      EquipmentIsAvailable: true,
      EquipmentIsInstalled: false,
    });
    const key = String(made.d['Equipment']);
    const args = `Equipment='${key}'&ValidityEndDate=datetime'9999-12-31T00:00:00'`;
    const press = (name: string, more = ''): Promise<Answer> =>
      client.write('POST', enc(`${EQUIPMENT}/${name}?${args}${more}`));
    const later = "&EquipmentInstallationDate=datetime'2040-01-01T00:00:00'";
    expect((await press('InstallEquipment', `&FunctionalLocation='PIT-W'${later}`)).d).toMatchObject({
      FunctionalLocationLabelName: 'PIT-W',
      EquipmentIsInstalled: true,
    });
    const rows = await client.get(enc(`${EQUIPMENT}/Equipment?$filter=Equipment eq '${key}'`));
    expect(rows.rows).toHaveLength(2);
    expect(
      (await client.get(`${LOCATIONS}/FunctionalLocation('PIT-W')`)).d['FunctionalLocationHasEquipment'],
    ).toBe('X');
    expect((await press('InstallEquipment', "&FunctionalLocation='PIT-N'")).status).toBe(400);
    expect((await press('DismantleEquipment')).d).toMatchObject({ FunctionalLocation: '' });
    expect((await press('SetEquipmentToInactive')).d).toHaveProperty('SetEquipmentToInactive');
    expect((await press('SetEquipmentToInactive')).status).toBe(400);
    const path = `${EQUIPMENT}/Equipment(Equipment='${key}',ValidityEndDate=datetime'9999-12-31T00%3A00%3A00')`;
    expect((await client.get(path)).d).toMatchObject({ EquipmentIsInactive: true });
    expect((await client.write('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(405);
    const text = await client.write('POST', `${path}/to_LongText`, { EquipmentLongText: 'Blue' });
    expect((await client.write('POST', `${path}/to_LongText`, { EquipmentLongText: 'Red' })).status).toBe(
      405,
    );
    expect(text.status).toBe(201);
    expect((await client.get(`${path}/to_LongText`)).d['EquipmentLongText']).toBe('Blue');
  });

  it('find their place above by the label', async () => {
    const made = await client.write('POST', `${LOCATIONS}/FunctionalLocation`, {
      FunctionalLocation: 'PIT-W-BAY 1/A',
      FunctionalLocationName: 'Bay',
      FuncLocationStructure: 'PIT',
      FunctionalLocationCategory: 'M',
    });
    expect(made.d).toMatchObject({ SuperiorFunctionalLocation: 'PIT-W', FunctionalLocationIsActive: true });
    const { uri } = metadataOf(made.d);
    expect(uri).toMatch(/PIT-W-BAY%201%2FA/);
    expect((await client.get(new URL(uri).pathname)).status).toBe(200);
  });
});

describe('plans, meters', () => {
  it('plans are made with items and cycles, then scheduled', async () => {
    const made = await client.write('POST', `${PLANS}/MaintenancePlan`, {
      MaintenancePlanDesc: 'Weekly look',
      MaintenancePlanCategory: 'PM',
      to_MaintenanceCycle: [{ MaintPlanCycRcrrcIntervalQty: '2', MaintPlanCycRcrrcIntervalUnit: 'WK' }],
      to_Item: [
        {
          MaintenanceItemDescription: 'Look',
          MaintenancePlanCategory: 'PM',
          Equipment: C,
          MaintenanceOrderType: 'PM02',
        },
      ],
    });
    expect(made.status).toBe(201);
    const key = String(made.d['MaintenancePlan']);
    const start = await client.write(
      'POST',
      enc(
        `${PLANS}/StartMaintPlnSchedule?MaintenancePlan='${key}'&SchedulingStartDate=datetime'2031-05-01T00:00:00'`,
      ),
    );
    expect(start.d).toMatchObject({ MaintenancePlanSystemStatus: 'I0002', NumberOfMaintenanceItems: '1' });
    const calls = await client.get(`${PLANS}/MaintenancePlan('${key}')/to_Schedules`);
    expect(calls.rows[0]).toMatchObject({
      MaintenanceCallNextPlannedDate: `/Date(${Date.UTC(2031, 4, 15)})/`,
      MaintCallHorizonIsNotReached: true,
    });
  });

  it('readings are appended, checked against the counter, reversed by an action', async () => {
    const post = (fields: Json): Promise<Answer> =>
      client.write('POST', `${READINGS}/MeasurementDocument`, {
        MeasurementDocument: '0',
        MeasuringPoint: '13',
        MeasurementReadingEntryUoM: 'H',
        ...fields,
      });
    const low = await post({ MeasurementReadingInEntryUoM: 5 });
    expect([low.status, errorOf(low).code]).toEqual([400, 'IR/208']);
    const made = await post({
      MeasurementReadingInEntryUoM: 30_000.5,
      MsmtRdngDate: '2031-05-04',
      MsmtRdngTime: '10:20:30',
    });
    expect(made.body).toMatchObject({
      MeasurementReading: 108_001_800,
      MsmtRdngTime: '10:20:30',
      CharcValueUnit: 'H',
    });
    const path = `${READINGS}/MeasurementDocument('${String(made.body['MeasurementDocument'])}')`;
    const step = await post({
      MeasurementReadingInEntryUoM: 2,
      MsmtCntrReadingDiffIsEntered: true,
      MsmtRdngDate: '2031-05-05',
    });
    expect(step.body).toMatchObject({ MeasurementReadingInEntryUoM: 30_002.5 });
    expect((await client.write('POST', `${path}/SAP__self.ActivateReversalIndicator`, {})).status).toBe(428);
    const reversed = await client.write(
      'POST',
      `${path}/SAP__self.ActivateReversalIndicator`,
      {},
      { 'if-match': String(made.headers.get('etag')) },
    );
    expect(reversed.body).toMatchObject({ MsmtRdngIsReversed: true });
    const off = await client.write(
      'POST',
      `${POINTS}/MeasuringPoint('13')/SAP__self.DeactivateMeasuringPoint`,
      {},
      { 'if-match': '*' },
    );
    expect(off.body).toMatchObject({ MeasuringPointIsInactive: true });
    expect((await post({ MeasurementReadingInEntryUoM: 40_000 })).status).toBe(400);
    const patched = await client.write(
      'PATCH',
      `${POINTS}/MeasuringPoint('13')`,
      { MeasuringPointDescription: 'Hours' },
      { 'if-match': '*' },
    );
    expect(patched.body).toMatchObject({ MeasuringPointDescription: 'Hours' });
  });
});

describe('attachments', () => {
  it('are uploaded with headers, listed by their object, read back byte for byte', async () => {
    const key = await client.order();
    const service = '/sap/opu/odata/sap/API_CV_ATTACHMENT_SRV';
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
    const headers = {
      slug: 'photo.png',
      'content-type': 'image/png',
      businessobjecttypename: 'BUS2007',
      linkedsapobjectkey: key.padStart(12, '0'),
    };
    const made = await client.send(`${service}/AttachmentContentSet`, {
      method: 'POST',
      headers,
      body: bytes,
    });
    expect(made.d).toMatchObject({
      FileName: 'photo.png',
      FileSize: '300',
      MimeType: 'image/png',
      LinkedSAPObjectKey: key,
    });
    const listed = await client.get(
      enc(`${service}/GetAllOriginals?LinkedSAPObjectKey='${key}'&BusinessObjectTypeName='BUS2007'`),
    );
    expect(listed.rows).toMatchObject([{ FileName: 'photo.png' }]);
    const { pathname } = new URL(`${metadataOf(listed.rows[0] ?? {}).uri}/$value`);
    const content = await fetch(client.sandbox.url + pathname, { headers: { ...(await client.token()) } });
    expect([content.headers.get('content-type'), [...new Uint8Array(await content.arrayBuffer())]]).toEqual([
      'image/png',
      [...bytes],
    ]);
    const foreign = await client.send(`${service}/AttachmentContentSet`, {
      method: 'POST',
      headers: { ...headers, linkedsapobjectkey: '1' },
      body: bytes,
    });
    expect(foreign.status).toBe(400);
  });
});
