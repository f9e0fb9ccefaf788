/**
 * The worker side of a benchmark in a process of its own: the code of the sync activities, without Temporal. It takes one
 * order at a time from its parent and answers with counts, time and processor time; it ends when the parent does.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { createSyncDeps } from '../../cli/sync-deps.ts';
import type { Counts, SyncDeps } from '../../activities/sync/context.ts';
import { runStep } from '../../activities/sync/entity-work.ts';
import { pullEntity } from '../../activities/sync/pull/pull-entity.ts';
import { pushEntity } from '../../activities/sync/push/push-entity.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { newId } from '../../domain/id.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { openStore } from '../../store/database.ts';
import { repositories } from '../../store/index.ts';
import { RING } from './ring.ts';

export interface WorkerSetup {
  databaseUrl: string;
  tenantId: string;
}
export interface Order {
  connectionId: string;
  entity: Entity;
  verb: 'pull' | 'push';
  /** Pull from the beginning instead of from the cursor. */
  full?: boolean;
  /** Push until nothing is due any more, also after a failure that time mends. */
  persist?: boolean;
}
export interface Done {
  counts: Counts;
  seconds: number;
  cpuSeconds: number;
  /** Records that went through the pull mapping. */
  mapped: number;
  /** Steps it took: a failed one is what Temporal would repeat. */
  steps: number;
}
export type Answer = { ready: true } | { done: Done } | { failure: string };

const STEPS_MAX = 500;

process.once('disconnect', () => process.exit(0));
process.once('message', (setup: WorkerSetup) => void serve(setup));

async function serve(setup: WorkerSetup): Promise<void> {
  const store = openStore({ url: setup.databaseUrl });
  const built = await createSyncDeps({
    store,
    ring: RING,
    network: { allowed: ['127.0.0.1'] },
    now: Date.now,
    pokeOthers: async () => undefined,
  });
  const mapped = { count: 0 };
  const deps = countingMapped(built, mapped);
  process.on('message', (order: Order) => {
    carryOut(deps, setup.tenantId, order, mapped).then(
      (done) => answer({ done }),
      (error: unknown) =>
        answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  answer({ ready: true });
}

function answer(message: Answer): void {
  process.send?.(message);
}

async function carryOut(
  deps: SyncDeps,
  tenantId: string,
  order: Order,
  mapped: { count: number },
): Promise<Done> {
  const { connectionId, entity } = order;
  const counts: Counts = {};
  const mappedBefore = mapped.count;
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  let steps = 0;
  for (let complete = false; !complete;) {
    steps += 1;
    const runId = newId(deps.now());
    await deps.store.inTenant(tenantId, (tx) =>
      repositories.runs.start(tx, {
        id: runId,
        tenantId,
        connectionId,
        kind: 'pass',
        at: new Date(deps.now()).toISOString(),
        mappingVersions: {},
      }),
    );
    const step = { tenantId, connectionId, runId, entity };
    const { signal } = new AbortController();
    try {
      const result = await runStep(deps, { step, signal, progress: () => undefined }, async (work) =>
        order.verb === 'pull'
          ? pullEntity(work, { full: order.full === true && steps === 1 })
          : { ...(await pushEntity(work)), complete: true },
      );
      complete = result.complete;
      for (const [name, n] of Object.entries(result.counts)) counts[name] = (counts[name] ?? 0) + n;
    } catch (error) {
      const mends = toFailure(error).retryable && order.persist === true && steps < STEPS_MAX;
      if (!mends) throw error;
      complete = true;
    }
    if (order.persist === true && complete) complete = await nothingLeft(deps, tenantId, order);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    counts,
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    mapped: mapped.count - mappedBefore,
    steps,
  };
}

/** What a connection workflow asks at the end of a pass: is something due now, or after a pause? */
async function nothingLeft(
  deps: SyncDeps,
  tenantId: string,
  { connectionId, entity }: Order,
): Promise<boolean> {
  const left = await deps.store.inTenant(tenantId, async (tx) => ({
    due: (await deps.repo.pushes.entities(tx, tenantId, connectionId)).has(entity),
    inMs: await deps.repo.pushes.nextInMs(tx, connectionId),
  }));
  if (!left.due && left.inMs !== null) await wait(left.inMs);
  return !left.due && left.inMs === null;
}

function countingMapped(deps: SyncDeps, mapped: { count: number }): SyncDeps {
  return {
    ...deps,
    mapping(connection, entity) {
      const mapping = deps.mapping(connection, entity);
      if (mapping === null) return null;
      return {
        ...mapping,
        pullNow(raw, context) {
          const result = mapping.pullNow(raw, context);
          if (result !== null) mapped.count += 1;
          return result;
        },
        pull(raw, context) {
          mapped.count += 1;
          return mapping.pull(raw, context);
        },
      };
    },
  };
}
