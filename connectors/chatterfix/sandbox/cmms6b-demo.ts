/** Five made-up rows each, ids 1 to 5, as cmms6b answers while its database is away (contract 7). Invented here. */
import type { FieldValues } from './generation.ts';

const NAMES = ['Demo chiller', 'Demo boiler', 'Demo generator', 'Demo lift', 'Demo pump'];

export const DEMO_ORDERS: readonly FieldValues[] = NAMES.map((name, i) => ({
  ...{ id: i + 1, title: `${name} service`, description: `Regular service of the ${name.toLowerCase()}` },
  ...{ status: i === 3 ? 'completed' : 'open', priority: i % 2 === 0 ? 'medium' : 'high' },
  ...{ asset_id: i + 1, asset_name: name, assigned_to: 'Demo Person', created_at: '2025-10-21T10:00:00' },
}));

export const DEMO_ASSETS: readonly FieldValues[] = NAMES.map((name, i) => ({
  ...{ id: i + 1, name, description: 'Shown without a database', asset_type: 'Demo' },
  ...{ manufacturer: 'Demo', model: 'D1', serial_number: `DM00${i + 1}`, location: 'Building A' },
  ...{ status: 'active', created_at: '2025-01-01T00:00:00' },
}));

export const DEMO_PARTS: readonly FieldValues[] = NAMES.map((name, i) => ({
  ...{ id: i + 1, name: `${name} filter`, description: 'Shown without a database' },
  ...{ part_number: `DEMO-00${i + 1}`, category: 'Demo', quantity_on_hand: 10, minimum_stock_level: 5 },
  ...{ unit_cost: 12.5, supplier: 'Demo', location: 'Warehouse', created_at: '2025-01-01T00:00:00' },
}));
