/** From a request to an answer: access, path, method, versions. */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { checkAccess } from './access.ts';
import { CREDENTIALS, type Account } from './account.ts';
import { ApiError } from './api-error.ts';
import { listRecords } from './list.ts';
import { OBJECTS, SCHEMA, type ObjectName } from './schema.ts';
import { show } from './show.ts';
import type { Row, Values } from './store.ts';
import { addReading, create, find, remove, update } from './write.ts';

function bodyOf(request: SandboxRequest): Values {
  let body: unknown;
  try {
    body = request.json();
  } catch {
    throw new ApiError(400, 'bad_request', 'The body is no JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError(400, 'bad_request', 'Send the record as a JSON object.');
  }
  return body as Values;
}

function notAllowed(allow: readonly string[]): ApiError {
  const headers = { allow: allow.join(', ') };
  return new ApiError(405, 'method_not_allowed', `This address serves ${allow.join(', ')}.`, { headers });
}

function etag({ dials }: Account, row: Row): Record<string, string> {
  return dials.versions ? { etag: `"${row.version}"` } : {};
}

function answer(account: Account, object: ObjectName, row: Row): SandboxResponse {
  return { status: 200, headers: etag(account, row), body: account.text(object, row) };
}

/** A client that names the version it decided on is refused when the record moved since. */
function checkVersion({ dials }: Account, row: Row, request: SandboxRequest, body: Values): void {
  if (!dials.versions) return;
  const mark = request.headers['if-match'];
  if (mark !== undefined && mark !== '*' && mark.replaceAll(/^W\/|"/g, '') !== String(row.version)) {
    throw new ApiError(412, 'precondition_failed', `The record is at version ${row.version}.`);
  }
  if (body['version'] !== undefined && body['version'] !== row.version) {
    throw new ApiError(409, 'conflict', `The record is at version ${row.version}.`);
  }
}

function onCollection(account: Account, object: ObjectName, request: SandboxRequest): SandboxResponse {
  if (request.method === 'GET') return listRecords(account, object, request);
  if (request.method !== 'POST') throw notAllowed(['GET', 'POST']);
  const row = create(account, object, bodyOf(request));
  account.world.stats.wrote('created', object);
  const headers = { ...etag(account, row), location: `${request.path.replace(/\/$/, '')}/${row.id}` };
  const { createAnswer } = account.dials;
  const body = createAnswer === 'record' ? show(object, row, account.dials) : { id: row.id };
  return { status: 201, headers, ...(createAnswer === 'empty' ? {} : { body }), write: true };
}

function onRecord(
  account: Account,
  object: ObjectName,
  id: string,
  request: SandboxRequest,
): SandboxResponse {
  const { dials, world } = account;
  const methods = [...(dials.singleRead ? ['GET'] : []), 'PUT', ...(dials.patch ? ['PATCH'] : []), 'DELETE'];
  if (!methods.includes(request.method)) throw notAllowed(methods);
  const row = find(account, object, id);
  if (request.method === 'GET') {
    const same = dials.versions && request.headers['if-none-match'] === `"${row.version}"`;
    return same ? { status: 304, headers: etag(account, row) } : answer(account, object, row);
  }
  if (request.method === 'DELETE') {
    checkVersion(account, row, request, {});
    remove(account, object, row);
    world.stats.wrote('deleted', object);
    return { status: 204, write: true };
  }
  const body = bodyOf(request);
  checkVersion(account, row, request, body);
  const changed = update(account, object, row, body, request.method === 'PUT');
  world.stats.wrote('updated', object);
  return { ...answer(account, object, changed), write: true };
}

function onAttachments(
  account: Account,
  owner: string,
  id: string,
  request: SandboxRequest,
): SandboxResponse {
  const { files, world } = account;
  if (id === '') {
    if (request.method === 'GET') return { status: 200, body: files.list(owner) };
    if (request.method !== 'POST') throw notAllowed(['GET', 'POST']);
    const body = files.add(owner, request);
    world.stats.wrote('created', 'attachments');
    return { status: 201, body, write: true };
  }
  if (request.method === 'GET') return files.download(owner, id);
  if (request.method !== 'DELETE') throw notAllowed(['GET', 'DELETE']);
  files.remove(owner, id);
  world.stats.wrote('deleted', 'attachments');
  return { status: 204, write: true };
}

function dispatch(account: Account, request: SandboxRequest): SandboxResponse {
  const [api, first = '', id, below, other = '', ...rest] = request.path
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent);
  const object = OBJECTS.find((name) => name === first);
  if (api !== 'api' || rest.length > 0) throw new ApiError(404, 'not_found', 'There is no such address.');
  if (first === 'health') return { status: 200, body: { status: 'ok' } };
  checkAccess(account.dials, request);
  if (first === 'me') return { status: 200, body: { user: { name: CREDENTIALS.username } } };
  if (object === undefined) throw new ApiError(404, 'not_found', 'There is no such address.');
  if (id === undefined) return onCollection(account, object, request);
  if (below === undefined) return onRecord(account, object, id, request);
  const row = find(account, object, id);
  if (below === 'attachments') return onAttachments(account, `${object}/${id}`, other, request);
  if (object !== 'meters' || below !== 'readings' || other !== '') {
    throw new ApiError(404, 'not_found', `${SCHEMA[object].many} have no ${below}.`);
  }
  if (request.method !== 'POST') throw notAllowed(['POST']);
  const meter = addReading(account, row, bodyOf(request));
  account.world.stats.wrote('created', 'readings');
  return { ...answer(account, 'meters', meter), status: 201, write: true };
}

export function handleRequest(account: Account, request: SandboxRequest): SandboxResponse {
  const date = new Date(account.world.clock.now()).toUTCString();
  try {
    const response = dispatch(account, request);
    return { ...response, headers: { date, ...response.headers } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const refusal = refusalOf(error);
    return { ...refusal, headers: { date, ...refusal.headers } };
  }
}

export function refusalOf({ status, code, message, fields, headers }: ApiError): SandboxResponse {
  return { status, headers, body: { error: { code, message, ...(fields === null ? {} : { fields }) } } };
}
