/**
 * The Maximo sandbox: a stateful imitation of the object-structure REST API, built from the wire contract alone, never from
 * the connector. Seeds: `empty` (site BEDFORD), `excavators` and `site:<letters>` (site PITMINE, real work orders), `orders:N` (benchmarks).
 */
import {
  createRandom,
  createSandboxWorld,
  readExcavatorSite,
  readState,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type SavedState,
  type SandboxWorld,
} from '../../kit/sandbox/index.ts';
import { createSessions } from './auth.ts';
import type { Services } from './call.ts';
import { allowedStates } from './change-status.ts';
import { createDatabase, type Database } from './database.ts';
import { setDial } from './dials.ts';
import { createDomains } from './domains.ts';
import { createModel } from './model-structures.ts';
import { createQueries } from './query.ts';
import { createPublishChannel } from './publish-channel.ts';
import { handleRequest } from './router.ts';
import { createRowTexts } from './row-texts.ts';
import { ORG, seedBasics } from './seed-basics.ts';
import { PIT_SITE, seedExcavators, WHOLE_PIT } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { createScreens, createUsers, disturb } from './screens.ts';
import { createState, savedDoclinks, savedTableRows, type MaximoSettings } from './state.ts';
import { createStamp, defaultDials, type World } from './world.ts';

function siteOf(seedName: string): string {
  return seedName === 'excavators' || seedName.startsWith('site:') ? PIT_SITE : 'BEDFORD';
}

async function seed(db: Database, name: string, now: number): Promise<void> {
  const site = siteOf(name);
  const orders = /^orders:(\d+)$/.exec(name)?.[1];
  const pit = name === 'excavators' ? WHOLE_PIT : readExcavatorSite(name);
  if (orders === undefined && pit === null && name !== 'empty') {
    throw new Error(
      `The Maximo sandbox has no seed "${name}"; use empty, excavators, site:<letters of A to E>[+<letters of visitors>] or orders:N.`,
    );
  }
  seedBasics(db, site, now);
  if (orders !== undefined) seedOrders(db, site, Number(orders));
  if (pit !== null) await seedExcavators(db, pit);
}

/** Where each sequence starts, above every seeded number. */
const SEQUENCE_START: Readonly<Record<string, number>> = { wonum: 500_000, ticketid: 2000, assetid: 50_000 };

function createSequences(last: Map<string, number>): (sequence: string) => string {
  return (sequence) => {
    const next = (last.get(sequence) ?? SEQUENCE_START[sequence] ?? 0) + 1;
    last.set(sequence, next);
    return String(next);
  };
}

interface WorldParts {
  db: Database;
  kit: SandboxWorld;
  site: string;
  /** Last number of each sequence. */
  numbers: Map<string, number>;
  settings: MaximoSettings | null;
}

function createWorld({ db, kit, site, numbers, settings }: WorldParts): World {
  const world: World = {
    db,
    domains: createDomains(db),
    stamp: createStamp(() => kit.clock.now()),
    dials: { ...defaultDials(), ...settings?.dials },
    users: settings?.users ?? createUsers(kit.random, site),
    sites: new Map([
      [site, ORG],
      ['HARTFORD', ORG],
    ]),
    report: (kind, mbo) => {
      kit.stats.wrote(kind, mbo);
    },
    allowedStates: (row) => allowedStates(world, row),
    disturb: (structure) => {
      disturb(world, structure);
    },
    nextNumber: createSequences(numbers),
  };
  return world;
}

async function createTables(name: string, saved: SavedState | null, now: number): Promise<Database> {
  const db = createDatabase(createModel());
  if (saved === null) await seed(db, name, now);
  else db.restore((saved.settings as MaximoSettings).database, savedTableRows(saved.rows));
  return db;
}

function createServices(world: World, kit: SandboxWorld, saved: SavedState | null): Services {
  const settings = saved === null ? null : (saved.settings as MaximoSettings);
  // Of its own: a session is opened with every request that brings no cookie, and none of them is worth keeping.
  const tokens = createRandom(kit.random.int(2 ** 32));
  const nextToken = (): string => tokens.text(24, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  const links = saved === null ? [] : savedDoclinks(saved.rows);
  return {
    world,
    queries: createQueries(world),
    sessions: createSessions(nextToken),
    doclinks: {
      entries: new Map(links.map((link) => [link.id, link])),
      nextId: settings?.nextDoclink ?? 1,
    },
    texts: createRowTexts(),
    transactions: new Map(settings?.transactions),
    stable: new Map(),
    nextToken,
    page: (object, query) => {
      kit.stats.page(object, query);
    },
  };
}

export async function startMaximoSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { seed: name, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system: 'maximo', seed: name });
  const settings = saved === null ? null : (saved.settings as MaximoSettings);
  const kit = createSandboxWorld(options, saved);
  const db = await createTables(name, saved, kit.clock.now());
  const numbers = new Map(Object.entries(settings?.numbers ?? {}));
  const world = createWorld({ db, kit, site: siteOf(name), numbers, settings });
  const services = createServices(world, kit, saved);
  const channel = createPublishChannel({ db, dials: world.dials, pending: settings?.hints ?? [] });
  const [user, person] = world.users;
  if (user === undefined || person === undefined) throw new Error('The sandbox has no users.');
  return startSandbox(
    {
      system: 'maximo',
      credentials: { user: user.name, password: user.password, apiKey: user.apiKey },
      world: kit,
      handle: (request) => handleRequest(services, request),
      ...createScreens(world, person),
      setDial: (dial, value) => {
        setDial(world, services.queries, dial, value);
        channel.wake();
      },
      expireSessions: () => {
        services.sessions.expireAll();
      },
      close: () => {
        channel.close();
      },
      state: createState(services, numbers, channel),
    },
    options,
  );
}
