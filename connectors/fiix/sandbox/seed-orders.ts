/** `orders:N`: N synthetic work orders on fifty pumps at one site, each with its asset, for benchmarks. */
import { referenceOf, seedAsset, seedSites } from './seed-reference.ts';
import type { Store } from './store.ts';

const PUMPS = 50;
const FIRST_MS = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;
const FAULTS = ['leaks', 'vibrates', 'runs hot', 'does not start', 'lost pressure', 'is worn'] as const;
const STATUSES = [4, 3, 5, 6, 7, 7, 7, 9] as const;
const PRIORITIES = ['High', 'Medium', 'Low', 'Lowest'] as const;

export function seedOrders(store: Store, count: number): void {
  const reference = referenceOf(store);
  const [site = 0] = seedSites(store);
  const equipment = reference.category('Equipment');
  const pumps = Array.from({ length: PUMPS }, (_, i) => {
    const fields = { strName: `Pump ${i}`, strCode: `PUMP-${i}`, strSerialNumber: `P-${10_000 + i}` };
    return seedAsset(store, equipment, { ...fields, intSiteID: site, intAssetLocationID: site }, FIRST_MS);
  });
  const statuses = STATUSES.map((code) => reference.status(code));
  const closed = new Set([reference.status(7), reference.status(9)]);
  const priorities = PRIORITIES.map((name) => reference.priority(name));
  const types = [reference.type('Corrective'), reference.type('Preventive')];
  for (let i = 0; i < count; i += 1) {
    const reported = FIRST_MS + i * 420_000;
    const status = statuses[i % statuses.length] ?? 0;
    const ended = closed.has(status);
    const changed = reported + (ended ? 2 * DAY_MS : 0);
    const pump = i % PUMPS;
    const assetId = pumps[pump] ?? 0;
    const code = String(store.nextCode('WorkOrder'));
    const order = store.add(
      'WorkOrder',
      {
        strCode: code,
        strDescription: `Pump ${pump} ${FAULTS[i % FAULTS.length] ?? ''}: inspect and repair (${i})`,
        intSiteID: site,
        intWorkOrderStatusID: status,
        statusId: status,
        intPriorityID: priorities[i % priorities.length],
        intMaintenanceTypeID: types[i % types.length],
        dtmDateCreated: reported,
        dtmDateLastModified: changed,
        dtmSuggestedStartDate: reported + DAY_MS,
        dtmSuggestedCompletionDate: reported + 3 * DAY_MS,
        dtmDateCompleted: ended ? changed : null,
        strAssetIds: ` ${assetId} `,
        strAssets: `Pump ${pump} (PUMP-${pump})`,
        bolLocked: 0,
      },
      changed,
    );
    store.add('WorkOrderAsset', { intWorkOrderID: order.id, intAssetID: assetId }, reported);
  }
}
