/**
 * A client of the original service, as reference/api.md describes it: it knows addresses, field names and words, and nothing of
 * our code. Everything it sends goes over a socket.
 */
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';

export type Shown = Record<string, unknown>;
export type Query = Readonly<Record<string, string | number | boolean>>;

export interface Answer {
  status: number;
  body: Shown;
  headers: Headers;
}

export interface OldClient {
  get(path: string, query?: Query): Promise<Answer>;
  post(path: string, body?: unknown, query?: Query): Promise<Answer>;
  put(path: string, body?: unknown, query?: Query): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The request as it is: body as text, headers as given. */
  raw(method: string, path: string, body: string | null, headers: Record<string, string>): Promise<Answer>;
}

/** `base` is the address that the original's paths are appended to. */
export function createOldClient(base: string, key: string | null): OldClient {
  const raw: OldClient['raw'] = async (method, path, body, headers) => {
    const response = await fetch(base + path, {
      method,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === null ? {} : { body }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith('{') ? (JSON.parse(text) as Shown) : { text },
      headers: response.headers,
    };
  };
  const send = (method: string, path: string, body: unknown, query: Query = {}): Promise<Answer> => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) params.set(name, String(value));
    const address = params.size === 0 ? path : `${path}?${params.toString()}`;
    return body === undefined
      ? raw(method, address, null, {})
      : raw(method, address, JSON.stringify(body), { 'content-type': 'application/json' });
  };
  return {
    raw,
    get: (path, query) => send('GET', path, undefined, query),
    post: (path, body, query) => send('POST', path, body, query),
    put: (path, body, query) => send('PUT', path, body, query),
    patch: (path, body, headers = {}) =>
      raw('PATCH', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers }),
  };
}

export interface ContractApi {
  client: OldClient;
  /** The address without a key. */
  stranger: OldClient;
  base: string;
  api: TestApi;
  close(): Promise<void>;
}

export async function openContractApi(): Promise<ContractApi> {
  const api = await openTestApi();
  const origin = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const base = `${origin}/api/v1`;
  return {
    client: createOldClient(base, api.key),
    stranger: createOldClient(base, null),
    base,
    api,
    close: () => api.close(),
  };
}

/** The single resource of an answer. */
export function one(answer: Answer, name: string): Shown {
  const value = answer.body[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${String(answer.status)} has no "${name}": ${JSON.stringify(answer.body)}`);
  }
  return value as Shown;
}

/** The collection of an answer; its `count` is its length. */
export function many(answer: Answer, name: string): Shown[] {
  const value = answer.body[name];
  if (!Array.isArray(value) || answer.body['count'] !== value.length || answer.body['success'] !== true) {
    throw new Error(
      `${String(answer.status)} is no collection "${name}": ${JSON.stringify(answer.body).slice(0, 500)}`,
    );
  }
  return value as Shown[];
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`Not a text: ${JSON.stringify(value)}`);
}

/** What a refusal says: its status and the fields at fault. */
export function refusal({ status, headers, body }: Answer): [number, ...string[]] {
  if (headers.get('content-type')?.startsWith('application/problem+json') !== true) {
    throw new Error(`${String(status)} is no problem: ${JSON.stringify(body)}`);
  }
  const errors = (body['errors'] ?? []) as { field: string }[];
  return [status, ...new Set(errors.map(({ field }) => field))];
}

/** Enumerations of section 3.1, as they stand there. */
export const STATUSES = ['scheduled', 'in_progress', 'completed', 'cancelled', 'overdue', 'on_hold'] as const;
export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
export const MAINTENANCE_TYPES = [
  'preventive',
  'corrective',
  'predictive',
  'emergency',
  'inspection',
  'calibration',
  'cleaning',
  'lubrication',
] as const;
export const FREQUENCIES = [
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'semi_annual',
  'annual',
  'custom',
] as const;
export const TRIGGER_TYPES = [
  'time_based',
  'usage_based',
  'condition_based',
  'manual',
  'event_based',
] as const;
export const ASSET_TYPES = [
  'equipment',
  'machinery',
  'vehicle',
  'building',
  'infrastructure',
  'tool',
  'instrument',
  'system',
  'component',
] as const;
export const ASSET_STATUSES = [
  'operational',
  'maintenance',
  'repair',
  'retired',
  'spare',
  'decommissioned',
  'testing',
  'standby',
] as const;
export const CONDITIONS = ['excellent', 'good', 'fair', 'poor', 'critical'] as const;
export const ALERT_TYPES = [
  'low_uptime',
  'low_efficiency',
  'high_temperature',
  'high_vibration',
  'high_error_count',
  'condition_warning',
] as const;
export const CMMS_TYPES = ['upkeep', 'fiix', 'maximo', 'sap_pm', 'custom'] as const;

/** Bodies with every required field; `changes` are laid over, undefined takes a field away. */
export function orderBody(assetId: string, changes: Shown = {}): Shown {
  return {
    asset_id: assetId,
    title: 'Replace filter',
    description: 'The filter is clogged.',
    priority: 'high',
    estimated_hours: 4.0,
    ...changes,
  };
}

export function scheduleBody(changes: Shown = {}): Shown {
  return {
    name: 'Monthly check',
    description: 'Monthly preventive maintenance.',
    maintenance_type: 'preventive',
    priority: 'medium',
    frequency: 'monthly',
    trigger_type: 'time_based',
    trigger_value: 30,
    estimated_duration: 120,
    estimated_cost: 200.0,
    ...changes,
  };
}

export function connectionBody(changes: Shown = {}): Shown {
  return {
    cmms_type: 'custom',
    connection_name: `Connection ${String(Math.random())}`,
    api_url: 'https://cmms.example.com',
    api_key: 'secret-of-the-plant',
    ...changes,
  };
}

export async function registerAsset(client: OldClient, assetId: string, changes: Shown = {}): Promise<Shown> {
  const made = await client.post('/assets', {
    asset_id: assetId,
    name: `Asset ${assetId}`,
    asset_type: 'equipment',
    ...changes,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return one(made, 'asset');
}

export async function makeOrder(client: OldClient, assetId: string, changes: Shown = {}): Promise<Shown> {
  const made = await client.post('/work-orders', orderBody(assetId, changes));
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return one(made, 'work_order');
}

export async function makeSchedule(client: OldClient, changes: Shown = {}): Promise<Shown> {
  const made = await client.post('/maintenance/schedules', scheduleBody(changes));
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return one(made, 'schedule');
}

export async function makeTask(
  client: OldClient,
  scheduleId: unknown,
  assetId: string,
  changes: Shown = {},
): Promise<Shown> {
  const made = await client.post('/maintenance/tasks', {
    schedule_id: scheduleId,
    asset_id: assetId,
    scheduled_start: inDays(7),
    ...changes,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return one(made, 'task');
}

export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}
