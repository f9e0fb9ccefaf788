/**
 * Bearer tokens that an identity provider issued: HS256 with a shared secret, or RS/ES/PS by a JWKS URL. The token says
 * who (`sub`), for which plant (`tenant`: its slug or id), in which role (`role`), and may be narrowed by `scope`. A claim
 * of another shape than expected is refused, never read as if it were absent: an absent `scope` narrows nothing.
 */
import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { Failure } from '../../domain/kernel/failure.ts';
import { isScope, ROLES, type Role } from '../../domain/access/permissions.ts';
import type { Principal } from '../../plant/keys/api-keys.ts';

export interface JwtSettings {
  /** HS256 when given; at least 32 bytes. */
  secret?: string;
  /** RS256, ES256 and their kin when given. */
  jwksUrl?: string;
  issuer: string;
  audience: string;
}

/** Of clocks that differ a little. */
const CLOCK_TOLERANCE_S = 30;
const JWKS_TIMEOUT_MS = 5_000;
const SUBJECT_LENGTH_MAX = 200;
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];

export function createTokenVerifier(
  settings: JwtSettings,
  /** Id of the tenant with this slug or id; null when there is none. */
  tenantIdOf: (slugOrId: string) => Promise<string | null>,
): (token: string) => Promise<Principal> {
  const verify = createSignatureCheck(settings);
  return async (token) => {
    const payload = await verify(token).catch((error: unknown) => {
      throw asFailure(error);
    });
    const { sub, tenant, role, scopes } = readClaims(payload);
    const tenantId = await tenantIdOf(tenant);
    if (tenantId === null) throw refused('The token is for a plant that is not here.');
    return { tenantId, actor: `user:${sub}`, role, scopes, expiresAt: null };
  };
}

function createSignatureCheck(settings: JwtSettings): (token: string) => Promise<JWTPayload> {
  const { issuer, audience, secret, jwksUrl } = settings;
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
  };
  // The key decides the algorithms, never the token: an RS key must not be taken for an HMAC secret.
  if (secret !== undefined) {
    const shared = new TextEncoder().encode(secret);
    return async (token) => (await jwtVerify(token, shared, { ...options, algorithms: ['HS256'] })).payload;
  }
  if (jwksUrl !== undefined) {
    const keys = remoteKeys(new URL(jwksUrl));
    return async (token) => (await jwtVerify(token, keys, { ...options, algorithms: ASYMMETRIC })).payload;
  }
  return async () => {
    throw refused('Tokens are not accepted here; use an API key.');
  };
}

/**
 * The provider's keys. Whatever goes wrong while they are fetched or read, be it a 503, a page in place of JSON or a key that
 * is none, is the provider's and says nothing about the token; only a key that is not among them does.
 */
function remoteKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, { timeoutDuration: JWKS_TIMEOUT_MS });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey) throw cause;
      if (cause instanceof errors.JWKSMultipleMatchingKeys) {
        throw refused('The token does not say which of several keys signed it (kid).');
      }
      throw new Failure(
        'unavailable',
        'The keys of the identity provider cannot be read now; try again, and look at CHATTERFIX_JWT_JWKS_URL if it lasts.',
        { cause },
      );
    }
  };
}

interface Claims {
  sub: string;
  tenant: string;
  role: Role;
  scopes: string[] | null;
}

function readClaims(payload: JWTPayload & Record<string, unknown>): Claims {
  const { exp, sub, aud, tenant, role, scope } = payload;
  // JSON has numbers that no clock reaches: 1e400 would never expire.
  if (!Number.isFinite(exp)) throw mustBe('exp', 'seconds since 1970');
  if (!isText(aud) && !isTextList(aud)) throw mustBe('aud', 'a text or a list of texts');
  if (!isText(sub) || sub === '' || sub.length > SUBJECT_LENGTH_MAX)
    throw mustBe('sub', `a text of 1 to ${String(SUBJECT_LENGTH_MAX)} characters`);
  if (tenant === undefined) throw lacks('tenant');
  if (!isText(tenant)) throw mustBe('tenant', 'one text, the slug or id of a plant');
  const roles = ROLES.join(', ');
  if (role === undefined) throw lacks(`role (one of ${roles})`);
  const known = ROLES.find((one) => one === role);
  if (known === undefined) throw mustBe('role', `one text out of ${roles}`);
  return { sub, tenant, role: known, scopes: readScopes(scope) };
}

/** Null: not narrowed. What is no scope of ours (`openid`, say) allows nothing here and is passed over. */
function readScopes(scope: unknown): string[] | null {
  if (scope === undefined) return null;
  if (isText(scope)) return scope.split(' ').filter(isScope);
  if (isTextList(scope)) return scope.filter(isScope);
  throw mustBe('scope', 'a text with spaces between scopes, or a list of texts');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function refused(sentence: string): Failure {
  return new Failure('unauthorized', sentence);
}

function lacks(claim: string): Failure {
  return refused(`The token lacks the claim ${claim}.`);
}

function mustBe(claim: string, shape: string): Failure {
  return refused(`The token's claim ${claim} must be ${shape}.`);
}

/** Which check failed, in our words; nothing of the token itself. */
function asFailure(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return refused('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (reason === 'missing') return lacks(claim);
    if (reason === 'invalid') return mustBe(claim, 'seconds since 1970');
    return refused(`The token's claim ${claim} does not fit.`);
  }
  if (error instanceof errors.JOSEError) return refused('The token is not valid.');
  return error;
}
