/** The seeds: `empty`, `excavators`, `site:<letters>`, `orders:N`. */
import { plantOfSeed } from '../../kit/sandbox/index.ts';
import { seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { seedReference, seedSites } from './seed-reference.ts';
import type { Store } from './store.ts';

/** Of each machine. */
const OPEN_ORDERS = 18;

/** Fills the tenant and returns the id of the keys' user. */
export async function seedTenant(store: Store, seed: string): Promise<number> {
  const plant = await plantOfSeed(seed, {
    ...{ open: OPEN_ORDERS, openPerMachine: true, broken: true, mixed: true },
  });
  const basics = seedReference(store);
  if (plant === null) seedSites(store);
  else if (plant.kind === 'pumps') seedOrders(store, plant);
  else seedExcavators(store, plant, basics);
  return basics.apiUserId;
}
