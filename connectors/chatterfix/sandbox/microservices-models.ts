/** What the three services of `microservices` take: only a title or a name is required, and nothing is checked (contract 5). */
import type { ObjectName } from './generation.ts';
import { optional, required, withDefault, type Fields, type Model } from './model.ts';

export interface Kind {
  object: ObjectName;
  path: string;
  /** Key of a list, key of a record. */
  many: string;
  one: string;
  param: string;
  label: string;
  filters: readonly string[];
  create: Model;
  update: Model;
}

function words(names: readonly string[], fallback: string): Fields {
  return Object.fromEntries(names.map((name) => [name, withDefault('string', fallback, { nullable: true })]));
}

function allOptional(name: string, fields: Fields): Model {
  const open = Object.entries(fields).map(([field, { kind }]) => [field, optional(kind)] as const);
  return { name, fields: Object.fromEntries(open) };
}

const orderFields: Fields = {
  title: required('string'),
  ...words(['description'], ''),
  ...words(['status'], 'pending'),
  ...words(['priority'], 'medium'),
  asset_id: optional('integer'),
  assigned_to: optional('string'),
  due_date: optional('string'),
  estimated_hours: optional('number'),
};

const assetFields: Fields = {
  name: required('string'),
  ...words(['description', 'asset_type', 'location'], ''),
  ...words(['status'], 'active'),
  ...words(['manufacturer', 'model', 'serial_number'], ''),
  purchase_date: optional('string'),
  warranty_expiry: optional('string'),
  next_maintenance_date: optional('string'),
};

const stock = withDefault('integer', 0, { nullable: true });
const partFields: Fields = {
  name: required('string'),
  ...words(['description', 'part_number', 'category'], ''),
  current_stock: stock,
  min_stock_level: stock,
  max_stock_level: stock,
  unit_cost: withDefault('number', 0, { nullable: true }),
  ...words(['supplier', 'location'], ''),
};

export const MODELS = {
  orders: {
    ...{ object: 'work-orders', path: '/api/work_orders', many: 'work_orders', one: 'work_order' },
    ...{ param: 'work_order_id', label: 'Work order' },
    filters: ['status', 'priority', 'assigned_to'],
    create: { name: 'WorkOrder', fields: orderFields },
    update: allOptional('WorkOrderUpdate', { ...orderFields, actual_hours: optional('number') }),
  },
  assets: {
    ...{ object: 'assets', path: '/api/assets', many: 'assets', one: 'asset' },
    ...{ param: 'asset_id', label: 'Asset' },
    filters: ['status', 'asset_type', 'location'],
    create: { name: 'Asset', fields: assetFields },
    update: allOptional('AssetUpdate', assetFields),
  },
  parts: {
    ...{ object: 'parts', path: '/api/parts', many: 'parts', one: 'part' },
    ...{ param: 'part_id', label: 'Part' },
    filters: ['category', 'supplier', 'location'],
    create: { name: 'Part', fields: partFields },
    update: allOptional('PartUpdate', partFields),
  },
} as const satisfies Record<string, Kind>;
