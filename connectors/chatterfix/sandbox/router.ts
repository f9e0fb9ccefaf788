/** From a request to an answer: which app, who may, then its routes. */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { login, refuse } from './access.ts';
import { serve } from './app.ts';
import type { Mount, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { openapiOf } from './openapi.ts';

function isWithin(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
}

function crash(): SandboxResponse {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { status: 500, headers, body: 'Internal Server Error' };
}

function answer(tenant: Tenant, mounts: readonly Mount[], request: SandboxRequest): SandboxResponse {
  const { dials } = tenant;
  const mount = mounts.find(({ prefix }) => isWithin(request.path, prefix));
  if (mount === undefined) throw new HttpError(404, 'Not Found');
  const path = request.path.slice(mount.prefix.length) || '/';
  const isSpec = path === '/openapi.json' && request.method === 'GET';
  if (isSpec && dials.openapi === 'on') return { status: 200, body: openapiOf(mount.app) };
  const token = login(tenant, request, path);
  if (token !== null) return token;
  const refused = refuse(tenant, request);
  if (refused !== null) return refused;
  if (isSpec && dials.openapi === 'protected') return { status: 200, body: openapiOf(mount.app) };
  if (dials.crashes > 0 && request.method !== 'GET') {
    dials.crashes -= 1;
    return crash();
  }
  return serve(mount.app, { request, path, pydantic: dials.pydantic });
}

/** `mounts` with the longest prefix first. */
export function handleRequest(
  tenant: Tenant,
  mounts: readonly Mount[],
  request: SandboxRequest,
): SandboxResponse {
  // A client tells the server's zone by comparing this with `/health` (contract 9).
  const common = { date: new Date(tenant.now()).toUTCString(), server: 'uvicorn' };
  try {
    const response = answer(tenant, mounts, request);
    return { ...response, headers: { ...common, ...response.headers } };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { status, detail, headers } = error;
    return { status, headers: { ...common, ...headers }, body: { detail } };
  }
}
