/** The paths of the REST servlet (contract 1.1, 3.1) and what every answer has in common: roots, cookies, error bodies. */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { authenticate, sessionCookie, sessionIdOf, userOf, type Caller } from './auth.ts';
import { bulk } from './bulk.ts';
import {
  bodyOf,
  findRecord,
  flag,
  reportWritten,
  structureOf,
  writeContext,
  type Call,
  type Services,
} from './call.ts';
import { readCollection } from './collection.ts';
import { formatInstant } from './date-time.ts';
import { onDoclinks } from './doclinks.ts';
import type { ObjectStructure } from './model.ts';
import { htmlError, leanError, namespacedError, OslcError } from './oslc-error.ts';
import { isObject } from './payload.ts';
import { create, onChildren, onRecord, sync, verbOf } from './record.ts';
import { apiMeta, childSchema, schemaOf } from './schema.ts';
import { bookMeterData } from './write-record.ts';

const TRANSACTION_KEPT_MS = 5 * 60_000;

interface Target {
  root: 'oslc' | 'api';
  path: string[];
}

function targetOf(path: string): Target | null {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => decodeURIComponent(segment));
  const [context, root, ...rest] = segments;
  if (context !== 'maximo' || (root !== 'oslc' && root !== 'api')) return null;
  return { root, path: rest };
}

/** Hrefs point at /oslc even when /api was called, unless the client says how it sees the server. */
function publicRoot(request: SandboxRequest): string {
  const said = request.headers['x-public-uri'];
  if (said !== undefined && said !== '') return said.replace(/\/+$/, '');
  return `http://${request.headers.host ?? 'localhost'}/maximo/oslc`;
}

function whoAmI(call: Call): SandboxResponse {
  const { user } = call.caller;
  const { world } = call.services;
  const person = world.db.byKey('PERSON', { personid: user.personId });
  const site = user.sites[0] ?? null;
  return {
    status: 200,
    body: {
      personid: user.personId,
      displayName: person?.values.displayname ?? user.personId,
      loginID: user.name,
      loginUserName: user.name,
      defaultSite: site,
      insertSite: site,
      insertOrg: world.sites.get(site ?? '') ?? null,
      langcode: 'EN',
    },
  };
}

function rootDocument(call: Call): SandboxResponse {
  const { world } = call.services;
  const link = (path: string): unknown => ({ href: `${call.root}/${path}` });
  return {
    status: 200,
    body: {
      systeminfo: link('systeminfo'),
      whoami: link('whoami'),
      apimeta: link('apimeta'),
      os: link('os'),
      datetime: formatInstant(world.stamp.now(), world.dials.zoneOffset),
      language: 'EN',
      maxupg: 'V8600-SANDBOX',
    },
  };
}

/** Runs the write unless its transaction id was used within the last minutes. */
function once(call: Call, work: () => SandboxResponse): SandboxResponse {
  const id = call.request.headers.transactionid;
  if (id === undefined || id === '' || verbOf(call) === 'GET') return work();
  const { transactions, world } = call.services;
  const now = world.stamp.now();
  for (const [seen, until] of transactions) if (until < now) transactions.delete(seen);
  if (transactions.has(id)) {
    throw new OslcError(409, 'BMXAA9524E', `The transaction with ID ${id} was already processed.`);
  }
  const answer = work();
  transactions.set(id, now + TRANSACTION_KEPT_MS);
  return answer;
}

function meterData(call: Call): SandboxResponse {
  if (verbOf(call) !== 'SYNC') {
    throw new OslcError(
      400,
      'BMXAA1407E',
      'The object structure MXMETERDATA accepts only the SYNC operation.',
    );
  }
  const body = bodyOf(call);
  const entries = Array.isArray(body) ? body : [body];
  const context = writeContext(call);
  call.services.world.db.atomically(() => {
    for (const entry of entries) bookMeterData(context, isObject(entry) ? entry : {});
  });
  reportWritten(call, context);
  return { status: 204, write: true };
}

function onCollection(call: Call, structure: ObjectStructure): SandboxResponse {
  switch (verbOf(call)) {
    case 'GET':
      return readCollection(call, structure);
    case 'POST':
      return create(call, structure);
    case 'SYNC':
      return sync(call, structure);
    case 'BULK':
      return bulk(call, structure);
    default:
      throw new OslcError(405, null, `The method ${call.request.method} is not allowed here.`);
  }
}

function listOf(call: Call, structure: ObjectStructure, id: string, name: string): SandboxResponse {
  if (id !== 'zombie' && id !== 'newmbo') findRecord(call.services, structure, id, call.caller.user);
  const domain = structure.mbo.attributes.get(name)?.domain;
  if (domain == null) throw new OslcError(400, null, `The attribute ${name} has no value list.`);
  return { status: 200, body: { member: call.services.world.domains.values(domain) } };
}

function onStructures(call: Call, path: readonly string[]): SandboxResponse {
  const [name = '', id, ...rest] = path;
  if (name.toLowerCase() === 'mxmeterdata') return meterData(call);
  const structure = structureOf(call.services, name);
  if (id === undefined) return onCollection(call, structure);
  const [segment] = rest;
  if (segment === undefined) return onRecord(call, structure, id);
  if (segment === 'doclinks') return onDoclinks(call, structure, id, rest.slice(1));
  if (segment.startsWith('getlist~'))
    return listOf(call, structure, id, segment.slice('getlist~'.length).toLowerCase());
  return onChildren(call, structure, id, rest);
}

function onSchema(call: Call, path: readonly string[]): SandboxResponse {
  const structure = structureOf(call.services, path[0] ?? '');
  if (path[1] === undefined) return { status: 200, body: schemaOf(structure) };
  const schema = childSchema(call.services.world.db.model, structure, path[1].toLowerCase());
  if (schema === null)
    throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${path[1]} does not exist.`);
  return { status: 200, body: schema };
}

function dispatch(call: Call, path: readonly string[]): SandboxResponse {
  const [area, ...rest] = path;
  switch (area) {
    case undefined:
      return rootDocument(call);
    case 'login':
      return whoAmI(call);
    case 'logout': {
      const id = sessionIdOf(call.request.headers);
      if (id !== null) call.services.sessions.close(id);
      return { status: 200, body: {} };
    }
    case 'whoami':
      return whoAmI(call);
    case 'apimeta':
      return { status: 200, body: apiMeta(call.services.world.db.model, call.root) };
    case 'jsonschemas':
      return onSchema(call, rest);
    case 'os':
      return once(call, () => onStructures(call, rest));
    default:
      throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${area} does not exist.`);
  }
}

function formLogin(services: Services, request: SandboxRequest): SandboxResponse {
  const form = new URLSearchParams(request.body.toString('utf8'));
  try {
    const user = userOf(services.world, form.get('j_username') ?? '', form.get('j_password') ?? '');
    return {
      status: 302,
      headers: { 'set-cookie': [sessionCookie(services.sessions.open(user))], location: '/maximo' },
      body: '',
    };
  } catch {
    // A form login shows the login page again, as HTML with 200.
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html><title>Login</title></html>',
    };
  }
}

function failed(services: Services, error: OslcError, lean: boolean, root: string): SandboxResponse {
  if (services.world.dials.htmlErrors) {
    return { status: error.status, headers: { 'content-type': 'text/html' }, body: htmlError(error) };
  }
  return { status: error.status, body: lean ? leanError(error, root) : namespacedError(error, root) };
}

/** The key works on the unprotected mapping only; that is why the root of an href may not be trusted (contract 1.1, 8). */
function refuseKeyOnOslc(request: SandboxRequest, root: Target['root']): void {
  const key = request.headers.apikey ?? request.query.get('apikey');
  if (root !== 'oslc' || key == null) return;
  throw new OslcError(
    401,
    'BMXAA0021E',
    'The user name or password is invalid, or the session is not valid.',
  );
}

function withCookie(caller: Caller, response: SandboxResponse): SandboxResponse {
  if (caller.cookie === null) return response;
  return { ...response, headers: { ...response.headers, 'set-cookie': [sessionCookie(caller.cookie)] } };
}

/** A refusal in the format the request asks for. */
export function refusalOf(services: Services, request: SandboxRequest, error: OslcError): SandboxResponse {
  return failed(services, error, flag(request.query, 'lean'), publicRoot(request));
}

export function handleRequest(services: Services, request: SandboxRequest): SandboxResponse {
  const lean = flag(request.query, 'lean');
  const root = publicRoot(request);
  try {
    if (request.path.endsWith('/maximo/j_security_check') && request.method === 'POST')
      return formLogin(services, request);
    const target = targetOf(request.path);
    if (target === null)
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>404</html>' };
    refuseKeyOnOslc(request, target.root);
    const caller = authenticate(services.world, services.sessions, request.headers, request.query);
    return withCookie(caller, dispatch({ services, request, caller, lean, root }, target.path));
  } catch (error) {
    if (error instanceof OslcError) return failed(services, error, lean, root);
    throw error;
  }
}
