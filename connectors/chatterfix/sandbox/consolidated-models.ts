/** What `consolidated` takes: Title Case words, enforced; everything but a part can be updated (contract 6). */
import type { ObjectName } from './generation.ts';
import { optional, required, withDefault, type Fields, type Model } from './model.ts';

export interface Kind {
  object: ObjectName;
  base: string;
  many: string;
  one: string;
  param: string;
  label: string;
  filters: readonly string[];
  /** Filters that match a piece of the value. */
  pieces: readonly string[];
  create: Model;
  update: Model | null;
}

const PRIORITIES = '^(Low|Medium|High|Critical)$';
const ORDER_STATUSES = '^(Open|In Progress|On Hold|Completed|Cancelled)$';
const ASSET_STATUSES = '^(Active|Inactive|Maintenance|Retired)$';

const orderFields: Fields = {
  title: required('string', { minLength: 1, maxLength: 255 }),
  description: required('string', { minLength: 1 }),
  priority: withDefault('string', 'Medium', { pattern: PRIORITIES }),
  assigned_to: optional('string'),
  due_date: optional('datetime'),
  asset_id: optional('integer'),
  estimated_hours: optional('number'),
};

const assetFields: Fields = {
  asset_code: required('string', { minLength: 1 }),
  name: required('string', { minLength: 1, maxLength: 255 }),
  description: optional('string'),
  asset_type: optional('string'),
  location: optional('string'),
  status: withDefault('string', 'Active', { pattern: ASSET_STATUSES }),
  criticality: withDefault('string', 'Medium', { pattern: PRIORITIES }),
  manufacturer: optional('string'),
  model: optional('string'),
  serial_number: optional('string'),
  purchase_date: optional('datetime'),
  warranty_expiry: optional('datetime'),
  installation_date: optional('datetime'),
  replacement_cost: optional('number'),
};

const partFields: Fields = {
  sku: required('string', { minLength: 1 }),
  part_number: optional('string'),
  name: required('string', { minLength: 1, maxLength: 255 }),
  description: optional('string'),
  category: required('string'),
  uom: withDefault('string', 'Each'),
  stock_qty: withDefault('integer', 0, { ge: 0 }),
  min_qty: withDefault('integer', 0, { ge: 0 }),
  max_qty: optional('integer'),
  location: optional('string'),
  bin_location: optional('string'),
  unit_cost: optional('number'),
  supplier_id: optional('integer'),
  supplier_part_number: optional('string'),
  barcode: optional('string'),
  weight: optional('number'),
  dimensions: optional('string'),
};

/** Every field may be left out; limits stay. */
function open(name: string, fields: Fields): Model {
  const all = Object.entries(fields).map(([field, type]) => {
    return [field, { ...type, fallback: null, nullable: true }] as const;
  });
  return { name, fields: Object.fromEntries(all) };
}

export const MODELS: Readonly<Record<'orders' | 'assets' | 'parts', Kind>> = {
  orders: {
    ...{ object: 'work-orders', base: '/work_orders', many: 'work_orders', one: 'work_order' },
    ...{ param: 'work_order_id', label: 'Work order' },
    filters: ['status', 'priority', 'assigned_to'],
    pieces: ['assigned_to'],
    create: { name: 'WorkOrderCreate', fields: orderFields },
    update: open('WorkOrderUpdate', {
      ...orderFields,
      status: required('string', { pattern: ORDER_STATUSES }),
      actual_hours: optional('number'),
    }),
  },
  assets: {
    ...{ object: 'assets', base: '/assets', many: 'assets', one: 'asset' },
    ...{ param: 'asset_id', label: 'Asset' },
    filters: ['status', 'asset_type', 'location', 'criticality'],
    pieces: ['location'],
    create: { name: 'AssetCreate', fields: assetFields },
    update: open('AssetUpdate', assetFields),
  },
  parts: {
    ...{ object: 'parts', base: '/parts', many: 'parts', one: 'part' },
    ...{ param: 'part_id', label: 'Part' },
    filters: ['category', 'supplier', 'location'],
    pieces: ['location'],
    create: { name: 'PartCreate', fields: partFields },
    update: null,
  },
};
