/**
 * OAuth 2.0 access tokens (RFC 6749, client credentials 4.4 and refresh 6) for connectors. One token serves all workers:
 * it lies sealed in the token store and one worker at a time renews it. A rotated refresh token is stored with it.
 */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { SessionDeps } from './contract.ts';
import { createHttp, type HttpAnswer } from './http.ts';

export const CLIENT_AUTHS = ['basic', 'raw_basic', 'form'] as const;
export type ClientAuth = (typeof CLIENT_AUTHS)[number];

export interface OAuth2Options {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string;
  /** Given: the first token comes from it. Absent: client credentials. */
  refreshToken?: string;
  /**
   * How the client names itself: HTTP Basic with both parts encoded (RFC 6749 2.3.1), as Basic pair without that, which some
   * servers want, or in the form.
   */
  clientAuth?: ClientAuth;
  deps: Pick<SessionDeps, 'throttle' | 'signal' | 'now' | 'network' | 'tokens'>;
  /** The list of what must not appear in messages; tokens are added to it. */
  secrets: string[];
}

export interface OAuth2 {
  /** `Bearer ...`, good for at least half a minute. */
  header(): Promise<string>;
  /** After a 401: makes sure that the token differs from the one used. */
  renew(usedHeader: string): Promise<void>;
  close(): void;
}

/** A token this near its end is renewed before it is used. */
const SPARE_MS = 30_000;
/** RFC 6749 5.1: `expires_in` is only recommended. */
const UNTOLD_LIFE_S = 600;
const TOKEN_TIMEOUT_MS = 20_000;

const stored = z.object({ access: z.string(), refresh: z.string().nullable(), until: z.number() });
type Stored = z.infer<typeof stored>;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

export function createOAuth2(options: OAuth2Options): OAuth2 {
  const { deps } = options;
  const url = new URL(options.tokenUrl);
  options.secrets.push(options.clientSecret);
  const http = createHttp({
    baseUrl: url.origin,
    ...deps,
    timeoutMs: TOKEN_TIMEOUT_MS,
    secrets: options.secrets,
    classify: refusalOf(options),
  });

  async function load(): Promise<Stored | null> {
    const text = await deps.tokens.get();
    if (text === null || !text.startsWith('{')) return null;
    const parsed = stored.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    options.secrets.push(parsed.data.access);
    return parsed.data;
  }

  async function request(refresh: string | null): Promise<Stored> {
    const form = new URLSearchParams(
      refresh === null
        ? { grant_type: 'client_credentials' }
        : { grant_type: 'refresh_token', refresh_token: refresh },
    );
    if (options.scope !== undefined) form.set('scope', options.scope);
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    if (options.clientAuth === 'form') {
      form.set('client_id', options.clientId);
      form.set('client_secret', options.clientSecret);
    } else Object.assign(headers, basicHeaders(options));
    const answer = await http.send({
      method: 'POST',
      path: url.href,
      headers,
      body: form.toString(),
      // A refresh token may be good for one use only.
      repeatable: refresh === null,
    });
    const parsed = tokenAnswer.safeParse(answer.body);
    if (!parsed.success) {
      throw new Failure(
        'unexpected_response',
        `${url.host} gave no access_token; check that the token URL is the OAuth 2.0 token endpoint.`,
      );
    }
    const token = {
      access: parsed.data.access_token,
      refresh: parsed.data.refresh_token ?? refresh,
      until: deps.now() + (parsed.data.expires_in ?? UNTOLD_LIFE_S) * 1_000,
    };
    options.secrets.push(token.access, ...(token.refresh === null ? [] : [token.refresh]));
    await deps.tokens.set(JSON.stringify(token));
    return token;
  }

  const usable = (token: Stored, refused: string | null): boolean =>
    token.until - SPARE_MS > deps.now() && `Bearer ${token.access}` !== refused;

  /** Whoever waited for another worker's renewal takes what it stored. */
  async function obtain(refused: string | null): Promise<Stored> {
    const before = await load();
    if (before !== null && usable(before, refused)) return before;
    return deps.tokens.exclusive(async () => {
      const token = await load();
      if (token !== null && usable(token, refused)) return token;
      return request(token?.refresh ?? options.refreshToken ?? null);
    });
  }

  return {
    header: async () => `Bearer ${(await obtain(null)).access}`,
    async renew(usedHeader) {
      await obtain(usedHeader);
    },
    close: () => http.close(),
  };
}

/** Cloud Foundry's UAA takes the pair as it is unless a header says that it is encoded; others do not know the header. */
function basicHeaders({ clientId, clientSecret, clientAuth }: OAuth2Options): Record<string, string> {
  const raw = `${clientId}:${clientSecret}`;
  const encoded = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
  if (clientAuth === 'raw_basic' || raw === encoded) return { authorization: basic(raw) };
  return { authorization: basic(encoded), 'x-cf-encoded-credentials': 'true' };
}

/** What servers answer when they do not know the client by what it showed. */
const CLIENT_REFUSED = new Set(['invalid_client', 'unauthorized_client', 'unauthorized']);

/** RFC 6749 5.2: a refused grant is a 400 or 401 with an error code; only the code is repeated, never the description. */
function refusalOf({ clientId, clientSecret, clientAuth = 'basic' }: OAuth2Options) {
  const special = [clientId, clientSecret].some((part) => encodeURIComponent(part) !== part);
  const hint =
    special && clientAuth === 'basic'
      ? '; if they are right, set clientAuth to raw_basic: some servers take special characters unencoded'
      : '';
  return (answer: HttpAnswer): Failure | null => {
    if (answer.status !== 400 && answer.status !== 401) return null;
    const body = answer.body;
    const code =
      typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
        ? cutText(body.error, 60)
        : 'invalid_client';
    return new Failure(
      'unauthorized',
      `The token endpoint refused the credentials (${code}); check client id, client secret and scope${CLIENT_REFUSED.has(code) ? hint : ''}.`,
      { code },
    );
  };
}
