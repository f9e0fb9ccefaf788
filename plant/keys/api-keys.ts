/** API keys: making, listing and revoking them, and finding out who a key is. */
import { createHash, randomBytes } from 'node:crypto';
import { Failure } from '../../domain/kernel/failure.ts';
import { findExcess, type Delegator, type Excess } from '../../domain/access/delegation.ts';
import { isScope, type Role } from '../../domain/access/permissions.ts';
import {
  findApiKey,
  insertApiKey,
  listApiKeys,
  markApiKeyUsed,
  revokeApiKey,
  type ApiKeyRow,
} from '../../store/access/api-keys.ts';
import type { Store } from '../../store/index.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

/** Who calls: the holder of a key, or a person with a token, whose rights do not end by themselves: there will be another. */
export interface Principal extends Delegator {
  tenantId: string;
  /** `key:<id>` or `user:<subject>`: stands in the audit log and owns idempotency keys. */
  actor: string;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  role: Role;
  scopes: string[] | null;
  created_by: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

/** Marks our keys, so that secret scanners and people recognise them. */
const KEY_START = 'cfx_';
const KEY_FORM = /^cfx_[A-Za-z0-9_-]{43}$/;
/** How exact "last used" is: one write a minute and key at most. */
const USED_EVERY_MS = 60_000;

export interface NewApiKey {
  name: string;
  role: Role;
  scopes?: readonly string[] | undefined;
  /** RFC 3339. */
  expiresAt?: string | undefined;
}

/** The key itself is in the answer and nowhere else. Throws `forbidden` when it would be more than its maker. */
export async function createApiKey(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'actor' | 'now' | 'newId'>,
  maker: Delegator,
  wanted: NewApiKey,
): Promise<ApiKey & { key: string }> {
  const bad = (wanted.scopes ?? []).find((scope) => !isScope(scope));
  if (bad !== undefined) {
    throw new Failure(
      'invalid_request',
      `There is no scope "${bad}"; a scope is a permission such as work_orders:read, or work_orders:*.`,
      { path: 'scopes' },
    );
  }
  const at = instantOf(deps);
  if (wanted.expiresAt !== undefined && Date.parse(wanted.expiresAt) <= deps.now()) {
    throw new Failure('invalid_request', 'A key cannot expire in the past.', { path: 'expires_at' });
  }
  assertWithin(maker, {
    role: wanted.role,
    scopes: wanted.scopes ?? null,
    expiresAt: wanted.expiresAt ?? null,
  });
  const key = KEY_START + randomBytes(32).toString('base64url');
  const row = {
    id: deps.newId(),
    name: wanted.name,
    prefix: key.slice(0, KEY_START.length + 6),
    hash: hashKey(key),
    role: wanted.role,
    scopes: wanted.scopes ?? null,
    createdBy: deps.actor,
    createdAt: at,
    expiresAt: wanted.expiresAt ?? null,
  };
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    await insertApiKey(tx, deps.tenantId, row);
    await audit(deps, tx, {
      action: 'key.create',
      subject: `key/${row.id}`,
      before: null,
      after: { name: row.name, role: row.role, prefix: row.prefix },
      at,
    });
  });
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    scopes: row.scopes === null ? null : [...row.scopes],
    created_by: row.createdBy,
    created_at: at,
    expires_at: row.expiresAt,
    revoked_at: null,
    last_used_at: null,
    key,
  };
}

function assertWithin(maker: Delegator, wanted: Delegator): void {
  const excess = findExcess(maker, wanted);
  if (excess === null) return;
  const { sentence, path } = explain(excess, maker);
  throw new Failure('forbidden', `A key may not do more than its maker: ${sentence}`, { path });
}

function explain(excess: Excess, maker: Delegator): { sentence: string; path: string } {
  const scopes = (maker.scopes ?? []).join(', ');
  switch (excess.what) {
    case 'role':
      return { sentence: `take the role ${maker.role}, or one within it.`, path: 'role' };
    case 'unscoped':
      return { sentence: `say scopes, all of them within ${scopes}.`, path: 'scopes' };
    case 'scope':
      return { sentence: `${excess.scope} is not within ${scopes}.`, path: 'scopes' };
    case 'permission':
      return { sentence: `it would be allowed ${excess.permission}.`, path: 'scopes' };
    case 'lifetime':
      return { sentence: `let it expire at ${excess.endsAt} or before.`, path: 'expires_at' };
  }
}

export async function listKeys(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  page: { before: string | null; limit: number },
): Promise<ApiKey[]> {
  return (await deps.store.inTenant(deps.tenantId, (tx) => listApiKeys(tx, page))).map(shown);
}

export async function revokeKey(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'actor' | 'now'>,
  id: string,
): Promise<ApiKey> {
  const at = instantOf(deps);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await revokeApiKey(tx, id, at);
    if (row === null) throw new Failure('not_found', 'There is no such key.');
    await audit(deps, tx, {
      action: 'key.revoke',
      subject: `key/${id}`,
      before: null,
      after: { name: row.name },
      at,
    });
    return shown(row);
  });
}

export function looksLikeApiKey(token: string): boolean {
  return token.startsWith(KEY_START);
}

/** Rejects with `unauthorized`; the sentence does not tell an unknown key from a revoked one. */
export async function authenticateApiKey(
  deps: { store: Store; now(): number },
  token: string,
): Promise<Principal> {
  const known = KEY_FORM.test(token) ? await findApiKey(deps.store.db, hashKey(token)) : null;
  if (known === null || known.revokedAt !== null) {
    throw new Failure(
      'unauthorized',
      'The API key is not valid; make one with `chatterfix-sync keys create`.',
    );
  }
  if (known.expiresAt !== null && known.expiresAt.getTime() <= deps.now()) {
    throw new Failure('unauthorized', 'The API key has expired; make a new one.');
  }
  if (deps.now() - (known.lastUsedAt?.getTime() ?? 0) > USED_EVERY_MS) {
    await deps.store.inTenant(known.tenantId, (tx) => markApiKeyUsed(tx, known.id, instantOf(deps)));
  }
  return {
    tenantId: known.tenantId,
    actor: `key:${known.id}`,
    role: known.role,
    scopes: known.scopes,
    expiresAt: known.expiresAt?.toISOString() ?? null,
  };
}

function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function shown(row: ApiKeyRow): ApiKey {
  const text = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    scopes: row.scopes,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    expires_at: text(row.expiresAt),
    revoked_at: text(row.revokedAt),
    last_used_at: text(row.lastUsedAt),
  };
}
