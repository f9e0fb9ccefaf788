/**
 * The Maximo sandbox: a stateful imitation of the object-structure REST API, built from the wire contract alone, never from
 * the connector. Seeds: `empty` (site BEDFORD), `excavators` and `site:<letters>` (site PITMINE, real work orders), `orders:N`
 * (benchmarks), `two-sites` (BEDFORD and HARTFORD with equal numbers).
 */
import {
  createPast,
  createRandom,
  createStamp,
  startVendor,
  type Opened,
  type Opening,
  type RunningSandbox,
  type SandboxOptions,
} from '../../kit/sandbox/index.ts';
import { createSessions } from './auth.ts';
import type { Services } from './call.ts';
import { allowedStates } from './change-status.ts';
import { createDatabase, type Row } from './database.ts';
import { DIALS } from './dials.ts';
import { createDomains } from './domains.ts';
import { createModel } from './model-structures.ts';
import { OslcError } from './oslc-error.ts';
import { createPublishChannel } from './publish-channel.ts';
import { createQueries } from './query.ts';
import { handleRequest, refusalOf } from './router.ts';
import { createRowTexts } from './row-texts.ts';
import { createUsers, elementsOf, pagingOf, screensOf } from './screens.ts';
import { seedDatabase, sitesOf } from './seed.ts';
import { ORG } from './seed-basics.ts';
import type { User, World } from './world.ts';

/** Where each sequence starts, above every seeded number. */
const SEQUENCE_START: Readonly<Record<string, number>> = { wonum: 500_001, ticketid: 2001, assetid: 50_001 };

/** What outlives the process beside rows and dials. */
interface More {
  users: User[];
  transactions: [id: string, until: number][];
  /** Hints of the publish channel that nobody took yet. */
  hints: readonly string[];
}

function worldOf({ world: kit, dials, seed, more }: Opening<typeof DIALS, More>): World {
  const db = createDatabase(createModel());
  const { tables } = db;
  const sites = sitesOf(seed);
  const world: World = {
    db,
    dials,
    past: createPast({ tables, clock: kit.clock, dials, idOf: ({ uid }) => uid }),
    domains: createDomains(db),
    stamp: { now: () => kit.clock.now(), forWrite: createStamp(kit.clock, dials) },
    users: more?.users ?? createUsers(kit.random, sites),
    sites: new Map([...sites, 'HARTFORD'].map((site) => [site, ORG])),
    report: (kind, mbo) => kit.stats.wrote(kind, mbo),
    allowedStates: (row) => allowedStates(world, row),
    nextNumber: (sequence) => String(tables.next(sequence, SEQUENCE_START[sequence] ?? 1)),
  };
  return world;
}

function open(opening: Opening<typeof DIALS, More>): Opened<string, Row, More> {
  const { world: kit, more } = opening;
  const world = worldOf(opening);
  const [user, person] = world.users;
  if (user === undefined || person === undefined) throw new Error('The sandbox has no users.');
  // Of its own: a session is opened with every request that brings no cookie, and none of them is worth keeping.
  const tokens = createRandom(kit.random.int(2 ** 32));
  const nextToken = (): string => tokens.text(24, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  const services: Services = {
    world,
    queries: createQueries(world),
    sessions: createSessions(nextToken),
    texts: createRowTexts(),
    transactions: new Map(more?.transactions),
    stable: new Map(),
    nextToken,
    paging: pagingOf(world, kit),
  };
  const channel = createPublishChannel({ db: world.db, dials: world.dials, pending: more?.hints ?? [] });
  const screens = screensOf(world, person);
  return {
    tables: world.db.tables,
    credentials: { user: user.name, password: user.password, apiKey: user.apiKey },
    handle: (request) => handleRequest(services, request),
    refusal: (request, message) => refusalOf(services, request, new OslcError(400, 'BMXAA4590E', message)),
    ...screens,
    elements: elementsOf(world, screens),
    turned(name) {
      if (name === 'staleReads') world.past.turned();
      channel.wake();
    },
    expireSessions: () => services.sessions.expireAll(),
    close: () => channel.close(),
    fill: (seed) => seedDatabase(world.db, seed, kit.clock.now()),
    more: () => ({
      users: world.users,
      transactions: [...services.transactions],
      hints: channel.pending(),
    }),
  };
}

export function startMaximoSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  return startVendor({ system: 'maximo', dials: DIALS, open }, options);
}
