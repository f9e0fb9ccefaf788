/**
 * The one place where things are built: store, key ring, mappings, connectors and the Temporal client become the
 * dependencies of activities and commands. Nothing here decides anything.
 */
import type { Client } from '@temporalio/client';
import type { SyncDeps } from '../activities/sync/context.ts';
import type { NetworkPolicy } from '../connectors/kit/network.ts';
import { openStore, type Store } from '../store/database.ts';
import { listTenants } from '../store/access/tenants.ts';
import { repositories } from '../store/index.ts';
import { hasOwnPlans } from '../store/maintenance/maintenance.ts';
import type { KeyRing } from '../store/connections/secrets.ts';
import { connectionWorkflowId, pokeSignal } from '../workflows/sync/messages.ts';
import { wakePlanner } from './planner.ts';
import { createSyncDeps } from './sync-deps.ts';
import type { TemporalServer } from './temporal-client.ts';
import { openMappingBook, type BookOptions, type MappingBook } from './mapping-book.ts';

export interface Program {
  store: Store;
  /** For what needs a connection of its own. */
  databaseUrl: string;
  /** Where people and providers reach the API from outside; null where they do not. */
  publicUrl: string | null;
  network: NetworkPolicy;
  ring: KeyRing;
  book: MappingBook;
  sync: SyncDeps;
  temporal: Client;
  close(): Promise<void>;
}

export interface WiringOptions extends BookOptions {
  databaseUrl: string;
  ring: KeyRing;
  /** Hosts in private ranges that connections may reach. */
  allowedHosts: readonly string[];
  temporal: TemporalServer;
  /** Connections to PostgreSQL of this process. */
  poolMax?: number;
  publicUrl?: string | undefined;
}

/** Everything a worker, the API or a command needs. Fails with one sentence when the database or Temporal is not there. */
export async function openProgram(options: WiringOptions): Promise<Program> {
  const { openTemporal } = await import('./temporal-client.ts');
  const temporal = await openTemporal(options.temporal);
  const store = openStore({
    url: options.databaseUrl,
    ...(options.poolMax === undefined ? {} : { poolMax: options.poolMax }),
  });
  const network = { allowed: options.allowedHosts };
  const book = await openMappingBook(options);
  const sync = await createSyncDeps({
    store,
    network,
    book,
    ring: options.ring,
    now: Date.now,
    pokeOthers: pokeOthers(store, temporal),
  });
  return {
    store,
    databaseUrl: options.databaseUrl,
    publicUrl: options.publicUrl ?? null,
    network,
    ring: options.ring,
    book,
    sync,
    temporal,
    async close() {
      await store.close();
      await temporal.connection.close();
    },
  };
}

/** Wakes every connection after a person changed something in the hub, so that nobody waits for the next poll; and the planner. */
export async function pokeAll(program: Pick<Program, 'store' | 'temporal'>, tenantId: string): Promise<void> {
  await Promise.all([
    poke(program.store, program.temporal, tenantId, null),
    wakePlannerOfPlans(program, tenantId),
  ]);
}

/** A plant without plans of its own needs no planner. */
export async function wakePlannerOfPlans(
  program: Pick<Program, 'store' | 'temporal'>,
  tenantId: string,
): Promise<void> {
  const has = await program.store.inTenant(tenantId, (tx) => hasOwnPlans(tx, tenantId));
  if (has) await wakePlanner(program, tenantId);
}

/** What came due while no worker ran waits for no change. */
export async function wakePlanners(program: Pick<Program, 'store' | 'temporal'>): Promise<void> {
  for (const { id } of await listTenants(program.store.db)) await wakePlannerOfPlans(program, id);
}

function pokeOthers(store: Store, client: Client): SyncDeps['pokeOthers'] {
  return (tenantId, connectionId) => poke(store, client, tenantId, connectionId);
}

/** A connection that is not running needs no poke: it reads the feed when it starts. */
async function poke(store: Store, client: Client, tenantId: string, except: string | null): Promise<void> {
  const connections = await store.inTenant(tenantId, (tx) => repositories.connections.list(tx));
  await Promise.all(
    connections
      .filter(({ id, state }) => id !== except && state === 'active')
      .map(({ id }) =>
        client.workflow
          .getHandle(connectionWorkflowId(id))
          .signal(pokeSignal, { source: 'hub', entities: [] })
          .catch(() => undefined),
      ),
  );
}
