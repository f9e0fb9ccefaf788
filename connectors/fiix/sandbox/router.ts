/**
 * From an HTTP request to an HTTP answer: who sends it, what it may, what it asks. Answers are JSON with status 200, errors
 * too; only throttling has status 429 (contract 1.4).
 */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { errorBody, FiixError, refused, unreadable } from './fiix-error.ts';
import { download, upload } from './files.ts';
import { answerName, asBody, costOf, perform, type Body } from './requests.ts';
import { GUEST_RPCS } from './rpc.ts';
import { senderOf, type Sender } from './signature.ts';
import { createCall, type Call, type Tenant } from './tenant.ts';
import type { Throttle } from './throttle.ts';

const PROXY_PAGE = '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';
const THROTTLED = 1100;
const REFUSED = 1000;
const SERVER_VERSION = { major: 5, minor: 62, patch: 0, preRelease: null, metadata: null };

function turnedAway(): FiixError {
  return new FiixError('SERVER_REQUEST_RECEIVE', REFUSED, 'The request is not authorized.');
}

function envelope({ world, store }: Tenant, name: string, content: object): object {
  const sync = { revision: store.tables.revision(), needToSync: false, dateLastUpdated: world.clock.now() };
  return { _maCn: name, serverVersion: SERVER_VERSION, sync, ...content };
}

function failure(tenant: Tenant, name: string, error: FiixError): SandboxResponse {
  const status = error.code === THROTTLED ? 429 : error.code === REFUSED ? tenant.dials.refusalStatus : 200;
  return { status, body: envelope(tenant, name, { error: errorBody(error) }) };
}

/** Without keys only two calls are answered; other calls are named as such, all else is not looked at. */
function checkGuest(body: Body): void {
  if (body['_maCn'] !== 'RpcRequest') throw turnedAway();
  if (!GUEST_RPCS.includes(body['name'])) {
    throw refused(`No permission to call ${String(body['name'])}.`, 2100);
  }
}

function parse(request: SandboxRequest): Body {
  let value: unknown;
  try {
    value = request.json();
  } catch {
    throw unreadable('The request is not JSON.');
  }
  return asBody(value);
}

interface Exchange {
  tenant: Tenant;
  throttle: Throttle;
  call: Call;
  sender: Sender;
  request: SandboxRequest;
}

function api({ tenant, throttle, call, sender, request }: Exchange): SandboxResponse {
  // The class of the answer, as far as it is known when something fails.
  let name = answerName(request.query.get('action'));
  try {
    if (sender === 'refused') throw turnedAway();
    const body = parse(request);
    name = answerName(body['_maCn']);
    if (sender === 'guest') checkGuest(body);
    throttle.take(costOf(body));
    const content = perform(call, body);
    return { status: 200, body: envelope(tenant, name, content), write: call.wrote.length > 0 };
  } catch (error) {
    if (error instanceof FiixError) return failure(tenant, name, error);
    throw error;
  }
}

function files({ tenant, throttle, call, sender, request }: Exchange, id: number | null): SandboxResponse {
  const name = id === null ? 'UploadResponse' : 'DownloadResponse';
  try {
    if (sender !== 'signed') throw turnedAway();
    throttle.take(1);
    if (id !== null) return download(call, id);
    const content = upload(call, request);
    return { status: 200, body: envelope(tenant, name, content), write: true };
  } catch (error) {
    if (error instanceof FiixError) return failure(tenant, name, error);
    throw error;
  }
}

function route(exchange: Exchange): SandboxResponse {
  const { method, path } = exchange.request;
  if (method === 'POST' && path === '/api/') return api(exchange);
  if (method === 'POST' && path === '/api/upload') return files(exchange, null);
  const id = /^\/api\/download\/(\d+)$/.exec(path)?.[1];
  if (method === 'GET' && id !== undefined) return files(exchange, Number(id));
  const error = unreadable(`There is nothing at ${method} ${path}; requests are POSTed to /api/.`);
  return failure(exchange.tenant, 'Response', error);
}

/** A refusal of the request as its own class of answer. */
export function refusalOf(tenant: Tenant, request: SandboxRequest, error: FiixError): SandboxResponse {
  return failure(tenant, answerName(request.query.get('action')), error);
}

export function handleRequest(tenant: Tenant, throttle: Throttle, request: SandboxRequest): SandboxResponse {
  const { dials, keys, world } = tenant;
  if (dials.html502 > 0) {
    dials.html502 -= 1;
    return { status: 502, headers: { 'content-type': 'text/html' }, body: PROXY_PAGE };
  }
  const time = { windowMs: dials.timestampWindowMs, nowMs: world.clock.now() };
  const sender = senderOf(request, keys, time);
  const call = createCall(tenant, { userId: tenant.apiUserId, person: false });
  const answer = route({ tenant, throttle, call, sender, request });
  if (dials.emptyBodies === 0) return answer;
  dials.emptyBodies -= 1;
  return { ...answer, body: '' };
}
