/** Discovered schemas, the looks that found them, and drift. What drift means for a rule is decided by whoever compares. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import { canonicalJson, type Json, type JsonObject } from '../../domain/json.ts';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface SchemaScope {
  tenantId: string;
  connectionId: string;
  /** Null when a person looked. */
  runId: string | null;
  /** RFC 3339 instant. */
  at: string;
}

export interface SchemaRow {
  entity: Entity;
  hash: string;
  object: string;
  source: 'metadata' | 'samples';
  fields: JsonObject;
  runId: string | null;
  firstSeen: Date;
  lastSeen: Date;
}

const SCHEMA_COLUMNS = sql`entity, hash, object, source, fields, run_id, first_seen, last_seen`;

/** The newest version of each entity. */
export async function latestSchemas(tx: Tx, connectionId: string): Promise<SchemaRow[]> {
  const found = await sql<SchemaRow>`
    select distinct on (entity) ${SCHEMA_COLUMNS} from discovered_schema
    where connection_id = ${connectionId} order by entity, last_seen desc, first_seen desc`.execute(tx);
  return found.rows;
}

/** Versions of one entity, newest first. */
export async function schemaVersions(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  limit: number,
): Promise<SchemaRow[]> {
  const found = await sql<SchemaRow>`
    select ${SCHEMA_COLUMNS} from discovered_schema
    where connection_id = ${connectionId} and entity = ${entity}
    order by last_seen desc, first_seen desc limit ${limit}`.execute(tx);
  return found.rows;
}

/** Keeps a version by its content; one that was there before is seen again. */
export async function keepSchema(
  tx: Tx,
  scope: SchemaScope,
  schema: Pick<SchemaRow, 'entity' | 'object' | 'source' | 'fields'>,
): Promise<void> {
  const { entity, object, source, fields } = schema;
  const hash = createHash('sha256').update(canonicalJson({ object, source, fields })).digest('hex');
  await sql`
    insert into discovered_schema (tenant_id, connection_id, entity, hash, object, source, fields, run_id, first_seen, last_seen)
    values (${scope.tenantId}, ${scope.connectionId}, ${entity}, ${hash}, ${object}, ${source},
      ${JSON.stringify(fields)}::jsonb, ${scope.runId}, ${scope.at}, ${scope.at})
    on conflict (connection_id, entity, hash) do update set last_seen = excluded.last_seen`.execute(tx);
}

export interface LookRow {
  lookedAt: Date;
  runId: string | null;
  failure: { kind: string; message: string } | null;
  mappingVersions: Record<string, string>;
}

export async function lastLook(tx: Tx, connectionId: string): Promise<LookRow | null> {
  const found = await sql<LookRow>`
    select looked_at, run_id, failure, mapping_versions from schema_look where connection_id = ${connectionId}`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

export async function recordLook(
  tx: Tx,
  scope: SchemaScope,
  look: Pick<LookRow, 'failure' | 'mappingVersions'>,
): Promise<void> {
  await sql`
    insert into schema_look (connection_id, tenant_id, looked_at, run_id, failure, mapping_versions)
    values (${scope.connectionId}, ${scope.tenantId}, ${scope.at}, ${scope.runId},
      ${look.failure === null ? null : JSON.stringify(look.failure)}::jsonb, ${JSON.stringify(look.mappingVersions)}::jsonb)
    on conflict (connection_id) do update set looked_at = excluded.looked_at, run_id = excluded.run_id,
      failure = excluded.failure, mapping_versions = excluded.mapping_versions`.execute(tx);
}

export interface DriftRow {
  id: string;
  entity: Entity;
  direction: 'pull' | 'push';
  rule: string;
  fields: string[];
  path: string;
  kind: string;
  effect: 'held' | 'quarantine' | 'none';
  detail: string;
  before: Json;
  runId: string | null;
  since: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  resolvedAt: Date | null;
  resolution: 'returned' | 'mapping' | 'released' | null;
  resolvedBy: string | null;
}

const DRIFT_COLUMNS = sql`id, entity, direction, rule, fields, path, kind, effect, detail, before, run_id, since,
  acknowledged_at, acknowledged_by, resolved_at, resolution, resolved_by`;

export async function openDrift(tx: Tx, connectionId: string): Promise<DriftRow[]> {
  const found = await sql<DriftRow>`
    select ${DRIFT_COLUMNS} from schema_drift
    where connection_id = ${connectionId} and resolved_at is null
    order by since, entity, direction, rule, path`.execute(tx);
  return found.rows;
}

/** Open ones, or all that ever were, in the order they were found. */
export async function listDrift(
  tx: Tx,
  connectionId: string,
  page: { open: boolean; after: string | null; limit: number },
): Promise<DriftRow[]> {
  const found = await sql<DriftRow>`
    select ${DRIFT_COLUMNS} from schema_drift
    where connection_id = ${connectionId} and (not ${page.open}::boolean or resolved_at is null)
      and (${page.after}::uuid is null or id > ${page.after}::uuid)
    order by id limit ${page.limit}`.execute(tx);
  return found.rows;
}

export type NewDrift = Pick<
  DriftRow,
  'id' | 'entity' | 'direction' | 'rule' | 'fields' | 'path' | 'kind' | 'effect' | 'detail' | 'before'
>;

/** One that is open already keeps its date; its effect and its sentence follow. */
export async function noteDrift(tx: Tx, scope: SchemaScope, drifts: readonly NewDrift[]): Promise<void> {
  if (drifts.length === 0) return;
  await sql`
    insert into schema_drift (id, tenant_id, connection_id, entity, direction, rule, fields, path, kind, effect, detail, before, run_id, since)
    select id, ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, entity, direction, rule, fields, path, kind, effect, detail,
      before, ${scope.runId}::uuid, ${scope.at}::timestamptz
    from ${recordset(drifts, {
      id: 'uuid',
      entity: 'text',
      direction: 'text',
      rule: 'text',
      fields: 'text[]',
      path: 'text',
      kind: 'text',
      effect: 'text',
      detail: 'text',
      before: 'jsonb',
    })}
    on conflict (connection_id, entity, direction, rule, path, kind) where resolved_at is null
      do update set effect = excluded.effect, detail = excluded.detail, fields = excluded.fields`.execute(tx);
}

export async function resolveDrift(
  tx: Tx,
  ids: readonly string[],
  how: { resolution: NonNullable<DriftRow['resolution']>; by: string | null; at: string },
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update schema_drift set resolved_at = ${how.at}, resolution = ${how.resolution}, resolved_by = ${how.by}
    where id = any(${ids}::uuid[]) and resolved_at is null`.execute(tx);
}

export async function acknowledgeDrift(
  tx: Tx,
  ids: readonly string[],
  who: { by: string; at: string },
): Promise<void> {
  await sql`
    update schema_drift set acknowledged_at = ${who.at}, acknowledged_by = ${who.by}
    where id = any(${ids}::uuid[]) and acknowledged_at is null`.execute(tx);
}

/**
 * Records whose hub value of one of these fields left its base while the field was held: their changes were seen and set
 * aside, so nothing else would queue them.
 */
export async function enqueueDiffering(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  fields: readonly string[],
): Promise<void> {
  await sql`
    insert into push_queue (tenant_id, connection_id, entity, hub_id)
    select ${scope.tenantId}::uuid, l.connection_id, l.entity, l.hub_id
    from link l join hub_record h on h.id = l.hub_id
    where l.connection_id = ${scope.connectionId} and l.entity = ${scope.entity} and l.gone_at is null and h.deleted_at is null
      and exists (select from unnest(${fields}::text[]) f
        where coalesce(h.fields -> f, 'null') <> coalesce(coalesce(l.base_hub, h.fields) -> f, 'null'))
    on conflict (connection_id, hub_id) do update set not_before = '-infinity', attempts = 0, waits_hub_id = null`.execute(
    tx,
  );
}

/** Links of records that wait in quarantine forget their content, so that the next reading maps them again. */
export async function forgetQuarantinedContent(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`
    update link l set raw_hash = null from quarantine q
    where q.connection_id = ${connectionId} and q.entity = ${entity} and q.direction = 'pull' and q.closed_at is null
      and l.connection_id = q.connection_id and l.entity = q.entity and l.external_id = q.subject`.execute(
    tx,
  );
}

/** What the system changed in a held field went by unseen: the entity is read from its start before anything is written there. */
export async function wantReread(tx: Tx, scope: SchemaScope, entity: Entity): Promise<void> {
  await sql`
    insert into schema_look (connection_id, tenant_id, looked_at, reread)
    values (${scope.connectionId}, ${scope.tenantId}, ${scope.at}, jsonb_build_object(${entity}::text, 'wanted'))
    on conflict (connection_id) do update set reread = schema_look.reread || excluded.reread`.execute(tx);
}

/** The entity's reading began at its start: a later release wants another one. */
export async function beginReread(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`
    update schema_look set reread = reread || jsonb_build_object(${entity}::text, 'reading')
    where connection_id = ${connectionId} and reread ? ${entity}::text`.execute(tx);
}

/** The entity was read to its end. */
export async function endReread(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`
    update schema_look set reread = reread - ${entity}::text
    where connection_id = ${connectionId} and reread ->> ${entity}::text = 'reading'`.execute(tx);
}
