/** What was done: completed work orders, newest first. The orders themselves are the history, so that corrections count. */
import { listDoneWork } from '../../store/maintenance.ts';
import { findAssetId } from './asset-ids.ts';
import type { PersonDeps } from './person.ts';
import { viewOrders, type OrderView } from './work-orders-view.ts';

export interface HistoryQuery {
  /** Public id of an asset. */
  assetId?: string | undefined;
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
    const { assetId: wanted, ...rest } = query;
    const assetId = wanted === undefined ? undefined : await findAssetId(tx, deps.tenantId, wanted);
    if (assetId === null) return [];
    return viewOrders(deps, tx, await listDoneWork(tx, deps.tenantId, { ...rest, assetId }, page));
  });
}
