/**
 * Who we are on the wire (contract 1.2 to 1.4): Basic or Bearer, and the CSRF token that only counts together with the
 * cookies that came with it. Token and cookies are shared by all workers through the token store, beside the access token.
 * Cookies go with writes only: a read needs none, and so no expired session can be in its way.
 */
import { z } from 'zod';
import type { SessionDeps, TokenStore } from '../../kit/contract.ts';
import type { HttpAnswer } from '../../kit/http.ts';
import { createOAuth2 } from '../../kit/oauth2.ts';
import type { SapConfig, SapSecret } from '../config.ts';
import { Failure } from '../../../domain/kernel/failure.ts';

export interface CsrfToken {
  /** Empty for a server that asks for none, as some gateways do. */
  token: string;
  cookie: string;
}

export const NO_TOKEN: CsrfToken = { token: '', cookie: '' };

export interface Logon {
  oauth: boolean;
  account: string;
  authorization(): Promise<string>;
  /** After a 401: true when there is a new access token to try again with; a password is never tried twice. */
  renew(used: string): Promise<boolean>;
  csrf: {
    get(): Promise<CsrfToken | null>;
    set(token: CsrfToken): Promise<void>;
  };
  close(): void;
}

const csrfSchema = z.object({ token: z.string(), cookie: z.string() });
const slots = z.object({ access: z.string().nullish(), csrf: z.string().nullish() });

export function createLogon(
  config: SapConfig,
  secret: SapSecret,
  deps: SessionDeps,
  secrets: string[],
): Logon {
  const csrfSlot = slot(deps.tokens, 'csrf');
  const csrf: Logon['csrf'] = {
    async get() {
      const text = await csrfSlot.get();
      if (text === null) return null;
      const parsed = csrfSchema.safeParse(JSON.parse(text));
      if (!parsed.success) return null;
      hide(secrets, parsed.data);
      return parsed.data;
    },
    async set(token) {
      hide(secrets, token);
      await csrfSlot.set(JSON.stringify(token));
    },
  };
  if ('user' in secret) {
    const encoded = Buffer.from(`${secret.user}:${secret.password}`).toString('base64');
    secrets.push(secret.password, encoded);
    return {
      oauth: false,
      account: secret.user,
      authorization: async () => `Basic ${encoded}`,
      renew: async () => false,
      csrf,
      close: () => undefined,
    };
  }
  if (config.tokenUrl === undefined) {
    throw new Failure(
      'invalid_config',
      'A clientId and clientSecret need tokenUrl, the OAuth 2.0 token endpoint.',
      {
        path: 'tokenUrl',
      },
    );
  }
  const oauth = createOAuth2({
    tokenUrl: config.tokenUrl,
    clientId: secret.clientId,
    clientSecret: secret.clientSecret,
    ...(config.scope === undefined ? {} : { scope: config.scope }),
    clientAuth: config.clientAuth,
    deps: { ...deps, tokens: slot(deps.tokens, 'access') },
    secrets,
  });
  return {
    oauth: true,
    account: secret.clientId,
    authorization: () => oauth.header(),
    async renew(used) {
      await oauth.renew(used);
      return true;
    },
    csrf,
    close: () => oauth.close(),
  };
}

function hide(secrets: string[], { token, cookie }: CsrfToken): void {
  for (const value of [token, cookie]) if (value !== '' && !secrets.includes(value)) secrets.push(value);
}

/**
 * One of the two texts in the shared place. Two workers that store different slots at once may lose one of them, which
 * costs a further fetch and nothing else.
 */
function slot(tokens: TokenStore, name: 'access' | 'csrf'): TokenStore {
  const all = async (): Promise<z.infer<typeof slots>> => {
    const text = await tokens.get();
    if (text === null || !text.startsWith('{')) return {};
    return slots.safeParse(JSON.parse(text)).data ?? {};
  };
  return {
    get: async () => (await all())[name] ?? null,
    set: async (value) => tokens.set(JSON.stringify({ ...(await all()), [name]: value })),
    exclusive: (work) => tokens.exclusive(work),
  };
}

/** The token an answer carries with its cookies, all of them: their names may change (contract 1.4). */
export function tokenIn(answer: HttpAnswer): CsrfToken | null {
  const token = answer.headers['x-csrf-token'];
  if (token === undefined || token === '' || /^(required|fetch)$/i.test(token)) return null;
  const cookie = (answer.headers['set-cookie'] ?? '')
    .split('\n')
    .map((line) => (line.split(';')[0] ?? '').trim())
    .filter((pair) => pair.includes('='))
    .join('; ');
  return { token, cookie };
}

/** The client whose session the cookies are of (contract 1.3), null when they do not say. */
export function clientIn(answer: HttpAnswer): string | null {
  return /sap-usercontext=[^;\n]*sap-client=(\d{3})/i.exec(answer.headers['set-cookie'] ?? '')?.[1] ?? null;
}
