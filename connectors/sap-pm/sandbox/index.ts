/**
 * An imitation of SAP PM (S/4HANA maintenance over its released OData services), built from the wire contract alone, never from
 * the connector. Seeds: `empty`, `excavators`, `site:<machines>`, `orders:N`.
 */
import {
  createPast,
  createRandom,
  startVendor,
  type Opened,
  type Opening,
  type RunningSandbox,
  type SandboxOptions,
} from '../../kit/sandbox/index.ts';
import { createAccess, expireAccess, TOKEN_PATH, type Account } from './auth.ts';
import { DIALS } from './dials.ts';
import { pagingOf } from './paging.ts';
import { handleRequest, refusalOf, type System } from './router.ts';
import { elementsOf, screensOf } from './screens.ts';
import { fill } from './seed.ts';
import { createServices, tablesOf } from './services.ts';
import { createDatabase, type Row } from './tables.ts';
import type { World } from './world.ts';

const ACCOUNT: Account = {
  user: 'CHATTERFIX',
  password: 'Pitmine-2031!',
  clientId: 'sb-chatterfix-sync',
  clientSecret: 'sap-sandbox-7f3c1a9d5e',
};

function open({ world: kit, dials }: Opening<typeof DIALS, null>): Opened<string, Row, null> {
  const services = createServices();
  const db = createDatabase(tablesOf(services));
  const past = createPast({ tables: db.tables, clock: kit.clock, dials, idOf: ({ id }) => id });
  const world: World = {
    ...{ kit, db, dials, past, texts: new Map() },
    get paging() {
      return paging;
    },
  };
  const paging = pagingOf(world);
  // Of its own: a session is opened with every token that is fetched, and none of them is worth keeping.
  const secrets = createRandom(kit.random.int(2 ** 32));
  const access = createAccess(ACCOUNT, () =>
    secrets.text(40, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
  );
  const system: System = { world, access, services };
  const screens = screensOf(world, services);
  return {
    tables: db.tables,
    credentials: { ...ACCOUNT },
    handle: (request) => handleRequest(system, request),
    refusal: (request, message) => refusalOf(system, request, message),
    ...screens,
    elements: elementsOf(screens),
    turned(name) {
      if (name === 'staleReads') past.turned();
      world.texts.clear();
    },
    expireSessions: () => expireAccess(access),
    fill: (seed) => fill(world, services, seed),
  };
}

/** `url` of the answer is the host; services are below `/sap/opu`. */
export async function startSapPmSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const running = await startVendor({ system: 'sap_pm', dials: DIALS, open }, options);
  running.credentials['tokenUrl'] = `${running.url}${TOKEN_PATH}`;
  return running;
}
