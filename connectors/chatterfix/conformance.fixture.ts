/** ChatterFix for the conformance suite: the default backend, and the generation that can do most. */
import type { JsonObject } from '../../domain/json.ts';
import type { ConformanceOptions, EntityFixture } from '../kit/conformance-options.ts';
import { chatterfix } from './index.ts';
import { manifestOf } from './manifest.ts';
import { PROFILES } from './profiles.ts';
import { startChatterfixSandbox } from './sandbox/index.ts';

const post = (path: string): { method: string; path: string } => ({ method: 'POST', path: `${path}$` });
const put = (path: string): { method: string; path: string } => ({ method: 'PUT', path: `${path}/` });

const asset: EntityFixture = {
  object: 'assets',
  insert: (n) => ({ name: `Pump ${String(n)}`, description: '', asset_type: 'Pump', location: 'Hall 1' }),
  change: { location: 'Hall 2' },
  create: (n) => ({
    name: `Fan ${String(n)}`,
    description: 'Over the gate',
    status: 'active',
    serial_number: `F-${String(n)}`,
  }),
  createCall: post('/api/assets'),
  update: { status: 'maintenance', asset_type: 'Fan', serial_number: 'F-new' },
  updateCall: put('/api/assets'),
  refused: { name: 'Lost', status: 'nowhere' },
  literals: { text: 'description' },
  retired: (raw) => raw['status'] === 'retired',
  retireCall: put('/api/assets'),
};

const part: EntityFixture = {
  object: 'parts',
  insert: (n) => ({
    name: `Seal ${String(n)}`,
    part_number: `S-${String(n)}`,
    description: '',
    category: '',
    location: '',
  }),
  change: { location: 'B-2' },
  create: (n) => ({ name: `Belt ${String(n)}`, part_number: `B-${String(n)}`, quantity: 3, unit_cost: 12.5 }),
  createCall: post('/api/parts'),
  update: { quantity: 7, min_stock: 2 },
  updateCall: put('/api/parts'),
  refused: { name: 'Belt', part_number: 'B-9', quantity: 1.5 },
};

const workOrder: EntityFixture = {
  object: 'work-orders',
  insert: (n) => ({ title: `Inspect ${String(n)}`, description: 'As every month' }),
  change: { description: 'Take the long ladder' },
  create: (n) => ({
    title: `Repair ${String(n)}`,
    description: 'It leaks',
    priority: 'high',
    status: 'open',
  }),
  createCall: post('/api/work-orders'),
  refused: { title: 'x'.repeat(300), description: 'Too long' },
  literals: { text: 'title' },
};

const plan: EntityFixture = {
  object: 'pm-schedules',
  insert: (n) => ({
    title: `Grease ${String(n)}`,
    frequency_type: 'calendar',
    frequency_value: 3,
    frequency_unit: 'months',
    is_active: 1,
  }),
  change: { description: 'All four points' },
};

const free = (fixture: EntityFixture, path: string, update: JsonObject): EntityFixture => ({
  ...fixture,
  createCall: post(path),
  updateCall: put(path),
  update,
});

/** A proxy that wants a token stands before it: the backend itself asks for nothing (contract 3.3). */
export const conformance: readonly ConformanceOptions[] = [
  {
    connector: chatterfix,
    // The mappings are written for all generations; none has every field.
    ownRecords: true,
    async start() {
      const sandbox = await startChatterfixSandbox({ seed: 'empty' });
      sandbox.control.setDial('auth', 'bearer');
      return {
        sandbox,
        config: { baseUrl: sandbox.url },
        secret: { token: sandbox.credentials['apiKey'] ?? '' },
      };
    },
    wrongSecret: { token: 'not-the-token-of-this-proxy' },
    sessions: false,
    fixtures: { asset, part, plan, work_order: workOrder },
  },
  {
    ownRecords: true,
    connector: { ...chatterfix, manifest: manifestOf(PROFILES.microservices) },
    async start() {
      const sandbox = await startChatterfixSandbox({ seed: 'empty@microservices' });
      sandbox.control.setDial('auth', 'x-api-key');
      return {
        sandbox,
        config: { baseUrl: sandbox.url },
        secret: { apiKey: sandbox.credentials['apiKey'] ?? '' },
      };
    },
    wrongSecret: { apiKey: 'not-the-key-of-this-proxy' },
    sessions: false,
    fixtures: {
      asset: free(asset, '/api/assets', { status: 'maintenance', serial_number: 'F-new', asset_tag: 'T-1' }),
      part: {
        ...free(part, '/api/parts', { quantity: 7, min_stock: 2 }),
        // Nothing is unique here; the mark tells the records apart.
        create: (n) => ({ name: `Belt ${String(n)}`, part_number: `B-${String(n)}`, quantity: 3 }),
      },
      work_order: {
        ...free(workOrder, '/api/work_orders', {
          status: 'on_hold',
          due_date: '2026-04-01T06:30:00.000Z',
          description: null,
        }),
        retired: (raw) => raw['status'] === 'cancelled',
        retireCall: put('/api/work_orders'),
        shows: (raw, fields) =>
          Object.entries(fields).every(([name, value]) =>
            value === null ? !(name in raw) : raw[name] === value,
          ),
      },
    },
  },
];
