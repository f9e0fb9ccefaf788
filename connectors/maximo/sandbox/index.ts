/**
 * The Maximo sandbox: a stateful imitation of the object-structure REST API, built from the wire contract alone, never from
 * the connector. Seeds: `empty` (site BEDFORD), `excavators` (site PITMINE, real work orders), `orders:N` (benchmarks).
 */
import {
  createSandboxWorld,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type SandboxWorld,
} from '../../kit/sandbox/index.ts';
import { createSessions } from './auth.ts';
import type { Services } from './call.ts';
import { allowedStates } from './change-status.ts';
import { createDatabase, type Database } from './database.ts';
import { setDial } from './dials.ts';
import { createDoclinks } from './doclinks.ts';
import { createDomains } from './domains.ts';
import { createModel } from './model-structures.ts';
import { createQueries } from './query.ts';
import { handleRequest } from './router.ts';
import { ORG, seedBasics } from './seed-basics.ts';
import { PIT_SITE, seedExcavators } from './seed-excavators.ts';
import { seedOrders } from './seed-orders.ts';
import { createScreens, createUsers, disturb } from './screens.ts';
import { createStamp, defaultDials, type World } from './world.ts';

async function seed(db: Database, name: string, now: number): Promise<string> {
  const orders = /^orders:(\d+)$/.exec(name)?.[1];
  const site = name === 'excavators' ? PIT_SITE : 'BEDFORD';
  if (orders === undefined && name !== 'excavators' && name !== 'empty') {
    throw new Error(`The Maximo sandbox has no seed "${name}"; use empty, excavators or orders:N.`);
  }
  seedBasics(db, site, now);
  if (orders !== undefined) seedOrders(db, site, Number(orders));
  if (name === 'excavators') await seedExcavators(db);
  return site;
}

/** Where each sequence starts, above every seeded number. */
const SEQUENCE_START: Readonly<Record<string, number>> = { wonum: 500_000, ticketid: 2000, assetid: 50_000 };

function createSequences(): (sequence: string) => string {
  const last = new Map<string, number>();
  return (sequence) => {
    const next = (last.get(sequence) ?? SEQUENCE_START[sequence] ?? 0) + 1;
    last.set(sequence, next);
    return String(next);
  };
}

function createWorld(db: Database, kit: SandboxWorld, site: string): World {
  const world: World = {
    db,
    domains: createDomains(db),
    stamp: createStamp(() => kit.clock.now()),
    dials: defaultDials(),
    users: createUsers(kit.random, site),
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
    nextNumber: createSequences(),
  };
  return world;
}

export async function startMaximoSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const kit = createSandboxWorld(options);
  const db = createDatabase(createModel());
  const site = await seed(db, options.seed, kit.clock.now());
  const world = createWorld(db, kit, site);
  const queries = createQueries(world);
  const nextToken = (): string => kit.random.text(24, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  const sessions = createSessions(nextToken);
  const services: Services = {
    world,
    queries,
    sessions,
    doclinks: createDoclinks(),
    selects: new Map(),
    transactions: new Map(),
    stable: new Map(),
    nextToken,
    page: (object, query) => {
      kit.stats.page(object, query);
    },
  };
  const [user, person] = world.users;
  if (user === undefined || person === undefined) throw new Error('The sandbox has no users.');
  return startSandbox(
    {
      system: 'maximo',
      credentials: { user: user.name, password: user.password, apiKey: user.apiKey },
      world: kit,
      handle: (request) => handleRequest(services, request),
      ...createScreens(world, person),
      setDial: (name, value) => {
        setDial(world, queries, name, value);
      },
      expireSessions: () => {
        sessions.expireAll();
      },
    },
    options,
  );
}
