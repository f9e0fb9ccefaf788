/**
 * What one caller may hand on to a key it makes: never more than it has itself, in role, in scopes, in what both allow together,
 * and in time. A caller that is narrowed hands on its narrowing.
 */
import { coversScope, mayDo, PERMISSIONS, roleCovers, type Permission, type Role } from './permissions.ts';

/** Who hands rights on: a key, a person with a token, or the operator at the server. */
export interface Delegator {
  role: Role;
  /** Null: all the role allows. */
  scopes: readonly string[] | null;
  /** RFC 3339; null when the rights do not end by themselves. */
  expiresAt: string | null;
}

/** Whoever runs the program's own commands has its settings and its database. */
export const OPERATOR: Delegator = { role: 'admin', scopes: null, expiresAt: null };

export type Excess =
  | { what: 'role' }
  /** The new key names no scopes, and its maker has some. */
  | { what: 'unscoped' }
  | { what: 'scope'; scope: string }
  | { what: 'permission'; permission: Permission }
  | { what: 'lifetime'; endsAt: string };

/** The first respect in which `wanted` would be more than `maker`; null when it is within. */
export function findExcess(maker: Delegator, wanted: Delegator): Excess | null {
  if (!roleCovers(maker.role, wanted.role)) return { what: 'role' };
  if (maker.scopes !== null) {
    if (wanted.scopes === null) return { what: 'unscoped' };
    const { scopes } = maker;
    const scope = wanted.scopes.find((one) => !coversScope(scopes, one));
    if (scope !== undefined) return { what: 'scope', scope };
  }
  const permission = PERMISSIONS.find((one) => mayDo(wanted, one) && !mayDo(maker, one));
  if (permission !== undefined) return { what: 'permission', permission };
  if (maker.expiresAt !== null) {
    const ends = wanted.expiresAt === null ? Infinity : Date.parse(wanted.expiresAt);
    if (ends > Date.parse(maker.expiresAt)) return { what: 'lifetime', endsAt: maker.expiresAt };
  }
  return null;
}
