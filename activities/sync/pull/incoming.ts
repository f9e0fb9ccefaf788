/** A vendor's record on its way in: its facts and content hash, which say whether it changed, beside its body. */
import { hash } from 'node:crypto';
import type { ExternalRecord } from '../../../connectors/kit/contract.ts';
import { mayHoldUnstorable, storableJson, storableText } from '../../../domain/kernel/text.ts';
import type { Link } from '../../../store/links/links.ts';
import type { RecordMeta } from '../../../store/links/staging.ts';
import type { Incoming } from '../context.ts';

/**
 * A vendor record with its content hash; the body is serialised once, for the hash and for keeping. What PostgreSQL cannot
 * hold (NUL, half a character) was replaced where the answer came in; a connector that builds texts itself is caught here.
 */
export function toIncoming(record: ExternalRecord): { incoming: Incoming; body: string } {
  const body = JSON.stringify(record.raw);
  const raw = mayHoldUnstorable(body) ? storableJson(record.raw) : record.raw;
  const meta: RecordMeta = {
    externalId: storableText(record.externalId),
    address: storable(record.address),
    version: storable(record.version),
    updatedAt: storable(record.updatedAt),
    number: storable(record.number),
    hash: asUuid(hash('sha256', body)),
    ...(record.readOnly === true ? { readOnly: true } : {}),
    ...(record.scope === undefined || record.scope === null ? {} : { scope: storableText(record.scope) }),
  };
  return { incoming: { meta, raw }, body };
}

function storable(text: string | null): string | null {
  return text === null ? null : storableText(text);
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
