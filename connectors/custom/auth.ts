/** How a call proves who we are: the document says the manner, the secret holds the words. */
import { Failure } from '../../domain/kernel/failure.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import { createOAuth2 } from '../kit/oauth2.ts';
import type { CustomSecret } from './config.ts';
import type { AuthDefinition } from './definition.ts';
import { createLogin } from './login.ts';
import type { Auth, AuthParts } from './auth-shape.ts';

export function createAuth(declared: AuthDefinition | undefined, parts: AuthParts): Auth {
  const { secret, secrets } = parts;
  const auth = declared ?? impliedBy(secret);
  for (const value of [secret.apiKey, secret.password, secret.clientSecret]) {
    if (value !== undefined) secrets.push(value);
  }
  const fixed = { renew: async () => false, queryParam: null, close: () => undefined };
  switch (auth.type) {
    case 'none':
      return { ...fixed, account: 'anonymous', sign: async (request) => request };
    case 'bearer':
      return { ...fixed, account: 'API key', ...header('authorization', `Bearer ${need(secret, 'apiKey')}`) };
    case 'basic': {
      const username = need(secret, 'username');
      const pair = Buffer.from(`${username}:${need(secret, 'password')}`).toString('base64');
      secrets.push(pair);
      return { ...fixed, account: username, ...header('authorization', `Basic ${pair}`) };
    }
    case 'api_key': {
      const value = auth.prefix + need(secret, 'apiKey');
      if (auth.in === 'header') return { ...fixed, account: 'API key', ...header(auth.name, value) };
      return {
        ...fixed,
        account: 'API key',
        queryParam: auth.name,
        sign: async (request) => ({ ...request, query: withParam(request.query, auth.name, value) }),
      };
    }
    case 'oauth2':
      return byOAuth2(auth, parts);
    case 'login':
      return { ...fixed, ...createLogin(auth, parts) };
  }
}

function byOAuth2(
  auth: Extract<AuthDefinition, { type: 'oauth2' }>,
  { secret, deps, secrets }: AuthParts,
): Auth {
  const clientId = need(secret, 'clientId');
  const oauth = createOAuth2({
    tokenUrl: auth.tokenUrl,
    clientId,
    clientSecret: need(secret, 'clientSecret'),
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    clientAuth: auth.clientAuth,
    deps,
    secrets,
  });
  return {
    account: clientId,
    queryParam: null,
    sign: async (request) => ({
      ...request,
      headers: { ...request.headers, authorization: await oauth.header() },
    }),
    async renew(signed) {
      await oauth.renew(signed.headers?.['authorization'] ?? '');
      return true;
    },
    close: () => oauth.close(),
  };
}

function header(name: string, value: string): Pick<Auth, 'sign'> {
  return { sign: async (request) => ({ ...request, headers: { ...request.headers, [name]: value } }) };
}

function impliedBy(secret: CustomSecret): AuthDefinition {
  if (secret.apiKey !== undefined) return { type: 'bearer' };
  return { type: secret.username === undefined ? 'none' : 'basic' };
}

function need(secret: CustomSecret, field: keyof CustomSecret): string {
  const value = secret[field];
  if (value !== undefined) return value;
  throw new Failure(
    'invalid_config',
    `The secret of this connection needs "${field}" for the way of logging in that its definition names.`,
    { path: field },
  );
}

function withParam(
  query: HttpRequest['query'],
  name: string,
  value: string,
): NonNullable<HttpRequest['query']> {
  if (typeof query !== 'string') return { ...query, [name]: value };
  return [query, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`]
    .filter((part) => part !== '')
    .join('&');
}
