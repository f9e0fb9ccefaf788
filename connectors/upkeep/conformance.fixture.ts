/** UpKeep for the conformance suite, with an empty account. */
import type { JsonObject } from '../../domain/json.ts';
import type { ConformanceOptions, EntityFixture } from '../kit/conformance-options.ts';
import { upkeep } from './index.ts';
import { startUpkeepSandbox } from './sandbox/index.ts';

const AT = '2026-04-01T06:30:00.000Z';
const post = (path: string): { method: string; path: string } => ({ method: 'POST', path: `/${path}$` });
const patch = (path: string): { method: string; path: string } => ({ method: 'PATCH', path: `/${path}/` });

const location: EntityFixture = {
  object: 'locations',
  insert: (n) => ({ name: `Hall ${String(n)}` }),
  change: { address: 'Mill Road 1' },
  create: (n) => ({ name: `Bay ${String(n)}`, barcode: `B-${String(n)}`, latitude: -31.95 }),
  createCall: post('locations'),
  update: { address: 'Quay 7', barcode: null },
  shows: (raw, fields) =>
    raw['address'] === fields['address'] && (!('barcode' in fields) || !('barcode' in raw)),
  updateCall: patch('locations'),
  refused: { name: 'Nowhere', parentLocation: 'none000000' },
};

const asset: EntityFixture = {
  object: 'assets',
  insert: (n) => ({ name: `Pump ${String(n)}`, serialNumber: `SN-${String(n)}` }),
  change: { model: 'CR 32-4' },
  create: (n) => ({
    name: `Fan ${String(n)}`,
    serialNumber: `F-${String(n)}`,
    status: 'active',
    make: 'Ziehl',
  }),
  createCall: post('assets'),
  update: { status: 'inactive', model: 'FC 091' },
  updateCall: patch('assets'),
  retired: (raw) => raw['status'] === 'inactive',
  retireCall: patch('assets'),
  refused: { name: 'Lost', location: 'none000000' },
};

const part: EntityFixture = {
  object: 'parts',
  insert: (n) => ({ name: `Seal ${String(n)}`, partNumber: `S-${String(n)}` }),
  change: { quantity: 12 },
  create: (n) => ({ name: `Belt ${String(n)}`, partNumber: `B-${String(n)}`, quantity: 3, cost: 12.5 }),
  createCall: post('parts'),
  update: { quantity: 7, minimumQuantity: 2 },
  updateCall: patch('parts'),
  refused: { name: 'Belt', nonsense: 1 },
};

const meter: EntityFixture = {
  object: 'meters',
  insert: (n) => ({ name: `Hours ${String(n)}`, units: 'h' }),
  change: { units: 'km' },
  create: (n) => ({ name: `Counter ${String(n)}`, units: 'h', lastReading: { value: 100 + n, date: AT } }),
  createCall: post('meters'),
  update: { units: 'min', lastReading: { value: 250.5, date: AT } },
  shows: (raw, { units, lastReading }) =>
    raw['units'] === units &&
    (lastReading === undefined || (raw['lastReading'] as JsonObject | undefined)?.['value'] === 250.5),
  updateCall: patch('meters'),
};

const plan: EntityFixture = {
  object: 'pm-schedules',
  externalIdsOf: (record) => [`${String(record['pmTemplate'])}:${String(record['id'])}`],
  insert: (n, sandbox) => {
    const template = sandbox.control.insert('pm', { name: `Grease ${String(n)}`, priority: 1 });
    return {
      pmTemplate: (template as { id: string }).id,
      repeatFrequency: 'MONTHLY',
      repeatInterval: 1,
      timeZone: 'Australia/Perth',
    };
  },
  change: { repeatInterval: 3 },
  shows: (raw) => (raw['schedule'] as JsonObject)['repeatInterval'] === 3,
};

const person: EntityFixture = {
  object: 'users',
  insert: (n) => ({
    email: `worker${String(n)}@example.com`,
    password: 'wrench-and-hammer',
    accountType: 'TECHNICIAN',
    firstName: 'Worker',
    lastName: String(n),
  }),
  change: { jobTitle: 'Fitter' },
  update: { jobTitle: 'Planner', phoneNumber: '+61 8 5550 1234' },
  updateCall: patch('users'),
};

const request: EntityFixture = {
  object: 'requests',
  insert: (n) => ({ title: `Leak ${String(n)}` }),
  change: { description: 'Oil below the gearbox' },
  create: (n) => ({
    title: `Noise ${String(n)}`,
    description: 'Since the night shift',
    priority: 2,
    dueDate: AT,
  }),
  createCall: post('requests'),
  update: { status: 'cancelled' },
  updateCall: patch('requests'),
  retired: (raw) => raw['status'] === 'cancelled',
  retireCall: patch('requests'),
  refused: { title: 'Where?', location: 'none000000' },
};

const workOrder: EntityFixture = {
  object: 'work-orders',
  insert: (n) => ({ title: `Inspect ${String(n)}` }),
  change: { description: 'Take the long ladder' },
  create: (n) => ({
    title: `Repair ${String(n)}`,
    description: 'Bearing',
    priority: 2,
    status: 'inProgress',
    dueDate: AT,
  }),
  createCall: post('work-orders'),
  update: { title: 'Repair the drive', status: 'complete', dueDate: '2026-05-01T00:00:00Z' },
  shows: (raw, fields) =>
    Object.entries(fields).every(([name, value]) =>
      name === 'dueDate' ? raw[name] === '2026-05-01T00:00:00.000Z' : raw[name] === value,
    ),
  updateCall: patch('work-orders'),
  retired: (raw) => raw['archived'] === true,
  retireCall: patch('work-orders'),
  refused: { title: 'Repair', asset: 'none000000' },
  literals: { text: 'title', instant: 'dueDate', number: 'estimatedDuration' },
  commentsOf: (sandbox, externalId) =>
    (sandbox.control.list('update-messages') as { workOrder: string; text: string }[])
      .filter((message) => message.workOrder === externalId)
      .map((message) => message.text),
};

export const options: ConformanceOptions = {
  connector: upkeep,
  async start() {
    const sandbox = await startUpkeepSandbox({ seed: 'empty' });
    const { email = '', password = '' } = sandbox.credentials;
    return { config: { baseUrl: `${sandbox.url}/api/v2` }, secret: { email, password }, sandbox };
  },
  wrongSecret: { email: 'nobody@example.com', password: 'not-the-password' },
  fixtures: { person, location, asset, part, meter, plan, request, work_order: workOrder },
  sessions: true,
};

export const conformance: readonly ConformanceOptions[] = [options];
