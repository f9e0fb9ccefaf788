/**
 * A plant for tests: a database, vendor sandboxes, connections to them, and passes run step by step without Temporal, so
 * that a test can stop between any two steps. The same code as the activities run.
 */
import { tmpdir } from 'node:os';
import { sql } from 'kysely';
import { completeSettings } from '../../activities/sync/complete-settings.ts';
import { syncFiles } from '../../activities/sync/files/attachments.ts';
import { fileReach } from '../../activities/sync/files/attachments-reach.ts';
import { runStep, type EntityWork } from '../../activities/sync/entity-work.ts';
import type { Counts, SyncDeps } from '../../activities/sync/context.ts';
import { capabilitiesOf, mayPush } from '../../activities/sync/direction.ts';
import { pullEntity } from '../../activities/sync/pull/pull-entity.ts';
import { pushEntity } from '../../activities/sync/push/push-entity.ts';
import { sweepEntity } from '../../activities/sync/pull/sweep-entity.ts';
import { sandboxKind } from '../../cli/sandboxes.ts';
import { createSyncDeps } from '../../cli/sync-deps.ts';
import { LOOPBACK } from '../../connectors/kit/session-deps.fixture.ts';
import type { RunningSandbox, SandboxOptions } from '../../connectors/kit/sandbox/index.ts';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { newId } from '../../domain/id.ts';
import type { JsonObject } from '../../domain/json.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { openStore, type Store } from '../../store/database.ts';
import { repositories } from '../../store/index.ts';
import { saveSecret, type KeyRing } from '../../store/connections/secrets.ts';
import { ensureTenant } from '../../store/access/tenants.ts';

export interface PlantConnection {
  id: string;
  system: string;
  sandbox: RunningSandbox;
}

export interface Plant {
  store: Store;
  deps: SyncDeps;
  tenantId: string;
  /** Starts a sandbox and connects it. */
  connect(system: string, options: SandboxOptions, extra?: ConnectOptions): Promise<PlantConnection>;
  /** Every entity in order: pull, then push. Counters by entity. */
  pass(connection: PlantConnection, options?: PassOptions): Promise<Record<string, Counts>>;
  /** Passes over all connections until a round writes nothing; fails when that takes more than `rounds`. */
  settle(rounds?: number): Promise<number>;
  sweep(connection: PlantConnection, entity: Entity): Promise<Counts>;
  /** One step of an entity's files. */
  files(connection: PlantConnection, entity: Entity): Promise<Counts>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Connects to the sandbox of this connection instead of one of its own. */
  at?: PlantConnection;
  config?: JsonObject;
  name?: string;
  deletePolicy?: 'ignore' | 'archive' | 'delete';
  requestsPerSecond?: number;
}

export interface PassOptions {
  entities?: readonly Entity[];
  full?: boolean;
  pull?: boolean;
  push?: boolean;
  /** Files are left out unless the test is about them: each record pulled would be one more request. */
  files?: boolean;
}

export const TEST_RING: KeyRing = { active: 'test', keys: new Map([['test', Buffer.alloc(32, 7)]]) };

const FEED_WAIT_MS = 60_000;

/** Counters that say that something changed on either side. */
const MOVING = [
  'created',
  'linked',
  'updated',
  'pushed_created',
  'pushed_updated',
  'stale',
  'unknown',
  'postponed',
  'comments_sent',
  'removed',
];

/** How often something changed on either side in a pass; a plant at rest has none. */
export function movesOf(counts: Readonly<Record<string, Counts>>): number {
  let moves = 0;
  for (const of of Object.values(counts)) for (const name of MOVING) moves += of[name] ?? 0;
  return moves;
}

export async function createPlant(options: {
  url: string;
  now?: () => number;
  crashPoint?: SyncDeps['crashPoint'];
}): Promise<Plant> {
  const store = openStore({ url: options.url, poolMax: 6, refuseNested: true });
  const now = options.now ?? Date.now;
  const deps = await createSyncDeps({
    store,
    ring: TEST_RING,
    // SQLite is a file of this machine.
    network: { allowed: [...LOOPBACK.allowed, `file:${tmpdir()}/`] },
    now,
    pokeOthers: async () => undefined,
    ...(options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }),
  });
  const tenant = await ensureTenant(store.db, { id: newId(now()), slug: 'plant', name: 'Test plant' });
  const connections: PlantConnection[] = [];

  async function step<T>(
    connection: PlantConnection,
    entity: Entity,
    work: (w: EntityWork) => Promise<T>,
  ): Promise<T> {
    const runId = newId(now());
    await store.inTenant(tenant.id, (tx) =>
      repositories.runs.start(tx, {
        id: runId,
        tenantId: tenant.id,
        connectionId: connection.id,
        kind: 'pass',
        at: new Date(now()).toISOString(),
        mappingVersions: {},
      }),
    );
    return runStep(
      deps,
      {
        step: { tenantId: tenant.id, connectionId: connection.id, runId, entity },
        signal: new AbortController().signal,
        progress: () => undefined,
      },
      work,
    );
  }

  /**
   * The feed shows nothing past the oldest running transaction, which may be one of another test on the same server. Ids that the
   * server has not given yet are those of a restored feed, which its reader renumbers.
   */
  async function feedIsVisible(): Promise<void> {
    for (const deadline = performance.now() + FEED_WAIT_MS; performance.now() < deadline;) {
      const found = await store.inTenant(tenant.id, (tx) =>
        sql<{ hidden: boolean }>`
          select exists(select from change where xid >= pg_snapshot_xmin(pg_current_snapshot())
            and xid < pg_snapshot_xmax(pg_current_snapshot())) as hidden`.execute(tx),
      );
      if (found.rows[0]?.hidden !== true) return;
    }
    throw new Error('A transaction of this server hides the change feed for too long.');
  }

  /** The connection, asked for what it can tell of itself if nobody has yet, as the first pass of a worker does. */
  async function greeted({ id }: PlantConnection): Promise<ConnectionRow> {
    const row = await store.inTenant(tenant.id, (tx) => repositories.connections.load(tx, id));
    return row.identity === null ? (await completeSettings(deps, row, 'test', null)).connection : row;
  }

  const plant: Plant = {
    store,
    deps,
    tenantId: tenant.id,
    async connect(system, sandboxOptions, extra = {}) {
      const kind = sandboxKind(system);
      const sandbox = extra.at?.sandbox ?? (await kind.start(sandboxOptions));
      const { config, secret } = kind.connection(sandbox, sandboxOptions.seed);
      const id = newId(now());
      const parsed = connectorFor(system).config.parse(config) as JsonObject;
      await store.inTenant(tenant.id, async (tx) => {
        await repositories.connections.insert(tx, {
          id,
          tenantId: tenant.id,
          system,
          name: extra.name ?? `${system}-${String(connections.length)}`,
          config: { ...parsed, ...extra.config },
          deletePolicy: extra.deletePolicy ?? 'ignore',
          requestsPerSecond: extra.requestsPerSecond ?? 5_000,
        });
        await saveSecret(
          tx,
          TEST_RING,
          { tenantId: tenant.id, connectionId: id, purpose: 'credentials' },
          secret,
        );
      });
      const connection: PlantConnection = { id, system, sandbox };
      connections.push(connection);
      return connection;
    },
    async pass(connection, passOptions = {}) {
      const counts: Record<string, Counts> = {};
      const row = await greeted(connection);
      for (const entity of passOptions.entities ?? ENTITIES) {
        if (deps.mapping(connection, entity) === null) continue;
        const capability = capabilitiesOf(deps, row)[entity];
        const sync = entitySync(row.config, entity);
        const entityCounts: Counts = (counts[entity] ??= {});
        const add = (more: Counts): void => {
          for (const [name, n] of Object.entries(more)) entityCounts[name] = (entityCounts[name] ?? 0) + n;
        };
        if (passOptions.pull !== false && sync.pull && capability.pull !== 'none') {
          for (let full = passOptions.full ?? false, complete = false; !complete; full = false) {
            const result = await step(connection, entity, (work) => pullEntity(work, { full }));
            add(result.counts);
            complete = result.complete;
          }
        }
        if (passOptions.push !== false && mayPush(deps, row, entity)) {
          await feedIsVisible();
          add((await step(connection, entity, (work) => pushEntity(work))).counts);
        }
        if (
          passOptions.files === true &&
          fileReach(deps, { system: connection.system, config: row.config }, entity)
        )
          add(await plant.files(connection, entity));
      }
      return counts;
    },
    async settle(rounds = 10) {
      for (let round = 1; round <= rounds; round += 1) {
        let moved = 0;
        for (const connection of connections) moved += movesOf(await plant.pass(connection));
        if (moved === 0) return round;
      }
      throw new Error(`The plant still moves after ${String(rounds)} rounds.`);
    },
    async sweep(connection, entity) {
      return (await step(connection, entity, (work) => sweepEntity(work))).counts;
    },
    async files(connection, entity) {
      return (await step(connection, entity, (work) => syncFiles(work))).counts;
    },
    async close() {
      for (const { sandbox } of connections) await sandbox.close();
      await store.close();
    },
  };
  return plant;
}
