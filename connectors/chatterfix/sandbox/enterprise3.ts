/**
 * The generation `enterprise3` (contract 7): ids of text, no read, update or delete of a work order, updates by query parameters,
 * and routes that cannot work.
 */
import type { Call, Reply, Route } from './app.ts';
import { failing, PLACEHOLDER_ORDERS } from './database-trouble.ts';
import type { Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Model } from './model.ts';
import { envelope, takePage } from './pages.ts';
import { fillFromPlant } from './plant-fill.ts';
import { sqliteNow } from './python-time.ts';
import { asInserted, newestFirst, type Row } from './table.ts';

const byAge = { created: 'created_at', updated: 'updated_at', order: newestFirst('created_at') };
const stamped = { created_at: null, updated_at: null };

function uuid({ world }: Tenant): string {
  const hex = world.random.text(32, '0123456789abcdef');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

/** The date and four digits: two orders of one day can meet. */
function orderId(tenant: Tenant): string {
  const day = new Date(tenant.now()).toISOString().slice(0, 10).replaceAll('-', '');
  for (;;) {
    const id = `WO-${day}-${tenant.world.random.text(4, '0123456789')}`;
    // A day has room for 10,000; a seed with more goes on in longer numbers.
    if (tenant.get('work-orders', id) === undefined) return id;
    const longer = `${id}${tenant.world.random.text(4, '0123456789')}`;
    if (tenant.get('work-orders', longer) === undefined) return longer;
  }
}

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...{ ...byAge, makeId: orderId },
    columns: {
      ...{ title: '', description: '', status: 'open', priority: 'medium', asset_id: null },
      ...{ assigned_to: null, due_date: null, estimated_hours: null, ...stamped },
    },
  },
  assets: {
    ...{ ...byAge, makeId: uuid },
    columns: {
      ...{ name: '', description: '', asset_type: '', location: '', status: 'active' },
      ...{ manufacturer: null, model: null, serial_number: null, ...stamped },
    },
  },
  parts: {
    ...{ ...byAge, makeId: uuid },
    columns: { name: '', description: '', part_number: '', category: '', ...stamped },
  },
  users: {
    ...{ ...byAge, makeId: uuid },
    columns: {
      ...{ name: '', email: '', role: 'technician', department: null, status: 'active', skills: null },
      ...{ certification: null, phone: null, ...stamped, last_login: null },
    },
  },
  'pm-schedules': {
    ...{ order: asInserted, makeId: uuid },
    columns: {
      ...{ asset_id: null, task_name: '', description: '', frequency: 1, frequency_unit: 'days' },
      ...{ last_completed: null, next_due: null, assigned_to: null, priority: 'medium' },
      ...{ status: 'scheduled', estimated_duration: null, required_skills: null, parts_needed: null },
      procedures: null,
    },
  },
};

const orderModel: Model = {
  name: 'WorkOrder',
  fields: {
    title: required('string'),
    description: withDefault('string', ''),
    status: withDefault('string', 'open'),
    priority: withDefault('string', 'medium'),
    asset_id: optional('string'),
    assigned_to: optional('string'),
    due_date: optional('string'),
    estimated_hours: optional('number'),
  },
};

const ASSET_FIELDS = ['name', 'description', 'asset_type', 'location', 'status'] as const;
const PART_FIELDS = ['name', 'description', 'part_number', 'category'] as const;

function namedModel(name: string, fields: readonly string[]): Model {
  const rest = fields.filter((field) => field !== 'name');
  const open = rest.map(
    (field) => [field, withDefault('string', field === 'status' ? 'active' : '')] as const,
  );
  return { name, fields: { name: required('string'), ...Object.fromEntries(open) } };
}

function found(tenant: Tenant, object: ObjectName, id: unknown, label: string): Row {
  const row = failing(tenant, () => tenant.get(object, id));
  if (row === undefined) throw new HttpError(404, `${label} not found`);
  return row;
}

function list(
  tenant: Tenant,
  object: ObjectName,
  many: string,
  counted: 'total' | 'count',
): (call: Call) => Reply {
  return ({ request }) => {
    failing(tenant);
    if (tenant.dials.placeholders) return { body: { [many]: PLACEHOLDER_ORDERS, [counted]: 2 } };
    const { texts, total } = takePage(tenant, object, { offset: 0, limit: null, query: request.query });
    const more = counted === 'total' ? { total, page: 1, per_page: total } : { count: total };
    return { body: envelope(many, texts, more) };
  };
}

function create(tenant: Tenant, object: ObjectName, one: string, nullId = false): (call: Call) => Reply {
  return ({ body }) => {
    const row = failing(tenant, () => tenant.insert(object, body));
    tenant.wrote('created', object);
    const shown = { ...row.fields, id: nullId ? null : row.fields['id'] };
    return { body: { success: true, message: 'Created successfully', [one]: shown }, write: true };
  };
}

/** Query parameters, not a body. Those of a part name columns its table lacks. */
function putByQuery(tenant: Tenant, place: 'assets' | 'parts', one: string): Route {
  const names =
    place === 'assets' ? ASSET_FIELDS : [...PART_FIELDS, 'current_stock', 'unit_cost', 'supplier'];
  const query = Object.fromEntries(names.map((name) => [name, optional('string')]));
  return {
    ...{
      method: 'PUT',
      path: `/api/${place}/{id}`,
      name: `update_${one}`,
      params: { id: required('string') },
      query,
    },
    answer: (call) => {
      const row = found(tenant, place, call.path['id'], one === 'asset' ? 'Asset' : 'Part');
      if (place === 'parts') throw new HttpError(500, 'no such column: current_stock');
      const given = Object.entries(call.query).filter(([, value]) => value !== null);
      const next = tenant.update(place, row, Object.fromEntries(given));
      tenant.wrote('updated', place);
      return { body: { success: true, message: 'Updated successfully', [one]: next.fields }, write: true };
    },
  };
}

function brokenDelete(place: string, one: string): Route {
  return {
    ...{
      method: 'DELETE',
      path: `/api/${place}/{id}`,
      name: `delete_${one}`,
      params: { id: required('string') },
    },
    answer: () => {
      throw new HttpError(
        500,
        'Incorrect number of bindings supplied. The current statement uses 1, and there are 36 supplied.',
      );
    },
  };
}

function placeRoutes(tenant: Tenant, place: 'assets' | 'parts', one: string): Route[] {
  const path = `/api/${place}`;
  const params = { id: required('string') };
  const label = one === 'asset' ? 'Asset' : 'Part';
  const model = namedModel(label, place === 'assets' ? ASSET_FIELDS : PART_FIELDS);
  return [
    { ...{ method: 'GET', path, name: `get_${place}` }, answer: list(tenant, place, place, 'count') },
    { ...{ method: 'POST', path, name: `create_${one}`, body: model }, answer: create(tenant, place, one) },
    {
      ...{ method: 'GET', path: `${path}/{id}`, name: `get_${one}`, params },
      answer: (call) => ({ body: { [one]: found(tenant, place, call.path['id'], label).fields } }),
    },
    putByQuery(tenant, place, one),
    brokenDelete(place, one),
  ];
}

function peopleAndPlans(tenant: Tenant): Route[] {
  const pm = '/api/preventive-maintenance';
  const user: Model = {
    name: 'User',
    fields: {
      name: required('string'),
      email: required('string'),
      role: withDefault('string', 'technician'),
    },
  };
  const plan: Model = {
    name: 'PreventiveMaintenance',
    fields: {
      asset_id: required('string'),
      task_name: required('string'),
      description: withDefault('string', ''),
      frequency: withDefault('integer', 1),
      frequency_unit: withDefault('string', 'months'),
      next_due: optional('string'),
      priority: withDefault('string', 'medium'),
      estimated_duration: optional('integer'),
    },
  };
  const plans = list(tenant, 'pm-schedules', 'preventive_maintenance', 'count');
  return [
    {
      ...{ method: 'GET', path: '/api/users', name: 'get_users' },
      answer: list(tenant, 'users', 'users', 'count'),
    },
    {
      ...{ method: 'POST', path: '/api/users', name: 'create_user', body: user },
      answer: create(tenant, 'users', 'user', true),
    },
    { ...{ method: 'GET', path: pm, name: 'get_preventive_maintenance' }, answer: plans },
    {
      ...{ method: 'POST', path: pm, name: 'create_preventive_maintenance', body: plan },
      answer: create(tenant, 'pm-schedules', 'preventive_maintenance', true),
    },
  ];
}

function routes(tenant: Tenant): Route[] {
  const path = '/api/work-orders';
  const words = ['work_orders', 'assets', 'parts', 'users', 'preventive_maintenance', 'ai', 'reports'];
  const health = { status: 'healthy', service: 'ChatterFix Enterprise', version: '3.0.0', features: words };
  return [
    { method: 'GET', path: '/health', name: 'health_check', answer: () => ({ body: health }) },
    {
      ...{ method: 'GET', path, name: 'get_work_orders' },
      answer: list(tenant, 'work-orders', 'work_orders', 'total'),
    },
    {
      ...{ method: 'POST', path, name: 'create_work_order', body: orderModel },
      answer: create(tenant, 'work-orders', 'work_order'),
    },
    ...placeRoutes(tenant, 'assets', 'asset'),
    ...placeRoutes(tenant, 'parts', 'part'),
    ...peopleAndPlans(tenant),
  ];
}

export const enterprise3: Generation = {
  name: 'enterprise3',
  tables,
  stamp: (ms) => sqliteNow(ms),
  fill: (tenant, plant) =>
    fillFromPlant(tenant, plant, {
      word: (word) => word,
      due: sqliteNow,
      person: ({ fullName }) => fullName,
    }),
  mounts: (tenant) => [
    { prefix: '', app: { title: 'ChatterFix Enterprise v3.0', version: '3.0.0', routes: routes(tenant) } },
  ],
};
