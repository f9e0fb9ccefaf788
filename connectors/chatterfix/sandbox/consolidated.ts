/** The generation `consolidated` (contract 6): process memory that starts with sample rows, `x-api-key`, trailing slashes. */
import type { Call, Reply, Route } from './app.ts';
import { MODELS, type Kind } from './consolidated-models.ts';
import { fillSamples } from './consolidated-samples.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Fields } from './model.ts';
import { envelope, takePage } from './pages.ts';
import { fillFromPlant, titleCase } from './plant-fill.ts';
import { isoLocal } from './python-time.ts';
import { asInserted, type Row } from './table.ts';
import { textOf } from './text-of.ts';

const kept = { created: 'created_at', updated: 'updated_at', order: asInserted };
const stamped = { created_at: null, updated_at: null };

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...kept,
    derive: (id) => ({ code: `WO-2025-${id.padStart(3, '0')}` }),
    columns: {
      ...{ code: '', title: '', description: '', status: 'Open', priority: 'Medium' },
      ...{ requested_by: 'API User', assigned_to: null, asset_id: null, due_date: null },
      ...{ estimated_hours: null, actual_hours: null, ...stamped },
    },
  },
  assets: {
    ...{ ...kept, firstId: 101 },
    columns: {
      ...{ asset_code: '', name: '', description: null, asset_type: null, location: null },
      ...{ status: 'Active', criticality: 'Medium', manufacturer: null, model: null, serial_number: null },
      ...{ purchase_date: null, warranty_expiry: null, installation_date: null, last_maintenance: null },
      ...{ next_maintenance: null, replacement_cost: null, ...stamped },
    },
  },
  parts: {
    ...{ ...kept, firstId: 1001 },
    columns: {
      ...{ sku: '', part_number: null, name: '', description: null, category: '', uom: 'Each' },
      ...{ stock_qty: 0, min_qty: 0, max_qty: null, location: null, bin_location: null },
      ...{ unit_cost: null, last_cost: null, supplier_id: null, supplier_part_number: null },
      ...{ barcode: null, weight: null, dimensions: null, ...stamped },
    },
  },
};

function found(tenant: Tenant, { object, param, label }: Kind, path: FieldValues): Row {
  const row = tenant.get(object, path[param]);
  if (row === undefined) throw new HttpError(404, `${label} not found`);
  return row;
}

/** Case does not matter; some filters want a piece only. */
function matches({ filters, pieces }: Kind, query: FieldValues): (row: Row) => boolean {
  const wanted = filters.flatMap((name) => {
    const text = textOf(query[name]).toLowerCase();
    return text === '' ? [] : [{ name, text, piece: pieces.includes(name) }];
  });
  const search = textOf(query['search']).toLowerCase();
  return ({ fields }) => {
    const fits = wanted.every(({ name, text, piece }) => {
      const value = textOf(fields[name]).toLowerCase();
      return piece ? value.includes(text) : value === text;
    });
    const low = query['low_stock'] !== true || Number(fields['stock_qty']) <= Number(fields['min_qty']);
    const texts = [fields['name'], fields['sku'], fields['description']].map((text) =>
      textOf(text).toLowerCase(),
    );
    return fits && low && (search === '' || texts.some((text) => text.includes(search)));
  };
}

function list(tenant: Tenant, kind: Kind): (call: Call) => Reply {
  return ({ query, request }) => {
    const [limit, offset] = [Number(query['limit']), Number(query['offset'])];
    const plain = [...kind.filters, 'search', 'low_stock'].every((name) => (query[name] ?? null) === null);
    const window = { limit, offset, query: request.query };
    const wanted = plain ? window : { ...window, match: matches(kind, query) };
    const { texts, total } = takePage(tenant, kind.object, wanted);
    return { body: envelope(kind.many, texts, { total, limit, offset }) };
  };
}

/** Nested extras a list does not have. */
function extras(tenant: Tenant, { object }: Kind, row: Row): FieldValues {
  const { fields } = row;
  if (object === 'work-orders') {
    const first = { work_order_id: fields['id'], actor: fields['requested_by'], action: 'created' };
    const activity = [{ id: 1, ...first, note: 'Work order created', ts: fields['created_at'] }];
    return { activity, parts_used: [], attachments: [] };
  }
  if (object === 'parts') return { recent_transactions: [], supplier_info: null };
  const orders = tenant.rows('work-orders').filter((order) => order.fields['asset_id'] === fields['id']);
  return { recent_work_orders: orders.slice(-5).map((order) => order.fields), maintenance_schedules: [] };
}

function create(tenant: Tenant, { object, one, label }: Kind): (call: Call) => Reply {
  return ({ body }) => {
    const row = tenant.insert(object, body);
    tenant.wrote('created', object);
    const message = `${label} created successfully`;
    return { body: { success: true, message, [one]: row.fields }, write: true };
  };
}

/** Partial; null clears. */
function update(tenant: Tenant, kind: Kind): (call: Call) => Reply {
  return ({ path, body, sent }) => {
    const before = found(tenant, kind, path);
    const changes = Object.fromEntries(Object.entries(body).filter(([name]) => sent.has(name)));
    const row = tenant.update(kind.object, before, changes);
    tenant.wrote('updated', kind.object);
    const message = `${kind.label} updated successfully`;
    return { body: { success: true, message, [kind.one]: row.fields }, write: true };
  };
}

function routes(tenant: Tenant, kind: Kind): Route[] {
  const { base, many, one, param } = kind;
  const path = `${base}/`;
  const byId = `${base}/{${param}}`;
  const params = { [param]: required('integer') };
  const query: Fields = {
    ...Object.fromEntries(kind.filters.map((name) => [name, optional('string')])),
    ...(kind.object === 'parts' ? { search: optional('string'), low_stock: optional('boolean') } : {}),
    limit: withDefault('integer', 50, { le: 500 }),
    offset: withDefault('integer', 0, { ge: 0 }),
  };
  const read: Route = {
    ...{ method: 'GET', path: byId, name: `get_${one}`, params },
    answer: (call) => {
      const row = found(tenant, kind, call.path);
      return { body: { ...row.fields, ...extras(tenant, kind, row) } };
    },
  };
  const all: Route[] = [
    { ...{ method: 'GET', path, name: `get_${many}`, query }, answer: list(tenant, kind) },
    read,
    { ...{ method: 'POST', path, name: `create_${one}`, body: kind.create }, answer: create(tenant, kind) },
  ];
  if (kind.update === null) return all;
  const put = { method: 'PUT', path: byId, name: `update_${one}`, params, body: kind.update };
  return [...all, { ...put, answer: update(tenant, kind) }];
}

function stockRoutes(tenant: Tenant): Route[] {
  const body = {
    name: 'StockMovement',
    fields: {
      qty: required('integer', { ge: 1 }),
      note: optional('string'),
      work_order_id: optional('integer'),
    },
  };
  return (['checkout', 'restock'] as const).map((word) => ({
    ...{ method: 'POST', path: `/parts/{part_id}/${word}`, name: `${word}_part`, body },
    params: { part_id: required('integer') },
    answer: (call: Call) => {
      const row = found(tenant, MODELS.parts, call.path);
      const stock = Number(row.fields['stock_qty']);
      const qty = Number(call.body['qty']);
      if (word === 'checkout' && stock < qty) {
        throw new HttpError(400, `Insufficient stock. Available: ${stock}, Requested: ${qty}`);
      }
      const stock_qty = word === 'checkout' ? stock - qty : stock + qty;
      const part = tenant.update('parts', row, { stock_qty }).fields;
      tenant.wrote('updated', 'parts');
      const message = word === 'checkout' ? 'Part checked out successfully' : 'Part restocked successfully';
      return { body: { success: true, message, part }, write: true };
    },
  }));
}

function health(): object {
  const modules = ['work_orders', 'assets', 'parts'];
  const head = { status: 'healthy', service: 'consolidated_cmms', version: '1.0.0', modules };
  return { ...head, rate_limit: '20 requests per minute', database: 'in-memory' };
}

export const consolidated: Generation = {
  name: 'consolidated',
  apiKey: true,
  tables,
  stamp: (ms, { zone }) => isoLocal(ms, zone),
  fill(tenant, plant) {
    fillSamples(tenant);
    fillFromPlant(tenant, plant, {
      word: titleCase,
      due: (ms) => `${isoLocal(ms, 'UTC')}+00:00`,
      person: ({ fullName }) => fullName,
    });
  },
  /** Everything but the samples is forgotten, and ids start over (contract 6). */
  restart(tenant) {
    tenant.clear();
    fillSamples(tenant);
  },
  mounts: (tenant) => [
    {
      prefix: '',
      app: {
        title: 'ChatterFix Consolidated CMMS Service',
        description: 'Unified work orders, assets, and parts management',
        version: '1.0.0',
        // The check is a header parameter of every route, so the description names it and its absence is a 422.
        routes: [
          { method: 'GET', path: '/health', name: 'health_check', answer: () => ({ body: health() }) },
          ...Object.values(MODELS).flatMap((kind) => routes(tenant, kind)),
          ...stockRoutes(tenant),
        ].map((route): Route => ({ ...route, headers: { 'x-api-key': required('string') } })),
      },
    },
  ],
};
