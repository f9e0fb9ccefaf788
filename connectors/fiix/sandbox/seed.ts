/** The seeds: `empty`, `excavators`, `site:<letters>`, `orders:N`. */
import { EXCAVATORS, loadExcavatorOrders, readExcavatorSite } from '../../kit/sandbox/index.ts';
import { seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { seedReference, seedSites } from './seed-reference.ts';
import type { Store } from './store.ts';

/** Fills the tenant and returns the id of the keys' user. */
export async function seedTenant(store: Store, seed: string): Promise<number> {
  const orders = /^orders:(\d+)$/.exec(seed)?.[1];
  const site = seed === 'excavators' ? { machines: [...EXCAVATORS], visiting: [] } : readExcavatorSite(seed);
  if (seed !== 'empty' && orders === undefined && site === null) {
    throw new TypeError(
      `The seed "${seed}" is unknown; use empty, excavators, site:<letters of A to E>[+<letters of visitors>] or orders:<number>.`,
    );
  }
  const basics = seedReference(store);
  if (orders !== undefined) seedOrders(store, Number(orders));
  else if (site !== null) {
    seedExcavators(store, { site, orders: await loadExcavatorOrders(), ...basics });
  } else seedSites(store);
  return basics.apiUserId;
}
