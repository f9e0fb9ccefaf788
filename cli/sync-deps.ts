/** The dependencies of the sync activities: store, connectors with their credentials and rates, mappings. Temporal is none of them. */
import type { SyncDeps } from '../activities/sync/context.ts';
import { sharesRecords } from '../connectors/kit/identity.ts';
import type { NetworkPolicy } from '../connectors/kit/network.ts';
import { connectorFor } from '../connectors/registry.ts';
import { newId, newReference } from '../domain/id.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import type { ConnectionRow } from '../store/connections/connections.ts';
import type { Store } from '../store/database.ts';
import { createFileStore } from '../store/files/files.ts';
import { repositories } from '../store/index.ts';
import { createConnectionLogins } from '../store/connections/connection-logins.ts';
import { deleteSecret, loadSecret, saveSecret, type KeyRing } from '../store/connections/secrets.ts';
import { createRateGovernor } from '../plant/connections/rate-governor.ts';
import type { Settings } from './config.ts';
import { createKeptByConnection } from './kept-settings.ts';
import { openMappingBook, type MappingBook } from './mapping-book.ts';

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
  const keptOf = createKeptByConnection();
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
        kept: keptOf(connectionId, { config: connectorConfig(connection), credentials }),
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

async function loadToken(...args: Parameters<typeof loadSecret>): Promise<Json> {
  try {
    return await loadSecret(...args);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not_found') return null;
    throw error;
  }
}
