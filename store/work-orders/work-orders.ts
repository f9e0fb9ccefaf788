/** What work orders need beside their records: the numbers of parts, and their conversation in pages. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface PartFacts {
  id: string;
  partNumber: string | null;
  number: string;
  name: string;
  unitCost: number | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Live parts with this hub id, number or part number; two at most, since more than one is no answer. */
export async function findParts(tx: Tx, tenantId: string, text: string): Promise<PartFacts[]> {
  const ids = UUID.test(text) ? [text] : [];
  const found = await sql<PartFacts>`
    select id, listed_part_number as part_number, number, fields->>'name' as name,
      (fields->>'unitCost')::float8 as unit_cost
    from hub_record where entity = 'part' and deleted_at is null and id in (
      select id from hub_record where id = any(${ids}::uuid[])
      union select id from hub_record where tenant_id = ${tenantId} and number = ${text}
      union select id from hub_record
        where tenant_id = ${tenantId} and entity = 'part' and deleted_at is null and listed_part_number = ${text}
    ) order by id limit 2`.execute(tx);
  return found.rows;
}

/** Hub id to part number, or the hub's number where there is none. */
export async function loadPartNumbers(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await sql<{ id: string; partNumber: string }>`
    select id, coalesce(listed_part_number, number) as part_number from hub_record
    where id = any(${ids}::uuid[])`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row.partNumber]));
}

export interface CommentRow {
  id: string;
  text: string;
  author: string | null;
  at: Date;
}

/** Oldest first. */
export async function listComments(
  tx: Tx,
  hubId: string,
  page: { after: { at: string; id: string } | null; limit: number },
): Promise<CommentRow[]> {
  const { after, limit } = page;
  const beyond = after === null ? sql`true` : sql`(at, id) > (${after.at}::timestamptz, ${after.id}::uuid)`;
  const found = await sql<CommentRow>`
    select id, text, author, at from hub_comment where hub_id = ${hubId} and ${beyond}
    order by at, id limit ${limit}`.execute(tx);
  return found.rows;
}

export async function loadComment(tx: Tx, id: string): Promise<CommentRow | null> {
  const found = await sql<CommentRow>`select id, text, author, at from hub_comment where id = ${id}`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}
