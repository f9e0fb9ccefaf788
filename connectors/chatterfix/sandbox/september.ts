/**
 * The generation `september` (contract 7 and its corrections): names that are written otherwise than shown, lists that hide the
 * asset, failures with a 200, assets and parts that are never stored.
 */
import type { Route } from './app.ts';
import { PLACEHOLDER_ORDERS } from './database-trouble.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { required, withDefault, type Model } from './model.ts';
import { envelope, takePage } from './pages.ts';
import { fillFromPlant, titleCase } from './plant-fill.ts';
import { isoLocal, sqliteNow } from './python-time.ts';
import { newestFirst } from './table.ts';
import { textOf } from './text-of.ts';

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...{ created: 'created_date', order: newestFirst('created_date') },
    columns: {
      ...{ title: '', description: '', status: 'open', priority: 'medium', assigned: '', asset: '' },
      ...{ dueDate: '', created_date: null },
    },
  },
};

const model: Model = {
  name: 'WorkOrder',
  fields: Object.fromEntries(
    ['title', 'description', 'priority', 'status', 'assigned', 'asset', 'dueDate'].map((name) => {
      const fallback = name === 'priority' ? 'medium' : name === 'status' ? 'open' : '';
      // Nothing is checked: whatever JSON holds is stored.
      return [name, withDefault('any', name === 'title' ? 'New Work Order' : fallback)];
    }),
  ),
};

const anything: Model = { name: 'Record', fields: { name: withDefault('string', '') } };

function failure(error: string): { body: FieldValues } {
  return { body: { success: false, error } };
}

function routes(tenant: Tenant): Route[] {
  const path = '/api/work-orders';
  const byId = { path: `${path}/{id}`, params: { id: required('integer') } };
  return [
    {
      ...{ method: 'GET', path: '/health', name: 'health' },
      answer: () => ({ body: { status: 'healthy', timestamp: isoLocal(tenant.now(), tenant.dials.zone) } }),
    },
    {
      ...{ method: 'GET', path, name: 'list_work_orders' },
      answer: ({ request }) => {
        if (tenant.dials.databaseAway)
          return { body: { work_orders: [], error: 'unable to open database file' } };
        if (tenant.dials.placeholders) return { body: { work_orders: PLACEHOLDER_ORDERS } };
        const wanted = { offset: 0, limit: null, query: request.query };
        return { body: envelope('work_orders', takePage(tenant, 'work-orders', wanted).texts, {}) };
      },
    },
    {
      ...{ method: 'POST', path, name: 'create_work_order', body: model },
      answer: ({ body }) => {
        if (tenant.dials.databaseAway) return failure('unable to open database file');
        const { id } = tenant.insert('work-orders', body).fields as { id: unknown };
        tenant.wrote('created', 'work-orders');
        return { body: { success: true, work_order: { id, ...body } }, write: true };
      },
    },
    {
      // A full replace: what is missing goes back to its default. An order that is not there is changed all the same.
      ...{ method: 'PUT', ...byId, name: 'update_work_order', body: model },
      answer: (call) => {
        const row = tenant.get('work-orders', call.path['id']);
        if (row !== undefined) tenant.update('work-orders', row, call.body);
        if (row !== undefined) tenant.wrote('updated', 'work-orders');
        return { body: { success: true, work_order: { ...call.path, ...call.body } }, write: true };
      },
    },
    {
      ...{ method: 'DELETE', ...byId, name: 'delete_work_order' },
      answer: (call) => {
        const row = tenant.get('work-orders', call.path['id']);
        if (row === undefined) return failure(`Work order ${textOf(call.path['id'])} not found`);
        tenant.remove('work-orders', row);
        tenant.wrote('deleted', 'work-orders');
        return { body: { success: true, message: 'Work order deleted' }, write: true };
      },
    },
    {
      // It sets a column that its table does not have.
      ...{ method: 'POST', path: `${path}/{id}/complete`, params: byId.params, name: 'complete_work_order' },
      answer: () => failure('no such column: completion_date'),
    },
    ...['assets', 'parts'].flatMap((place): Route[] => [
      {
        ...{ method: 'GET', path: `/api/${place}`, name: `list_${place}` },
        answer: () => ({ body: { [place]: [] } }),
      },
      {
        ...{ method: 'POST', path: `/api/${place}`, name: `create_${place}`, body: anything },
        // Echoed and forgotten.
        answer: ({ request }) => ({ body: { success: true, id: 1, [place.slice(0, -1)]: request.json() } }),
      },
      ...['GET', 'PUT', 'DELETE'].map((method): Route => ({
        ...{ method, path: `/api/${place}/{id}`, params: byId.params },
        name: `${method.toLowerCase()}_${place.slice(0, -1)}`,
        answer: (call) => ({ body: { success: true, ...call.path, name: 'Asset', type: 'Equipment' } }),
      })),
    ]),
  ];
}

export const september: Generation = {
  name: 'september',
  login: true,
  tables,
  stamp: (ms) => sqliteNow(ms),
  show: (_tenant, _object, row) => {
    const { dueDate, asset: _hidden, ...shown } = row.fields;
    return { ...shown, due_date: dueDate };
  },
  fill: (tenant, plant) =>
    fillFromPlant(tenant, plant, {
      word: titleCase,
      due: (ms) => sqliteNow(ms).slice(0, 10),
      person: ({ fullName }) => fullName,
    }),
  mounts: (tenant) => [
    { prefix: '', app: { title: 'ChatterFix CMMS', version: '1.0.0', routes: routes(tenant) } },
  ],
};
