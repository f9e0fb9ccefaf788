/** Everything known about one hub record over all systems, for a person who asks why a field has its value. Reads only. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';
import type { HubRecord } from '../hub/hub-records.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Those that can be ids: comparing ids as text instead would read the whole table. */
function uuidsOf(texts: readonly string[]): string[] {
  return texts.filter((text) => UUID.test(text));
}

/** By number, e.g. `WO-000123`, or by id. Numbers differ between entities by their prefix. */
export async function findHubRecord(tx: Tx, numberOrId: string): Promise<HubRecord | null> {
  const found = await sql<HubRecord>`
    select id, entity, number, fields, field_at, version, created_at, updated_at, deleted_at
    from hub_record where number = upper(${numberOrId}) or id = any(${uuidsOf([numberOrId])}::uuid[])`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

/** Numbers and ids of one entity to hub ids. */
export async function resolveNumbers(
  tx: Tx,
  entity: Entity,
  wanted: readonly string[],
): Promise<Map<string, string>> {
  if (wanted.length === 0) return new Map();
  const found = await sql<{ id: string; number: string }>`
    select id, number from hub_record
    where entity = ${entity} and deleted_at is null
      and (number = any(${wanted}) or id = any(${uuidsOf(wanted)}::uuid[]))`.execute(tx);
  return new Map(found.rows.flatMap(({ id, number }) => [[id, id] as const, [number, id] as const]));
}

/** What people read instead of an id: hub id to number and name. */
export async function namesOf(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { number: string; name: string | null }>> {
  const found = await sql<{ id: string; number: string; name: string | null }>`
    select id, number, coalesce(fields ->> 'name', fields ->> 'title') as name
    from hub_record where id = any(${uuidsOf(ids)}::uuid[])`.execute(tx);
  return new Map(found.rows.map(({ id, number, name }) => [id, { number, name }]));
}

export interface LinkView {
  connectionId: string;
  connection: string;
  system: string;
  externalId: string;
  externalNumber: string | null;
  externalUpdatedAt: Date | null;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  hubVersion: number;
  goneAt: Date | null;
}

export async function linksOfRecord(tx: Tx, hubId: string): Promise<LinkView[]> {
  const found = await sql<LinkView>`
    select l.connection_id, k.name as connection, k.system, l.external_id, l.external_number, l.external_updated_at,
      coalesce(l.base_hub, h.fields) as base_hub, coalesce(l.base_external, l.base_hub, h.fields) as base_external, l.hub_version, l.gone_at
    from link l join connection k on k.id = l.connection_id join hub_record h on h.id = l.hub_id where l.hub_id = ${hubId} order by k.name`.execute(
    tx,
  );
  return found.rows;
}

export interface LogView {
  seq: number;
  runId: string;
  connection: string | null;
  externalId: string | null;
  direction: 'pull' | 'push';
  action: string;
  decisions: Json;
  at: Date;
}

/** What was decided about a record, newest first. A page that made it is found by the connection and the moment that did. */
export async function logOfRecord(tx: Tx, hubId: string, limit: number): Promise<LogView[]> {
  const found = await sql<LogView>`
    select g.seq, g.run_id, k.name as connection, g.external_id, g.direction, g.action, g.decisions, g.at from (
      select seq, run_id, connection_id, external_id, direction, action, decisions, at from record_log where hub_id = ${hubId}
      union all
      select p.seq + u.place - 1, p.run_id, p.connection_id, u.external_id, p.direction, p.action, null, p.at
      from hub_record h join log_page p on p.connection_id = h.origin_connection_id and p.at = h.created_at
        cross join lateral unnest(p.external_ids, p.hub_ids) with ordinality as u(external_id, hub_id, place)
      where h.id = ${hubId} and u.hub_id = h.id
    ) g left join connection k on k.id = g.connection_id
    order by g.seq desc limit ${limit}`.execute(tx);
  return found.rows;
}

export interface CommentView {
  id: string;
  text: string;
  author: string | null;
  at: Date;
  /** Connection name to state there. */
  states: Record<string, string>;
}

export async function commentsOfRecord(tx: Tx, hubId: string): Promise<CommentView[]> {
  const found = await sql<CommentView>`
    select c.id, c.text, c.author, c.at, coalesce(jsonb_object_agg(k.name, l.state) filter (where k.name is not null), '{}') as states
    from hub_comment c
    left join comment_link l on l.hub_comment_id = c.id left join connection k on k.id = l.connection_id
    where c.hub_id = ${hubId} group by c.id order by c.at, c.id`.execute(tx);
  return found.rows;
}

export interface WaitView {
  connection: string;
  /** Number of the record whose link must exist first; null when the push waits for nothing but its turn. */
  waitsFor: string | null;
  attempts: number;
}

/** Pushes of a record that have not happened yet. */
export async function pushesOfRecord(tx: Tx, hubId: string): Promise<WaitView[]> {
  const found = await sql<WaitView>`
    select k.name as connection, w.number as waits_for, q.attempts
    from push_queue q join connection k on k.id = q.connection_id left join hub_record w on w.id = q.waits_hub_id
    where q.hub_id = ${hubId} order by k.name`.execute(tx);
  return found.rows;
}
