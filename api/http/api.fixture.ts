/**
 * The API over a database of its own, without Temporal: what the tests of routes share. `seedExamples` empties the tenant
 * and makes exactly the records that the routes' examples speak of (`frame/example-ids.ts`), so that each example stands
 * by itself.
 */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import { createSchemaActions } from '../../activities/sync/schema/schema-actions.ts';
import type { Role } from '../../domain/access/permissions.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { createConnectionActions } from '../../cli/connection-actions.ts';
import { createMappingActions } from '../../cli/mapping-actions.ts';
import { sharedCallCounts } from '../../cli/serve-api.ts';
import { openMappingBook } from '../../cli/mapping-book.ts';
import { createSyncDeps } from '../../cli/sync-deps.ts';
import type { Program } from '../../cli/wiring.ts';
import type { NetworkPolicy } from '../../connectors/kit/network.ts';
import { LOOPBACK } from '../../connectors/kit/session-deps.fixture.ts';
import { createPlant, TEST_RING, type Plant } from '../../test/support/plant.ts';
import type { ConnectionActions } from '../../plant/connections/connections.ts';
import { OPERATOR } from '../../domain/access/delegation.ts';
import { createApiKey } from '../../plant/keys/api-keys.ts';
import type { PersonDeps } from '../../plant/person.ts';
import type { ApiDeps } from './deps.ts';
import { EXAMPLE } from './frame/example-ids.ts';
import type { Route } from './frame/route.ts';
import { API_BASE } from './frame/register.ts';
import { ROUTES } from './routes.ts';
import { createApi } from './server.ts';

export interface TestApi {
  app: FastifyInstance;
  /** What the app was made with, for a second one beside it. */
  deps: ApiDeps;
  plant: Plant;
  person: PersonDeps;
  /** An administrator's key. */
  key: string;
  adminUrl: string;
  /** Errors that the API reported as its own faults; a test fails when there are some at its end. */
  bugs: unknown[];
  keyOf(role: Role, scopes?: readonly string[]): Promise<string>;
  call(
    method: Route['method'],
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; key?: string | null },
  ): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** Workflows start and stop in the tests that have Temporal (test/e2e); here a run gets an id and waits. */
function withoutTemporal(newId: () => string): Partial<ConnectionActions> {
  return {
    start: async () => undefined,
    look: async () => undefined,
    retry: async () => undefined,
    end: async () => undefined,
    syncNow: async () => newId(),
    cancelRun: async () => undefined,
  };
}

export interface TestApiOptions {
  deps?: (plant: Plant) => Partial<ApiDeps>;
  routes?: readonly Route[];
  /** What connections may reach; loopback alone when absent. */
  network?: NetworkPolicy;
}

export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const plant = await createPlant({ url: database.url });
  const book = await openMappingBook();
  const bugs: unknown[] = [];
  const steps = createManualSteps(plant.deps);
  // The connectors' side is real; nothing here reaches for Temporal.
  const { network = LOOPBACK } = options;
  const sync =
    network === LOOPBACK
      ? plant.deps
      : await createSyncDeps({ ...plant.deps, ring: TEST_RING, network, book });
  const program = { store: plant.store, ring: TEST_RING, network, sync } as Program;
  const actions = createConnectionActions(program);
  const deps: ApiDeps = {
    store: plant.store,
    counts: sharedCallCounts(plant.store, () => Date.now()),
    now: plant.deps.now,
    newId: plant.deps.newId,
    steps,
    mappings: createMappingActions(book),
    schemas: createSchemaActions(plant.deps),
    actions: {
      ...actions,
      ...withoutTemporal(plant.deps.newId),
      // The address of the seeded connection is nobody's.
      firstLook: async (request) =>
        request.connection.id === EXAMPLE.connection ? [] : actions.firstLook(request),
    },
    webhook: { findTarget: async () => null, entitiesOf: () => [], poke: async () => undefined },
    health: { checks: {} },
    wake: async () => undefined,
    onAnswer: () => undefined,
    onBug: (error) => bugs.push(error),
    settings: {
      corsOrigins: [],
      requestsPerMinute: 1_000_000,
      failuresPerMinute: 1_000_000,
      version: manifest.version,
    },
    ...options.deps?.(plant),
  };
  const app = await createApi(deps, options.routes ?? ROUTES);
  const person: PersonDeps = {
    store: plant.store,
    tenantId: plant.tenantId,
    actor: 'test:maria',
    now: plant.deps.now,
    newId: plant.deps.newId,
    steps,
  };
  const { key } = await createApiKey(person, OPERATOR, { name: 'test administrator', role: 'admin' });
  return {
    app,
    deps,
    plant,
    person,
    key,
    adminUrl: database.adminUrl,
    bugs,
    async keyOf(role, scopes) {
      return (await createApiKey(person, OPERATOR, { name: role, role, scopes })).key;
    },
    call(method, path, { body, headers, key: other } = {}) {
      const used = other === undefined ? key : other;
      return app.inject({
        method,
        url: path.startsWith('/api') ? path : API_BASE + path,
        headers: { ...(used === null ? {} : { authorization: `Bearer ${used}` }), ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
    },
    async close() {
      await app.close();
      await plant.close();
      await database.drop();
    },
  };
}
