/** Links as people look at and mend them. */
import { moveFigures } from '../assets/asset-figures.ts';
import { moveAlerts } from '../assets/asset-alerts.ts';
import { sql } from 'kysely';
import { ENTITIES, ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';
import { columnOf, isListed } from '../hub/record-list.ts';
import { KEPT } from './links.ts';
import type { RawPlace } from './raw-pages.ts';

export interface LinkRow {
  connectionId: string;
  connection: string;
  system: string;
  entity: Entity;
  externalId: string;
  externalNumber: string | null;
  externalVersion: string | null;
  externalUpdatedAt: Date | null;
  address: string | null;
  rawHash: string | null;
  kept: RawPlace | null;
  hubId: string;
  number: string;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  readOnly: boolean;
  scope: string | null;
  goneAt: Date | null;
}

const SELECT = sql`
  select l.connection_id, k.name as connection, k.system, l.entity, l.external_id, l.external_number, l.external_version,
    l.external_updated_at, l.address, l.raw_hash, ${KEPT} as kept, l.hub_id, h.number, coalesce(l.base_hub, h.fields) as base_hub,
    coalesce(l.base_external, l.base_hub, h.fields) as base_external,
    l.read_only, l.scope, l.gone_at
  from link l join connection k on k.id = l.connection_id join hub_record h on h.id = l.hub_id`;

export interface LinkKey {
  connectionId: string;
  entity: Entity;
  externalId: string;
}

export async function loadLinkRow(tx: Tx, key: LinkKey): Promise<LinkRow | null> {
  const found = await sql<LinkRow>`
    ${SELECT} where l.connection_id = ${key.connectionId} and l.entity = ${key.entity} and l.external_id = ${key.externalId}`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

/** By external id within a connection and entity. */
export async function listLinkRows(
  tx: Tx,
  filter: { connectionId: string; entity: Entity },
  page: { after: string | null; limit: number },
): Promise<LinkRow[]> {
  const found = await sql<LinkRow>`
    ${SELECT} where l.connection_id = ${filter.connectionId} and l.entity = ${filter.entity}
      and (${page.after}::text is null or l.external_id > ${page.after})
    order by l.external_id limit ${page.limit}`.execute(tx);
  return found.rows;
}

/** All of one hub record: at most one per connection. */
export async function linksOfHubRecord(tx: Tx, hubId: string): Promise<LinkRow[]> {
  return (await sql<LinkRow>`${SELECT} where l.hub_id = ${hubId} order by l.connection_id`.execute(tx)).rows;
}

/** The vendor record stays as it is known and stands for that hub record from now on; a base that was the old record's is kept. */
export async function moveLink(tx: Tx, key: LinkKey, hubId: string): Promise<void> {
  await sql`update link l set hub_id = ${hubId}, base_hub = coalesce(l.base_hub, h.fields) from hub_record h
    where h.id = l.hub_id and l.connection_id = ${key.connectionId} and l.entity = ${key.entity}
      and l.external_id = ${key.externalId}`.execute(tx);
}

export async function deleteLink(tx: Tx, key: LinkKey): Promise<void> {
  await sql`delete from link where connection_id = ${key.connectionId} and entity = ${key.entity}
    and external_id = ${key.externalId}`.execute(tx);
}

/**
 * What is known of a record at one connection besides its link ends with the link: its conversation and files are sent anew to
 * what is made there next, and what people were asked about the two is answered by nobody any more.
 */
export async function forgetAt(
  tx: Tx,
  connectionId: string,
  hubId: string,
  why: 'unlink' | 'relink',
): Promise<void> {
  await sql`delete from comment_link where connection_id = ${connectionId} and hub_id = ${hubId}`.execute(tx);
  await sql`delete from attachment_link where connection_id = ${connectionId} and hub_id = ${hubId}`.execute(
    tx,
  );
  await sql`update conflict set resolved_at = now(), resolved_by = ${why}, winner = 'hub'
    where connection_id = ${connectionId} and hub_id = ${hubId} and resolved_at is null`.execute(tx);
}

/** Creates of these records that are under way or wait for a person, at whatever connection. */
export async function createsOf(
  tx: Tx,
  hubIds: readonly string[],
): Promise<{ hubId: string; connectionId: string; connection: string; ambiguous: boolean }[]> {
  const found = await sql<{ hubId: string; connectionId: string; connection: string; ambiguous: boolean }>`
    select i.hub_id, i.connection_id, k.name as connection, i.state = 'ambiguous' as ambiguous
    from create_intent i join connection k on k.id = i.connection_id where i.hub_id = any(${hubIds}::uuid[]) order by k.name`.execute(
    tx,
  );
  return found.rows;
}

/** Links of records that refer to another are to be read once more, whatever their content says. */
export async function forgetContent(tx: Tx, connectionId: string, hubIds: readonly string[]): Promise<void> {
  await sql`update link set raw_hash = null where connection_id = ${connectionId} and hub_id = any(${hubIds}::uuid[])`.execute(
    tx,
  );
}

/** Ids of hub records that refer to this one, and where; more than `limit` are not looked for. */
export async function referringRecords(
  tx: Tx,
  tenantId: string,
  target: Entity,
  hubId: string,
  limit: number,
): Promise<{ id: string; entity: Entity }[]> {
  const found: { id: string; entity: Entity }[] = [];
  for (const entity of ENTITIES) {
    for (const [path, to] of Object.entries(ENTITY_DEFINITIONS[entity].references)) {
      if (to !== target) continue;
      const [field = '', key] = path.split('[].');
      const condition =
        key === undefined
          ? sql`${isListed(entity, field) ? columnOf(entity, field) : sql`fields->>${sql.lit(field)}`} = ${hubId}`
          : sql`fields @> ${JSON.stringify({ [field]: [{ [key]: hubId }] })}::jsonb`;
      const rows = await sql<{ id: string }>`
        select id from hub_record where tenant_id = ${tenantId} and entity = ${sql.lit(entity)} and deleted_at is null
          and ${condition} limit ${limit}`.execute(tx);
      found.push(...rows.rows.map(({ id }) => ({ id, entity })));
    }
  }
  return [...new Map(found.map((row) => [row.id, row])).values()];
}

/** What hangs on a record besides its fields goes to another: conversation, readings, files, history of runs. */
export async function moveBelongings(tx: Tx, from: string, to: string): Promise<void> {
  // The same words of the same person at the same moment are one comment: a system that knows the second knows the first.
  await sql`
    update comment_link l set hub_comment_id = ours.id, hub_id = ${to} from hub_comment theirs
    join hub_comment ours on ours.hub_id = ${to} and ours.text = theirs.text and ours.at = theirs.at
      and ours.author is not distinct from theirs.author
    where theirs.hub_id = ${from} and l.hub_comment_id = theirs.id
      and not exists (select from comment_link o where o.connection_id = l.connection_id and o.hub_comment_id = ours.id)`.execute(
    tx,
  );
  await sql`
    delete from hub_comment theirs using hub_comment ours
    where theirs.hub_id = ${from} and ours.hub_id = ${to} and ours.text = theirs.text and ours.at = theirs.at
      and ours.author is not distinct from theirs.author`.execute(tx);
  await sql`update hub_comment set hub_id = ${to} where hub_id = ${from}`.execute(tx);
  await sql`update comment_link set hub_id = ${to} where hub_id = ${from}`.execute(tx);
  await sql`
    insert into meter_reading (tenant_id, hub_id, at, value, source, received_at)
    select tenant_id, ${to}, at, value, source, received_at from meter_reading where hub_id = ${from}
    on conflict do nothing`.execute(tx);
  await sql`delete from meter_reading where hub_id = ${from}`.execute(tx);
  // The same content on both is one file: what the systems know of the second is of the first from now on.
  await sql`
    update attachment_link l set hub_attachment_id = ours.id from hub_attachment theirs
    join hub_attachment ours on ours.hub_id = ${to} and ours.sha256 = theirs.sha256
    where theirs.hub_id = ${from} and l.hub_attachment_id = theirs.id`.execute(tx);
  await sql`
    delete from hub_attachment theirs using hub_attachment ours
    where theirs.hub_id = ${from} and ours.hub_id = ${to} and ours.sha256 = theirs.sha256`.execute(tx);
  await sql`update hub_attachment set hub_id = ${to} where hub_id = ${from}`.execute(tx);
  await sql`update attachment_link set hub_id = ${to} where hub_id = ${from}`.execute(tx);
  await sql`delete from file_queue where hub_id = ${from}`.execute(tx);
  await moveAlerts(tx, from, to);
  await moveFigures(tx, from, to);
  for (const history of ['asset_location', 'asset_condition', 'asset_performance'])
    await sql`update ${sql.table(history)} set hub_id = ${to} where hub_id = ${from}`.execute(tx);
  await sql`update conflict set resolved_at = now(), resolved_by = 'merge', winner = 'hub'
    where hub_id = ${from} and resolved_at is null`.execute(tx);
  await sql`delete from push_queue where hub_id = ${from}`.execute(tx);
}
