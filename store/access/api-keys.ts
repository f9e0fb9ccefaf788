/** API keys: made once and shown once, kept as a hash. */
import { sql } from 'kysely';
import type { Role } from '../../domain/access/permissions.ts';
import type { Database, Tx } from '../database.ts';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  role: Role;
  scopes: string[] | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

export interface KnownKey {
  id: string;
  tenantId: string;
  name: string;
  role: Role;
  scopes: string[] | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

/** Outside any tenant: the key itself says which one. */
export async function findApiKey(db: Database, hash: Buffer): Promise<KnownKey | null> {
  const found = await sql<KnownKey>`select * from api_key_by_hash(${hash})`.execute(db);
  return found.rows[0] ?? null;
}

export async function insertApiKey(
  tx: Tx,
  tenantId: string,
  key: {
    id: string;
    name: string;
    prefix: string;
    hash: Buffer;
    role: Role;
    scopes: readonly string[] | null;
    createdBy: string;
    createdAt: string;
    expiresAt: string | null;
  },
): Promise<void> {
  await sql`
    insert into api_key (id, tenant_id, name, prefix, hash, role, scopes, created_by, created_at, expires_at)
    values (${key.id}, ${tenantId}, ${key.name}, ${key.prefix}, ${key.hash}, ${key.role}, ${key.scopes}::text[],
      ${key.createdBy}, ${key.createdAt}, ${key.expiresAt})`.execute(tx);
}

/** Newest first. */
export async function listApiKeys(
  tx: Tx,
  page: { before: string | null; limit: number },
): Promise<ApiKeyRow[]> {
  const found = await sql<ApiKeyRow>`
    select id, name, prefix, role, scopes, created_by, created_at, expires_at, revoked_at, last_used_at from api_key
    where ${page.before}::uuid is null or id < ${page.before}::uuid order by id desc limit ${page.limit}`.execute(
    tx,
  );
  return found.rows;
}

/** Null when there is no such key; a key revoked before keeps its first date. */
export async function revokeApiKey(tx: Tx, id: string, at: string): Promise<ApiKeyRow | null> {
  const found = await sql<ApiKeyRow>`
    update api_key set revoked_at = coalesce(revoked_at, ${at}::timestamptz) where id = ${id}
    returning id, name, prefix, role, scopes, created_by, created_at, expires_at, revoked_at, last_used_at`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

export async function markApiKeyUsed(tx: Tx, id: string, at: string): Promise<void> {
  await sql`update api_key set last_used_at = ${at} where id = ${id}`.execute(tx);
}
