/** Public asset ids (tag, else number) and hub ids, both ways. */
import { findAssetByPublicId, loadPublicAssetIds } from '../../store/assets/asset-ids.ts';
import type { Tx } from '../../store/index.ts';

/** Hub id by tag, number or hub id; null when no live asset has it. */
export async function findAssetId(tx: Tx, tenantId: string, assetId: string): Promise<string | null> {
  return findAssetByPublicId(tx, tenantId, assetId);
}

/** Hub id to public id. */
export async function assetIdsOf(tx: Tx, hubIds: readonly string[]): Promise<Map<string, string>> {
  return loadPublicAssetIds(tx, [...new Set(hubIds)]);
}
