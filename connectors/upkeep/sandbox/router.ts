/** From a request to an answer: session, path, method, envelope (contract 1 to 3). */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import type { Account, Actor } from './account.ts';
import { ACTIONS } from './actions.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import { listRows } from './list.ts';
import { createTemplate, getTemplate, listSchedules, listTemplates, updateTemplate } from './pm.ts';
import { fromStorage, readUpload, showFile, STORAGE } from './files.ts';
import { readBodyValues } from './request-body.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import type { Sessions } from './sessions.ts';
import { readIncludes, showText, showWhole } from './show.ts';
import { create, find, remove, update } from './write.ts';

const BASE = '/api/v2/';

/** Resources with the common verbs, and which of them exist (contract 3). Nothing has PUT. */
const VERBS: Readonly<Partial<Record<ObjectName, string>>> = {
  users: 'LIST GET POST PATCH',
  teams: 'LIST GET POST PATCH DELETE',
  locations: 'LIST GET POST PATCH DELETE',
  'asset-downtime-statuses': 'LIST',
  assets: 'LIST GET POST PATCH DELETE',
  parts: 'LIST GET POST PATCH DELETE',
  meters: 'LIST GET POST PATCH DELETE',
  requests: 'LIST GET POST DELETE',
  'work-orders': 'LIST GET POST PATCH DELETE',
};

interface Call {
  account: Account;
  actor: Actor;
  method: string;
  /** Path after the base: resource, id, sub-path, its id. */
  path: readonly string[];
  query: URLSearchParams;
  request: SandboxRequest;
  body: () => Values;
}

function noRoute(): never {
  throw new ApiError(404, 'route not found');
}

function served({ account, query }: Call, object: ObjectName): SandboxResponse {
  const { rows, silent } = listRows(account, object, query);
  const includes = readIncludes(query);
  const results = rows.map((row) => showText(account, object, row, includes));
  account.store.past.answered();
  account.paging.served(object, query.toString());
  if (silent) return { status: 204 };
  if (rows.length === 0 && account.dials.emptyListIs404) {
    throw new ApiError(404, `${SCHEMA[object].plural} not found`);
  }
  return { status: 200, body: `{"success":true,"results":[${results.join(',')}]}` };
}

function onRecords(call: Call, object: ObjectName): SandboxResponse {
  const { account, actor, method, path, query } = call;
  const [, id] = path;
  const verb = id === undefined && method === 'GET' ? 'LIST' : method;
  if (!(VERBS[object] ?? '').split(' ').includes(verb)) noRoute();
  if ((id === undefined) !== (verb === 'LIST' || verb === 'POST')) noRoute();
  if (verb === 'LIST') return served(call, object);
  if (verb === 'DELETE') {
    remove(account, object, id ?? '', actor);
    return {
      status: 200,
      body: { success: true, message: `${SCHEMA[object].singular} deleted` },
      write: true,
    };
  }
  const row =
    verb === 'GET'
      ? find(account, object, id ?? '')
      : verb === 'POST'
        ? create(account, object, call.body(), actor)
        : update(account, object, id ?? '', call.body(), actor);
  const result = showWhole(account, object, row, readIncludes(query));
  return { status: 200, body: { success: true, result }, write: verb !== 'GET' };
}

function onPm({ account, actor, method, path, query, body }: Call): SandboxResponse {
  const [, id] = path;
  if (path.length > 2) noRoute();
  const listed = method === 'GET' && (id === undefined || id === 'schedules');
  if (listed) account.paging.served(id === undefined ? 'pm' : 'pm-schedules', query.toString());
  if (method === 'GET' && id === undefined) return { status: 200, body: listTemplates(account, query) };
  if (method === 'GET' && id === 'schedules') return { status: 200, body: listSchedules(account, query) };
  if (method === 'POST' && id === undefined) {
    return {
      status: 200,
      body: { success: true, result: createTemplate(account, body(), actor) },
      write: true,
    };
  }
  if (id === undefined) noRoute();
  if (method === 'GET')
    return { status: 200, body: { success: true, result: getTemplate(account, id, query) } };
  if (method === 'PATCH') {
    return {
      status: 200,
      body: { success: true, result: updateTemplate(account, id, body(), actor) },
      write: true,
    };
  }
  if (method !== 'DELETE') noRoute();
  remove(account, 'pm', id, actor);
  return { status: 200, body: { success: true, message: 'pm deleted' }, write: true };
}

function onWebhooks({ account, method, path, body }: Call): SandboxResponse {
  const { webhooks } = account;
  const [, id] = path;
  if (path.length > 2) noRoute();
  if (id === undefined) {
    if (method === 'GET') return { status: 200, body: { success: true, results: webhooks.list() } };
    if (method !== 'POST') noRoute();
    return { status: 200, body: { success: true, webhookId: webhooks.register(body()).id }, write: true };
  }
  if (method === 'GET') return { status: 200, body: { success: true, result: webhooks.get(id) } };
  if (method === 'PATCH')
    return { status: 200, body: { success: true, result: webhooks.change(id, body()) }, write: true };
  if (method !== 'DELETE') noRoute();
  webhooks.remove(id);
  return { status: 200, body: { success: true, message: 'webhook deleted' }, write: true };
}

function onFiles({ account, actor, method, path, request }: Call): SandboxResponse {
  const [, id] = path;
  const row =
    method === 'POST' && id === undefined
      ? create(account, 'files', readUpload(request), actor)
      : method === 'GET' && id !== undefined
        ? find(account, 'files', id)
        : noRoute();
  const result = showFile(account, row, request.headers.host);
  return { status: 200, body: { success: true, result }, write: method === 'POST' };
}

function onAction(call: Call): SandboxResponse {
  const [object = '', id = '', name = '', other = ''] = call.path;
  const action = ACTIONS[`${object}/${name}`];
  if (action === undefined || call.path.length > 4) return noRoute();
  const { account, actor, method, query, body } = call;
  const answer = action({ account, actor, method, id, other, query, body }) ?? noRoute();
  return { status: 200, body: answer, write: method !== 'GET' };
}

function dispatch(call: Call): SandboxResponse {
  const [resource = ''] = call.path;
  if (resource === 'pm') return onPm(call);
  if (resource === 'webhooks') return onWebhooks(call);
  if (resource === 'files') return onFiles(call);
  if (!Object.hasOwn(VERBS, resource)) noRoute();
  return call.path.length > 2 ? onAction(call) : onRecords(call, resource as ObjectName);
}

function onAuth(
  sessions: Sessions,
  method: string,
  token: string | undefined,
  body: () => Values,
): SandboxResponse {
  if (method === 'POST') {
    const { email, password } = body();
    const result = sessions.login(email, password);
    const cookie = `upkeepsess=${result.sessionToken}; Path=/; HttpOnly`;
    return { status: 200, headers: { 'set-cookie': cookie }, body: { success: true, result } };
  }
  if (method !== 'DELETE') return noRoute();
  sessions.userOf(token);
  sessions.logout(token ?? '');
  return { status: 200, body: { success: true, message: 'session deleted' } };
}

function answer(account: Account, sessions: Sessions, request: SandboxRequest): SandboxResponse {
  if (request.path.startsWith(STORAGE)) return fromStorage(account, request);
  if (!request.path.startsWith(BASE)) noRoute();
  const path = request.path.slice(BASE.length).split('/').filter(Boolean).map(decodeURIComponent);
  const token = request.headers['session-token'];
  const body = (): Values => readBodyValues(request);
  if (path[0] === 'auth' && path.length === 1) return onAuth(sessions, request.method, token, body);
  const actor: Actor = { userId: sessions.userOf(token), person: false };
  return dispatch({ account, actor, method: request.method, path, query: request.query, request, body });
}

export function handleRequest(
  account: Account,
  sessions: Sessions,
  request: SandboxRequest,
): SandboxResponse {
  try {
    return answer(account, sessions, request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refusalOf(error);
  }
}

export function refusalOf({ status, message }: ApiError): SandboxResponse {
  return { status, body: { success: false, message } };
}
