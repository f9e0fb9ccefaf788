/**
 * The bodies that systems sent, kept by the page they came in: one row of compressed bytes that PostgreSQL never looks into. Whoever
 * tells of a body (a link, a staged page, what waits) names its place. A body is never changed; what is still the same is not kept again.
 */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

/** Where a kept body stands. */
export interface RawPlace {
  /** Id of its page. */
  page: string;
  /** Line of the page, from 0. */
  at: number;
}

export interface PackedPage {
  id: string;
  bodies: Buffer;
}

/** A page in the making. */
export interface RawPage {
  /** Takes a body (one line of JSON text) and says where it will stand. */
  place(body: string): RawPlace;
  /** The page as it is kept; null when it took no body. */
  pack(): Promise<PackedPage | null>;
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Level 1 packs a page of 1 MB in 3 ms to a twelfth; the default level takes twice as long for a few percent. */
const QUICK = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** How a zstd frame begins. Pages that were made of single rows by a migration are plain text. */
const ZSTD_MAGIC = 0xfd2fb528;
/** Pages in memory at once. */
const PAGES_AT_ONCE = 16;

export function openRawPage(id: string): RawPage {
  const bodies: string[] = [];
  return {
    place(body) {
      bodies.push(body);
      return { page: id, at: bodies.length - 1 };
    },
    async pack() {
      return bodies.length === 0
        ? null
        : { id, bodies: await compress(Buffer.from(bodies.join('\n')), QUICK) };
    },
  };
}

export async function keepRawPage(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity; at: string },
  page: PackedPage | null,
): Promise<void> {
  if (page === null) return;
  await sql`
    insert into raw_page (id, tenant_id, connection_id, entity, bodies, fetched_at)
    values (${page.id}, ${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, ${page.bodies}, ${scope.at})`.execute(
    tx,
  );
}

/** Bodies by external id; what has no place, or is not kept any more, is left out. */
export async function loadRaw(
  tx: Tx,
  wanted: readonly { externalId: string; kept?: RawPlace | null | undefined }[],
): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  const byPage = Map.groupBy(wanted, ({ kept }) => kept?.page);
  byPage.delete(undefined);
  const ids = [...byPage.keys()];
  for (let from = 0; from < ids.length; from += PAGES_AT_ONCE) {
    const pages = await sql<PackedPage>`
      select id, bodies from raw_page where id = any(${ids.slice(from, from + PAGES_AT_ONCE)}::uuid[])`.execute(
      tx,
    );
    for (const page of pages.rows) {
      const lines = await unpack(page.bodies);
      for (const { externalId, kept } of byPage.get(page.id) ?? []) {
        const body = lines[kept?.at ?? -1];
        if (body !== undefined && body !== '') found.set(externalId, JSON.parse(body) as JsonObject);
      }
    }
  }
  return found;
}

async function unpack(bodies: Buffer): Promise<string[]> {
  const packed = bodies.length >= 4 && bodies.readUInt32LE(0) === ZSTD_MAGIC;
  return (packed ? await decompress(bodies) : bodies).toString('utf8').split('\n');
}
