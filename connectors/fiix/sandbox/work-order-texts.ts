/** The read-only texts a record carries about others: assets and people of a work order, people of a plan, totals of a part. */
import { nameOf } from './display.ts';
import type { ClassName } from './schema.ts';
import type { Changes, Store } from './store.ts';
import type { Row } from './store.ts';

/** `" 9 78 675 "`; nothing when there are none (contract 3.2). */
function idText(rows: readonly Row[]): string | null {
  return rows.length === 0 ? null : ` ${rows.map(({ id }) => id).join(' ')} `;
}

function nameText(className: ClassName, rows: readonly Row[]): string | null {
  return rows.length === 0 ? null : rows.map((row) => nameOf(className, row) ?? '').join(', ');
}

function linked(
  store: Store,
  link: ClassName,
  owner: { column: string; id: number },
  target: { column: string; className: ClassName },
): Row[] {
  return store
    .referring(link, owner.column, owner.id)
    .flatMap((row) => store.get(target.className, row.fields[target.column]) ?? []);
}

export function workOrderTexts(store: Store, workOrder: Row): Changes {
  const owner = { column: 'intWorkOrderID', id: workOrder.id };
  const assets = linked(store, 'WorkOrderAsset', owner, { column: 'intAssetID', className: 'Asset' });
  const users = linked(store, 'WorkOrderUser', owner, { column: 'intUserID', className: 'User' });
  const completedBy = store.get('User', workOrder.fields['intCompletedByUserID']);
  const completers = completedBy === undefined ? [] : [completedBy];
  return {
    strAssetIds: idText(assets),
    strAssets: nameText('Asset', assets),
    strAssignedUserIds: idText(users),
    strAssignedUsers: nameText('User', users),
    strCompletedByUserIds: idText(completers),
    strCompletedByUsers: nameText('User', completers),
  };
}

/** `quiet` leaves `intUpdated` alone. */
export function refreshWorkOrder(store: Store, id: unknown, quiet: boolean): void {
  const workOrder = store.get('WorkOrder', id);
  if (workOrder !== undefined) store.replace('WorkOrder', workOrder, workOrderTexts(store, workOrder), quiet);
}

export function refreshPlan(store: Store, id: unknown): void {
  const plan = store.get('ScheduledMaintenance', id);
  if (plan === undefined) return;
  const users = linked(
    store,
    'ScheduledMaintenanceUser',
    { column: 'intScheduledMaintenanceID', id: plan.id },
    { column: 'intUserID', className: 'User' },
  );
  store.replace('ScheduledMaintenance', plan, { strAssignedUserIds: idText(users) }, true);
}

/** Somebody renamed what work orders name. */
export function refreshNames(store: Store, className: 'Asset' | 'User', id: number): void {
  const [link, column] =
    className === 'Asset'
      ? (['WorkOrderAsset', 'intAssetID'] as const)
      : (['WorkOrderUser', 'intUserID'] as const);
  for (const row of store.referring(link, column, id)) {
    refreshWorkOrder(store, row.fields['intWorkOrderID'], true);
  }
}

/** The totals of a part over its stocks. */
export function refreshPart(store: Store, id: unknown): void {
  const part = store.get('Asset', id);
  if (part === undefined) return;
  const stocks = store.referring('Stock', 'intAssetID', part.id);
  const sum = (column: string): number =>
    stocks.reduce((total, stock) => total + Number(stock.fields[column] ?? 0), 0);
  const totals =
    stocks.length === 0
      ? { qtyStockCount: null, qtyMinStockCount: null }
      : { qtyStockCount: sum('qtyOnHand'), qtyMinStockCount: sum('qtyMinQty') };
  store.replace('Asset', part, totals, true);
}
