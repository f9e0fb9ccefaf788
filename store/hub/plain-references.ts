/** Finds records by what people write for them: hub id, number, or one of the fields that name such a record. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';
import { columnOf } from './record-list.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Live records this text may mean, the surest first; `keys` are fields of the entity with an index, in order of sureness. */
export async function findNamed(
  tx: Tx,
  tenantId: string,
  entity: Entity,
  keys: readonly string[],
  text: string,
): Promise<{ id: string; rank: number }[]> {
  const ids = UUID.test(text) ? [text] : [];
  const live = sql`tenant_id = ${tenantId} and entity = ${sql.lit(entity)} and deleted_at is null`;
  const byKey = keys.map(
    (key, index) =>
      sql`union all select id, ${sql.lit(index + 3)} from hub_record where ${live} and ${columnOf(entity, key)} = ${key === 'email' ? text.toLowerCase() : text}`,
  );
  const found = await sql<{ id: string; rank: number }>`
    select id, min(rank)::int as rank from (
      select id, 1 as rank from hub_record where id = any(${ids}::uuid[]) and ${live}
      union all
      select id, 2 from hub_record where tenant_id = ${tenantId} and number = upper(${text}) and ${live}
      ${sql.join(byKey, sql` `)}
    ) candidate group by id order by rank, id limit 2`.execute(tx);
  return found.rows;
}

/** Whether `id` is `ancestor` or stands below it. Walks up; a circle that came from a vendor ends the walk. */
export async function standsBelow(tx: Tx, id: string, ancestor: string): Promise<boolean> {
  const found = await sql<{ below: boolean }>`
    with recursive above (id) as (
      select ${id}::uuid
      union
      select h.listed_parent::uuid from hub_record h join above on h.id = above.id where h.listed_parent is not null
    ) select exists (select from above where id = ${ancestor}::uuid) as below`.execute(tx);
  return found.rows[0]?.below ?? false;
}

export interface TreeRow {
  id: string;
  parent: string | null;
  depth: number;
}

/** Records below `root` (null: those without a parent, and what is below them), level by level, at most `limit`. */
export async function loadTree(
  tx: Tx,
  tenantId: string,
  entity: Entity,
  root: string | null,
  bounds: { depth: number; limit: number },
): Promise<TreeRow[]> {
  const live = sql`h.tenant_id = ${tenantId} and h.entity = ${sql.lit(entity)} and h.deleted_at is null`;
  const start =
    root === null ? sql`${live} and h.listed_parent is null` : sql`${live} and h.id = ${root}::uuid`;
  const found = await sql<TreeRow>`
    with recursive tree (id, parent, depth, key) as (
      select h.id, h.listed_parent::uuid, 0, h.id::text collate "C" from hub_record h where ${start}
      union all
      select h.id, tree.id, tree.depth + 1, h.id::text collate "C" from tree
        join hub_record h on h.listed_parent = tree.key and ${live}
      where tree.depth < ${bounds.depth}
    ) cycle id set circular using path
    select id, parent, depth from tree where not circular order by depth, id limit ${bounds.limit}`.execute(
    tx,
  );
  return found.rows;
}
