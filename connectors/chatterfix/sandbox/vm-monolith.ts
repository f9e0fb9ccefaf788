/** The generation `vm-monolith` (contract 7): forms in, `{"error": ..}` out, and columns that are written under other names than read. */
import type { Call, Reply, Route } from './app.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { optional, required, withDefault, type Model } from './model.ts';
import { readForm } from './form.ts';
import { envelope, takePage } from './pages.ts';
import { fillFromPlant, titleCase } from './plant-fill.ts';
import { isoLocal, sqliteNow } from './python-time.ts';
import { newestFirst, type Row } from './table.ts';

const byAge = { created: 'created_date', updated: 'updated_date', order: newestFirst('created_date') };
const stamped = { created_date: null, updated_date: null };

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...byAge,
    columns: {
      ...{ title: '', description: '', status: 'Open', priority: 'Medium', assigned_to: '' },
      ...{ assigned_asset_id: null, due_date: null, completed_date: null, technician: null, ...stamped },
    },
    hidden: ['technician'],
  },
  assets: {
    ...byAge,
    columns: { name: '', description: '', asset_type: '', location: '', status: 'Active', ...stamped },
  },
  parts: {
    ...byAge,
    columns: {
      ...{ name: '', description: '', part_number: '', category: '', stock_quantity: 0, min_stock: 0 },
      ...{ unit_cost: 0, location: '', current_stock: null, ...stamped },
    },
    hidden: ['current_stock'],
  },
};

interface Kind {
  object: ObjectName;
  path: string;
  many: string;
  one: string;
  idName: string;
  needs: string;
  /** Written columns; some are not those that are read. */
  writes: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    ...{ object: 'work-orders', path: '/api/work-orders', many: 'work_orders', one: 'Work order' },
    ...{ idName: 'work_order_id', needs: 'title' },
    writes: ['title', 'description', 'status', 'priority', 'technician', 'due_date'],
  },
  {
    ...{
      object: 'assets',
      path: '/api/assets',
      many: 'assets',
      one: 'Asset',
      idName: 'asset_id',
      needs: 'name',
    },
    writes: ['name', 'description', 'asset_type', 'location', 'status'],
  },
  {
    ...{ object: 'parts', path: '/api/parts', many: 'parts', one: 'Part', idName: 'part_id', needs: 'name' },
    writes: ['name', 'description', 'part_number', 'category', 'current_stock', 'unit_cost', 'location'],
  },
];

function failed(status: number, error: string): Reply {
  return { status, body: { error } };
}

function withRow(tenant: Tenant, { object, one }: Kind, call: Call, work: (row: Row) => Reply): Reply {
  if (tenant.dials.databaseAway) return failed(500, 'unable to open database file');
  const row = tenant.get(object, call.path['id']);
  return row === undefined ? failed(404, `${one} not found`) : work(row);
}

function change(tenant: Tenant, { object }: Kind, row: Row, fields: FieldValues): Reply {
  tenant.update(object, row, fields);
  tenant.wrote('updated', object);
  return { body: { status: 'success' }, write: true };
}

function recordRoutes(tenant: Tenant, kind: Kind): Route[] {
  const { object, path, many, idName, needs, writes } = kind;
  const columns = Object.keys(tables[object]?.columns ?? {});
  const word = many.slice(0, -1);
  const byId = { path: `${path}/{id}`, params: { id: required('integer') } };
  const body: Model = {
    name: `${word}_update`,
    fields: Object.fromEntries(writes.map((name) => [name, optional('any')])),
  };
  return [
    {
      ...{ method: 'GET', path, name: `get_${many}` },
      answer: ({ request }) => {
        if (tenant.dials.databaseAway) return failed(500, 'unable to open database file');
        const wanted = { offset: 0, limit: null, query: request.query };
        return { body: envelope(many, takePage(tenant, object, wanted).texts, {}) };
      },
    },
    {
      ...{ method: 'GET', ...byId, name: `get_${word}` },
      answer: (call) => withRow(tenant, kind, call, (row) => ({ body: tenant.show(object, row) })),
    },
    {
      ...{ method: 'POST', path, name: `create_${word}` },
      answer: ({ request }) => {
        const { fields } = readForm(request);
        if (fields[needs] === undefined) {
          const issue = { type: 'missing', loc: ['body', needs], msg: 'Field required', input: null };
          return { status: 422, body: { detail: [issue] } };
        }
        const known = Object.entries(fields).filter(([name]) => columns.includes(name));
        const row = tenant.insert(object, Object.fromEntries(known));
        tenant.wrote('created', object);
        return { body: { status: 'success', [idName]: row.fields['id'] }, write: true };
      },
    },
    {
      ...{ method: 'PUT', ...byId, name: `update_${word}`, body },
      answer: (call) =>
        withRow(tenant, kind, call, (row) => {
          const given = Object.entries(call.body).filter(([name]) => call.sent.has(name));
          return change(tenant, kind, row, Object.fromEntries(given));
        }),
    },
  ];
}

function actionRoutes(tenant: Tenant): Route[] {
  const [orders, , parts] = KINDS;
  if (orders === undefined || parts === undefined) return [];
  const params = { id: required('integer') };
  const body: Model = { name: 'Movement', fields: { quantity: withDefault('integer', 1) } };
  const move = (word: 'checkout' | 'restock'): Route => ({
    ...{ method: 'POST', path: `/api/parts/{id}/${word}`, name: `${word}_part`, params, body },
    answer: (call) =>
      withRow(tenant, parts, call, (row) => {
        const stock = Number(row.fields['stock_quantity']);
        const quantity = Number(call.body['quantity']);
        if (word === 'checkout' && quantity > stock) return failed(400, 'Insufficient stock');
        const stock_quantity = word === 'checkout' ? stock - quantity : stock + quantity;
        return change(tenant, parts, row, { stock_quantity });
      }),
  });
  return [
    {
      ...{ method: 'POST', path: '/api/work-orders/{id}/complete', name: 'complete_work_order', params },
      answer: (call) =>
        withRow(tenant, orders, call, (row) => {
          return change(tenant, orders, row, { status: 'Completed', completed_date: tenant.stamp() });
        }),
    },
    move('checkout'),
    move('restock'),
  ];
}

export const vmMonolith: Generation = {
  name: 'vm-monolith',
  tables,
  stamp: (ms) => sqliteNow(ms),
  fill: (tenant, plant) =>
    fillFromPlant(tenant, plant, {
      word: titleCase,
      due: (ms) => sqliteNow(ms).slice(0, 10),
      person: ({ fullName }) => fullName,
    }),
  mounts: (tenant) => {
    const health: Route = {
      ...{ method: 'GET', path: '/health', name: 'health' },
      answer: () => ({ body: { status: 'healthy', timestamp: isoLocal(tenant.now(), tenant.dials.zone) } }),
    };
    const routes = [health, ...KINDS.flatMap((kind) => recordRoutes(tenant, kind)), ...actionRoutes(tenant)];
    return [{ prefix: '', app: { title: 'ChatterFix CMMS - Production', version: '2.0.0', routes } }];
  },
};
