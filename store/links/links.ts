/**
 * Links: which vendor record is which hub record, and the two bases of each pair. Look-ups by many keys go through a
 * lateral join with a limit: a first sync fills the table faster than its statistics, and `= any(..)` was then planned as
 * a scan of the whole table (16 ms instead of 1 ms a page at 30,000 links).
 */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';
import type { RawPlace } from './raw-pages.ts';

export interface Link {
  externalId: string;
  hubId: string;
  address: string | null;
  externalVersion: string | null;
  externalNumber: string | null;
  rawHash: string | null;
  /** Where the body of that content is kept. */
  kept: RawPlace | null;
  mappingVersion: string | null;
  baseHub: JsonObject;
  /** Null: the same as `base_hub`. */
  baseExternal: JsonObject | null;
  hubVersion: number;
  /** The vendor refuses every change to the record. */
  readOnly: boolean;
  /** Within which part of the system its numbers mean one thing; null: the whole system, or not known. */
  scope: string | null;
  goneAt: Date | null;
  /** When it was taken out of use there because the hub's record was deleted. */
  retiredAt: Date | null;
  /** What the system's connector needs to bring it back. */
  retireUndo: JsonObject | null;
  /** When the record was changed there, as it was read last. */
  externalUpdatedAt: Date | null;
}

export interface LinkWrite extends Omit<
  Link,
  'goneAt' | 'retiredAt' | 'retireUndo' | 'externalUpdatedAt' | 'kept'
> {
  externalUpdatedAt: string | null;
  kept?: RawPlace | null | undefined;
}

/** The hub's side of a link's base. It is not stored as long as the hub still says the same. Looked up from `link` alone. */
const BASE_HUB = sql`coalesce(link.base_hub, (select h.fields from hub_record h where h.id = link.hub_id))`;

/** As one value: either both columns tell of a place, or none. */
export const KEPT = sql`case when raw_page is not null then json_build_object('page', raw_page, 'at', raw_at) end`;

const COLUMNS = sql`external_id, hub_id, address, external_version, external_number, raw_hash, ${KEPT} as kept, mapping_version,
  ${BASE_HUB} as base_hub, base_external, hub_version, read_only, scope, gone_at, retired_at, retire_undo, external_updated_at`;

export async function loadLinks(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalIds: readonly string[],
): Promise<Map<string, Link>> {
  const found = await sql<Link>`
    select l.* from unnest(${externalIds}::text[]) w(id) cross join lateral (
      select ${COLUMNS} from link
      where connection_id = ${connectionId} and entity = ${entity} and external_id = w.id limit 1) l`.execute(
    tx,
  );
  return new Map(found.rows.map((row) => [row.externalId, row]));
}

/** Whether anything of this entity is linked at this connection. */
export async function anyLink(tx: Tx, connectionId: string, entity: Entity): Promise<boolean> {
  const found = await sql<{ linked: boolean }>`
    select exists(select from link where connection_id = ${connectionId} and entity = ${entity}) as linked`.execute(
    tx,
  );
  return found.rows[0]?.linked ?? true;
}

export async function loadLinksByHub(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, Link>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<Link>`
    select l.* from unnest(${hubIds}::uuid[]) w(id) cross join lateral (
      select ${COLUMNS} from link where connection_id = ${connectionId} and hub_id = w.id limit 1) l`.execute(
    tx,
  );
  return new Map(found.rows.map((row) => [row.hubId, row]));
}

/** External ids of one entity to hub ids, for those that are linked. */
export async function resolveExternalIds(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const known = await resolveReferences(tx, connectionId, new Map([[entity, new Set(externalIds)]]));
  return known.get(entity) ?? new Map<string, string>();
}

/** The same of several entities in one statement: a page refers to assets, places and people at once. */
export async function resolveReferences(
  tx: Tx,
  connectionId: string,
  wanted: ReadonlyMap<Entity, ReadonlySet<string>>,
): Promise<Map<Entity, Map<string, string>>> {
  const known = new Map<Entity, Map<string, string>>([...wanted.keys()].map((entity) => [entity, new Map()]));
  const rows = [...wanted].flatMap(([entity, ids]) => [...ids].map((id) => ({ entity, id })));
  if (rows.length === 0) return known;
  const found = await sql<{ entity: Entity; externalId: string; hubId: string }>`
    select w.entity, w.id as external_id, l.hub_id
    from unnest(${rows.map(({ entity }) => entity)}::text[], ${rows.map(({ id }) => id)}::text[]) w(entity, id)
    cross join lateral (select hub_id from link
      where connection_id = ${connectionId} and entity = w.entity and external_id = w.id limit 1) l`.execute(
    tx,
  );
  for (const row of found.rows) known.get(row.entity)?.set(row.externalId, row.hubId);
  return known;
}

/** Hub ids to external ids at this connection, for those that are linked and still there. */
export async function resolveHubIds(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, string>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<{ externalId: string; hubId: string }>`
    select external_id, hub_id from link
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[]) and gone_at is null`.execute(
    tx,
  );
  return new Map(found.rows.map((row) => [row.hubId, row.externalId]));
}

/** Inserts or replaces links. A link seen again is there again: sweeps start anew. */
export async function writeLinks(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  links: readonly LinkWrite[],
  fresh: boolean,
): Promise<void> {
  if (links.length === 0) return;
  const placed = links.map((link) => ({ ...link, rawPage: link.kept?.page, rawAt: link.kept?.at }));
  const rows = recordset(placed, {
    external_id: 'text',
    hub_id: 'uuid',
    address: 'text',
    external_version: 'text',
    external_number: 'text',
    external_updated_at: 'timestamptz',
    raw_hash: 'uuid',
    raw_page: 'uuid',
    raw_at: 'int',
    mapping_version: 'text',
    base_hub: 'jsonb',
    base_external: 'jsonb',
    hub_version: 'bigint',
    read_only: 'boolean',
    scope: 'text',
  });
  if (fresh) {
    await sql`
      insert into link (tenant_id, connection_id, entity, external_id, hub_id, address, external_version,
        external_number, external_updated_at, raw_hash, raw_page, raw_at, mapping_version, base_hub, base_external, hub_version, read_only, scope)
      select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, ${scope.entity}, external_id, hub_id, address,
        external_version, external_number, external_updated_at, raw_hash, raw_page, raw_at, mapping_version, base_hub, base_external,
        hub_version, read_only, scope
      from ${rows}`.execute(tx);
    // Pushes that waited for one of these can go on.
    await sql`
      update push_queue set waits_hub_id = null
      where connection_id = ${scope.connectionId} and waits_hub_id is not null
        and waits_hub_id = any(${links.map((link) => link.hubId)}::uuid[])`.execute(tx);
    return;
  }
  await sql`
    update link l set address = t.address, external_version = t.external_version, external_number = t.external_number,
      external_updated_at = t.external_updated_at, raw_hash = t.raw_hash, raw_page = t.raw_page, raw_at = t.raw_at, mapping_version = t.mapping_version,
      base_hub = t.base_hub, base_external = t.base_external, hub_version = t.hub_version, read_only = t.read_only,
      scope = t.scope, missing_sweeps = 0, gone_at = null
    from ${rows}
    where l.connection_id = ${scope.connectionId} and l.entity = ${scope.entity} and l.external_id = t.external_id`.execute(
    tx,
  );
}

/** Moves the hub version a link is known to agree with, when there was nothing to push. */
export async function settleLinks(
  tx: Tx,
  connectionId: string,
  settled: readonly { hubId: string; hubVersion: number; baseHub: JsonObject }[],
): Promise<void> {
  if (settled.length === 0) return;
  await sql`
    update link set hub_version = t.hub_version, base_external = coalesce(link.base_external, ${BASE_HUB}), base_hub = t.base_hub
    from ${recordset(settled, { hub_id: 'uuid', hub_version: 'bigint', base_hub: 'jsonb' })}
    where link.connection_id = ${connectionId} and link.hub_id = t.hub_id`.execute(tx);
}

export async function markGone(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
  at: string,
): Promise<void> {
  await sql`update link set gone_at = ${at}::timestamptz
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
}

/** What is known of a record after it was taken out of use: its content then is no news when it is read next. */
export interface RetiredLink {
  hubId: string;
  undo: JsonObject | null;
  /** Null: the record left the lists. */
  shown: { version: string | null; hash: string; kept: RawPlace } | null;
}

export async function markRetired(
  tx: Tx,
  connectionId: string,
  retired: readonly RetiredLink[],
  at: string,
): Promise<void> {
  if (retired.length === 0) return;
  const rows = retired.map(({ hubId, undo, shown }) => ({
    hubId,
    undo,
    version: shown?.version ?? null,
    hash: shown?.hash ?? null,
    rawPage: shown?.kept.page ?? null,
    rawAt: shown?.kept.at ?? null,
  }));
  await sql`
    update link l set retired_at = ${at}::timestamptz, retire_undo = t.undo,
      external_version = coalesce(t.version, l.external_version), raw_hash = coalesce(t.hash, l.raw_hash),
      raw_page = coalesce(t.raw_page, l.raw_page), raw_at = coalesce(t.raw_at, l.raw_at)
    from ${recordset(rows, { hub_id: 'uuid', undo: 'jsonb', version: 'text', hash: 'uuid', raw_page: 'uuid', raw_at: 'int' })}
    where l.connection_id = ${connectionId} and l.hub_id = t.hub_id`.execute(tx);
}

/** They are in use there again; what they show now is merged when they are read. */
export async function markReinstated(tx: Tx, connectionId: string, hubIds: readonly string[]): Promise<void> {
  if (hubIds.length === 0) return;
  await sql`update link set retired_at = null, retire_undo = null, raw_hash = null
    where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(tx);
}
