/** What the system holds when it starts, and in which sites. */
import { readSeedName } from '../../kit/sandbox/index.ts';
import type { Database } from './database.ts';
import { seedBasics } from './seed-basics.ts';
import { PIT_SITE, seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { seedTwoSites, TWO_SITES } from './seed-two-sites.ts';

const SITE = 'BEDFORD';
const TWINS = 'two-sites';

/** The sites whose records the users of the sandbox see, their own first. */
export function sitesOf(seed: string): readonly string[] {
  if (seed === TWINS) return TWO_SITES;
  return [seed === 'excavators' || seed.startsWith('site:') ? PIT_SITE : SITE];
}

export async function seedDatabase(db: Database, seed: string, now: number): Promise<void> {
  const [site = SITE] = sitesOf(seed);
  const name = seed === TWINS ? null : readSeedName(seed);
  seedBasics(db, site, now);
  if (name === null) seedTwoSites(db, now);
  else if (name.kind === 'orders') seedOrders(db, site, name.count);
  else if (name.kind === 'site') await seedExcavators(db, seed);
}
