/**
 * `excavators` and `site:<machines>`: the pit as the owner keeps it in SAP. One site holds its machines and their repairs and
 * replacements (PM01, PM02); `excavators` every type, and the row that a comma broke. `orders:N`: synthetic ones, for benchmarks.
 */
import { plantOfSeed, readSeedName } from '../../kit/sandbox/index.ts';
import { callInside } from './call-inside.ts';
import { markParents } from './rules-asset.ts';
import { seedMeters, seedNotifications, seedPlans, seedStock } from './seed-books.ts';
import { seedOrders } from './seed-orders.ts';
import { seedPit, seedPumps } from './seed-places.ts';
import type { Service } from './services.ts';
import type { World } from './world.ts';

/** Newest orders of each machine that are still open. */
const OPEN_ORDERS = 18;

/** Seeds are written by a person long gone. */
export async function fill(world: World, services: readonly Service[], seed: string): Promise<void> {
  const name = readSeedName(seed);
  const whole = name.kind === 'site' && name.whole;
  const plant = await plantOfSeed(seed, {
    ...{ open: OPEN_ORDERS, openPerMachine: true, broken: true, mixed: true },
    keeps: ({ pmType }) => whole || pmType === 'PM01' || pmType === 'PM02',
  });
  const [service] = services;
  if (plant === null || service === undefined) return;
  const call = callInside(world, service, 'MIGRATION');
  if (plant.kind === 'pumps') seedOrders(call, plant, seedPumps(call, plant));
  else {
    const places = seedPit(call, plant);
    seedStock(call, plant);
    seedMeters(call, plant);
    seedPlans(call, plant);
    seedOrders(call, plant, places);
    seedNotifications(call, plant);
  }
  markParents(call);
}
