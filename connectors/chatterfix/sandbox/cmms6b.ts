/** The generation `cmms6b` (contract 7): PostgreSQL behind a cache, and demo rows whenever the database is away. */
import type { Call, Reply, Route } from './app.ts';
import { DEMO_ASSETS, DEMO_ORDERS, DEMO_PARTS } from './cmms6b-demo.ts';
import { createListCache, type ListCache } from './cmms6b-cache.ts';
import { failing } from './database-trouble.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Fields, type Model } from './model.ts';
import { takePage } from './pages.ts';
import { fillFromPlant } from './plant-fill.ts';
import { isoLocal } from './python-time.ts';
import { newestFirst, type Row } from './table.ts';

const byAge = { created: 'created_at', updated: 'updated_at', order: newestFirst('created_at') };
const stamped = { created_at: null, updated_at: null };

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...byAge,
    columns: {
      ...{ title: '', description: '', status: 'open', priority: 'medium', asset_id: null },
      ...{ assigned_to: null, created_by: 'system', estimated_hours: null, actual_hours: null },
      ...{ due_date: null, ...stamped },
    },
  },
  assets: {
    ...byAge,
    columns: {
      ...{ name: '', description: '', asset_type: 'equipment', manufacturer: '', model: '' },
      ...{ serial_number: '', location: '', status: 'active', purchase_date: null },
      ...{ warranty_expiry: null, ...stamped },
    },
  },
  parts: {
    ...{ ...byAge, unique: 'part_number' },
    columns: {
      ...{ name: '', description: '', part_number: '', category: 'general', quantity_on_hand: 0 },
      ...{ minimum_stock_level: 5, unit_cost: 0, supplier: '', location: '', ...stamped },
    },
  },
};

function words(names: readonly string[], fallback = ''): Fields {
  return Object.fromEntries(names.map((name) => [name, withDefault('string', fallback, { nullable: true })]));
}

interface Kind {
  object: ObjectName;
  path: string;
  many: string;
  one: string;
  label: string;
  filters: readonly string[];
  model: Model;
  demo: readonly FieldValues[];
  /** How long the cache keeps its lists. */
  cacheMs: number;
}

const whole = (fallback: number): Fields[string] => withDefault('integer', fallback, { nullable: true });

const KINDS: readonly Kind[] = [
  {
    ...{ object: 'work-orders', path: '/api/work-orders', many: 'work_orders', one: 'work_order' },
    ...{ label: 'Work order', filters: ['status'], demo: DEMO_ORDERS, cacheMs: 60_000 },
    model: {
      name: 'WorkOrder',
      fields: {
        ...{ title: required('string'), ...words(['description']), ...words(['status'], 'open') },
        ...{ ...words(['priority'], 'medium'), asset_id: optional('integer') },
        ...{ assigned_to: optional('string'), estimated_hours: optional('number') },
        due_date: optional('string'),
      },
    },
  },
  {
    ...{ object: 'assets', path: '/api/assets', many: 'assets', one: 'asset', label: 'Asset' },
    ...{ filters: ['status', 'asset_type'], demo: DEMO_ASSETS, cacheMs: 300_000 },
    model: {
      name: 'Asset',
      fields: {
        ...{ name: required('string'), ...words(['description']), ...words(['asset_type'], 'equipment') },
        ...words(['manufacturer', 'model', 'serial_number', 'location']),
        ...{ ...words(['status'], 'active'), purchase_date: optional('string') },
        warranty_expiry: optional('string'),
      },
    },
  },
  {
    ...{ object: 'parts', path: '/api/parts', many: 'parts', one: 'part', label: 'Part' },
    ...{ filters: ['category'], demo: DEMO_PARTS, cacheMs: 0 },
    model: {
      name: 'Part',
      fields: {
        ...{ name: required('string'), ...words(['description', 'part_number']) },
        ...{ ...words(['category'], 'general'), quantity_on_hand: whole(0), minimum_stock_level: whole(5) },
        unit_cost: withDefault('number', 0, { nullable: true }),
        ...words(['supplier', 'location']),
      },
    },
  },
];

const UPDATABLE: Model = {
  name: 'WorkOrderUpdate',
  fields: {
    ...{ title: optional('string'), description: optional('string'), status: optional('string') },
    ...{ priority: optional('string'), assigned_to: optional('string') },
    ...{ estimated_hours: optional('number'), actual_hours: optional('number') },
  },
};

function found(tenant: Tenant, kind: Kind, id: unknown): Row {
  const row = failing(tenant, () => tenant.get(kind.object, id));
  if (row === undefined) throw new HttpError(404, `${kind.label} not found`);
  return row;
}

function list(tenant: Tenant, cache: ListCache, kind: Kind): (call: Call) => Reply {
  const { object, many, filters, demo, cacheMs } = kind;
  return ({ query, request }) => {
    const { placeholders, databaseAway } = tenant.dials;
    // A 200 with rows that nobody entered: the first of the two dangers.
    if (placeholders || databaseAway) return { body: { [many]: demo, count: demo.length } };
    const key = `${object}?${request.query.toString()}`;
    return {
      body: cache(key, cacheMs, () => {
        const wanted = filters.filter((name) => query[name] !== null && query[name] !== '');
        const low = query['low_stock'] === true;
        const { texts } = takePage(tenant, object, {
          ...{ offset: 0, limit: Number(query['limit']), query: request.query },
          match: ({ fields }) =>
            wanted.every((name) => fields[name] === query[name]) &&
            (!low || Number(fields['quantity_on_hand']) <= Number(fields['minimum_stock_level'])),
        });
        return `{"${many}":[${texts.join(',')}],"count":${texts.length}}`;
      }),
    };
  };
}

function recordRoutes(tenant: Tenant, cache: ListCache, kind: Kind): Route[] {
  const { object, path, many, one, label, filters, model } = kind;
  const byId = `${path}/{id}`;
  const params = { id: required('integer') };
  const query: Fields = {
    ...Object.fromEntries(filters.map((name) => [name, optional('string')])),
    ...(object === 'parts' ? { low_stock: optional('boolean') } : {}),
    limit: withDefault('integer', 100, { le: 100 }),
  };
  return [
    { ...{ method: 'GET', path, name: `get_${many}`, query }, answer: list(tenant, cache, kind) },
    {
      ...{ method: 'GET', path: byId, name: `get_${one}`, params },
      answer: (call) => ({ body: { [one]: found(tenant, kind, call.path['id']).fields } }),
    },
    {
      ...{ method: 'POST', path, name: `create_${one}`, body: model },
      answer: ({ body }) => {
        const row = failing(tenant, () => tenant.insert(object, body));
        tenant.wrote('created', object);
        const message = `${label} created successfully`;
        return { body: { success: true, message, [one]: row.fields }, write: true };
      },
    },
  ];
}

function changeRoutes(tenant: Tenant): Route[] {
  const [orders, , parts] = KINDS;
  if (orders === undefined || parts === undefined) return [];
  const params = { id: required('integer') };
  const stock: Model = {
    name: 'StockUpdate',
    fields: { quantity: required('integer'), operation: withDefault('string', 'set') },
  };
  return [
    {
      ...{ method: 'PUT', path: '/api/work-orders/{id}', name: 'update_work_order', params, body: UPDATABLE },
      answer: ({ path, body, sent }) => {
        const changes = Object.fromEntries(Object.entries(body).filter(([name]) => sent.has(name)));
        if (Object.keys(changes).length === 0) throw new HttpError(400, 'No valid fields to update');
        const row = tenant.update('work-orders', found(tenant, orders, path['id']), changes);
        tenant.wrote('updated', 'work-orders');
        const message = 'Work order updated successfully';
        return { body: { success: true, message, work_order: row.fields }, write: true };
      },
    },
    {
      ...{ method: 'PUT', path: '/api/parts/{id}/stock', name: 'update_part_stock', params, body: stock },
      answer: ({ path, body }) => {
        const row = found(tenant, parts, path['id']);
        const old_stock = Number(row.fields['quantity_on_hand']);
        const quantity = Number(body['quantity']);
        const sign = body['operation'] === 'add' ? 1 : -1;
        const new_stock = body['operation'] === 'set' ? quantity : Math.max(0, old_stock + sign * quantity);
        tenant.update('parts', row, { quantity_on_hand: new_stock });
        tenant.wrote('updated', 'parts');
        return { body: { success: true, old_stock, new_stock }, write: true };
      },
    },
  ];
}

export const cmms6b: Generation = {
  name: 'cmms6b',
  tables,
  stamp: (ms, { zone }) => isoLocal(ms, zone),
  fill: (tenant, plant) => {
    const due = (ms: number): string => isoLocal(ms, tenant.dials.zone);
    fillFromPlant(tenant, plant, { word: (word) => word, due, person: ({ fullName }) => fullName });
  },
  show: (tenant, object, { fields }) => {
    if (object !== 'work-orders') return fields;
    return { ...fields, asset_name: tenant.get('assets', fields['asset_id'])?.fields['name'] ?? null };
  },
  mounts: (tenant) => {
    const cache = createListCache(tenant);
    const health: Route = {
      ...{ method: 'GET', path: '/health', name: 'health_check' },
      // Does not look at the database.
      answer: () => ({ body: { status: 'healthy', service: 'cmms', version: '6B.1.0' } }),
    };
    const routes = [
      health,
      ...KINDS.flatMap((kind) => recordRoutes(tenant, cache, kind)),
      ...changeRoutes(tenant),
    ];
    const description = 'Complete Computerized Maintenance Management System';
    const app = { title: 'ChatterFix CMMS Service', description, version: '6B.1.0', routes };
    return [{ prefix: '', app }];
  },
};
