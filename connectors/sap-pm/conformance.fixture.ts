/** SAP PM for the conformance suite: with user and password, and with OAuth 2.0 (access tokens that expire, beside the CSRF token). */
import type { JsonObject } from '../../domain/json.ts';
import type { ConformanceOptions, EntityFixture } from '../kit/conformance-options.ts';
import { sapPm } from './index.ts';
import { startSapPmSandbox } from './sandbox/index.ts';

const WORK = { MaintenancePlanningPlant: '1000', MainWorkCenter: 'MECH-01', MainWorkCenterPlant: '1000' };
const AT = '2026-03-01T08:15:00.000Z';

function keyed(field: string): NonNullable<EntityFixture['externalIdsOf']> {
  return (record) => [String(record[field])];
}

const call = (path: string, method = 'POST'): { method: string; path: string } => ({ method, path });

const fixtures = {
  location: {
    object: 'FunctionalLocation',
    externalIdsOf: keyed('FunctionalLocation'),
    insert: (n: number) => ({
      FunctionalLocation: `1000-AREA-${String(n)}`,
      FuncLocationStructure: 'STND',
      FunctionalLocationCategory: 'M',
      FunctionalLocationName: `Area ${String(n)}`,
    }),
    change: { FunctionalLocationName: 'Area, repainted' },
    create: (n: number) => ({
      FunctionalLocation: `1000-HALL-${String(n)}`,
      FunctionalLocationName: `Hall ${String(n)}`,
      _longText: 'Key at the gate.',
    }),
    createCall: call('/FunctionalLocation$'),
    update: {
      FunctionalLocationName: 'Hall, extended',
      _longText: 'Key inside.\nRing twice.',
      _state: 'inactive',
    },
    updateCall: call('/[$]batch$'),
    refused: { FunctionalLocation: 'X', FunctionalLocationName: 'Hall', nonsense: 1 },
    retired: (raw) => raw['_state'] === 'deleted',
    retireCall: call('/SetFuncLocToMarkedForDeletion$'),
  },
  asset: {
    object: 'Equipment',
    externalIdsOf: (record) =>
      record['ValidityEndDate'] === '9999-12-31' ? [String(record['Equipment'])] : [],
    insert: (n: number) => ({
      EquipmentName: `Pump ${String(n)}`,
      EquipmentCategory: 'M',
      MaintenancePlanningPlant: '1000',
    }),
    change: { EquipmentName: 'Pump, overhauled' },
    create: (n: number) => ({
      EquipmentName: `Fan ${String(n)}`,
      ManufacturerSerialNumber: `F-${String(n)}`,
      _longText: 'Loud.',
    }),
    createCall: call('/Equipment$'),
    update: { EquipmentName: 'Fan, balanced', ABCIndicator: 'A' },
    updateCall: call('/Equipment\\(', 'PATCH'),
    refused: { EquipmentName: 'Fan', EquipmentCategory: '?' },
    retired: (raw) => raw['_state'] === 'deleted',
    retireCall: call('/SetEquipToMarkedForDeletion$'),
    literals: { text: '_longText' },
  },
  part: {
    object: 'A_Product',
    externalIdsOf: keyed('Product'),
    insert: (n: number) => ({ Product: `BELT-${String(n)}`, ProductType: 'ERSA', BaseUnit: 'PC' }),
    change: { ProductGroup: '0102' },
    create: (n: number) => ({
      Product: `SEAL-${String(n)}`,
      _description: `Seal ${String(n)}`,
      BaseUnit: 'PC',
    }),
    createCall: call('/A_Product$'),
    update: { ProductStandardID: '4006381333931', IsMarkedForDeletion: true },
    updateCall: call('/A_Product\\(', 'PATCH'),
    refused: { Product: 'SEAL-X', _description: 'Seal', nonsense: 'x' },
    retired: (raw) => raw['IsMarkedForDeletion'] === true,
    retireCall: call('/A_Product\\(', 'PATCH'),
  },
  meter: {
    object: 'MeasuringPoint',
    externalIdsOf: keyed('MeasuringPoint'),
    insert: (n: number, sandbox) => ({
      MeasuringPointDescription: `Hours ${String(n)}`,
      MeasuringPointCategory: 'M',
      MeasurementRangeUnit: 'H',
      MeasuringPointIsCounter: false,
      Equipment: equipment(sandbox, n),
    }),
    change: { MeasuringPointDescription: 'Hours, second sensor' },
    create: (n: number, sandbox) => ({
      MeasuringPointDescription: `Counter ${String(n)}`,
      MeasuringPointIsCounter: true,
      MeasurementRangeUnit: 'H',
      Equipment: equipment(sandbox, n),
      _reading: { value: 100 + n, at: AT },
    }),
    createCall: call('/MeasuringPoint$'),
    update: {
      MeasuringPointDescription: 'Counter, new',
      _reading: { value: 250.5, at: '2026-03-02T08:00:00.000Z' },
    },
    shows: (raw, { MeasuringPointDescription, _reading }) =>
      raw['MeasuringPointDescription'] === MeasuringPointDescription &&
      (_reading === undefined || JSON.stringify(raw['_lastReading']) === JSON.stringify(_reading)),
    updateCall: call('/MeasuringPoint\\(', 'PATCH'),
    retired: (raw) => raw['MeasuringPointIsInactive'] === true,
    retireCall: call('DeactivateMeasuringPoint'),
  },
  plan: {
    object: 'MaintenanceItem',
    externalIdsOf: keyed('MaintenanceItem'),
    insert: (n: number, sandbox) => {
      const plan = sandbox.control.insert('MaintenancePlan', {
        MaintenancePlanDesc: `Service ${String(n)}`,
        MaintenancePlanCategory: 'PM',
      }) as Record<string, unknown>;
      return {
        MaintenanceItemDescription: `Grease ${String(n)}`,
        MaintenancePlanCategory: 'PM',
        MaintenancePlan: String(plan['MaintenancePlan']),
      };
    },
    change: { MaintenanceItemDescription: 'Grease, twice' },
    update: { MaintenanceItemDescription: 'Grease all bearings', MaintPriority: '2' },
    updateCall: call('/MaintenanceItem\\(', 'PATCH'),
  },
  request: {
    object: 'MaintenanceNotification',
    externalIdsOf: keyed('MaintenanceNotification'),
    insert: (n: number) => ({
      NotificationText: `Noise ${String(n)}`,
      NotificationType: 'M1',
      MaintenancePlanningPlant: '1000',
    }),
    change: { NotificationText: 'Noise, louder' },
    create: (n: number) => ({ NotificationText: `Leak ${String(n)}`, MaintPriority: '2' }),
    createCall: call('/MaintenanceNotification$'),
    update: { NotificationText: 'Leak at the valve', _phase: '3' },
    updateCall: call('/MaintenanceNotification\\(', 'PATCH'),
    refused: { NotificationText: 'Leak', NotificationType: 'ZZ' },
    retired: (raw) => raw['_phase'] === '5',
    retireCall: call('/RejectMaintWorkRequest$'),
  },
  work_order: {
    object: 'MaintenanceOrder',
    externalIdsOf: keyed('MaintenanceOrder'),
    insert: (n: number) => ({
      MaintenanceOrderDesc: `Replace belt ${String(n)}`,
      MaintenanceOrderType: 'PM01',
      ...WORK,
    }),
    change: { MaintenanceOrderDesc: 'Replace belt and pulley' },
    create: (n: number) => ({
      MaintenanceOrderDesc: `Grease bearing ${String(n)}`,
      MaintenanceOrderType: 'PM01',
      _lifeCycle: 'REL',
      _longText: 'First line\nSecond line',
      _operations: [{ _sequence: 10, OperationDescription: 'Clean', _workHours: 1.5 }],
    }),
    createCall: call('/MaintenanceOrder$'),
    update: { MaintenanceOrderDesc: 'Grease both bearings', MaintPriority: '2' },
    updateCall: call('/MaintenanceOrder\\(', 'PATCH'),
    refused: { MaintenanceOrderDesc: 'Grease', MaintenanceOrderType: 'ZZ99' },
    retired: (raw) => raw['_lifeCycle'] === 'DLFL' || raw['_lifeCycle'] === 'NOEX',
    retireCall: call('/SetMaintOrd'),
    literals: { text: 'MaintenanceOrderDesc', instant: 'MaintOrdBasicEndDateTime' },
  },
} satisfies ConformanceOptions['fixtures'];

type Sandbox = Awaited<ReturnType<typeof startSapPmSandbox>>;

function equipment(sandbox: Sandbox, n: number): string {
  const row = sandbox.control.insert('Equipment', {
    EquipmentName: `Engine ${String(n)}`,
    EquipmentCategory: 'M',
    MaintenancePlanningPlant: '1000',
  }) as Record<string, unknown>;
  return String(row['Equipment']);
}

async function start(oauth: boolean): Promise<{ config: JsonObject; secret: JsonObject; sandbox: Sandbox }> {
  const sandbox = await startSapPmSandbox({ seed: 'empty' });
  const { user = '', password = '', clientId = '', clientSecret = '', tokenUrl = '' } = sandbox.credentials;
  const config: JsonObject = {
    baseUrl: sandbox.url,
    sapClient: '100',
    plant: '1000',
    mainWorkCenter: 'MECH-01',
    locationStructure: 'STND',
    ...(oauth ? { tokenUrl } : {}),
  };
  return { config, secret: oauth ? { clientId, clientSecret } : { user, password }, sandbox };
}

export const conformance: readonly ConformanceOptions[] = [
  {
    connector: sapPm,
    start: () => start(false),
    wrongSecret: { user: 'CHATTERFIX', password: 'not-the-password' },
    fixtures,
    // The token against forgery ends with the session; the password does not.
    sessions: 'writes',
  },
  {
    variant: 'OAuth 2.0',
    connector: sapPm,
    start: () => start(true),
    wrongSecret: { clientId: 'sb-chatterfix-sync', clientSecret: 'not-the-secret' },
    fixtures: { request: fixtures.request },
    sessions: true,
  },
];
