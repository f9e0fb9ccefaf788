/**
 * An imitation of SAP PM (S/4HANA maintenance over its released OData services), built from the wire contract alone, never from
 * the connector. Seeds: `empty`, `excavators`, `site:<machines>`, `orders:N`.
 */
import {
  createRandom,
  createSandboxWorld,
  readState,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type SandboxVendor,
} from '../../kit/sandbox/index.ts';
import { createAccess, expireAccess, TOKEN_PATH, type Account } from './auth.ts';
import { defaultDials, setDial } from './dials.ts';
import { handleRequest, type System } from './router.ts';
import { createScreens } from './screens.ts';
import { seedSystem } from './seed.ts';
import { createServices, tablesOf } from './services.ts';
import { createState, savedRows, type SapSettings } from './state.ts';
import { createDatabase } from './tables.ts';
import type { World } from './world.ts';

const ACCOUNT: Account = {
  user: 'CHATTERFIX',
  password: 'Pitmine-2031!',
  clientId: 'sb-chatterfix-sync',
  clientSecret: 'sap-sandbox-7f3c1a9d5e',
};

/** `url` of the answer is the host; services are below `/sap/opu`. */
export async function startSapPmSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { seed, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system: 'sap_pm', seed });
  const settings = saved === null ? null : (saved.settings as SapSettings);
  const kit = createSandboxWorld(options, saved);
  const services = createServices();
  const db = createDatabase(tablesOf(services));
  const world: World = { kit, db, dials: { ...defaultDials(), ...settings?.dials }, texts: new Map() };
  if (saved === null || settings === null) await seedSystem(world, services, seed);
  else db.restore(settings.sequences, savedRows(saved.rows));
  // Of its own: a session is opened with every token that is fetched, and none of them is worth keeping.
  const secrets = createRandom(kit.random.int(2 ** 32));
  const access = createAccess(ACCOUNT, () =>
    secrets.text(40, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
  );
  const system: System = { world, access, services };
  const credentials: Record<string, string> = { ...ACCOUNT };
  const vendor: SandboxVendor = {
    system: 'sap_pm',
    credentials,
    world: kit,
    handle: (request) => handleRequest(system, request),
    ...createScreens(world, services),
    setDial: (name, value) => {
      setDial(world.dials, name, value);
      world.texts.clear();
    },
    expireSessions: () => expireAccess(access),
    state: createState(db, world.dials),
  };
  const running = await startSandbox(vendor, options);
  credentials['tokenUrl'] = `${running.url}${TOKEN_PATH}`;
  return running;
}
