/**
 * An imitation of a Fiix v5 tenant (one signed JSON endpoint) to test and demonstrate against: built from the wire contract
 * alone, keeps its own state, and shares nothing with the connector. What the contract leaves open follows its sandbox rules.
 */
import {
  startVendor,
  type Opened,
  type Opening,
  type RunningSandbox,
  type SandboxOptions,
  type Screens,
} from '../../kit/sandbox/index.ts';
import { DIALS } from './dials.ts';
import { refused } from './fiix-error.ts';
import { handleRequest, refusalOf } from './router.ts';
import type { ClassName } from './schema.ts';
import { elementsOf, pagingOf, screensOf } from './screens.ts';
import { seedTenant } from './seed.ts';
import type { Keys } from './signature.ts';
import { createStore, type Row } from './store.ts';
import type { Tenant } from './tenant.ts';
import { createThrottle } from './throttle.ts';

/** Those of the contract's test vectors: invented, and the same for every sandbox. */
export const KEYS: Keys = {
  accessKey: 'macmmsaakpDEMO',
  appKey: 'macmmsackpDEMO',
  secret: 'macmmsaskpDEMO',
};

interface More {
  apiUserId: number;
}

function open({ world, dials, more }: Opening<typeof DIALS, More>): Opened<ClassName, Row, More> {
  const store = createStore(world, dials);
  const parts = { world, dials, store, keys: KEYS, apiUserId: more?.apiUserId ?? 0 };
  const tenant: Tenant = { ...parts, paging: pagingOf(parts, (): Screens => screens) };
  const screens = screensOf(tenant);
  const throttle = createThrottle(tenant);
  return {
    tables: store.tables,
    credentials: { ...KEYS },
    handle: (request) => handleRequest(tenant, throttle, request),
    refusal: (request, message) => refusalOf(tenant, request, refused(message)),
    ...screens,
    elements: elementsOf(screens),
    turned: (name) => {
      if (name === 'staleReads') store.past.turned();
    },
    fill: async (seed) => {
      tenant.apiUserId = await seedTenant(store, seed);
    },
    more: () => ({ apiUserId: tenant.apiUserId }),
  };
}

/** `url` of the answer is the host; requests go to `/api/` below it. Each is signed anew: there is no session to end. */
export function startFiixSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  return startVendor({ system: 'fiix', dials: DIALS, open }, options);
}
