/** What the system holds when it starts: `empty`, `excavators`, `site:<machines>`, `orders:N`. */
import {
  EXCAVATORS,
  loadExcavatorOrders,
  readExcavatorSite,
  type SandboxRequest,
} from '../../kit/sandbox/index.ts';
import { seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { markParents } from './rules-asset.ts';
import type { Service } from './services.ts';
import type { Call, World } from './world.ts';

/** Seeds are written by a person long gone. */
function seedCall(world: World, services: readonly Service[]): Call {
  const [service] = services;
  if (service === undefined) throw new Error('The sandbox has no services.');
  const request: SandboxRequest = {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    json: () => undefined,
  };
  return { world, request, service, root: '', user: 'MIGRATION', language: 'EN', written: [], person: true };
}

export async function seedSystem(world: World, services: readonly Service[], seed: string): Promise<void> {
  if (seed === 'empty') return;
  const call = seedCall(world, services);
  const count = /^orders:(\d+)$/.exec(seed)?.[1];
  const site = seed === 'excavators' ? { machines: [...EXCAVATORS], visiting: [] } : readExcavatorSite(seed);
  if (count !== undefined) seedOrders(call, Number(count));
  else if (site !== null)
    seedExcavators(call, await loadExcavatorOrders(), { ...site, everyType: seed === 'excavators' });
  else
    throw new TypeError(
      `The seed "${seed}" is unknown; use empty, excavators, site:<letters A to E>[+<letters of visitors>] or orders:<number>.`,
    );
  markParents(call);
}
