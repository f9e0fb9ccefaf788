/**
 * The one place where things are built: store, key ring, mappings, connectors and the Temporal client become the
 * dependencies of activities and commands. Nothing here decides anything.
 */
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import type { SyncDeps } from '../activities/sync/context.ts';
import { sharesRecords } from '../connectors/kit/identity.ts';
import type { NetworkPolicy } from '../connectors/kit/network.ts';
import { connectorFor } from '../connectors/registry.ts';
import { newId, newReference } from '../domain/id.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import type { ConnectionRow } from '../store/connections/connections.ts';
import { openStore, type Store } from '../store/database.ts';
import { createFileStore } from '../store/files/files.ts';
import { repositories } from '../store/index.ts';
import { createConnectionLogins } from '../store/connections/connection-logins.ts';
import { deleteSecret, loadSecret, saveSecret, type KeyRing } from '../store/connections/secrets.ts';
import { createRateGovernor } from '../plant/connections/rate-governor.ts';
import { connectionWorkflowId, pokeSignal } from '../workflows/sync/messages.ts';
import type { Settings } from './config.ts';
import { openMappingBook, type MappingBook } from './mapping-book.ts';

/** `NOT_FOUND` of gRPC. */
const GRPC_NOT_FOUND = 5;

export interface Program {
  store: Store;
  network: NetworkPolicy;
  ring: KeyRing;
  book: MappingBook;
  sync: SyncDeps;
  temporal: Client;
  close(): Promise<void>;
}

export interface WiringOptions {
  databaseUrl: string;
  ring: KeyRing;
  /** Hosts in private ranges that connections may reach. */
  allowedHosts: readonly string[];
  temporal: { address: string; namespace: string; apiKey?: string; tls?: boolean };
  /** Connections to PostgreSQL of this process. */
  poolMax?: number;
}

/** Everything a worker, the API or a command needs. Fails with one sentence when the database or Temporal is not there. */
export async function openProgram(options: WiringOptions): Promise<Program> {
  const temporal = await connectTemporal(options.temporal);
  const store = openStore({
    url: options.databaseUrl,
    ...(options.poolMax === undefined ? {} : { poolMax: options.poolMax }),
  });
  const client = new Client({ connection: temporal, namespace: options.temporal.namespace });
  const network = { allowed: options.allowedHosts };
  const book = await openMappingBook();
  const sync = await createSyncDeps({
    store,
    network,
    book,
    ring: options.ring,
    now: Date.now,
    pokeOthers: pokeOthers(store, client),
  });
  return {
    store,
    network,
    ring: options.ring,
    book,
    sync,
    temporal: client,
    async close() {
      await store.close();
      await temporal.close();
    },
  };
}

/** The dependencies of the sync activities; tests and benchmarks give their own clock and crash points. */
export async function createSyncDeps(options: {
  store: Store;
  ring: KeyRing;
  network: NetworkPolicy;
  /** All mappings; opened when absent. */
  book?: MappingBook;
  now: () => number;
  pokeOthers: SyncDeps['pokeOthers'];
  crashPoint?: SyncDeps['crashPoint'];
}): Promise<SyncDeps> {
  const { store, ring, network, now } = options;
  const logins = createConnectionLogins(store);
  const book = options.book ?? (await openMappingBook());
  // One a connection and process: it bundles the reservations of all its callers.
  const throttles = new Map<string, ReturnType<typeof createRateGovernor>>();
  const throttleOf = (
    connection: ConnectionRow,
    requestsPerSecond: number,
  ): ReturnType<typeof createRateGovernor> => {
    const key = `${connection.id}/${String(requestsPerSecond)}`;
    const known = throttles.get(key);
    if (known !== undefined) return known;
    const { tenantId, id: connectionId } = connection;
    const made = createRateGovernor({ store, tenantId, connectionId, requestsPerSecond, now });
    throttles.set(key, made);
    return made;
  };
  return {
    store,
    repo: repositories,
    files: createFileStore(store),
    now,
    newId: () => newId(now()),
    newReference,
    connector: connectorFor,
    sharesRecords,
    mapping: (connection, entity) => book.mapping(connection, entity),
    drift: (connection, entity, change) => book.drift(connection, entity, change),
    matchRules: (entity) => book.matchRules(entity),
    async openSession(connection, signal) {
      const { tenantId, id: connectionId } = connection;
      const secretOf = (purpose: 'credentials' | 'token') => ({ tenantId, connectionId, purpose });
      const inTenant = <T>(work: Parameters<Store['inTenant']>[1]): Promise<T> =>
        store.inTenant(tenantId, work) as Promise<T>;
      const connector = connectorFor(connection.system);
      const credentials = await inTenant<Json>((tx) => loadSecret(tx, ring, secretOf('credentials')));
      return connector.connect(connectorConfig(connection), credentials, {
        now,
        signal,
        network,
        throttle: throttleOf(
          connection,
          connection.requestsPerSecond ?? connector.manifest.limits.requestsPerSecond,
        ),
        tokens: {
          async get() {
            const token = await inTenant<Json>((tx) => loadToken(tx, ring, secretOf('token')));
            return typeof token === 'string' ? token : null;
          },
          async set(token) {
            await inTenant((tx) =>
              token === null
                ? deleteSecret(tx, secretOf('token'))
                : saveSecret(tx, ring, secretOf('token'), token),
            );
          },
          exclusive: (work) => logins.exclusive({ tenantId, connectionId }, work),
        },
      });
    },
    pokeOthers: options.pokeOthers,
    crashPoint: options.crashPoint ?? (() => undefined),
  };
}

/** The connector's own part of a connection's config: `sync` and `pageSize` are ours. */
export function connectorConfig(connection: Pick<ConnectionRow, 'config'>): JsonObject {
  const { sync: _sync, pageSize: _pageSize, ...own } = connection.config;
  return own;
}

export function keyRingOf(keys: Settings['encryptionKeys']): KeyRing {
  const [active] = keys;
  if (active === undefined) {
    throw new Failure(
      'invalid_config',
      'CHATTERFIX_ENCRYPTION_KEY is not set; write id:base64 with 32 random bytes, for example main:$(openssl rand -base64 32).',
    );
  }
  return { active: active.id, keys: new Map(keys.map(({ id, key }) => [id, key])) };
}

async function connectTemporal(temporal: WiringOptions['temporal']): Promise<Connection> {
  const connection = await connectServer(temporal);
  const { namespace } = temporal;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (cause) {
    // Whoever may not describe it may still work in it; only a namespace that is not there is found out here.
    if (!isGrpcServiceError(cause) || (cause.code as number) !== GRPC_NOT_FOUND) return connection;
    await connection.close();
    throw new Failure(
      'invalid_config',
      `Temporal at ${temporal.address} has no namespace ${namespace}; correct TEMPORAL_NAMESPACE, or create it with \`temporal operator namespace create ${namespace}\`.`,
      { cause },
    );
  }
  return connection;
}

async function connectServer(temporal: WiringOptions['temporal']): Promise<Connection> {
  try {
    return await Connection.connect({
      address: temporal.address,
      ...(temporal.apiKey === undefined ? {} : { apiKey: temporal.apiKey }),
      ...(temporal.tls === undefined ? {} : { tls: temporal.tls }),
      connectTimeout: '10 seconds',
    });
  } catch (cause) {
    throw new Failure(
      'unavailable',
      `Temporal does not answer at ${temporal.address}; check TEMPORAL_ADDRESS.`,
      { cause },
    );
  }
}

/** Wakes every connection after a person changed something in the hub, so that nobody waits for the next poll. */
export async function pokeAll(program: Pick<Program, 'store' | 'temporal'>, tenantId: string): Promise<void> {
  await poke(program.store, program.temporal, tenantId, null);
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

async function loadToken(...args: Parameters<typeof loadSecret>): Promise<Json> {
  try {
    return await loadSecret(...args);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not_found') return null;
    throw error;
  }
}
