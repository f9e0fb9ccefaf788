/**
 * Bearer tokens that an identity provider issued: HS256 with a shared secret, or RS/ES/PS by a JWKS URL. The token says
 * who (`sub`), for which plant (`tenant`: its slug or id), in which role (`role`), and may be narrowed by `scope`.
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
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

export function createTokenVerifier(
  settings: JwtSettings,
  /** Id of the tenant with this slug or id; null when there is none. */
  tenantIdOf: (slugOrId: string) => Promise<string | null>,
): (token: string) => Promise<Principal> {
  const { issuer, audience, secret, jwksUrl } = settings;
  const options = { issuer, audience, clockTolerance: CLOCK_TOLERANCE_S, requiredClaims: ['exp', 'sub'] };
  const shared = secret === undefined ? null : new TextEncoder().encode(secret);
  const remote =
    jwksUrl === undefined ? null : createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });

  async function verify(token: string): Promise<JWTPayload> {
    // The key decides the algorithms, never the token: an RS key must not be taken for an HMAC secret.
    if (shared !== null)
      return (await jwtVerify(token, shared, { ...options, algorithms: ['HS256'] })).payload;
    if (remote === null) throw new Failure('unauthorized', 'Tokens are not accepted here; use an API key.');
    const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];
    return (await jwtVerify(token, remote, { ...options, algorithms })).payload;
  }

  return async (token) => {
    const payload = await verify(token).catch((error: unknown) => {
      throw asFailure(error);
    });
    const { sub, tenant, role, scope } = payload as JWTPayload & Record<string, unknown>;
    if (typeof sub !== 'string' || sub === '' || sub.length > 200) throw lacks('sub');
    if (typeof tenant !== 'string') throw lacks('tenant');
    if (!(ROLES as readonly unknown[]).includes(role)) throw lacks(`role (one of ${ROLES.join(', ')})`);
    const scopes = typeof scope === 'string' ? scope.split(' ').filter(isScope) : null;
    const tenantId = await tenantIdOf(tenant);
    if (tenantId === null) throw new Failure('unauthorized', 'The token is for a plant that is not here.');
    return { tenantId, actor: `user:${sub}`, role: role as Role, scopes };
  };
}

function lacks(claim: string): Failure {
  return new Failure('unauthorized', `The token lacks the claim ${claim}.`);
}

/** Which check failed, in our words; nothing of the token itself. */
function asFailure(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new Failure('unauthorized', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new Failure('unauthorized', `The token's claim ${error.claim} does not fit.`);
  }
  if (error instanceof errors.JWKSTimeout || (error instanceof TypeError && /fetch/.test(error.message))) {
    return new Failure('unavailable', 'The keys of the identity provider cannot be read now.');
  }
  if (error instanceof errors.JOSEError) return new Failure('unauthorized', 'The token is not valid.');
  return error;
}
