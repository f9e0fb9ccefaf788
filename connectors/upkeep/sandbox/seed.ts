/** What an account holds when it starts: `empty`, `excavators`, `site:<letters>`, or `orders:N`. */
import { loadExcavatorOrders, readExcavatorSite } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import { seedExcavators } from './seed-excavators.ts';

export const ADMIN = {
  email: 'integration@pitmine.example',
  password: 'pitmine-integration',
  /** A long-lived API token of the admin (contract 1.3). */
  token: 'upk-static-4f1d0c9b7a2e4c61',
} as const;

const CATEGORIES = [
  'Damage',
  'Electrical',
  'Inspection',
  'Mechanical',
  'Meter Reading',
  'Preventative',
  'Project',
  'Safety',
] as const;

/** Synthetic orders start here, one second apart. */
const EPOCH_MS = Date.UTC(2025, 0, 1);

function seedAdmin({ store }: Account): string {
  const fields = { email: ADMIN.email, accountType: 'ADMIN', firstName: 'Integration', lastName: 'Admin' };
  const at = { createdAt: '2001-01-01T00:00:00.000Z', updatedAt: '2001-01-01T00:00:00.000Z' };
  return store.add('users', fields, { password: ADMIN.password }, at).id;
}

/** N open orders on ten assets at one site. */
function seedOrders({ store }: Account, count: number): void {
  const at = (i: number): { createdAt: string; updatedAt: string } => {
    const stamp = new Date(EPOCH_MS + i * 1_000).toISOString();
    return { createdAt: stamp, updatedAt: stamp };
  };
  const location = store.add('locations', { name: 'Synthetic plant', hierarchyLevel: 0 }, {}, at(0)).id;
  const assets = Array.from({ length: 10 }, (_, i) => {
    const fields = { name: `Pump ${i + 1}`, serialNumber: `SYN-${i + 1}`, location, status: 'active' };
    return store.add('assets', fields, {}, at(i)).id;
  });
  for (let i = 0; i < count; i += 1) {
    const fields = {
      workOrderNo: store.nextWorkOrderNo(),
      title: `Synthetic order ${i + 1}`,
      description: 'Check, tighten and report. Made for measuring.',
      status: 'open',
      priority: i % 4,
      category: CATEGORIES[i % CATEGORIES.length],
      dueDate: new Date(EPOCH_MS + (i % 365) * 86_400_000).toISOString(),
      asset: assets[i % assets.length],
      location,
      objectLocationForWorkOrder: location,
    };
    store.add('work-orders', fields, {}, at(i));
  }
}

/** Fills the account and returns the admin's user id. */
export async function seedAccount(account: Account, seed: string): Promise<string> {
  const admin = seedAdmin(account);
  const site = readExcavatorSite(seed);
  const orders = /^orders:(\d+)$/.exec(seed);
  if (orders !== null) seedOrders(account, Number(orders[1]));
  else if (seed === 'excavators' || site !== null) seedExcavators(account, await loadExcavatorOrders(), site);
  else if (seed !== 'empty') {
    throw new TypeError(
      `The seed "${seed}" is unknown; use empty, excavators, site:<letters of A to E>[+<letters of visitors>] or orders:<number>.`,
    );
  }
  return admin;
}
