/**
 * The generation `microservices` (contract 5): three services in front of a database service. Each answers under its own prefix
 * as on its own port, and all of them together on the bare host, as behind one proxy.
 */
import type { App, Call, Reply, Route } from './app.ts';
import { PLACEHOLDER_ORDERS } from './database-trouble.ts';
import type { FieldValues, Generation, Mount, ObjectName, TableDef, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { databaseRoutes, needDatabase } from './microservices-database.ts';
import { MODELS, type Kind } from './microservices-models.ts';
import { optional, required, withDefault, type Fields, type Values } from './model.ts';
import { envelopeAfter, takePage } from './pages.ts';
import type { Plant } from './plant.ts';
import { isoLocal } from './python-time.ts';
import { newestFirst, type Row } from './table.ts';
import { textOf } from './text-of.ts';

const newest = { created: 'created_at', order: newestFirst('created_at') };

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...newest,
    columns: {
      ...{ title: '', description: '', status: 'pending', priority: 'medium', asset_id: null },
      ...{ assigned_to: null, created_at: null, due_date: null, completed_at: null },
      ...{ estimated_hours: null, actual_hours: null },
    },
  },
  assets: {
    ...newest,
    columns: {
      ...{ name: '', description: '', asset_type: '', location: '', status: 'active' },
      ...{ manufacturer: '', model: '', serial_number: '', purchase_date: null },
      ...{ warranty_expiry: null, next_maintenance_date: null, created_at: null },
    },
  },
  // part_number is not unique here.
  parts: {
    ...newest,
    columns: {
      ...{ name: '', description: '', part_number: '', category: '', current_stock: 0 },
      ...{ min_stock_level: 0, max_stock_level: 0, unit_cost: 0, supplier: '', location: '' },
      created_at: null,
    },
  },
};

function found(tenant: Tenant, kind: Kind, path: FieldValues): Row {
  needDatabase(tenant);
  const row = tenant.get(kind.object, path[kind.param]);
  if (row === undefined) throw new HttpError(404, `${kind.label} not found`);
  return row;
}

/** Exact matches; an empty filter is no filter. */
function matching(filters: readonly string[], query: FieldValues): (row: Row) => boolean {
  const wanted = filters.filter((name) => query[name] !== null && query[name] !== '');
  return (row) => wanted.every((name) => row.fields[name] === query[name]);
}

function list(tenant: Tenant, { object, many, filters }: Kind): (call: Call) => Reply {
  return ({ query, request }) => {
    needDatabase(tenant);
    if (tenant.dials.placeholders) return { body: { success: true, [many]: PLACEHOLDER_ORDERS } };
    const low = query['low_stock'] === true;
    const filtered = low || filters.some((name) => query[name] !== null && query[name] !== '');
    const match = matching(filters, query);
    // 0 and null are no limit; there is no offset, so a longer list is cut without a word.
    const limit = Number(query['limit'] ?? 0);
    const { texts } = takePage(tenant, object, {
      ...{ offset: 0, limit: limit <= 0 ? null : limit, query: request.query },
      ...(filtered
        ? {
            match: (row) =>
              match(row) &&
              (!low || Number(row.fields['current_stock']) <= Number(row.fields['min_stock_level'])),
          }
        : {}),
    });
    return { body: envelopeAfter({ success: true }, many, texts) };
  };
}

function create(tenant: Tenant, { object, label }: Kind): (call: Call) => Reply {
  return ({ body }) => {
    needDatabase(tenant);
    tenant.insert(object, body);
    tenant.wrote('created', object);
    // No id: the client has to find what it made.
    return {
      body: { success: true, message: `${label} created successfully`, rows_affected: 1 },
      write: true,
    };
  };
}

function update(tenant: Tenant, kind: Kind): (call: Call) => Reply {
  return ({ path, body, sent }) => {
    // null means "leave alone".
    const changes: Values = Object.fromEntries(
      Object.entries(body).filter(([name, value]) => sent.has(name) && value !== null),
    );
    if (Object.keys(changes).length === 0) throw new HttpError(400, 'No fields to update');
    const row = found(tenant, kind, path);
    // Exactly this word; reopening does not clear it.
    if (kind.object === 'work-orders' && changes['status'] === 'completed') {
      changes['completed_at'] = tenant.stamp();
    }
    tenant.update(kind.object, row, changes);
    tenant.wrote('updated', kind.object);
    const message = `${kind.label} updated successfully`;
    return { body: { success: true, message, rows_affected: 1 }, write: true };
  };
}

function remove(tenant: Tenant, kind: Kind): (call: Call) => Reply {
  return ({ path }) => {
    tenant.remove(kind.object, found(tenant, kind, path));
    tenant.wrote('deleted', kind.object);
    const message = `${kind.label} deleted successfully`;
    return { body: { success: true, message, rows_affected: 1 }, write: true };
  };
}

function recordRoutes(tenant: Tenant, kind: Kind): Route[] {
  const { path, many, one, param, filters, create: createModel, update: updateModel } = kind;
  const byId = `${path}/{${param}}`;
  const params = { [param]: required('integer') };
  const query: Fields = {
    ...Object.fromEntries(filters.map((name) => [name, optional('string')])),
    ...(kind.object === 'parts' ? { low_stock: optional('boolean') } : {}),
    limit: withDefault('integer', 100, { nullable: true }),
  };
  return [
    { ...{ method: 'GET', path, name: `get_${many}`, query }, answer: list(tenant, kind) },
    {
      ...{ method: 'GET', path: byId, name: `get_${one}`, params },
      answer: (call) => ({ body: { success: true, [one]: found(tenant, kind, call.path).fields } }),
    },
    { ...{ method: 'POST', path, name: `create_${one}`, body: createModel }, answer: create(tenant, kind) },
    {
      ...{ method: 'PUT', path: byId, name: `update_${one}`, params, body: updateModel },
      answer: update(tenant, kind),
    },
    { ...{ method: 'DELETE', path: byId, name: `delete_${one}`, params }, answer: remove(tenant, kind) },
  ];
}

const STOCK_MODEL = {
  name: 'StockUpdate',
  fields: { quantity: required('integer'), operation: withDefault('string', 'set') },
};

function stockRoute(tenant: Tenant): Route {
  const { parts } = MODELS;
  return {
    ...{ method: 'PUT', path: '/api/parts/{part_id}/stock', name: 'update_part_stock', body: STOCK_MODEL },
    params: { part_id: required('integer') },
    answer: ({ path, body }) => {
      const row = found(tenant, parts, path);
      const old_stock = Number(row.fields['current_stock']);
      const quantity = Number(body['quantity']);
      const { operation } = body;
      if (operation !== 'add' && operation !== 'subtract' && operation !== 'set') {
        throw new HttpError(400, "Invalid operation. Use 'add', 'subtract', or 'set'");
      }
      const moved = operation === 'add' ? old_stock + quantity : old_stock - quantity;
      const new_stock = operation === 'set' ? quantity : Math.max(0, moved);
      tenant.update('parts', row, { current_stock: new_stock });
      tenant.wrote('updated', 'parts');
      const message = 'Stock updated successfully';
      return { body: { success: true, message, old_stock, new_stock }, write: true };
    },
  };
}

function assetViews(tenant: Tenant): Route[] {
  const { assets } = MODELS;
  const orders = (row: Row): Row[] =>
    tenant.rows('work-orders').filter(({ fields }) => fields['asset_id'] === row.fields['id']);
  return [
    {
      ...{ method: 'GET', path: '/api/assets/{asset_id}/work_orders', name: 'get_asset_work_orders' },
      params: { asset_id: required('integer') },
      answer: ({ path }) => {
        const rows = orders(found(tenant, assets, path)).map(({ fields }) => fields);
        return { body: { success: true, work_orders: rows } };
      },
    },
    {
      ...{ method: 'GET', path: '/api/assets/maintenance/due', name: 'get_assets_due' },
      query: { days: withDefault('integer', 30) },
      answer: ({ query }) => {
        needDatabase(tenant);
        const until = isoLocal(tenant.now() + Number(query['days']) * 86_400_000, tenant.dials.zone);
        const due = tenant
          .rows('assets')
          .map(({ fields }) => fields)
          .filter(({ next_maintenance_date: next }) => next !== null && textOf(next) <= until);
        return { body: { success: true, assets: due } };
      },
    },
  ];
}

function healthRoute(tenant: Tenant, service: string, port: number): Route {
  return {
    ...{ method: 'GET', path: '/health', name: 'health_check' },
    answer: () => {
      if (tenant.dials.databaseAway)
        throw new HttpError(503, 'Service unhealthy: 503: Database service unavailable');
      const timestamp = isoLocal(tenant.now(), tenant.dials.zone);
      return { body: { status: 'healthy', service, port, database_status: 'healthy', timestamp } };
    },
  };
}

/** Declared behind `/api/parts/{part_id}`, which takes them for ids: 422. */
function shadowedRoutes(): Route[] {
  return ['low-stock', 'search'].map((word) => ({
    ...{ method: 'GET', path: `/api/parts/${word}`, name: `get_parts_${word.replace('-', '_')}` },
    answer: () => ({ body: { success: true, parts: [] } }),
  }));
}

function mounts(tenant: Tenant): Mount[] {
  const { orders, assets, parts } = MODELS;
  const service = (title: string, port: number, routes: readonly Route[]): App => ({
    ...{ title, version: '1.0.0' },
    routes: [healthRoute(tenant, title, port), ...routes],
  });
  const apps: Mount[] = [
    {
      prefix: '/work-orders-service',
      app: service('ChatterFix Work Orders Service', 8002, recordRoutes(tenant, orders)),
    },
    {
      prefix: '/assets-service',
      app: service('ChatterFix Assets Service', 8003, [
        ...recordRoutes(tenant, assets),
        ...assetViews(tenant),
      ]),
    },
    {
      prefix: '/parts-service',
      app: service('ChatterFix Parts Service', 8004, [
        ...recordRoutes(tenant, parts),
        ...shadowedRoutes(),
        stockRoute(tenant),
      ]),
    },
    {
      prefix: '/database-service',
      app: service('ChatterFix Database Service', 8001, tenant.dials.rawSql ? databaseRoutes(tenant) : []),
    },
    { prefix: '/security-service', app: service('ChatterFix Security Service', 8007, []) },
  ];
  const [first] = apps;
  const routes = apps.flatMap(({ app }) => app.routes.slice(1));
  const root = service(first?.app.title ?? '', 8002, routes);
  return [...apps, { prefix: '', app: root }];
}

function fill(tenant: Tenant, plant: Plant): void {
  const at = (ms: number | null): string | null => (ms === null ? null : isoLocal(ms, tenant.dials.zone));
  const people = new Map(plant.people.map(({ username, fullName }) => [username, fullName]));
  const assets = new Map(
    plant.assets.map((asset) => {
      const { name, description, type, location, status, manufacturer, model, serial, purchased } = asset;
      const row = tenant.insert('assets', {
        ...{ name, description, asset_type: type, location, status, manufacturer, model },
        ...{ serial_number: serial, purchase_date: purchased, created_at: at(asset.createdAt) },
      });
      return [asset.key, row.fields['id']];
    }),
  );
  for (const part of plant.parts) {
    const { name, description, number, category, quantity, min, max, cost, supplier, location } = part;
    tenant.insert('parts', {
      ...{ name, description, part_number: number, category, current_stock: quantity },
      ...{ min_stock_level: min, max_stock_level: max, unit_cost: cost, supplier, location },
      created_at: at(part.createdAt),
    });
  }
  for (const order of plant.orders) {
    tenant.insert('work-orders', {
      ...{ title: order.title, description: order.description, priority: order.priority },
      status: order.status === 'open' ? 'pending' : order.status,
      ...{ assigned_to: people.get(order.assignee ?? '') ?? null },
      ...{ asset_id: assets.get(order.asset) ?? null, created_at: at(order.createdAt) },
      // A client's own text; people enter days.
      ...{ due_date: at(order.dueAt)?.slice(0, 10) ?? null, completed_at: at(order.completedAt) },
      ...{ estimated_hours: order.estimatedHours, actual_hours: order.actualHours },
    });
  }
}

export const microservices: Generation = {
  name: 'microservices',
  login: true,
  tables,
  stamp: (ms, { zone }) => isoLocal(ms, zone),
  mounts,
  fill,
};
