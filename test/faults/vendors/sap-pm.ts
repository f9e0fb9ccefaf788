/** People of SAP PM. Texts of 40 characters; an order's state is a line of tokens, moved by buttons; due dates are days. */
import type { Json } from '../../../domain/json.ts';
import { textOrNothing, words, wordsOf, type Row, type Spelling, type Vendor } from './vendor.ts';

const WORK = { MaintenancePlanningPlant: '1000', MainWorkCenter: 'MECH-01', MainWorkCenterPlant: '1000' };
const STATES: Readonly<Record<string, string>> = {
  requested: 'CRTD',
  scheduled: 'REL',
  on_hold: 'LKD',
  completed: 'TECO',
  closed: 'CLSD',
  cancelled: 'NOEX',
};

const status: Spelling = {
  write: (value) => {
    const token = typeof value === 'string' ? STATES[value] : undefined;
    return token === undefined ? null : { SystemStatusText: token };
  },
  read: (row): Json => {
    const tokens = String(row['SystemStatusText']).split(/\s+/);
    return (
      Object.entries(STATES)
        .toReversed()
        .find(([, token]) => tokens.includes(token))?.[0] ?? null
    );
  },
};

const keyed =
  (field: string) =>
  (row: Row): string =>
    String(row[field]);

export const sapPm: Vendor = {
  screens: {
    work_order: {
      object: 'MaintenanceOrder',
      externalId: keyed('MaintenanceOrder'),
      entered: () => ({ MaintenanceOrderType: 'PM01', ...WORK }),
      fields: {
        title: textOrNothing('MaintenanceOrderDesc'),
        priority: words('MaintPriority', { critical: '1', high: '2', medium: '3', low: '4' }),
        status,
      },
    },
    asset: {
      object: 'Equipment',
      externalId: keyed('Equipment'),
      entered: () => ({ EquipmentCategory: 'M', MaintenancePlanningPlant: '1000' }),
      // Earlier periods of use stay as history.
      holds: (row) => row['ValidityEndDate'] === '9999-12-31',
      fields: { name: textOrNothing('EquipmentName'), manufacturer: textOrNothing('AssetManufacturerName') },
    },
    location: {
      object: 'FunctionalLocation',
      externalId: keyed('FunctionalLocation'),
      entered: (key) => ({
        FunctionalLocation: `1000-${key}`,
        FuncLocationStructure: 'STND',
        FunctionalLocationCategory: 'M',
      }),
      fields: { name: textOrNothing('FunctionalLocationName') },
    },
  },
  config: (seed) => ({ locationStructure: 'STND', ...(seed % 2 === 0 ? { allowClose: true } : {}) }),
  calls: [{ method: 'GET' }, { method: 'POST' }, { method: 'POST' }, { method: 'PATCH' }],
  dials: (random) => [
    { name: 'pageSize', value: 2 + random.int(4) },
    { name: 'insertWhilePaging', value: 1 },
    { name: 'refuseEqNull', value: true },
    { name: 'functionsNeedEtag', value: true },
    { name: 'sessionIdleMs', value: 1_000 },
    { name: 'statusTouchesOrder', value: false },
  ],
  rest: {
    pageSize: null,
    insertWhilePaging: null,
    refuseEqNull: null,
    functionsNeedEtag: null,
    sessionIdleMs: null,
  },
  undated: { kind: 'work_order', dial: 'statusTouchesOrder', everyMs: 3_600_000 },
  steps: { title: 'OperationDescription', entered: (said) => ({ OperationDescription: said }) },
  // A locked order is unlocked, changed and locked again.
  writesOfAnEdit: (row) => (/\bLKD\b/.test(wordsOf(row['SystemStatusText'])) ? 3 : 1),
  countsWrites: true,
};
