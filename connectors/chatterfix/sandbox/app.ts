/**
 * A small FastAPI: routes tried in order, typed path, query and body, 404, 405, 307 and 422 as Starlette and Pydantic answer
 * them, and `/openapi.json`. Knows nothing of maintenance.
 */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { HttpError } from './http-error.ts';
import { readFields, type Fields, type Model, type Values } from './model.ts';
import { issuesAnswer, type Issue } from './validation-issue.ts';

export interface Call {
  path: Values;
  query: Values;
  /** Every declared field, defaults filled in. */
  body: Values;
  /** What the client named in the body (`exclude_unset`). */
  sent: ReadonlySet<string>;
  request: SandboxRequest;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
  write?: boolean;
}

export interface Route {
  method: string;
  /** `/api/assets/{asset_id}`. */
  path: string;
  /** The Python function's name; it opens the operation id. */
  name: string;
  params?: Fields;
  query?: Fields;
  headers?: Fields;
  body?: Model;
  answer(call: Call): Reply;
}

export interface App {
  title: string;
  version: string;
  description?: string;
  routes: readonly Route[];
}

const matchers = new WeakMap<Route, RegExp>();

function matcher(route: Route): RegExp {
  let found = matchers.get(route);
  if (found === undefined) {
    const names = route.path.split(/\{(\w+)\}/);
    const source = names.map((part, i) => (i % 2 === 1 ? `(?<${part}>[^/]+)` : part.replaceAll('.', '\\.')));
    found = new RegExp(`^${source.join('')}$`);
    matchers.set(route, found);
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readJson(request: SandboxRequest, issues: Issue[]): unknown {
  const type = request.headers['content-type'] ?? 'application/json';
  // A body of another type reaches the model as text, which is no object.
  if (!/json/i.test(type)) return request.body.toString('utf8');
  try {
    return request.json();
  } catch {
    issues.push({
      type: 'json_invalid',
      loc: ['body', 0],
      msg: 'JSON decode error',
      input: {},
      ctx: { error: 'Expecting value' },
    });
    return undefined;
  }
}

function readBody(model: Model, request: SandboxRequest, issues: Issue[]): Pick<Call, 'body' | 'sent'> {
  const before = issues.length;
  const given = readJson(request, issues);
  const nothing = { body: {}, sent: new Set<string>() };
  if (issues.length > before) return nothing;
  if (given === undefined || given === null) {
    issues.push({ type: 'missing', loc: ['body'], msg: 'Field required', input: null });
    return nothing;
  }
  if (typeof given !== 'object' || Array.isArray(given)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    issues.push({ type: 'model_attributes_type', loc: ['body'], msg, input: given });
    return nothing;
  }
  const values = given as Values;
  return { body: readFields(model.fields, values, 'body', issues), sent: new Set(Object.keys(values)) };
}

function readCall(route: Route, groups: Values, request: SandboxRequest, issues: Issue[]): Call {
  const path = readFields(route.params ?? {}, groups, 'path', issues);
  const query = readFields(route.query ?? {}, Object.fromEntries(request.query), 'query', issues);
  readFields(route.headers ?? {}, request.headers, 'header', issues);
  const body =
    route.body === undefined ? { body: {}, sent: new Set<string>() } : readBody(route.body, request, issues);
  return { path: { ...groups, ...path }, query, ...body, request };
}

function run(route: Route, groups: Values, request: SandboxRequest, pydantic: 1 | 2): SandboxResponse {
  const issues: Issue[] = [];
  const call = readCall(route, groups, request, issues);
  if (issues.length > 0) return { status: 422, body: issuesAnswer(issues, pydantic) };
  const { status = 200, ...reply } = route.answer(call);
  return { status, ...reply };
}

function notRouted(app: App, request: SandboxRequest, path: string): SandboxResponse {
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  if (path !== '/' && app.routes.some((route) => matcher(route).test(other))) {
    const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
    const host = request.headers['host'] ?? 'localhost';
    const target = path.endsWith('/') ? request.path.slice(0, -1) : `${request.path}/`;
    return { status: 307, headers: { location: `http://${host}${target}${query}` }, body: '' };
  }
  return { status: 404, body: { detail: 'Not Found' } };
}

export interface Served {
  request: SandboxRequest;
  /** The path within the app, without its mount prefix. */
  path: string;
  pydantic: 1 | 2;
}

/** Throws nothing but bugs: an `HttpError` of a route becomes its answer. */
export function serve(app: App, { request, path, pydantic }: Served): SandboxResponse {
  const allowed = new Set<string>();
  for (const route of app.routes) {
    const match = matcher(route).exec(path);
    if (match === null) continue;
    if (route.method !== request.method) {
      // Starlette answers for the first route of that path only.
      if (allowed.size === 0) allowed.add(route.method);
      continue;
    }
    const groups = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decoded(value)]),
    );
    try {
      return run(route, groups, request, pydantic);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return { status: error.status, headers: error.headers, body: { detail: error.detail } };
    }
  }
  if (allowed.size > 0) {
    return {
      status: 405,
      headers: { allow: [...allowed].join(', ') },
      body: { detail: 'Method Not Allowed' },
    };
  }
  return notRouted(app, request, path);
}
