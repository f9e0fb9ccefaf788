/** Rows that hang on others, read for a whole page of parents at once. */
import type { JsonObject } from '../../domain/json.ts';
import { oneOf } from './pages.ts';
import type { Pages } from './pages.ts';
import { intOf, normalise } from './wire.ts';

/** Named, because a new row is asked for what it says when it is added. */
export const CHILD_FIELDS = {
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

export type ChildClass = keyof typeof CHILD_FIELDS;
/** All rows of a class that hang on the records in question, where they are known without asking. */
export type KnownChildren = Readonly<Partial<Record<ChildClass, readonly JsonObject[]>>>;

const PARENT: Readonly<Record<ChildClass, string>> = {
  WorkOrderTask: 'intWorkOrderID',
  WorkOrderAsset: 'intWorkOrderID',
  WorkOrderUser: 'intWorkOrderID',
  WorkOrderPart: 'intWorkOrderID',
  Stock: 'intAssetID',
  ScheduleTrigger: 'intScheduledMaintenanceID',
  ScheduledMaintenanceAsset: 'intScheduledMaintenanceID',
};

/** Ids in one condition: how long it may be is unknown. */
const IDS_MAX = 200;

export type Children = ReturnType<typeof createChildren>;

export function createChildren(pages: Pages) {
  /** Children of these parents by class and parent id, each list in the order of their ids. */
  return async function childrenOf<C extends ChildClass>(
    classes: readonly C[],
    ids: readonly number[],
    known: KnownChildren = {},
  ): Promise<Record<C, Map<number, JsonObject[]>>> {
    const found = new Map<C, JsonObject[]>(classes.map((name) => [name, [...(known[name] ?? [])]]));
    const open = classes.filter((name) => known[name] === undefined);
    for (let from = 0; from < ids.length && open.length > 0; from += IDS_MAX) {
      const some = ids.slice(from, from + IDS_MAX);
      const lists = await pages.together(
        open.map((className) => ({
          className,
          fields: CHILD_FIELDS[className],
          filters: [oneOf(PARENT[className], some)],
        })),
      );
      for (const [i, name] of open.entries()) found.get(name)?.push(...(lists[i] ?? []));
    }
    const grouped = classes.map((name) => [name, byParent(found.get(name) ?? [], PARENT[name])] as const);
    return Object.fromEntries(grouped) as Record<C, Map<number, JsonObject[]>>;
  };
}

function byParent(rows: readonly JsonObject[], field: string): Map<number, JsonObject[]> {
  return Map.groupBy(rows.map(normalise), (row) => intOf(row[field]) ?? 0);
}
