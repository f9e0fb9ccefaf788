/** A vendor's record on its way in: its facts and content hash, which say whether it changed, beside its body. */
import { hash } from 'node:crypto';
import type { ExternalRecord } from '../../../connectors/kit/contract.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Link } from '../../../store/links/links.ts';
import type { RecordMeta } from '../../../store/links/staging.ts';
import type { Incoming } from '../context.ts';

/** A vendor record with its content hash; the body is serialised once, for the hash and for keeping. */
export function toIncoming(record: ExternalRecord): { incoming: Incoming; body: string } {
  const body = JSON.stringify(record.raw);
  const digest = hash('sha256', body);
  const meta: RecordMeta = {
    externalId: record.externalId,
    address: record.address,
    version: record.version,
    updatedAt: record.updatedAt,
    number: record.number,
    hash: asUuid(digest),
    ...(record.readOnly === true ? { readOnly: true } : {}),
  };
  // PostgreSQL's text has no NUL; the kept body says what the vendor sent, the record goes on with a visible mark.
  const raw = body.includes('\\u0000') ? (withoutNul(record.raw) as JsonObject) : record.raw;
  return { incoming: { meta, raw }, body };
}

/** The same content, seen through the same mapping: there is nothing to map and nothing to merge. */
export function isUnchanged(meta: RecordMeta, link: Link | undefined, mappingVersion: string): boolean {
  return (
    link !== undefined &&
    link.rawHash === meta.hash &&
    link.mappingVersion === mappingVersion &&
    link.goneAt === null
  );
}

/** As PostgreSQL prints a uuid, so that what is read back compares equal. */
function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function withoutNul(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD');
  if (Array.isArray(value)) return value.map(withoutNul);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.replaceAll('\0', '\uFFFD'), withoutNul(inner)]),
  );
}
