/**
 * Who calls (contract section 1): API key on /api, maxauth or Basic or a form login for sessions. A cookie sent along with
 * an API key is preferred by the server and has no user: 401.
 */
import { OslcError } from './oslc-error.ts';
import type { User, World } from './world.ts';

type Headers = Readonly<Record<string, string | undefined>>;

export interface Sessions {
  open(user: User | null): string;
  find(id: string): User | null | undefined;
  close(id: string): void;
  expireAll(): void;
}

export function createSessions(nextToken: () => string): Sessions {
  const sessions = new Map<string, User | null>();
  return {
    open(user) {
      const id = nextToken();
      sessions.set(id, user);
      return id;
    },
    find: (id) => sessions.get(id),
    close: (id) => void sessions.delete(id),
    expireAll: () => {
      sessions.clear();
    },
  };
}

export function sessionCookie(id: string): string {
  return `JSESSIONID=${id}; Path=/; HttpOnly`;
}

export function sessionIdOf(headers: Headers): string | null {
  const match = /(?:^|[;,\s])JSESSIONID=([^;,\s]+)/.exec(headers.cookie ?? '');
  return match?.[1] ?? null;
}

function missing(): OslcError {
  return new OslcError(
    401,
    'BMXAA0021E',
    'The user name or password is invalid, or the session is not valid.',
  );
}

function byPassword(world: World, encoded: string): User {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return userOf(world, name, password);
}

export function userOf(world: World, name: string, password: string): User {
  const user = world.users.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
  if (user?.password !== password) throw new OslcError(401, 'BMXAA7901E', 'You cannot log in at this time.');
  return user;
}

export interface Caller {
  user: User;
  /** A session opened by this request, to be handed out as a cookie. */
  cookie: string | null;
  /** True when a password or a session of one stands behind the call. */
  byPassword: boolean;
}

function byApiKey(world: World, sessions: Sessions, key: string, headers: Headers): Caller {
  const cookie = sessionIdOf(headers);
  if (cookie !== null && sessions.find(cookie) == null) throw missing();
  const user = world.users.find((entry) => entry.apiKey === key);
  if (user === undefined || world.dials.expiredKey) {
    throw new OslcError(401, 'BMXAA9549E', 'The API key is not valid, expired or was revoked.');
  }
  // The server hands out a session without credentials; sending it back with the key is the trap.
  return { user, cookie: cookie === null ? sessions.open(null) : null, byPassword: false };
}

export function authenticate(
  world: World,
  sessions: Sessions,
  headers: Headers,
  query: URLSearchParams,
): Caller {
  const key = headers.apikey ?? query.get('apikey') ?? undefined;
  if (key !== undefined) return byApiKey(world, sessions, key, headers);
  const cookie = sessionIdOf(headers);
  const session = cookie === null ? undefined : sessions.find(cookie);
  if (session != null) return { user: session, cookie: null, byPassword: true };
  const basic = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const encoded = headers.maxauth ?? basic;
  if (encoded === undefined) throw missing();
  const user = byPassword(world, encoded);
  return { user, cookie: sessions.open(user), byPassword: true };
}
