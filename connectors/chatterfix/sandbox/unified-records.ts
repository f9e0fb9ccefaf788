/** Work orders, assets and parts of `unified` (contract 4.1 to 4.4): what its handlers do, and what they forget. */
import type { Call, Reply, Route } from './app.ts';
import { failing, PLACEHOLDER_ORDERS } from './database-trouble.ts';
import type { FieldValues, ObjectName, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Model } from './model.ts';
import { takePage } from './pages.ts';

export const workOrderCreate: Model = {
  name: 'WorkOrderCreate',
  fields: {
    title: required('string', { minLength: 1, maxLength: 255 }),
    description: required('string', { minLength: 1 }),
    priority: withDefault('string', 'medium', { pattern: '^(low|medium|high|critical)$' }),
    status: withDefault('string', 'open', {
      pattern: '^(open|in_progress|completed|on_hold|cancelled)$',
    }),
    assigned_to: optional('integer'),
    asset_id: optional('integer'),
    due_date: optional('datetime'),
    estimated_hours: optional('number'),
  },
};

const asset: Model = {
  name: 'Asset',
  fields: {
    name: required('string'),
    description: required('string'),
    location: required('string'),
    status: withDefault('string', 'active'),
    asset_type: required('string'),
  },
};

const part: Model = {
  name: 'Part',
  fields: {
    name: required('string'),
    part_number: required('string'),
    description: required('string'),
    category: required('string'),
    quantity: required('integer'),
    min_stock: required('integer'),
    unit_cost: required('number'),
    location: required('string'),
  },
};

/** Unknown parameters, every filter among them, are ignored: the list is always everything. */
export const listQuery = { limit: withDefault('integer', 100), offset: withDefault('integer', 0) };

/** A negative limit is everything to SQLite and an error to PostgreSQL (contract 9). */
export function windowOf(tenant: Tenant, query: FieldValues): { limit: number | null; offset: number } {
  const limit = Number(query['limit']);
  const offset = Number(query['offset']);
  if (limit >= 0 && (offset >= 0 || tenant.dials.database === 'sqlite')) return { limit, offset };
  if (tenant.dials.database === 'sqlite') return { limit: null, offset };
  throw new HttpError(500, `${limit < 0 ? 'LIMIT' : 'OFFSET'} must not be negative\n`);
}

export function listOf(tenant: Tenant, object: ObjectName): (call: Call) => Reply {
  return ({ query, request }) => {
    failing(tenant);
    if (tenant.dials.placeholders) return { body: PLACEHOLDER_ORDERS };
    const { texts } = takePage(tenant, object, { ...windowOf(tenant, query), query: request.query });
    return { body: `[${texts.join(',')}]` };
  };
}

/** The handler catches its own 404, so it comes out as a 500 (contract 4.3). */
function one(tenant: Tenant, object: ObjectName, param: string, label: string): (call: Call) => Reply {
  return ({ path }) => {
    failing(tenant);
    const row = tenant.get(object, path[param]);
    if (row === undefined) throw new HttpError(500, `404: ${label} not found`);
    return { body: row.fields };
  };
}

function create(tenant: Tenant, object: ObjectName, label: string, drop?: string): (call: Call) => Reply {
  return ({ body }) => {
    const fields = Object.fromEntries(Object.entries(body).filter(([name]) => name !== drop));
    const row = failing(tenant, () => tenant.insert(object, fields));
    tenant.wrote('created', object);
    return { body: { id: row.fields['id'], message: `${label} created successfully` }, write: true };
  };
}

/** A full replace. An unknown id is no error: the UPDATE touches no row, and the answer is the same. */
function replace(tenant: Tenant, object: ObjectName, param: string, label: string): (call: Call) => Reply {
  return ({ path, body }) => {
    failing(tenant, () => {
      const row = tenant.get(object, path[param]);
      if (row === undefined) return;
      tenant.update(object, row, body);
      tenant.wrote('updated', object);
    });
    return { body: { message: `${label} updated successfully` }, write: true };
  };
}

export function recordRoutes(tenant: Tenant): Route[] {
  const byId = { asset_id: required('integer') };
  const byPart = { part_id: required('integer') };
  const assetPath = '/api/assets/{asset_id}';
  const partPath = '/api/parts/{part_id}';
  return [
    {
      ...{ method: 'GET', path: '/api/work-orders', name: 'get_work_orders', query: listQuery },
      answer: listOf(tenant, 'work-orders'),
    },
    {
      ...{ method: 'POST', path: '/api/work-orders', name: 'create_work_order', body: workOrderCreate },
      // The due date is validated and then left out of the insert (contract 4.2).
      answer: create(tenant, 'work-orders', 'Work order', 'due_date'),
    },
    {
      ...{ method: 'GET', path: '/api/assets', name: 'get_assets', query: listQuery },
      answer: listOf(tenant, 'assets'),
    },
    {
      ...{ method: 'POST', path: '/api/assets', name: 'create_asset', body: asset },
      answer: create(tenant, 'assets', 'Asset'),
    },
    {
      ...{ method: 'PUT', path: assetPath, name: 'update_asset', params: byId, body: asset },
      answer: replace(tenant, 'assets', 'asset_id', 'Asset'),
    },
    {
      ...{ method: 'GET', path: assetPath, name: 'get_asset', params: byId },
      answer: one(tenant, 'assets', 'asset_id', 'Asset'),
    },
    {
      ...{ method: 'GET', path: '/api/parts', name: 'get_parts', query: listQuery },
      answer: listOf(tenant, 'parts'),
    },
    {
      ...{ method: 'POST', path: '/api/parts', name: 'create_part', body: part },
      answer: create(tenant, 'parts', 'Part'),
    },
    {
      ...{ method: 'PUT', path: partPath, name: 'update_part', params: byPart, body: part },
      answer: replace(tenant, 'parts', 'part_id', 'Part'),
    },
    {
      ...{ method: 'GET', path: partPath, name: 'get_part', params: byPart },
      answer: one(tenant, 'parts', 'part_id', 'Part'),
    },
  ];
}
