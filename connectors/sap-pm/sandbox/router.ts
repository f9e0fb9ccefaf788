/** From a request to an answer: logon, service, CSRF, then resources, functions, `$batch` or `$metadata`. */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { authenticate, csrf, issueToken, logonFailed, TOKEN_PATH, wrongClient, type Access } from './auth.ts';
import { handleBatch } from './batch.ts';
import { renderError } from './answer.ts';
import { handleResource } from './resource.ts';
import { SapError } from './sap-error.ts';
import { findService, type Service } from './services.ts';
import type { Call, World } from './world.ts';

export interface System {
  world: World;
  access: Access;
  services: readonly Service[];
}

function notFound(path: string): SandboxResponse {
  const name = path.split('/').slice(0, 6).join('/');
  return {
    status: 403,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<html><head><title>Forbidden</title></head><body><h1>403 Forbidden</h1><p>No service found for namespace '', name '${name.replaceAll(/[<>&]/g, '')}', version '0001'</p></body></html>`,
  };
}

function languageOf(request: SandboxRequest): 'EN' | 'DE' {
  const asked =
    request.query.get('sap-language') ??
    request.headers['sap-language'] ??
    request.headers['accept-language'] ??
    '';
  return /^de/i.test(asked.trim()) ? 'DE' : 'EN';
}

type Found = NonNullable<ReturnType<typeof findService>>;

export function counted(call: Call): void {
  for (const { kind, object } of call.written) call.world.kit.stats.wrote(kind, object);
}

function serve(system: System, request: SandboxRequest, call: Call, rest: string): SandboxResponse {
  const method = request.headers['x-http-method']?.toUpperCase();
  const tunnelled = request.method === 'POST' && method !== undefined ? { ...request, method } : request;
  if (rest === '/$batch') {
    if (request.method !== 'POST') throw new SapError(405, '/IWBEP/CM_MGW_RT/021', 'Use POST for $batch');
    return handleBatch(call);
  }
  const own: Call = { ...call, request: tunnelled };
  const { db } = system.world;
  const answer =
    tunnelled.method === 'GET' ? handleResource(own, rest) : db.unit(() => handleResource(own, rest));
  counted(own);
  return { ...answer, write: own.written.length > 0 };
}

export function handleRequest(system: System, request: SandboxRequest): SandboxResponse {
  const { world, access, services } = system;
  if (request.path === TOKEN_PATH) return issueToken(access, world, request);
  const refused = wrongClient(request);
  if (refused !== null) return refused;
  const user = authenticate(access, world, request);
  if (user === null) return logonFailed();
  const handshake = csrf(access, world, request, user);
  const found = findService(services, request.path);
  if (found === null || world.dials.inactiveServices.includes(found.service.name)) {
    const answer = notFound(request.path);
    return { ...answer, headers: { ...answer.headers, ...handshake.headers } };
  }
  if (handshake.refusal !== null) return handshake.refusal;
  const call = callOf(system, request, found, user);
  // Clients fetch their token with HEAD from any address (contract 1.4).
  if (request.method === 'HEAD') return { status: 200, headers: handshake.headers };
  const answer = guarded(call, () => serve(system, request, call, found.rest));
  return { ...answer, headers: { ...answer.headers, ...handshake.headers } };
}

function callOf(system: System, request: SandboxRequest, found: Found, user: string): Call {
  return {
    world: system.world,
    request,
    service: found.service,
    root: `http://${request.headers['host'] ?? 'localhost'}${found.root}`,
    user,
    language: languageOf(request),
    written: [],
    person: false,
  };
}

/** A refusal of the request as its service words it. */
export function refusalOf(system: System, request: SandboxRequest, message: string): SandboxResponse {
  const found = findService(system.services, request.path);
  if (found === null) return notFound(request.path);
  const call = callOf(system, request, found, '');
  return renderError(call, new SapError(400, 'BS/013', message));
}

/** Runs one operation; its refusal becomes SAP's envelope. */
export function guarded(call: Call, work: () => SandboxResponse): SandboxResponse {
  try {
    return work();
  } catch (error) {
    if (error instanceof SapError) return renderError(call, error);
    if (error instanceof SyntaxError) {
      return renderError(
        call,
        new SapError(400, 'CX_SXML_PARSE_ERROR/001', 'Error while parsing the JSON payload'),
      );
    }
    throw error;
  }
}
