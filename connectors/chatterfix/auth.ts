/**
 * Who we are there (contract 3.3): nobody, a static token, an API key, or a user name and password that a login turns into a token
 * which all workers share. The unified backend ignores all of it; a proxy in front of it may not.
 */
import { z } from 'zod';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { SessionDeps } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { ChatterfixConfig, ChatterfixSecret } from './config.ts';
import { createClassify } from './failures.ts';

export interface Auth {
  /** Names us, for the probe. */
  account: string;
  headers(): Promise<Record<string, string>>;
  /** After a 401: true when other headers are worth a try. */
  renew(used: Record<string, string>): Promise<boolean>;
  close(): void;
}

/** A token this near its end is renewed before it is used. */
const SPARE_MS = 60_000;
const LOGIN_TIMEOUT_MS = 20_000;

const stored = z.object({ token: z.string(), until: z.number() });
type Stored = z.infer<typeof stored>;

export function createAuth(
  config: ChatterfixConfig,
  secret: ChatterfixSecret,
  deps: SessionDeps,
  secrets: string[],
): Auth {
  if ('token' in secret) return fixed('bearer token', { authorization: `Bearer ${secret.token}` });
  if ('apiKey' in secret) return fixed('API key', { [config.apiKeyHeader.toLowerCase()]: secret.apiKey });
  const { username, password } = secret as { username?: string; password?: string };
  if (username !== undefined && password !== undefined)
    return createLogin(config, { username, password }, deps, secrets);
  return fixed('no login', {});
}

function fixed(account: string, headers: Record<string, string>): Auth {
  return {
    account,
    headers: async () => headers,
    renew: async () => false,
    close: () => undefined,
  };
}

function createLogin(
  config: ChatterfixConfig,
  credentials: { username: string; password: string },
  deps: SessionDeps,
  secrets: string[],
): Auth {
  const { login } = config;
  const absolute = /^https?:\/\//i.test(login.url);
  const base = absolute ? new URL(login.url).origin : config.baseUrl;
  const host = new URL(base).host;
  const http = createHttp({
    baseUrl: base,
    throttle: deps.throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    timeoutMs: LOGIN_TIMEOUT_MS,
    secrets,
    classify: createClassify(host),
  });

  async function load(): Promise<Stored | null> {
    const text = await deps.tokens.get();
    if (text === null || !text.startsWith('{')) return null;
    const parsed = stored.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    if (!secrets.includes(parsed.data.token)) secrets.push(parsed.data.token);
    return parsed.data;
  }

  const headersOf = ({ token }: Stored): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const usable = (token: Stored, refused: string | null): boolean =>
    token.until - SPARE_MS > deps.now() && headersOf(token)['authorization'] !== refused;

  /** Whoever waited for another worker's login takes what it stored. */
  async function obtain(refused: string | null): Promise<Stored> {
    const before = await load();
    if (before !== null && usable(before, refused)) return before;
    return deps.tokens.exclusive(async () => {
      const now = await load();
      return now !== null && usable(now, refused) ? now : logIn();
    });
  }

  async function logIn(): Promise<Stored> {
    const form = login.encoding === 'form';
    let body: unknown;
    try {
      ({ body } = await http.send({
        method: 'POST',
        path: absolute ? login.url : `/${login.url.replace(/^\//, '')}`,
        ...(form
          ? {
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
              body: new URLSearchParams(credentials).toString(),
            }
          : { body: credentials }),
        repeatable: true,
      }));
    } catch (error) {
      const failure = toFailure(error);
      if (['unauthorized', 'rejected', 'forbidden'].includes(failure.kind)) {
        throw new Failure(
          'unauthorized',
          `${host} refuses the user name and password of this connection; enter valid ones.`,
        );
      }
      // Whatever was to be sent after the login has not been sent.
      throw new Failure(failure.kind, failure.message, {
        ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
        ...(failure.code === null ? {} : { code: failure.code }),
      });
    }
    const token = (body as Record<string, unknown> | null)?.[login.tokenField];
    if (typeof token !== 'string' || token === '') {
      throw new Failure(
        'unexpected_response',
        `The login of ${host} gave no "${login.tokenField}"; set login.tokenField to the name its token has.`,
        { path: 'login.tokenField' },
      );
    }
    const fresh = { token, until: deps.now() + login.lifetimeSeconds * 1_000 };
    secrets.push(token);
    await deps.tokens.set(JSON.stringify(fresh));
    return fresh;
  }

  return {
    account: credentials.username,
    headers: async () => headersOf(await obtain(null)),
    async renew(used) {
      await obtain(used['authorization'] ?? null);
      return true;
    },
    close: () => http.close(),
  };
}
