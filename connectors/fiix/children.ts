/** Rows that hang on others, read for a whole page of parents at once. */
import type { JsonObject } from '../../domain/json.ts';
import type { Pages } from './pages.ts';
import { intOf, normalise } from './wire.ts';

const FIELDS = {
  WorkOrderTask:
    'id, intWorkOrderID, intTaskType, intOrder, strDescription, intAssetID, intAssignedToUserID, dblTimeEstimatedHours, dblTimeSpentHours, dtmStartDate, dtmDateCompleted, intCompletedByUserID, strResult, intMeterReadingUnitID, strTaskNotesCompletion, intUpdated',
  WorkOrderAsset: 'id, intWorkOrderID, intAssetID, intUpdated',
  WorkOrderUser: 'id, intWorkOrderID, intUserID',
  WorkOrderPart:
    'id, intWorkOrderID, intAssetID, intPartID, intStockID, qtySuggestedQuantity, qtyActualQuantityUsed, intUpdated',
  Stock:
    'id, intAssetID, intFacilityID, qtyOnHand, qtyMinQty, qtyMaxQty, strAisle, strRow, strBin, bolDeactivated, intUpdated',
  ScheduleTrigger: '*',
  ScheduledMaintenanceAsset: 'id, intScheduledMaintenanceID, intAssetID, intUpdated',
} as const;

export type Children = ReturnType<typeof createChildren>;

export function createChildren(pages: Pages) {
  /** Children of these parents by parent id, each list in the order of their ids. */
  return async function childrenOf(
    className: keyof typeof FIELDS,
    field: string,
    ids: readonly number[],
  ): Promise<Map<number, JsonObject[]>> {
    const rows = await pages.allOf({ className, fields: FIELDS[className] }, field, ids);
    const byParent = new Map<number, JsonObject[]>();
    for (const row of rows.map(normalise)) {
      const parent = intOf(row[field]) ?? 0;
      const siblings = byParent.get(parent);
      if (siblings) siblings.push(row);
      else byParent.set(parent, [row]);
    }
    return byParent;
  };
}
