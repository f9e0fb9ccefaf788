/** The generation `firestore` (contract 7, 8): made for browsers. JSON reads of a few fields, HTML forms that redirect, a session cookie. */
import { HttpError } from './http-error.ts';
import type { Call, Reply, Route } from './app.ts';
import { firestorePmRoutes } from './firestore-pm.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { optional, required } from './model.ts';
import { readForm } from './form.ts';
import { envelope, takePage } from './pages.ts';
import { fillFromPlant, titleCase } from './plant-fill.ts';
import { ACCOUNT } from './sessions.ts';
import { newestFirst } from './table.ts';
import { textOf } from './text-of.ts';

const LIST_MAX = 50;
const TOO_MANY = 5;
const MINUTE_MS = 60_000;

function documentId({ world }: Tenant): string {
  return world.random.text(20, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
}

const byAge = {
  created: 'created_at',
  updated: 'updated_at',
  order: newestFirst('created_at'),
  makeId: documentId,
};
const stamped = { created_at: null, updated_at: null };

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...byAge,
    columns: {
      ...{ title: '', description: '', status: 'Open', priority: 'Medium', assigned_to_uid: null },
      ...{ asset_id: null, due_date: null, work_summary: null, organization_id: 'pit', ...stamped },
    },
  },
  assets: {
    ...byAge,
    columns: {
      ...{ name: '', description: '', asset_type: '', location: '', status: 'Active', asset_tag: null },
      ...{ manufacturer: null, model: null, serial_number: null, ...stamped },
    },
  },
  parts: {
    ...byAge,
    columns: {
      ...{ name: '', description: '', part_number: '', category: '', current_stock: 0 },
      ...{ minimum_stock: 0, unit_cost: null, location: null, ...stamped },
    },
  },
  users: {
    ...byAge,
    columns: { email: '', full_name: '', role: 'technician', disabled: false, permissions: [], ...stamped },
  },
  meters: {
    ...byAge,
    columns: {
      ...{ asset_id: null, meter_type: 'hours', current_value: 0, unit: 'h', last_reading_date: null },
      ...{ reading_frequency: 'weekly', is_automated: false, threshold_warning: null },
      ...{ threshold_critical: null, ...stamped },
    },
  },
};

const COOKIE = 'session_token';

function signedIn(tenant: Tenant, { request }: Call): boolean {
  const token = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(request.headers['cookie'] ?? '')?.[1];
  return token !== undefined && tenant.sessions.holds(token);
}

/** Five tries a minute. */
function createLogin(tenant: Tenant): Route {
  let tries: number[] = [];
  return {
    ...{ method: 'POST', path: '/auth/login', name: 'login' },
    answer: ({ request }) => {
      tries = tries.filter((at) => at > tenant.now() - MINUTE_MS);
      if (tries.length >= TOO_MANY) {
        return { status: 429, body: { error: `Rate limit exceeded: ${TOO_MANY} per 1 minute` } };
      }
      tries.push(tenant.now());
      const { username, email, password } = readForm(request).fields;
      const known = (email ?? username) === ACCOUNT.username && password === ACCOUNT.password;
      if (!known) return { status: 302, headers: { location: '/auth/login?error=invalid' }, body: '' };
      const cookie = `${COOKIE}=${tenant.sessions.jwt()}; HttpOnly; Path=/; SameSite=lax`;
      return {
        status: 302,
        headers: { location: '/dashboard', 'set-cookie': cookie },
        body: '',
        write: true,
      };
    },
  };
}

/** Two rows nobody entered, with a 200. */
function demo(): FieldValues {
  const work_orders = ['WO-001', 'WO-002'].map((id) => ({
    id,
    title: 'Demo work order',
    status: 'Overdue',
    priority: 'High',
  }));
  return { work_orders, count: 2, status: 'demo', message: 'Showing demo data' };
}

function orders(tenant: Tenant): (call: Call) => Reply {
  return ({ request }) => {
    if (tenant.dials.placeholders || tenant.dials.databaseAway) return { body: demo() };
    const { texts } = takePage(tenant, 'work-orders', { offset: 0, limit: LIST_MAX, query: request.query });
    return { body: envelope('work_orders', texts, { count: texts.length, status: 'success' }) };
  };
}

/** Without a session: 200 and nothing. */
function fourFields(tenant: Tenant, object: ObjectName, fields: readonly string[]): (call: Call) => Reply {
  return (call) => {
    if (!signedIn(tenant, call)) return { body: [] };
    tenant.world.stats.page(object, call.request.query.toString());
    const rows = tenant.rows(object).map((row) => row.fields);
    return { body: rows.map((row) => Object.fromEntries(fields.map((name) => [name, row[name] ?? null]))) };
  };
}

function partSearch(tenant: Tenant): (call: Call) => Reply {
  return ({ query }) => {
    if (tenant.dials.placeholders || tenant.dials.databaseAway) {
      return { body: { parts: [{ id: 'P-001', name: 'Demo part' }], is_demo: true } };
    }
    const wanted = textOf(query['q']).toLowerCase();
    const parts = tenant
      .rows('parts')
      .map((row) => row.fields)
      .filter(({ name, part_number }) =>
        `${textOf(name)} ${textOf(part_number)}`.toLowerCase().includes(wanted),
      );
    return { body: { parts: parts.slice(0, LIST_MAX), is_demo: false } };
  };
}

/** A form of the web pages: writes, then sends the browser on. */
function form(tenant: Tenant, path: string, object: ObjectName, target: string): Route {
  const columns = Object.keys(tables[object]?.columns ?? {});
  return {
    ...{ method: 'POST', path, name: `create_${object.replace('-', '_')}` },
    answer: (call) => {
      if (!signedIn(tenant, call)) return { status: 302, headers: { location: '/auth/login' }, body: '' };
      const { fields } = readForm(call.request);
      const known = Object.entries(fields).filter(([name]) => columns.includes(name));
      if (known.length === 0)
        throw new HttpError(422, [{ type: 'missing', loc: ['body'], msg: 'Field required' }]);
      tenant.insert(object, Object.fromEntries(known));
      tenant.wrote('created', object);
      return { status: 303, headers: { location: target }, body: '', write: true };
    },
  };
}

function routes(tenant: Tenant): Route[] {
  const timestamp = (): string => tenant.stamp();
  const degraded = (): boolean => tenant.dials.databaseAway;
  const asset = ['id', 'name', 'asset_tag', 'location'];
  const list = fourFields(tenant, 'assets', asset);
  return [
    {
      ...{ method: 'GET', path: '/health', name: 'health' },
      answer: () => ({ body: { status: 'healthy', timestamp: timestamp() } }),
    },
    {
      ...{ method: 'GET', path: '/health/readiness', name: 'readiness' },
      answer: () => ({ body: { status: degraded() ? 'not_ready' : 'ready', timestamp: timestamp() } }),
    },
    {
      ...{ method: 'GET', path: '/health/detailed', name: 'detailed' },
      answer: () => {
        const status = degraded() ? 'degraded' : 'healthy';
        return { status: degraded() ? 207 : 200, body: { status, timestamp: timestamp() } };
      },
    },
    createLogin(tenant),
    { ...{ method: 'GET', path: '/api/work-orders', name: 'get_work_orders' }, answer: orders(tenant) },
    { ...{ method: 'GET', path: '/api/assets', name: 'get_assets' }, answer: list },
    { ...{ method: 'GET', path: '/api/assets/list', name: 'list_assets' }, answer: list },
    {
      ...{ method: 'GET', path: '/api/users', name: 'get_users' },
      answer: fourFields(tenant, 'users', ['id', 'full_name', 'email', 'role']),
    },
    {
      ...{ method: 'GET', path: '/api/parts/search', name: 'search_parts', query: { q: optional('string') } },
      answer: partSearch(tenant),
    },
    {
      ...{
        method: 'GET',
        path: '/work-orders/{id}',
        name: 'work_order_page',
        params: { id: required('string') },
      },
      answer: () => ({
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Work order</title>',
      }),
    },
    form(tenant, '/work-orders', 'work-orders', '/work-orders'),
    form(tenant, '/assets/', 'assets', '/assets'),
    form(tenant, '/inventory/add', 'parts', '/inventory'),
    ...firestorePmRoutes(tenant),
  ];
}

export const firestore: Generation = {
  name: 'firestore',
  tables,
  stamp: (ms) => `${new Date(ms).toISOString().slice(0, -1)}000+00:00`,
  fill: (tenant, plant) => {
    const due = (ms: number): string => tenant.generation().stamp(ms, tenant.dials);
    fillFromPlant(tenant, plant, { word: titleCase, due, person: ({ username }) => username });
    for (const row of tenant.rows('assets').slice()) {
      const limits = { threshold_warning: 21_000, threshold_critical: 22_000 };
      tenant.insert('meters', { asset_id: row.fields['id'], current_value: 20_000, ...limits });
    }
  },
  mounts: (tenant) => [
    { prefix: '', app: { title: 'ChatterFix CMMS', version: '2.1.0', routes: routes(tenant) } },
  ],
};
