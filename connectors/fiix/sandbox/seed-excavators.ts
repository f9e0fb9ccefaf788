/**
 * `excavators` and `site:<letters>`: the real work orders of the named machines (data/README.md keeps the attribution), as
 * the crew of the pit would hold them in Fiix. The row an unquoted comma broke is kept, and says so in its notes.
 */
import { ordersOfSite, type ExcavatorOrder, type ExcavatorSite } from '../../kit/sandbox/index.ts';
import {
  seedMachines,
  seedParts,
  seedPeople,
  seedPlaces,
  seedPlans,
  seedReadings,
  seedRequests,
} from './seed-machines.ts';
import { referenceOf, type Basics } from './seed-reference.ts';
import type { Store } from './store.ts';
import type { Value } from './store.ts';
import { workOrderTexts } from './work-order-texts.ts';

/** How many of the newest orders of all machines are not closed. */
const OPEN_ORDERS = 90;
/** System codes of their statuses, newest first, and again. */
const OPEN_STATUSES = [4, 3, 5] as const;
const CLOSED = 7;
const GROUPS: Readonly<Record<number, number>> = { 3: 101, 4: 101, 5: 101, 7: 102 };

const TYPES = {
  PM01: 'Corrective',
  PM02: 'Preventive',
  PM04: 'Damage',
  PM05: 'Inspection',
  PM13: 'Project',
} as const;

function typeOf(pmType: string): (typeof TYPES)[keyof typeof TYPES] | 'Other' {
  return Object.hasOwn(TYPES, pmType) ? TYPES[pmType as keyof typeof TYPES] : 'Other';
}

function priorityOf({ failureMode }: ExcavatorOrder): 'Highest' | 'High' | 'Medium' | null {
  if (failureMode === null) return null;
  if (/Fail to|Smoke|Over Temp/.test(failureMode)) return 'Highest';
  return /Leak|Structural/.test(failureMode) ? 'High' : 'Medium';
}

interface Site extends Basics {
  site: ExcavatorSite;
  orders: readonly ExcavatorOrder[];
}

interface OrderSeed {
  order: ExcavatorOrder;
  /** 0 for the newest of all. */
  fromNewest: number;
  site: number;
  asset: number;
  crew: readonly [number, number, number];
}

function seedOrder(store: Store, { order, fromNewest, site, asset, crew }: OrderSeed): void {
  const reference = referenceOf(store);
  const day = Date.parse(`${order.date}T00:00:00Z`);
  const live = fromNewest < OPEN_ORDERS;
  const code = live ? (OPEN_STATUSES[fromNewest % OPEN_STATUSES.length] ?? 4) : CLOSED;
  const sound = order.broken === null;
  const priority = sound ? priorityOf(order) : null;
  const mechanic = crew[order.line % 3] ?? crew[0];
  const completed: Record<string, Value> = live
    ? {}
    : { dtmDateCompleted: day, intCompletedByUserID: mechanic };
  const row = store.add(
    'WorkOrder',
    {
      strCode: String(store.nextCode('WorkOrder')),
      strDescription: order.text,
      strAdminNotes: sound ? null : `Imported row ${order.line}: ${order.broken ?? ''}.`,
      intSiteID: site,
      intWorkOrderStatusID: reference.status(code),
      intWorkOrderStatusGroup: GROUPS[code],
      statusId: reference.status(code),
      intPriorityID: priority === null ? null : reference.priority(priority),
      intMaintenanceTypeID: sound ? reference.type(typeOf(order.pmType)) : null,
      dtmDateCreated: day,
      dtmDateLastModified: day,
      dtmSuggestedCompletionDate: day,
      bolLocked: 0,
      strUuid: `f11c5a4d-3000-4000-8000-${String(order.line).padStart(12, '0')}`,
      ...completed,
    },
    day + 8 * 3_600_000 + order.line,
  );
  const owner = { intWorkOrderID: row.id };
  store.add('WorkOrderAsset', { ...owner, intAssetID: asset }, day);
  if (live) store.add('WorkOrderUser', { ...owner, intUserID: mechanic, bolNotifyOnAssignment: 0 });
  seedCosts(store, row.id, order, live ? null : { at: day, by: mechanic });
  store.replace('WorkOrder', row, workOrderTexts(store, row), true);
}

/** Two fifths of the cost are material, the rest labour at 80 an hour. */
function seedCosts(
  store: Store,
  workOrder: number,
  order: ExcavatorOrder,
  done: { at: number; by: number } | null,
): void {
  const cost = order.broken === null ? (order.cost ?? 0) : 0;
  if (cost <= 0) return;
  const day = Date.parse(`${order.date}T00:00:00Z`);
  const material = Math.round(cost * 40) / 100;
  store.add(
    'WorkOrderTask',
    {
      intWorkOrderID: workOrder,
      intTaskType: 0,
      intOrder: 1,
      strDescription: order.action ?? 'Repair',
      dblTimeSpentHours: Math.round((cost - material) / 8) / 10,
      dtmStartDate: day,
      dtmDateCompleted: done?.at,
      intCompletedByUserID: done?.by,
    },
    day,
  );
  const type = store.tables.rows('MiscCostType')[0];
  store.add(
    'MiscCost',
    {
      intWorkOrderID: workOrder,
      intMiscCostTypeID: type?.id,
      strDescription: 'Material',
      qtyQuantity: 1,
      dblActualUnitCost: material,
      dblActualTotalCost: material,
    },
    day,
  );
}

export function seedExcavators(store: Store, { site, orders, guestId }: Site): void {
  const places = seedPlaces(store);
  const people = seedPeople(store, places.site);
  const [planner = 0, mechanic = 0, second = 0, electrician = 0, , operator = planner] = people;
  const machines = seedMachines(store, site.machines, places);
  seedParts(store, places);
  seedReadings(store, machines, mechanic);
  seedPlans(store, machines, places, mechanic);
  const byDate = [...orders].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.line - b.line));
  const held = new Set(ordersOfSite(orders, site));
  byDate.forEach((order, rank) => {
    const asset = machines.get(order.asset);
    if (asset === undefined || !held.has(order)) return;
    const fromNewest = byDate.length - 1 - rank;
    const crew = [mechanic, second, electrician] as const;
    seedOrder(store, { order, fromNewest, site: places.site, asset, crew });
  });
  seedRequests(store, machines, places, { operator, guest: guestId });
}
