/**
 * Credentials on the wire. With an API key every request carries it and never a cookie: a cookie beside a key makes
 * Maximo answer 401 BMXAA0021E (contract 1.2). Otherwise one login is shared by all workers through the token store.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { SessionDeps } from '../kit/contract.ts';
import type { Http } from '../kit/http.ts';
import type { MaximoSecret, MaximoSettings } from './config.ts';

export interface Login {
  /** Root of the REST API under the context (contract 1.1). */
  root: 'api' | 'oslc';
  headers(): Promise<Record<string, string>>;
  /** After a 401: true when there is a new session to try again with, false when a repeat cannot help. */
  renew(used: Record<string, string>): Promise<boolean>;
}

export interface LoginDeps {
  config: MaximoSettings;
  secret: MaximoSecret;
  http: Http;
  tokens: SessionDeps['tokens'];
  /** The HTTP client's list of what must not appear in messages. */
  secrets: string[];
}

export function createLogin(deps: LoginDeps): Login {
  const { secret } = deps;
  if (deps.config.auth === 'apikey') {
    if (!('apiKey' in secret)) throw wrongSecret('apiKey');
    const headers = { apikey: secret.apiKey };
    return { root: 'api', headers: async () => headers, renew: async () => false };
  }
  if (!('user' in secret)) throw wrongSecret('user and password');
  return createSession(deps, `${secret.user}:${secret.password}`);
}

function wrongSecret(needed: string): Failure {
  return new Failure('invalid_config', `This way of logging in needs ${needed} as the secret.`, {
    path: 'secret',
  });
}

function createSession(deps: LoginDeps, credentials: string): Login {
  const encoded = Buffer.from(credentials).toString('base64');
  deps.secrets.push(encoded);
  const loginHeaders: Record<string, string> =
    deps.config.auth === 'basic' ? { authorization: `Basic ${encoded}` } : { maxauth: encoded };
  let pending: Promise<string> | null = null;

  async function logIn(): Promise<string> {
    const answer = await deps.http.send({
      method: 'POST',
      path: 'oslc/login',
      query: { lean: '1' },
      headers: loginHeaders,
      repeatable: true,
    });
    const cookie = (answer.headers['set-cookie'] ?? '')
      .split('\n')
      .map((line) => (line.split(';')[0] ?? '').trim())
      .filter((pair) => pair.includes('='))
      .join('; ');
    if (cookie === '') {
      throw new Failure(
        'unexpected_response',
        'Maximo accepted the login but gave no session cookie; use an API key instead.',
      );
    }
    deps.secrets.push(cookie);
    await deps.tokens.set(cookie);
    return cookie;
  }

  /** One login at a time, however many calls wait for it. */
  async function sharedLogIn(): Promise<string> {
    pending ??= logIn().finally(() => {
      pending = null;
    });
    return pending;
  }

  return {
    root: 'oslc',
    async headers() {
      return { cookie: (await deps.tokens.get()) ?? (await sharedLogIn()) };
    },
    async renew(used) {
      const stored = await deps.tokens.get();
      // Another worker may have logged in meanwhile; its session is tried before ours is made.
      if (stored !== null && stored !== used.cookie) return true;
      await sharedLogIn();
      return true;
    },
  };
}
