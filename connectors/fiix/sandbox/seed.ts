/** The seeds: `empty`, `excavators`, `site:<letters>`, `orders:N`. */
import { loadExcavatorOrders, readSeedName } from '../../kit/sandbox/index.ts';
import { seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { seedReference, seedSites } from './seed-reference.ts';
import type { Store } from './store.ts';

/** Fills the tenant and returns the id of the keys' user. */
export async function seedTenant(store: Store, seed: string): Promise<number> {
  const name = readSeedName(seed);
  const basics = seedReference(store);
  if (name.kind === 'orders') seedOrders(store, name.count);
  else if (name.kind === 'site') {
    seedExcavators(store, { site: name.site, orders: await loadExcavatorOrders(), ...basics });
  } else seedSites(store);
  return basics.apiUserId;
}
