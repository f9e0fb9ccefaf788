/** What was done: completed work orders, newest first. The orders themselves are the history, so that corrections count. */
import { Failure } from '../../domain/kernel/failure.ts';
import { listDoneWork } from '../../store/maintenance/maintenance.ts';
import { findAssetId } from '../assets/asset-ids.ts';
import type { PersonDeps } from '../person.ts';
import { viewOrders, type OrderView } from '../work-orders/view.ts';

export interface AssetChoice {
  /** A filter: of an asset that there is not, nothing was done. */
  assetId?: string | undefined;
  /** An address: an asset that there is not is a failure. */
  atAsset?: string | undefined;
}

export interface HistoryQuery extends AssetChoice {
  scheduleId?: string | undefined;
  type?: string | undefined;
  /** Bounds of the completion, both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
}

export async function maintenanceHistory(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  query: HistoryQuery,
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<OrderView[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const { assetId: filter, atAsset, ...rest } = query;
    const wanted = atAsset ?? filter;
    const assetId = wanted === undefined ? undefined : await findAssetId(tx, deps.tenantId, wanted);
    if (assetId === null) {
      if (atAsset === undefined) return [];
      throw new Failure('not_found', `There is no asset "${atAsset}".`);
    }
    return viewOrders(deps, tx, await listDoneWork(tx, deps.tenantId, { ...rest, assetId }, page));
  });
}
