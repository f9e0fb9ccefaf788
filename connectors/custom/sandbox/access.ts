/** Who may call: a bearer key, basic auth, or a key header, as the dial says. */
import type { SandboxRequest } from '../../kit/sandbox/index.ts';
import { CREDENTIALS } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Dials } from './dials.ts';

const { apiKey, username, password } = CREDENTIALS;

function holdsBearer(header: string): boolean {
  return /^Bearer\s+(\S+)$/i.exec(header)?.[1] === apiKey;
}

function holdsBasic(header: string): boolean {
  const encoded = /^Basic\s+(\S+)$/i.exec(header)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8') === `${username}:${password}`;
}

function isKnown({ auth }: Dials, { headers }: SandboxRequest): boolean {
  const header = headers['authorization'] ?? '';
  switch (auth) {
    case 'none':
      return true;
    case 'bearer':
      return holdsBearer(header);
    case 'basic':
      return holdsBasic(header);
    case 'either':
      return holdsBearer(header) || holdsBasic(header);
    case 'x-api-key':
      return headers['x-api-key'] === apiKey;
  }
}

export function checkAccess(dials: Dials, request: SandboxRequest): void {
  if (isKnown(dials, request)) return;
  const scheme = dials.auth === 'basic' ? 'Basic realm="cmms"' : 'Bearer';
  const missing =
    request.headers['authorization'] === undefined && request.headers['x-api-key'] === undefined;
  const message = missing ? 'Sign in first.' : 'The credentials are not valid.';
  throw new ApiError(401, 'unauthorized', message, { headers: { 'www-authenticate': scheme } });
}
