/**
 * An imitation of ChatterFix, to test and demonstrate against: one installation of one of its generations, built from the wire
 * contract alone. It keeps its own state and shares nothing with the connector.
 */
import {
  createSandboxWorld,
  readState,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type SandboxVendor,
} from '../../kit/sandbox/index.ts';
import { createDials, setDial } from './dials.ts';
import type { Generation, Mount } from './generation.ts';
import { generations } from './generations.ts';
import { handleRequest } from './router.ts';
import { createScreens } from './screens.ts';
import { readSeed } from './seed.ts';
import { ACCOUNT, createSessions } from './sessions.ts';
import { createState, savedRows, type ChatterfixSettings } from './state.ts';
import { createTenant } from './tenant.ts';

/** These make another installation: it starts from the seed again. */
const DEPLOYING: readonly string[] = ['generation', 'zone', 'database'];

export async function startChatterfixSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { seed, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system: 'chatterfix', seed });
  const settings = saved === null ? null : (saved.settings as ChatterfixSettings);
  const world = createSandboxWorld(options, saved);
  const { plant, generation } = await readSeed(seed);
  const dials = { ...createDials(), generation, ...settings?.dials };
  const current = (): Generation => generations[dials.generation];
  const sessions = createSessions(world, () => dials.tokenLifetimeMs);
  const tenant = createTenant({ world, dials, sessions, generation: current });
  let mounts: readonly Mount[] = [];
  /** Longest prefix first: '' would take everything. */
  const mount = (): void => {
    mounts = current()
      .mounts(tenant)
      .toSorted((a, b) => b.prefix.length - a.prefix.length);
  };
  const deploy = (): void => {
    tenant.clear();
    current().fill(tenant, plant);
  };
  if (saved === null || settings === null) deploy();
  else tenant.restore(settings.sequences, savedRows(saved.rows));
  mount();
  const { username, password, apiKey } = ACCOUNT;
  const vendor: SandboxVendor = {
    system: 'chatterfix',
    credentials: { apiKey, username, password, profile: dials.generation },
    world,
    handle: (request) => handleRequest(tenant, mounts, request),
    ...createScreens(tenant),
    setDial: (name, value) => {
      if (name === 'restart') current().restart?.(tenant);
      else setDial(dials, name, value);
      if (DEPLOYING.includes(name)) deploy();
      mount();
    },
    expireSessions: () => sessions.expireAll(),
    state: createState(tenant, dials),
  };
  return startSandbox(vendor, options);
}
