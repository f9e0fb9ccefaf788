/** The fixed rows `consolidated` starts with: work orders 1-8, assets 101-109, parts 1001-1009 (contract 6). Invented here. */
import type { Tenant } from './generation.ts';

const ASSETS = [
  'Sample air handler',
  'Sample alarm panel',
  'Sample passenger lift',
  'Sample yard light',
  'Sample standby generator',
  'Sample flat roof',
  'Sample wash room',
  'Sample server room cooler',
  'Sample dock leveller',
];
const WORK = [
  'Filter change',
  'Inspection',
  'Yearly check',
  'Lamp change',
  'Load test',
  'Leak repair',
  'Service',
  'Check',
];
const STATUSES = ['Open', 'In Progress', 'Completed', 'Open', 'On Hold', 'In Progress', 'Completed', 'Open'];
const PRIORITIES = ['Medium', 'High', 'High', 'Low', 'Critical', 'Critical', 'Medium', 'High'];
const PARTS = ['Filter', 'Lamp', 'Belt', 'Bearing', 'Fuse', 'Seal', 'Oil', 'Battery', 'Valve'];

export function fillSamples(tenant: Tenant): void {
  // The samples end in Z, what comes later does not: mixed in one list (contract 9).
  const at = (day: number): object => {
    const time = `2025-10-${String(day).padStart(2, '0')}T10:00:00Z`;
    return { created_at: time, updated_at: time };
  };
  ASSETS.forEach((name, i) => {
    const code = `SMP-${String(i + 1).padStart(3, '0')}`;
    tenant.insert('assets', {
      asset_code: code,
      name,
      asset_type: 'Facility',
      location: 'Sample site',
      ...at(1 + i),
    });
  });
  PARTS.forEach((name, i) => {
    const sku = `SMP-${String(1001 + i)}`;
    const stock = { stock_qty: 10 + i, min_qty: 5, unit_cost: 12.5 + i };
    tenant.insert('parts', {
      sku,
      part_number: sku,
      name: `Sample ${name}`,
      category: 'Sample',
      ...stock,
      ...at(1 + i),
    });
  });
  WORK.forEach((work, i) => {
    const asset = ASSETS[i] ?? '';
    tenant.insert('work-orders', {
      ...{ title: `${work} - ${asset}` },
      ...{
        description: `${work} of the ${asset.toLowerCase()}`,
        status: STATUSES[i],
        priority: PRIORITIES[i],
      },
      ...{ requested_by: 'Facility Manager', assigned_to: 'Sample Person', asset_id: 101 + i },
      ...{ due_date: `2025-11-${String(i + 10)}T17:00:00Z`, estimated_hours: 2 + i / 2, ...at(10 + i) },
    });
  });
}
