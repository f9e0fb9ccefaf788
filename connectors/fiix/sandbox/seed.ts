/** The seeds: `empty`, `excavators`, `site:<letters>`, `orders:N`. */
import { loadExcavatorOrders } from '../../kit/sandbox/index.ts';
import { isMachine, MACHINE_LETTERS } from './seed-machines.ts';
import { seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { seedReference, seedSites } from './seed-reference.ts';
import type { Store } from './store.ts';

/** Fills the tenant and returns the id of the keys' user. */
export async function seedTenant(store: Store, seed: string): Promise<number> {
  const orders = /^orders:(\d+)$/.exec(seed)?.[1];
  const site = /^site:([A-Z]+)$/.exec(seed)?.[1];
  const letters = seed === 'excavators' ? [...MACHINE_LETTERS] : Array.from(site ?? '');
  const known = letters.every(isMachine) && new Set(letters).size === letters.length;
  if (seed !== 'empty' && orders === undefined && (letters.length === 0 || !known)) {
    throw new TypeError(
      `The seed "${seed}" is unknown; use empty, excavators, site:<letters of A to E> or orders:<number>.`,
    );
  }
  const basics = seedReference(store);
  if (orders !== undefined) seedOrders(store, Number(orders));
  else if (letters.length > 0) {
    seedExcavators(store, { letters, orders: await loadExcavatorOrders(), ...basics });
  } else seedSites(store);
  return basics.apiUserId;
}
