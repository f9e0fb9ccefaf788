/** The generation `unified` (contract 4): its tables on SQLite or PostgreSQL, and its routes put together. */
import type { Route } from './app.ts';
import type { Dials } from './dials.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import type { Plant } from './plant.ts';
import { isoLocal, sqliteNow } from './python-time.ts';
import { newestFirst, oldestFirst, type Row } from './table.ts';
import { bulkRoutes } from './unified-bulk.ts';
import { attachmentRoutes } from './unified-files.ts';
import { pmRoutes } from './unified-pm.ts';
import { recordRoutes } from './unified-records.ts';
import { systemRoutes } from './unified-system.ts';

const times = { created: 'created_at', updated: 'updated_at' };
const byAge = { ...times, order: newestFirst('created_at') };
const stamped = { created_at: null, updated_at: null };

export const unifiedTables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...byAge,
    columns: {
      title: '',
      description: null,
      priority: 'medium',
      status: 'open',
      assigned_to: null,
      asset_id: null,
      created_by: null,
      ...stamped,
      due_date: null,
      completed_at: null,
      estimated_hours: null,
      actual_hours: null,
      completion_notes: null,
    },
  },
  assets: {
    ...byAge,
    columns: {
      name: '',
      description: null,
      asset_type: null,
      location: null,
      status: 'active',
      purchase_date: null,
      warranty_expiry: null,
      ...stamped,
    },
  },
  parts: {
    ...byAge,
    unique: 'part_number',
    columns: {
      name: '',
      description: null,
      part_number: null,
      category: null,
      quantity: 0,
      min_stock: 0,
      unit_cost: null,
      supplier: null,
      location: null,
      ...stamped,
    },
  },
  'pm-schedules': {
    ...times,
    order: oldestFirst('next_due'),
    columns: {
      asset_id: null,
      title: '',
      description: null,
      frequency_type: 'calendar',
      frequency_value: 1,
      frequency_unit: 'months',
      last_completed: null,
      next_due: null,
      priority: 'medium',
      estimated_hours: null,
      is_active: 1,
      ...stamped,
    },
  },
  users: {
    ...byAge,
    unique: 'username',
    hidden: ['password_hash'],
    columns: {
      username: '',
      email: '',
      password_hash: '',
      full_name: null,
      role: 'user',
      ...stamped,
      is_active: 1,
    },
  },
  attachments: {
    ...byAge,
    columns: {
      entity_type: '',
      entity_id: 0,
      filename: '',
      stored_filename: '',
      file_path: '',
      file_size: 0,
      mime_type: null,
      attachment_type: 'document',
      description: null,
      ocr_text: null,
      ...stamped,
    },
  },
};

function stamp(ms: number, dials: Dials): string {
  return dials.database === 'sqlite' ? sqliteNow(ms) : isoLocal(ms, dials.zone);
}

export function fillUnified(tenant: Tenant, plant: Plant): void {
  const at = (ms: number | null): string | null => (ms === null ? null : stamp(ms, tenant.dials));
  const users = new Map(
    plant.people.map(({ username, email, fullName, role }) => {
      const fields = { username, email, full_name: fullName, role, created_at: at(0), updated_at: at(0) };
      return [username, tenant.insert('users', fields).fields['id']];
    }),
  );
  const assets = new Map(
    plant.assets.map(({ key, name, description, type, location, status, purchased, createdAt }) => {
      const time = { created_at: at(createdAt), updated_at: at(createdAt) };
      const fields = { name, description, asset_type: type, location, status, purchase_date: purchased };
      return [key, tenant.insert('assets', { ...fields, ...time }).fields['id']];
    }),
  );
  for (const part of plant.parts) {
    const { name, description, category, quantity, min, cost, supplier, location, createdAt } = part;
    tenant.insert('parts', {
      ...{ name, description, part_number: part.number, category, quantity, min_stock: min },
      ...{ unit_cost: cost, supplier, location, created_at: at(createdAt), updated_at: at(createdAt) },
    });
  }
  for (const plan of plant.plans) {
    const time = { created_at: at(plan.createdAt), updated_at: at(plan.createdAt) };
    tenant.insert('pm-schedules', {
      ...{ asset_id: assets.get(plan.asset) ?? null, title: plan.title, description: plan.description },
      ...{ frequency_value: plan.every, frequency_unit: plan.unit, priority: plan.priority },
      ...{ last_completed: at(plan.lastAt), next_due: at(plan.nextAt), estimated_hours: plan.hours },
      ...{ is_active: tenant.dials.database === 'sqlite' ? 1 : true, ...time },
    });
  }
  for (const order of plant.orders) {
    tenant.insert('work-orders', {
      ...{ title: order.title, description: order.description, priority: order.priority },
      ...{ status: order.status, assigned_to: users.get(order.assignee ?? '') ?? null },
      ...{ asset_id: assets.get(order.asset) ?? null, completed_at: at(order.completedAt) },
      ...{ created_at: at(order.createdAt), updated_at: at(order.updatedAt) },
      ...{ estimated_hours: order.estimatedHours, actual_hours: order.actualHours },
      // No route of this generation sets a due date, so an order has none (contract 4.2).
      completion_notes: order.notes,
    });
  }
}

/** The names a list joins in; null when the id leads nowhere. */
export function showUnified(tenant: Tenant, object: ObjectName, row: Row): FieldValues {
  const { fields } = row;
  const assetName = (): unknown => tenant.get('assets', fields['asset_id'])?.fields['name'] ?? null;
  if (object === 'pm-schedules') return { ...fields, asset_name: assetName() };
  if (object !== 'work-orders') return fields;
  const assigned = tenant.get('users', fields['assigned_to'])?.fields['username'] ?? null;
  return { ...fields, assigned_username: assigned, asset_name: assetName() };
}

export function unifiedRoutes(tenant: Tenant): Route[] {
  const { short, rawSql } = tenant.dials;
  const system = systemRoutes(tenant).filter(({ path }) => rawSql || path !== '/api/query');
  const bulk = short ? [] : bulkRoutes(tenant);
  const isAssets = ({ path }: Route): boolean => path.startsWith('/api/assets/');
  // Order decides: the bulk routes of parts stand behind `/api/parts/{part_id}` and are never reached by GET (contract 4.1).
  const all = [
    ...system,
    ...bulk.filter(isAssets),
    ...recordRoutes(tenant),
    ...bulk.filter((route) => !isAssets(route)),
    ...(short ? [] : attachmentRoutes(tenant)),
    ...pmRoutes(tenant),
  ];
  return short ? all.filter(({ path }) => !/\{(asset|part)_id\}/.test(path)) : all;
}

export const unified: Generation = {
  name: 'unified',
  tables: unifiedTables,
  stamp,
  fill: fillUnified,
  show: showUnified,
  mounts: (tenant) => [
    {
      prefix: '',
      app: {
        title: 'ChatterFix CMMS - Unified Backend Service',
        description: 'Database + Work Orders + Assets + Parts unified service with PostgreSQL',
        version: '1.0.0',
        routes: unifiedRoutes(tenant),
      },
    },
  ],
};
