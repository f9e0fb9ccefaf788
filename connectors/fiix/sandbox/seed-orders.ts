/** `orders:N`: N synthetic work orders on fifty pumps at one site, each with its asset, for benchmarks. */
import { DAY_MS, type Plant } from '../../kit/sandbox/index.ts';
import { referenceOf, seedAsset, seedSites, TENANT_START_MS } from './seed-reference.ts';
import type { Store } from './store.ts';

const STATUSES = { new: 4, released: 3, started: 5, completed: 7, closed: 9 };
const PRIORITIES = ['High', 'Medium', 'Low'] as const;

export function seedOrders(store: Store, { machines, orders }: Plant): void {
  const reference = referenceOf(store);
  const [site = 0] = seedSites(store);
  const equipment = reference.category('Equipment');
  const inside = { intSiteID: site, intAssetLocationID: site };
  const pumps = new Map(
    machines.map(({ key, serial }) => {
      const names = { strName: `Pump ${key}`, strCode: `PUMP-${key}`, strSerialNumber: serial };
      return [key, seedAsset(store, equipment, { ...names, ...inside }, TENANT_START_MS)];
    }),
  );
  const types = { PM01: reference.type('Corrective'), PM02: reference.type('Preventive') };
  const statuses = new Map(Object.entries(STATUSES).map(([name, code]) => [name, reference.status(code)]));
  const priorities = PRIORITIES.map((name) => reference.priority(name));
  for (const { text, machine, state, urgency, kind, day, changed, open } of orders) {
    const pump = pumps.get(machine) ?? 0;
    const status = statuses.get(state);
    const order = store.add(
      'WorkOrder',
      {
        ...{ strCode: String(store.nextCode('WorkOrder')), strDescription: text, intSiteID: site },
        ...{ intWorkOrderStatusID: status, statusId: status, intPriorityID: priorities[(urgency ?? 3) - 1] },
        intMaintenanceTypeID: types[kind === 'PM02' ? 'PM02' : 'PM01'],
        ...{ dtmDateCreated: day, dtmDateLastModified: changed, dtmSuggestedStartDate: day + DAY_MS },
        ...{ dtmSuggestedCompletionDate: day + 3 * DAY_MS, dtmDateCompleted: open ? null : changed },
        ...{ strAssetIds: ` ${pump} `, strAssets: `Pump ${machine} (PUMP-${machine})`, bolLocked: 0 },
      },
      changed,
    );
    store.add('WorkOrderAsset', { intWorkOrderID: order.id, intAssetID: pump }, day);
  }
}
