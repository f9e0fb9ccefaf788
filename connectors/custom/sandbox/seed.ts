/** What the system holds when it starts: `empty`, `excavators`, `site:<letters>` or `orders:N`. */
import { loadExcavatorOrders, readSeedName } from '../../kit/sandbox/index.ts';
import { putRecord } from './put-record.ts';
import { seedPit } from './seed-pit.ts';
import type { Store } from './store.ts';

/** Synthetic orders start here, one second apart. */
const EPOCH_MS = Date.UTC(2025, 0, 1);

function seedOrders(store: Store, count: number): void {
  const plant = putRecord(store, 'locations', { code: 'SYN', name: 'Synthetic plant' }, EPOCH_MS).id;
  const assets = Array.from({ length: 10 }, (_, i) => {
    const values = {
      name: `Pump ${i + 1}`,
      asset_tag: `PU-${i + 1}`,
      serial_number: `SYN-${i + 1}`,
      location_id: plant,
    };
    return putRecord(store, 'assets', values, EPOCH_MS + i).id;
  });
  const priorities = ['low', 'medium', 'high', 'critical'];
  for (let i = 0; i < count; i += 1) {
    const at = EPOCH_MS + i * 1000;
    const values = {
      work_order_number: `SYN-${i + 1}`,
      title: `Synthetic order ${i + 1}`,
      description: 'Check, tighten and report. Made for measuring.',
      status: 'open',
      priority: priorities[i % priorities.length],
      asset_id: assets[i % assets.length],
      location_id: plant,
      due_date: new Date(EPOCH_MS + (i % 365) * 86_400_000).toISOString(),
    };
    putRecord(store, 'work-orders', values, at);
  }
}

export async function seedStore(store: Store, seed: string): Promise<void> {
  const name = readSeedName(seed);
  if (name.kind === 'site') seedPit(store, await loadExcavatorOrders(), name.site);
  else if (name.kind === 'orders') seedOrders(store, name.count);
  else putRecord(store, 'people', { name: 'Integration', email: 'integration@pitmine.example' }, EPOCH_MS);
}
