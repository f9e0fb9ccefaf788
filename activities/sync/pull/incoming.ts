/** A vendor's record on its way in: its facts and content hash, which say whether it changed, and the place of its body. */
import { hash } from 'node:crypto';
import type { ExternalRecord } from '../../../connectors/kit/contract.ts';
import { mayHoldUnstorable, storableJson, storableText } from '../../../domain/kernel/text.ts';
import type { Link } from '../../../store/links/links.ts';
import type { RawPage, RawPlace } from '../../../store/links/raw-pages.ts';
import type { RecordMeta } from '../../../store/links/staging.ts';
import type { Incoming } from '../context.ts';

/** A record whose body has its place among those that are kept. */
export interface KeptIncoming extends Incoming {
  meta: RecordMeta & { kept: RawPlace };
}

/**
 * A vendor record with its content hash; the body is serialised once, for the hash and for keeping, and gets a place in `page` unless
 * its link knows one of the same content. What PostgreSQL cannot hold (NUL, half a character) was replaced where the answer came in; a
 * connector that builds texts itself is caught here.
 */
export function toIncoming(
  record: ExternalRecord,
  page: Pick<RawPage, 'place'>,
  links?: ReadonlyMap<string, Link>,
): KeptIncoming {
  const body = JSON.stringify(record.raw);
  const raw = mayHoldUnstorable(body) ? storableJson(record.raw) : record.raw;
  const externalId = storableText(record.externalId);
  const digest = asUuid(hash('sha256', body));
  const known = links?.get(externalId);
  const meta = {
    externalId,
    address: storable(record.address),
    version: storable(record.version),
    updatedAt: storable(record.updatedAt),
    number: storable(record.number),
    hash: digest,
    kept: (known?.rawHash === digest ? known.kept : null) ?? page.place(body),
    ...(record.readOnly === true ? { readOnly: true } : {}),
    ...(record.scope === undefined || record.scope === null ? {} : { scope: storableText(record.scope) }),
  };
  return { meta, raw };
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
