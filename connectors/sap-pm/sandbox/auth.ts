/** Logon (contract 1.2), client (1.3), security sessions and the CSRF handshake (1.4). Wrong answers are HTML, as SAP's are. */
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import type { World } from './world.ts';

export const CLIENT = '100';
const SYSTEM_ID = 'S4H';
/** SAP's own client opens one per write. */
const SESSIONS_MAX = 5_000;
export const TOKEN_PATH = '/sap/bc/sec/oauth2/token';

export interface Account {
  user: string;
  password: string;
  clientId: string;
  clientSecret: string;
}

interface Session {
  user: string;
  token: string;
  xsrf: string;
  lastUsed: number;
}

export interface Access {
  sessions: Map<string, Session>;
  bearers: Map<string, number>;
  failedLogons: number;
  account: Account;
  nextToken(): string;
}

export function createAccess(account: Account, nextToken: () => string): Access {
  return { sessions: new Map(), bearers: new Map(), failedLogons: 0, account, nextToken };
}

export function expireAccess(access: Access): void {
  access.sessions.clear();
  access.bearers.clear();
}

function page(status: number, title: string, text: string): SandboxResponse {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

export function logonFailed(): SandboxResponse {
  const answer = page(
    401,
    'Logon failed',
    'Anmeldung fehlgeschlagen / Logon failed. Code: ICF-LF-http-c:100-l:E-T:1-C:3-U:5-P:5-L:7',
  );
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'www-authenticate': `Basic realm="SAP NetWeaver Application Server [${SYSTEM_ID}/${CLIENT}]"`,
    },
  };
}

function cookiesOf(request: SandboxRequest): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (request.headers['cookie'] ?? '').split(/;\s*/)) {
    const mark = part.indexOf('=');
    if (mark > 0) cookies.set(part.slice(0, mark), part.slice(mark + 1));
  }
  return cookies;
}

const SESSION_COOKIE = `SAP_SESSIONID_${SYSTEM_ID}_${CLIENT}`;
const XSRF_COOKIE = `sap-XSRF_${SYSTEM_ID}_${CLIENT}`;

function sessionOf(
  access: Access,
  world: World,
  request: SandboxRequest,
): { id: string; session: Session } | null {
  const cookies = cookiesOf(request);
  const id = cookies.get(SESSION_COOKIE) ?? '';
  const session = access.sessions.get(id);
  if (session === undefined || cookies.get(XSRF_COOKIE) !== session.xsrf) return null;
  const now = world.kit.clock.now();
  if (now - session.lastUsed > world.dials.sessionIdleMs) {
    access.sessions.delete(id);
    return null;
  }
  session.lastUsed = now;
  return { id, session };
}

export function wrongClient(request: SandboxRequest): SandboxResponse | null {
  const asked = request.query.get('sap-client') ?? request.headers['sap-client'];
  if (asked === undefined || asked === CLIENT) return null;
  const answer = page(
    401,
    'Logon failed',
    `Client ${asked.replaceAll(/\W/g, '')} is not available in this system`,
  );
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'www-authenticate': `Basic realm="SAP NetWeaver Application Server [${SYSTEM_ID}]"`,
    },
  };
}

/** The user of a request, null when it is refused. */
export function authenticate(access: Access, world: World, request: SandboxRequest): string | null {
  const given = request.headers['authorization'] ?? '';
  const [scheme = '', credential = ''] = given.split(' ');
  if (/^basic$/i.test(scheme)) {
    const [user = '', ...rest] = Buffer.from(credential, 'base64').toString('utf8').split(':');
    const { account } = access;
    const locked = access.failedLogons >= world.dials.lockUserAfter;
    if (!locked && user.toUpperCase() === account.user && rest.join(':') === account.password) {
      access.failedLogons = 0;
      return account.user;
    }
    if (user.toUpperCase() === account.user) access.failedLogons += 1;
    return null;
  }
  if (/^bearer$/i.test(scheme)) {
    const until = access.bearers.get(credential) ?? 0;
    return until > world.kit.clock.now() ? access.account.user : null;
  }
  return sessionOf(access, world, request)?.session.user ?? null;
}

/** The token endpoint: client credentials in a Basic header or in the form. */
export function issueToken(access: Access, world: World, request: SandboxRequest): SandboxResponse {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const basic = /^basic (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const [id, secret] =
    basic === undefined
      ? [form.get('client_id') ?? '', form.get('client_secret') ?? '']
      : Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  const refuse = (status: number, error: string): SandboxResponse => ({ status, body: { error } });
  if (request.method !== 'POST') return refuse(405, 'invalid_request');
  if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type');
  if (id !== access.account.clientId || secret !== access.account.clientSecret)
    return refuse(401, 'invalid_client');
  const token = access.nextToken();
  const lifetime = world.dials.tokenLifetimeMs;
  access.bearers.set(token, world.kit.clock.now() + lifetime);
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: token,
      token_type: 'Bearer',
      expires_in: Math.floor(lifetime / 1000),
      scope: 'API_MAINTENANCEORDER_0002',
    },
  };
}

export interface Handshake {
  /** Headers every answer to this request carries. */
  headers: Record<string, string | string[]>;
  /** The whole answer when the token is missing or wrong. */
  refusal: SandboxResponse | null;
}

/** Hands out a token when one is asked for, and insists on token and cookies together for everything that writes. */
export function csrf(access: Access, world: World, request: SandboxRequest, user: string): Handshake {
  const { method } = request;
  const given = request.headers['x-csrf-token'] ?? '';
  const current = sessionOf(access, world, request);
  if (method === 'GET' || method === 'HEAD') {
    if (given.toLowerCase() !== 'fetch') return { headers: {}, refusal: null };
    if (current !== null) return { headers: { 'x-csrf-token': current.session.token }, refusal: null };
    const id = `${access.nextToken()}%3d`;
    const session: Session = {
      user,
      token: `${access.nextToken().slice(0, 22)}==`,
      xsrf: access.nextToken().slice(0, 20),
      lastUsed: world.kit.clock.now(),
    };
    access.sessions.set(id, session);
    if (access.sessions.size > SESSIONS_MAX)
      access.sessions.delete(access.sessions.keys().next().value ?? id);
    const cookies = [
      'sap-usercontext=sap-client=100; path=/',
      `${SESSION_COOKIE}=${id}; path=/; HttpOnly`,
      `${XSRF_COOKIE}=${session.xsrf}; path=/; HttpOnly`,
    ];
    return { headers: { 'x-csrf-token': session.token, 'set-cookie': cookies }, refusal: null };
  }
  if (current !== null && current.session.token === given) return { headers: {}, refusal: null };
  const text = given === '' ? 'CSRF token required' : 'CSRF token validation failed';
  return {
    headers: {},
    refusal: {
      status: 403,
      headers: { 'x-csrf-token': 'Required', 'content-type': 'text/plain; charset=utf-8' },
      body: text,
    },
  };
}
