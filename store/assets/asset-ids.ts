/** Assets by the ids that people use: the tag painted on the machine, else the hub's number. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Hub id of the live asset with this tag, number or hub id, in that order; of several with one tag the oldest. */
export async function findAssetByPublicId(tx: Tx, tenantId: string, assetId: string): Promise<string | null> {
  const byId = UUID.test(assetId)
    ? sql`union all select id, 3 from hub_record where id = ${assetId} and entity = 'asset' and deleted_at is null`
    : sql``;
  const found = await sql<{ id: string }>`
    select id from (
      (select id, 1 as rank from hub_record
        where tenant_id = ${tenantId} and entity = 'asset' and deleted_at is null and listed_tag = ${assetId}
        order by id limit 1)
      union all
      select id, 2 from hub_record
        where tenant_id = ${tenantId} and number = upper(${assetId}) and entity = 'asset' and deleted_at is null
      ${byId}
    ) candidate order by rank limit 1`.execute(tx);
  return found.rows[0]?.id ?? null;
}

/** Hub id to tag, or number where there is no tag; also of deleted assets, which old work still names. */
export async function loadPublicAssetIds(tx: Tx, hubIds: readonly string[]): Promise<Map<string, string>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<{ id: string; assetId: string }>`
    select id, coalesce(listed_tag, number) as asset_id from hub_record
    where id = any(${hubIds}::uuid[])`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row.assetId]));
}
