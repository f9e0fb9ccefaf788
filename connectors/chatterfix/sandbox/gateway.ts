/** The user interface's gateway in front of `unified` (contract 4.9): same paths, no query, and a status code of 200 for nearly everything. */
import type { App, Call, Reply, Route } from './app.ts';
import { serve } from './app.ts';
import type { Generation, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Model } from './model.ts';
import { isoLocal } from './python-time.ts';
import { unified, unifiedRoutes } from './unified.ts';

/** Without due date and estimate: they vanish here. */
const workOrder: Model = {
  name: 'WorkOrder',
  fields: {
    title: required('string'),
    description: required('string'),
    priority: withDefault('string', 'medium'),
    status: withDefault('string', 'open'),
    assigned_to: optional('integer'),
    asset_id: optional('integer'),
  },
};

interface Relay {
  method: string;
  path: string;
  body?: unknown;
}

/** Bodies are relayed, status codes are not, 404 apart. */
function relay(tenant: Tenant, backend: App, { request }: Call, { method, path, body }: Relay): Reply {
  const text = body === undefined ? request.body : Buffer.from(JSON.stringify(body));
  const forwarded = {
    ...{ method, path, query: new URLSearchParams(), headers: request.headers, body: text },
    json: () => (text.length === 0 ? undefined : (JSON.parse(text.toString('utf8')) as unknown)),
  };
  const answer = serve(backend, { request: forwarded, path, pydantic: tenant.dials.pydantic });
  if (answer.status === 404) throw new HttpError(404, 'not found');
  return { body: answer.body, write: answer.write === true };
}

function health(tenant: Tenant): object {
  const { databaseAway, zone } = tenant.dials;
  const names = ['backend', 'ai'];
  const services = names.map((name) => [
    name,
    databaseAway && name === 'backend'
      ? { status: 'unhealthy', error: 'Connection refused' }
      : { status: 'healthy', response_time: 0.004 },
  ]);
  // The outer word never changes.
  return {
    status: 'healthy',
    service: 'ui-gateway',
    microservices: Object.fromEntries(services) as object,
    timestamp: isoLocal(tenant.now(), zone),
  };
}

function routes(tenant: Tenant, backend: App): Route[] {
  const lists = ['work-orders', 'assets', 'parts', 'pm-schedules'].map((place) => ({
    ...{ method: 'GET', path: `/api/${place}`, name: `get_${place.replace('-', '_')}` },
    // No query is forwarded: always the newest 100.
    answer: (call: Call) => relay(tenant, backend, call, { method: 'GET', path: `/api/${place}` }),
  }));
  const creates = ['assets', 'parts'].map((place) => ({
    ...{ method: 'POST', path: `/api/${place}`, name: `create_${place.slice(0, -1)}` },
    answer: (call: Call) => relay(tenant, backend, call, { method: 'POST', path: `/api/${place}` }),
  }));
  const reads = ['assets', 'parts'].map((place) => ({
    ...{ method: 'GET', path: `/api/${place}/{id}`, name: `get_${place.slice(0, -1)}` },
    params: { id: required('integer') },
    answer: (call: Call) => {
      const path = `/api/${place}/${Number(call.path['id'])}`;
      return relay(tenant, backend, call, { method: 'GET', path });
    },
  }));
  const missing = ['GET', 'PUT', 'DELETE'].map((method) => ({
    ...{ method, path: '/api/work-orders/{id}', name: `${method.toLowerCase()}_work_order` },
    params: { id: required('integer') },
    answer: (call: Call) => {
      const path = `/api/work-orders/${Number(call.path['id'])}`;
      return relay(tenant, backend, call, { method, path });
    },
  }));
  return [
    { method: 'GET', path: '/health', name: 'health_check', answer: () => ({ body: health(tenant) }) },
    ...lists,
    {
      ...{ method: 'POST', path: '/api/work-orders', name: 'create_work_order', body: workOrder },
      answer: (call) => {
        return relay(tenant, backend, call, { method: 'POST', path: '/api/work-orders', body: call.body });
      },
    },
    ...creates,
    ...reads,
    ...missing,
  ];
}

export const gateway: Generation = {
  ...unified,
  name: 'gateway',
  mounts: (tenant) => {
    const backend: App = { title: 'backend', version: '1.0.0', routes: unifiedRoutes(tenant) };
    const app = { title: 'ChatterFix CMMS UI Gateway', version: '1.0.0', routes: routes(tenant, backend) };
    return [{ prefix: '', app }];
  },
};
