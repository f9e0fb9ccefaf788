/**
 * An imitation of a Fiix v5 tenant (one signed JSON endpoint) to test and demonstrate against: built from the wire contract
 * alone, keeps its own state, and shares nothing with the connector. What the contract leaves open follows its sandbox rules.
 */
import {
  createSandboxWorld,
  readState,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
} from '../../kit/sandbox/index.ts';
import { createDials, setDial } from './dials.ts';
import { handleRequest } from './router.ts';
import { CLASS_NAMES } from './schema.ts';
import { createScreens } from './screens.ts';
import { seedTenant } from './seed.ts';
import type { Keys } from './signature.ts';
import { createState, savedRows, type FiixSettings } from './state.ts';
import { createStore } from './store.ts';
import type { Tenant } from './tenant.ts';
import { createThrottle } from './throttle.ts';

/** Those of the contract's test vectors: invented, and the same for every sandbox. */
export const KEYS: Keys = {
  accessKey: 'macmmsaakpDEMO',
  appKey: 'macmmsackpDEMO',
  secret: 'macmmsaskpDEMO',
};

/** `url` of the answer is the host; requests go to `/api/` below it. */
export async function startFiixSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { seed, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system: 'fiix', seed });
  const settings = saved === null ? null : (saved.settings as FiixSettings);
  const world = createSandboxWorld(options, saved);
  const dials = { ...createDials(), ...settings?.dials };
  const store = createStore(world, dials);
  if (saved !== null && settings !== null) store.restore(settings.sequences, savedRows(saved.rows));
  const apiUserId = settings?.apiUserId ?? (await seedTenant(store, seed));
  const tenant: Tenant = { world, dials, store, keys: KEYS, apiUserId, past: null };
  const throttle = createThrottle(tenant);
  return startSandbox(
    {
      system: 'fiix',
      credentials: { ...KEYS },
      world,
      handle: (request) => handleRequest(tenant, throttle, request),
      ...createScreens(tenant, apiUserId),
      setDial: (name, value) => {
        setDial(dials, name, value);
        if (name !== 'staleReads') return;
        tenant.past =
          dials.staleReads === 0
            ? null
            : new Map(CLASS_NAMES.map((className) => [className, [...store.table(className).ordered('id')]]));
      },
      // Every request is signed anew: there is no session to end.
      expireSessions: () => undefined,
      state: createState(tenant),
    },
    options,
  );
}
