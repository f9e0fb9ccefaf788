/** Ids: time-ordered uuids for our records, short references for vendors' reference fields. */
import { randomBytes } from 'node:crypto';

// Random bytes come from the system in blocks: one call for each id would be the dearest part of making it.
const pool = { bytes: Buffer.alloc(0), used: 0 };

function random16(): Buffer {
  if (pool.used + 16 > pool.bytes.length) {
    pool.bytes = randomBytes(4_096);
    pool.used = 0;
  }
  pool.used += 16;
  return pool.bytes.subarray(pool.used - 16, pool.used);
}

/** The count within a millisecond, in the 12 bits behind the time (RFC 9562, 6.2, method 1). */
const last = { ms: 0, count: 0 };

/**
 * UUID version 7 (RFC 9562): sorts by creation, also of ids that one process makes in the same millisecond, so that lists show
 * the order of creation and index pages fill one after the other. 4,096 ids in one millisecond sort; further ones need not.
 */
export function newId(nowMs: number): string {
  const bytes = random16();
  last.count = nowMs === last.ms ? (last.count + 1) & 0xfff : 0;
  last.ms = nowMs;
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.count, 6);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Ten characters, because Maximo's externalrefid holds no more; 36^10 of them, and unique per connection by an index. */
export function newReference(): string {
  return [...randomBytes(20)]
    .filter((byte) => byte < 252)
    .slice(0, 10)
    .map((byte) => ALPHABET[byte % 36] ?? '0')
    .join('')
    .padEnd(10, '0');
}
