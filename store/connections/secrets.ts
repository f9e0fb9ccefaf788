/**
 * Sealed secrets of connections: AES-256-GCM under a key ring, so that keys can be changed while the program runs.
 * Values exist in the open only between these functions and their caller; nothing here logs or quotes one.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../database.ts';

/** New values are sealed under `active`; the other keys only open what was sealed before. */
export interface KeyRing {
  active: string;
  keys: ReadonlyMap<string, Buffer>;
}

export type SecretPurpose = 'credentials' | 'token';

export interface SecretRef {
  tenantId: string;
  connectionId: string;
  purpose: SecretPurpose;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ENVELOPE_VERSION = 1;

/** Seals the value under the active key and stores it in place of an earlier one. */
export async function saveSecret(tx: Tx, ring: KeyRing, ref: SecretRef, value: Json): Promise<void> {
  await sql`
    insert into connection_secret (tenant_id, connection_id, purpose, key_id, sealed)
    values (${ref.tenantId}, ${ref.connectionId}, ${ref.purpose}, ${ring.active}, ${sealValue(ring, ref, value)})
    on conflict (connection_id, purpose) do update
      set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()`.execute(tx);
}

/** The value in the open, or null when none is stored. */
export async function loadSecret(tx: Tx, ring: KeyRing, ref: SecretRef): Promise<Json> {
  const found = await sql<{ sealed: Buffer }>`
    select sealed from connection_secret
    where connection_id = ${ref.connectionId} and purpose = ${ref.purpose}`.execute(tx);
  const row = found.rows[0];
  return row === undefined ? null : openSealed(ring, ref, row.sealed);
}

export async function deleteSecret(tx: Tx, ref: SecretRef): Promise<void> {
  await sql`delete from connection_secret
    where connection_id = ${ref.connectionId} and purpose = ${ref.purpose}`.execute(tx);
}

/** Seals everything of this tenant that is not under the active key anew; returns how many. Afterwards the old keys can go. */
export async function rotateSecrets(tx: Tx, ring: KeyRing): Promise<number> {
  const old = await sql<{
    tenantId: string;
    connectionId: string;
    purpose: SecretPurpose;
    sealed: Buffer;
  }>`
    select tenant_id, connection_id, purpose, sealed from connection_secret
    where key_id <> ${ring.active} order by connection_id, purpose for update`.execute(tx);
  for (const row of old.rows) {
    const ref = { tenantId: row.tenantId, connectionId: row.connectionId, purpose: row.purpose };
    await saveSecret(tx, ring, ref, openSealed(ring, ref, row.sealed));
  }
  return old.rows.length;
}

// The envelope: version (1 byte), length of the key id (1), key id, nonce (12), tag (16), ciphertext.

/** For the tables of other sealed values; `ref` binds the value to its row. */
export function sealValue(ring: KeyRing, ref: SecretRef, value: Json): Buffer {
  const head = Buffer.concat([
    Buffer.from([ENVELOPE_VERSION, Buffer.byteLength(ring.active)]),
    Buffer.from(ring.active),
  ]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(ring, ring.active), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(ref, head));
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

export function openSealed(ring: KeyRing, ref: SecretRef, sealed: Buffer): Json {
  const headBytes = 2 + (sealed[1] ?? 0);
  if (sealed[0] !== ENVELOPE_VERSION || sealed.length < headBytes + NONCE_BYTES + TAG_BYTES) {
    throw unopenable(ref);
  }
  const head = sealed.subarray(0, headBytes);
  const tagAt = headBytes + NONCE_BYTES;
  const key = keyOf(ring, head.subarray(2).toString('utf8'));
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(headBytes, tagAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(boundTo(ref, head));
  decipher.setAuthTag(sealed.subarray(tagAt, tagAt + TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(tagAt + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as Json;
  } catch (error) {
    throw unopenable(ref, error);
  }
}

/** A sealed value opens only in the row it was sealed for: moving it to another tenant, connection or purpose breaks it. */
function boundTo(ref: SecretRef, head: Buffer): Buffer {
  // PostgreSQL gives uuids back in lower case, callers may not.
  const row = JSON.stringify([ref.tenantId.toLowerCase(), ref.connectionId.toLowerCase(), ref.purpose]);
  return Buffer.concat([head, Buffer.from(row)]);
}

function keyOf(ring: KeyRing, id: string): Buffer {
  const key = ring.keys.get(id);
  if (key === undefined) {
    throw new Failure(
      'invalid_config',
      `A secret is sealed under the key "${id}", which the key ring does not hold; add that key to the ring again.`,
    );
  }
  return key;
}

function unopenable(ref: SecretRef, cause?: unknown): Failure {
  return new Failure(
    'invalid_config',
    `The ${ref.purpose} of connection ${ref.connectionId} cannot be opened: altered, moved from another row, or sealed under a different key of the same id; enter them again.`,
    { cause },
  );
}
