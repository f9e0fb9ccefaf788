/**
 * The sync activities as Temporal sees them: small arguments in, counts out, data stays in PostgreSQL. Each takes the
 * connection's fence first, so that a worker believed dead cannot commit after its replacement began.
 */
import { Context } from '@temporalio/activity';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import type { RunKind } from '../../store/runs.ts';
import { asApplicationFailure } from '../failure.ts';
import type { Counts, SyncDeps } from './context.ts';
import { pullEntity, type EntityWork } from './pull-entity.ts';
import { pushEntity } from './push-entity.ts';
import { sweepEntity } from './sweep-entity.ts';

export interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}
export interface EntityStep extends ConnectionRef {
  runId: string;
  entity: Entity;
}
export interface PassPlan {
  state: 'active' | 'paused';
  pollSeconds: number;
  /** In dependency order. `incremental` ones are cheap enough for every poke. */
  entities: { entity: Entity; pull: 'incremental' | 'full' | 'none'; push: boolean }[];
}
export interface StepResult {
  counts: Counts;
  hubChanged: boolean;
  complete: boolean;
}

export type SyncActivities = ReturnType<typeof createSyncActivities>;

export function createSyncActivities(deps: SyncDeps) {
  const iso = (): string => new Date(deps.now()).toISOString();

  /** Runs one step with a session, the fence, heartbeats, and failures in Temporal's terms. */
  async function withWork<T>(step: EntityStep, work: (entity: EntityWork) => Promise<T>): Promise<T> {
    const activity = Context.current();
    const beat = setInterval(() => activity.heartbeat(), LIMITS.heartbeatTimeoutMs / 4);
    try {
      return await runStep(
        deps,
        step,
        activity.cancellationSignal,
        (counts) => activity.heartbeat(counts),
        work,
      );
    } catch (error) {
      throw asApplicationFailure(error);
    } finally {
      clearInterval(beat);
    }
  }

  return {
    /** Reads what a pass has to do; a paused connection has nothing. */
    async planPass({ tenantId, connectionId }: ConnectionRef): Promise<PassPlan> {
      const connection = await deps.store.inTenant(tenantId, (tx) =>
        deps.repo.loadConnection(tx, connectionId),
      );
      const { capabilities } = deps.connector(connection.system).manifest;
      return {
        state: connection.state,
        pollSeconds: connection.poll_seconds,
        entities: ENTITIES.flatMap((entity) => {
          const capability = capabilities[entity];
          const sync = entitySync(connection.config, entity);
          if (deps.mapping(connection.system, entity) === null) return [];
          const pull = sync.pull ? capability.pull : 'none';
          const push = sync.push && (capability.create || capability.update);
          return pull === 'none' && !push ? [] : [{ entity, pull, push }];
        }),
      };
    },

    async startRun(input: ConnectionRef & { runId: string; kind: RunKind }): Promise<void> {
      await deps.store.inTenant(input.tenantId, async (tx) => {
        const connection = await deps.repo.loadConnection(tx, input.connectionId);
        const versions = ENTITIES.flatMap((entity) => {
          const mapping = deps.mapping(connection.system, entity);
          return mapping === null ? [] : [[entity, mapping.version] as const];
        });
        await deps.repo.startRun(tx, {
          id: input.runId,
          tenantId: input.tenantId,
          connectionId: input.connectionId,
          kind: input.kind,
          at: iso(),
          mappingVersions: Object.fromEntries(versions),
        });
      });
    },

    async finishRun(
      input: ConnectionRef & {
        runId: string;
        failure: { kind: string; message: string } | null;
        cancelled: boolean;
      },
    ): Promise<{ paused: boolean }> {
      return deps.store.inTenant(input.tenantId, async (tx) => {
        const state = input.cancelled ? 'cancelled' : input.failure === null ? 'completed' : 'failed';
        await deps.repo.finishRun(tx, input.runId, state, input.failure, iso());
        const refused = await deps.repo.countUnauthorized(
          tx,
          input.connectionId,
          input.failure?.kind === 'unauthorized',
        );
        if (refused < LIMITS.unauthorizedMax) return { paused: false };
        const reason = `Paused after ${refused} runs that the system refused: ${input.failure?.message ?? ''}`;
        await deps.repo.setConnectionState(tx, input.connectionId, 'paused', reason);
        return { paused: true };
      });
    },

    async pull(step: EntityStep & { full: boolean }): Promise<StepResult> {
      return withWork(step, async (work) => {
        const result = await pullEntity(work, { full: step.full });
        if (result.hubChanged) await deps.pokeOthers(step.tenantId, step.connectionId);
        return result;
      });
    },

    async push(step: EntityStep): Promise<StepResult> {
      return withWork(step, async (work) => {
        const result = await pushEntity(work);
        if (result.hubChanged) await deps.pokeOthers(step.tenantId, step.connectionId);
        return { ...result, complete: true };
      });
    },

    async sweep(step: EntityStep): Promise<StepResult & { stopped: boolean }> {
      return withWork(step, async (work) => {
        const result = await sweepEntity(work);
        if (result.hubChanged) await deps.pokeOthers(step.tenantId, step.connectionId);
        return { ...result, complete: true };
      });
    },

    async setState(
      input: ConnectionRef & { state: 'active' | 'paused'; reason: string | null },
    ): Promise<void> {
      await deps.store.inTenant(input.tenantId, (tx) =>
        deps.repo.setConnectionState(tx, input.connectionId, input.state, input.reason),
      );
    },
  };
}

/** One step outside Temporal's terms: what the activities, the fault lane and the benchmarks run. */
export async function runStep<T>(
  deps: SyncDeps,
  step: EntityStep,
  signal: AbortSignal,
  progress: (counts: Counts) => void,
  work: (entity: EntityWork) => Promise<T>,
): Promise<T> {
  const { connection, fence } = await deps.store.inTenant(step.tenantId, async (tx) => ({
    fence: await deps.repo.takeFence(tx, step.connectionId),
    connection: await deps.repo.loadConnection(tx, step.connectionId),
  }));
  const mapping = deps.mapping(connection.system, step.entity);
  if (mapping === null) {
    throw new Failure('invalid_config', `There is no mapping of ${step.entity} for ${connection.system}.`);
  }
  const session = await deps.openSession(connection, signal);
  try {
    return await work({
      deps,
      connection,
      session,
      mapping,
      fence,
      signal,
      progress,
      scope: {
        tenantId: step.tenantId,
        connectionId: step.connectionId,
        entity: step.entity,
        runId: step.runId,
      },
    });
  } catch (error) {
    throw signal.aborted
      ? new Failure('cancelled', 'The step was cancelled.', { cause: error })
      : toFailure(error);
  } finally {
    await session.close();
  }
}
