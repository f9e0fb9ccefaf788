/** Who may call: the generation's own check, or that of a proxy in front (contract 3.3). */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { HttpError } from './http-error.ts';
import type { AuthMode } from './dials.ts';
import type { Tenant } from './generation.ts';
import { readForm } from './form.ts';
import { isoLocal } from './python-time.ts';
import { ACCOUNT } from './sessions.ts';
import { issuesAnswer } from './validation-issue.ts';

const LOGIN = '/api/login';

function modeOf(tenant: Tenant): AuthMode {
  const { auth } = tenant.dials;
  if (auth !== 'own') return auth;
  return tenant.generation().apiKey === true ? 'x-api-key' : 'none';
}

function unauthorized(detail: string): HttpError {
  return new HttpError(401, detail, { 'www-authenticate': 'Bearer' });
}

/** A missing header is bad input to FastAPI: 422 and not 401. */
function missingHeader(tenant: Tenant): SandboxResponse {
  const issue = { type: 'missing', loc: ['header', 'x-api-key'], msg: 'Field required', input: null };
  return { status: 422, body: issuesAnswer([issue], tenant.dials.pydantic) };
}

function bearerOf(request: SandboxRequest): string {
  const header = request.headers['authorization'];
  if (header === undefined) throw unauthorized('Not authenticated');
  const [, token] = /^Bearer\s+(\S+)$/i.exec(header) ?? [];
  if (token === undefined) throw unauthorized('Invalid authentication credentials');
  return token;
}

/** The refusal, or null when the request may go on. */
export function refuse(tenant: Tenant, request: SandboxRequest): SandboxResponse | null {
  switch (modeOf(tenant)) {
    case 'own':
    case 'none':
      return null;
    case 'x-api-key': {
      const key = request.headers['x-api-key'];
      if (key === undefined) return missingHeader(tenant);
      if (key !== ACCOUNT.apiKey) throw new HttpError(401, 'Invalid API key');
      return null;
    }
    case 'bearer': {
      const token = bearerOf(request);
      if (token !== ACCOUNT.apiKey && !tenant.sessions.holds(token)) throw unauthorized('Invalid token');
      return null;
    }
    case 'bearer-login':
      if (!tenant.sessions.holds(bearerOf(request))) throw unauthorized('Token has expired');
      return null;
  }
}

function credentialsOf(request: SandboxRequest): { form: boolean; username: unknown; password: unknown } {
  if (/json/i.test(request.headers['content-type'] ?? '')) {
    const body = request.json();
    const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    return { form: false, username: given['username'], password: given['password'] };
  }
  const { fields } = readForm(request);
  return { form: true, username: fields['username'], password: fields['password'] };
}

/** `POST /api/login`: a form gets a JWT (september), JSON the demo token of the microservices. Null when this is no login. */
export function login(tenant: Tenant, request: SandboxRequest, path: string): SandboxResponse | null {
  const served = tenant.generation().login === true || tenant.dials.auth === 'bearer-login';
  if (!served || path !== LOGIN || request.method !== 'POST') return null;
  const { form, username, password } = credentialsOf(request);
  if (typeof username !== 'string' || typeof password !== 'string') {
    const name = typeof username === 'string' ? 'password' : 'username';
    const issue = { type: 'missing', loc: ['body', name], msg: 'Field required', input: null };
    return { status: 422, body: issuesAnswer([issue], tenant.dials.pydantic) };
  }
  if (username !== ACCOUNT.username || password !== ACCOUNT.password) {
    throw new HttpError(401, 'Invalid username or password');
  }
  if (form) {
    const user = { username, role: 'technician' };
    return {
      status: 200,
      body: { access_token: tenant.sessions.jwt(), token_type: 'bearer', user },
      write: true,
    };
  }
  const { tokenLifetimeMs, zone } = tenant.dials;
  const expires = isoLocal(tenant.now() + tokenLifetimeMs, zone);
  const body = { success: true, token: tenant.sessions.opaque(), expires, role: 'technician' };
  return { status: 200, body, write: true };
}
