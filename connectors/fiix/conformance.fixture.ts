/** Fiix for the conformance suite, with an empty tenant. */
import type { JsonObject } from '../../domain/json.ts';
import type { ConformanceOptions, EntityFixture } from '../kit/conformance-options.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { fiix } from './index.ts';
import { startFiixSandbox } from './sandbox/index.ts';

const AT = Date.parse('2026-04-01T06:30:00.000Z');
/** All calls go to one address; the class of the request stands in its query. */
const call = (action: string): { method: string; path: string; query: string } => ({
  method: 'POST',
  path: '/api/$',
  query: `action=(${action})Request`,
});

type Row = Record<string, unknown>;

function rows(sandbox: RunningSandbox, className: string): Row[] {
  return sandbox.control.list(className) as Row[];
}

/** The id of a seeded row, by a field. */
function idOf(sandbox: RunningSandbox, className: string, field: string, value: unknown): number {
  const row = rows(sandbox, className).find((candidate) => candidate[field] === value);
  if (row === undefined) throw new Error(`The sandbox has no ${className} with ${field} ${String(value)}.`);
  return row['id'] as number;
}

function kindOf(sandbox: RunningSandbox, row: Row): string {
  if (row['bolIsSite'] === 1) return 'location';
  const categories = new Map(rows(sandbox, 'AssetCategory').map((category) => [category['id'], category]));
  for (
    let at = categories.get(row['intCategoryID']);
    at !== undefined;
    at = categories.get(at['intParentID'])
  ) {
    const code = at['intSysCode'];
    if (code === 4) return 'part';
    if ([1, 5, 6, 7, 10].includes(code as number)) return 'location';
    if ([2, 3, 11].includes(code as number)) return 'asset';
  }
  return 'asset';
}

function assets(
  kind: string,
  code: number,
  fields: (n: number) => Row,
): Pick<EntityFixture, 'object' | 'insert' | 'externalIdsOf'> {
  let held: RunningSandbox | null = null;
  return {
    object: 'Asset',
    insert: (n, sandbox) => {
      held = sandbox;
      return {
        intCategoryID: idOf(sandbox, 'AssetCategory', 'intSysCode', code),
        intSiteID: idOf(sandbox, 'Asset', 'bolIsSite', 1),
        ...fields(n),
      };
    },
    externalIdsOf: (row) => (held !== null && kindOf(held, row) !== kind ? [] : [String(row['id'])]),
  };
}

const location: EntityFixture = {
  ...assets('location', 1, (n) => ({ strName: `Hall ${String(n)}` })),
  change: { strAddress: 'Mill Road 1' },
  create: (n) => ({
    strName: `Bay ${String(n)}`,
    strCode: `B-${String(n)}`,
    dblLatitude: -31.95,
    _kind: 'area',
  }),
  createCall: call('Add'),
  update: { strDescription: 'Behind the mill', strCode: null },
  shows: (raw, fields) => Object.entries(fields).every(([name, value]) => (raw[name] ?? null) === value),
  updateCall: call('Change'),
  refused: { strName: 'Nowhere', _parent: 999_999 },
  literals: { text: 'strDescription', number: 'dblLatitude' },
};

const asset: EntityFixture = {
  ...assets('asset', 2, (n) => ({ strName: `Pump ${String(n)}`, strSerialNumber: `SN-${String(n)}` })),
  change: { strModel: 'CR 32-4' },
  create: (n) => ({
    strName: `Fan ${String(n)}`,
    strSerialNumber: `F-${String(n)}`,
    bolIsOnline: 1,
    _type: 'equipment',
  }),
  createCall: call('Add'),
  update: { strModel: 'FC 091', strMake: 'Ziehl' },
  updateCall: call('Change'),
  refused: { strName: 'Lost', intAssetLocationID: 999_999 },
  retired: (raw) => raw['bolIsOnline'] === 0,
  retireCall: call('Batch'),
};

const part: EntityFixture = {
  ...assets('part', 4, (n) => ({ strName: `Seal ${String(n)}`, strCode: `S-${String(n)}` })),
  change: { strDescription: 'Viton' },
  create: (n) => ({ strName: `Belt ${String(n)}`, strCode: `B-${String(n)}` }),
  createCall: call('Add'),
  update: { strDescription: 'Narrow', strBarcode: '4006381333931' },
  updateCall: call('Change'),
  refused: { strName: 'Belt', nonsense: 1 },
};

const person: EntityFixture = {
  object: 'User',
  externalIdsOf: (row) => (row['bolGroup'] === 1 ? [] : [String(row['id'])]),
  insert: (n) => ({
    strFullName: `Worker ${String(n)}`,
    strUserName: `worker${String(n)}`,
    intUserStatusID: 1,
  }),
  change: { strUserTitle: 'Fitter' },
  create: (n) => ({ strFullName: `Planner ${String(n)}`, strUserName: `planner${String(n)}@example.com` }),
  createCall: call('Add'),
  update: { strUserTitle: 'Planner', strTelephone: '+61 8 5550 1234' },
  updateCall: call('Change'),
};

/** A machine of its own for each meter. */
function machine(sandbox: RunningSandbox, n: number): number {
  const made = sandbox.control.insert('Asset', asset.insert?.(10_000 + n, sandbox) ?? {});
  return (made as Row)['id'] as number;
}

const meter: EntityFixture = {
  object: 'MeterReading',
  externalIdsOf: (row) => [`${String(row['intAssetID'])}|${String(row['intMeterReadingUnitsID'])}`],
  insert: (n, sandbox) => ({
    intAssetID: machine(sandbox, n),
    intMeterReadingUnitsID: rows(sandbox, 'MeterReadingUnit')[0]?.['id'],
    dblMeterReading: 100 + n,
    dtmDateSubmitted: AT + n,
  }),
  change: { dblMeterReading: 777.5 },
  create: (n, sandbox) => ({
    intAssetID: machine(sandbox, n),
    _unit: String(rows(sandbox, 'MeterReadingUnit')[0]?.['strName']),
    _reading: { value: 5 + n, at: AT },
  }),
  createCall: call('Add'),
  update: { _reading: { value: 250.5, at: AT + 60_000 } },
  shows: (raw, fields) =>
    raw['dblMeterReading'] === ('_reading' in fields ? 250.5 : fields['dblMeterReading']),
  updateCall: call('Add'),
  refused: { intAssetID: 999_999, _unit: 'Hours', _reading: { value: 1, at: AT } },
};

const plan: EntityFixture = {
  object: 'ScheduledMaintenance',
  insert: (n, sandbox) => ({
    strDescription: `Grease ${String(n)}`,
    intSiteID: idOf(sandbox, 'Asset', 'bolIsSite', 1),
    intScheduledMaintenanceStatusID: 1,
  }),
  change: { strCode: 'SM-NEW' },
  update: { strDescription: 'Grease the drive\nTwo strokes' },
  updateCall: call('Change'),
  retired: (raw) => raw['intScheduledMaintenanceStatusID'] === 0,
  retireCall: call('Change'),
};

const workOrder: EntityFixture = {
  object: 'WorkOrder',
  insert: (n, sandbox) => ({
    strDescription: `Inspect ${String(n)}`,
    intSiteID: idOf(sandbox, 'Asset', 'bolIsSite', 1),
    intWorkOrderStatusID: idOf(sandbox, 'WorkOrderStatus', 'intSysCode', 4),
  }),
  change: { strCompletionNotes: 'Take the long ladder' },
  create: (n, sandbox) => ({
    strDescription: `Repair ${String(n)}\nBearing`,
    _status: 5,
    _priority: 'High',
    _maintenanceType: 'Corrective',
    _asset: machine(sandbox, n),
    _tasks: [
      { sequence: 1, title: 'Drain', completed: false, dblTimeEstimatedHours: 0.5 },
      { sequence: 2, title: 'Fit', completed: false },
    ],
    dtmSuggestedCompletionDate: AT,
  }),
  createCall: call('Batch'),
  update: { strDescription: 'Repair the drive', _status: 7, dtmSuggestedCompletionDate: AT + 86_400_000 },
  shows: (raw, { _status, ...fields }) =>
    Object.entries(fields).every(([name, value]) => raw[name] === value) &&
    (_status === undefined || (raw['status'] as JsonObject)['intSysCode'] === _status),
  updateCall: call('Change'),
  refused: { strDescription: 'Repair', _asset: 999_999 },
  retired: (raw) => (raw['status'] as JsonObject)['intSysCode'] === 9,
  retireCall: call('Change'),
  literals: { text: 'strDescription', instant: 'dtmSuggestedCompletionDate', epoch: true },
};

export const conformance: readonly ConformanceOptions[] = [
  {
    connector: fiix,
    async start() {
      const sandbox = await startFiixSandbox({ seed: 'empty' });
      const { accessKey = '', appKey = '', secret = '' } = sandbox.credentials;
      const [site] = rows(sandbox, 'Asset').filter((row) => row['bolIsSite'] === 1);
      return {
        sandbox,
        config: { baseUrl: sandbox.url, site: String(site?.['strName']) },
        secret: { accessKey, appKey, secret },
      };
    },
    wrongSecret: { accessKey: 'macmmsaakpDEMO', appKey: 'macmmsackpDEMO', secret: 'macmmsaskpWRONG' },
    fixtures: { person, location, asset, part, meter, plan, work_order: workOrder },
    sessions: false,
  },
];
