/**
 * The sync activities as Temporal sees them: small arguments in, counts out, data stays in PostgreSQL. Each takes the
 * connection's fence first, so that a worker believed dead cannot commit after its replacement began.
 */
import { Context, log } from '@temporalio/activity';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import { asApplicationFailure, asStopped } from '../failure.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { Tx } from '../../store/index.ts';
import { syncFiles } from './attachments.ts';
import { fileReach } from './attachments-reach.ts';
import type { Counts, SyncDeps } from './context.ts';
import { capabilitiesOf, mayPush } from './direction.ts';
import { discoverSchemas, isLookDue } from './discover.ts';
import { awaitsReading, type LookResult } from './drift.ts';
import { pullEntity, type EntityWork } from './pull-entity.ts';
import { pushEntity } from './push-entity.ts';
import { isSettled, settleConnection } from './settle.ts';
import { sweepEntity } from './sweep-entity.ts';

export interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}
export interface EntityStep extends ConnectionRef {
  runId: string;
  entity: Entity;
}
/** What woke the connection: its interval (everything), a vendor's hint (some entities), the hub (pushes only), or a person. */
export interface PassRequest {
  mode: 'poll' | 'hint' | 'hub' | 'full' | 'sweep';
  /** For `hint`: what to pull. */
  entities: Entity[];
}
export interface PassStep {
  entity: Entity;
  pull: boolean;
  push: boolean;
  sweep: boolean;
}
export interface PassPlan {
  state: 'active' | 'paused';
  reason: string | null;
  pollMs: number;
  /** In dependency order. */
  steps: PassStep[];
  /** Entities with files that are due already; a pull or push may add to them. */
  files: Entity[];
  /** The vendor's schema is looked at first. */
  discover: boolean;
  /** The system is greeted first: it was never reached, or settings are open that it may tell; the plan is made anew with them. */
  greet: boolean;
}
export interface StepResult {
  counts: Counts;
  hubChanged: boolean;
  complete: boolean;
  /** There are files of this entity to look at or to send. */
  filesDue: boolean;
}

export type SyncActivities = ReturnType<typeof createSyncActivities>;

export function createSyncActivities(deps: SyncDeps) {
  const iso = (): string => new Date(deps.now()).toISOString();

  /** When a push is worth another look: feed rows that a running transaction still hides are there in an instant. */
  async function nextPush(tx: Tx, ref: ConnectionRef): Promise<number | null> {
    const connection = await deps.repo.connections.load(tx, ref.connectionId);
    const left = await deps.repo.pushes.entities(tx, ref.tenantId, ref.connectionId);
    if (
      [...left].some(
        (entity) => mayPush(deps, connection, entity) && !awaitsReading(deps, connection, entity),
      )
    )
      return LIMITS.feedRetryMs;
    const [push, files] = [
      await deps.repo.pushes.nextInMs(tx, ref.connectionId),
      await deps.repo.fileQueue.nextInMs(tx, ref.connectionId),
    ];
    const rested = files === null ? null : Math.max(files, LIMITS.fileRestMs);
    return push === null || rested === null ? (push ?? rested) : Math.min(push, rested);
  }

  /** Runs one step with a session, the fence, heartbeats, and failures in Temporal's terms. */
  async function withWork<T>(step: EntityStep, work: (entity: EntityWork) => Promise<T>): Promise<T> {
    const activity = Context.current();
    // A beat also brings the news that the step was cancelled.
    const beat = setInterval(() => activity.heartbeat(), LIMITS.heartbeatTimeoutMs / 10);
    let moved = false as boolean;
    try {
      return await runStep(
        deps,
        step,
        activity.cancellationSignal,
        (counts) => {
          moved = true;
          activity.heartbeat(counts);
        },
        work,
      );
    } catch (error) {
      // What was committed before it failed is for the others all the same.
      if (moved) await deps.pokeOthers(step.tenantId, step.connectionId).catch(() => undefined);
      throw activity.cancellationSignal.aborted
        ? asStopped(activity.cancellationSignal.reason)
        : asApplicationFailure(error);
    } finally {
      clearInterval(beat);
    }
  }

  /** A try that was killed after its commit told nobody, so the next one does. */
  async function tellOthers(step: EntityStep, hubChanged: boolean): Promise<void> {
    if (hubChanged || Context.current().info.attempt > 1)
      await deps.pokeOthers(step.tenantId, step.connectionId);
  }

  /** Entities whose files are due; what came to a record from another system and has no place here leaves the queue. */
  async function filesDue(tx: Tx, connection: ConnectionRow): Promise<Entity[]> {
    const queued = [...(await deps.repo.fileQueue.entities(tx, connection.id))];
    const idle = queued.filter((entity) => fileReach(deps, connection, entity) === null);
    await deps.repo.fileQueue.drop(tx, connection.id, idle);
    return ENTITIES.filter((entity) => queued.includes(entity) && !idle.includes(entity));
  }

  async function areFilesDue({ connection, scope }: EntityWork): Promise<boolean> {
    if (fileReach(deps, connection, scope.entity) === null) return false;
    return deps.store.inTenant(scope.tenantId, (tx) =>
      deps.repo.fileQueue.hasDue(tx, scope.connectionId, scope.entity),
    );
  }

  /** A few statements on our own store, with failures in Temporal's terms. */
  async function quickly<T>(ref: ConnectionRef, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await deps.store.inTenant(ref.tenantId, work);
    } catch (error) {
      throw asApplicationFailure(error);
    }
  }

  return {
    /** Opens a run and says what it has to do; a paused connection has nothing. One hop, so that a poke stays quick. */
    async beginRun(input: ConnectionRef & { runId: string; request: PassRequest }): Promise<PassPlan> {
      return quickly(input, async (tx) => {
        const connection = await deps.repo.connections.load(tx, input.connectionId);
        const capabilities = capabilitiesOf(deps, connection);
        const { request } = input;
        const toPush = await deps.repo.pushes.entities(tx, input.tenantId, input.connectionId);
        const versions: Record<string, string> = {};
        const steps = ENTITIES.flatMap((entity): PassStep[] => {
          const mapping = deps.mapping(connection, entity);
          if (mapping === null) return [];
          versions[entity] = mapping.version;
          const capability = capabilities[entity];
          const sync = entitySync(connection.config, entity);
          const pull = sync.pull && capability.pull !== 'none' && wantsPull(request, entity, capability.pull);
          const push =
            mayPush(deps, connection, entity) &&
            request.mode !== 'sweep' &&
            (pull || (toPush.has(entity) && !awaitsReading(deps, connection, entity)));
          const sweep = request.mode === 'sweep' && capability.pull !== 'none';
          return pull || push || sweep ? [{ entity, pull, push, sweep }] : [];
        });
        const active = connection.state === 'active';
        if (active && request.mode === 'sweep') {
          await deps.repo.fileQueue.enqueueDailyLook(
            tx,
            input,
            ENTITIES.filter((entity) => fileReach(deps, connection, entity)?.take === true),
            LIMITS.fileLookBackDays,
          );
        }
        const files = active ? await filesDue(tx, connection) : [];
        const lastLook = await deps.repo.schemas.lastLook(tx, connection.id);
        if (active && (steps.length > 0 || files.length > 0)) {
          await deps.repo.runs.start(tx, {
            id: input.runId,
            tenantId: input.tenantId,
            connectionId: input.connectionId,
            kind: request.mode === 'full' ? 'backfill' : request.mode === 'sweep' ? 'sweep' : 'pass',
            at: iso(),
            mappingVersions: versions,
          });
        }
        return {
          state: connection.state,
          reason: connection.stateReason,
          pollMs: connection.pollSeconds * 1_000,
          steps,
          files,
          discover: steps.length > 0 && isLookDue(deps, connection, lastLook, request.mode),
          greet: !isSettled(deps, connection) || !(await deps.repo.runs.hasCompleted(tx, connection.id)),
        };
      });
    },

    async finishRun(
      input: ConnectionRef & {
        runId: string;
        failure: { kind: string; message: string } | null;
        cancelled: boolean;
      },
    ): Promise<{ pausedReason: string | null; nextPushInMs: number | null }> {
      return quickly(input, async (tx) => {
        const state = input.cancelled ? 'cancelled' : input.failure === null ? 'completed' : 'failed';
        await deps.repo.runs.finish(tx, input.runId, state, input.failure, iso());
        const refused = await deps.repo.connections.countUnauthorized(
          tx,
          input.connectionId,
          input.failure?.kind === 'unauthorized',
        );
        const nextPushInMs = await nextPush(tx, input);
        const message = input.failure?.message ?? '';
        // Neither a person nor the system says what is missing: no later run can do better.
        const incomplete =
          input.failure?.kind === 'invalid_config' &&
          !isSettled(deps, await deps.repo.connections.load(tx, input.connectionId));
        if (!incomplete && refused < LIMITS.unauthorizedMax) return { pausedReason: null, nextPushInMs };
        const reason = incomplete
          ? `Settings are incomplete: ${message}`
          : `Paused after ${refused} runs that the system refused: ${message}`;
        await deps.repo.connections.setState(tx, input.connectionId, 'paused', reason);
        if (input.failure !== null)
          await deps.repo.runs.endQueued(tx, input.connectionId, input.failure, iso());
        return { pausedReason: reason, nextPushInMs };
      });
    },

    async pull(step: EntityStep & { full: boolean }): Promise<StepResult> {
      return withWork(step, async (work) => {
        const result = await pullEntity(work, { full: step.full });
        await tellOthers(step, result.hubChanged);
        return { ...result, filesDue: await areFilesDue(work) };
      });
    },

    async push(step: EntityStep): Promise<StepResult> {
      return withWork(step, async (work) => {
        const result = await pushEntity(work);
        await tellOthers(step, result.hubChanged);
        return { ...result, complete: true, filesDue: await areFilesDue(work) };
      });
    },

    async sweep(step: EntityStep): Promise<StepResult & { stopped: boolean }> {
      return withWork(step, async (work) => {
        const result = await sweepEntity(work);
        if (fileReach(deps, work.connection, step.entity) !== null)
          await deps.files.dropUnused(step.tenantId, LIMITS.fileUnusedMs);
        await tellOthers(step, result.hubChanged);
        return { ...result, complete: true, filesDue: false };
      });
    },

    /** A share of the files that are due; what is left brings the next pass soon. */
    async files(step: EntityStep): Promise<StepResult> {
      return withWork(step, async (work) => {
        const result = await syncFiles(work);
        await tellOthers(step, result.hubChanged);
        return { ...result, complete: true, filesDue: false };
      });
    },

    /** Tries address and credentials, and asks for the settings that are still open. */
    async greet(input: ConnectionRef): Promise<void> {
      const activity = Context.current();
      const signal = activity.cancellationSignal;
      const beat = setInterval(() => activity.heartbeat(), LIMITS.heartbeatTimeoutMs / 10);
      try {
        const connection = await deps.store.inTenant(input.tenantId, (tx) =>
          deps.repo.connections.load(tx, input.connectionId),
        );
        await settleConnection(deps, connection, 'sync', signal);
      } catch (error) {
        throw signal.aborted ? asStopped(signal.reason) : asApplicationFailure(error);
      } finally {
        clearInterval(beat);
      }
    },

    /** Looks at the vendor's schema; that it cannot be seen is a result, not a failure. */
    async discover(input: ConnectionRef & { runId: string }): Promise<LookResult> {
      const activity = Context.current();
      const beat = setInterval(() => activity.heartbeat(), LIMITS.heartbeatTimeoutMs / 10);
      try {
        const result = await discoverSchemas(deps, input, activity.cancellationSignal);
        if (result.failure !== null) log.warn('The schema could not be looked at.', result.failure);
        else if (result.found > 0) log.warn('The schema drifted.', { found: result.found });
        return result;
      } catch (error) {
        throw activity.cancellationSignal.aborted
          ? asStopped(activity.cancellationSignal.reason)
          : asApplicationFailure(error);
      } finally {
        clearInterval(beat);
      }
    },

    async setState(
      input: ConnectionRef & { state: 'active' | 'paused'; reason: string | null },
    ): Promise<void> {
      await quickly(input, (tx) =>
        deps.repo.connections.setState(tx, input.connectionId, input.state, input.reason),
      );
    },
  };
}

/** A hint names its entities; the hub's own changes need no pull at all, the push looks at the record before it writes. */
function wantsPull(request: PassRequest, entity: Entity, pull: 'incremental' | 'full'): boolean {
  switch (request.mode) {
    case 'hub':
    case 'sweep':
      return false;
    case 'hint':
      return request.entities.length === 0 ? pull === 'incremental' : request.entities.includes(entity);
    case 'poll':
    case 'full':
      return true;
  }
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
    fence: await deps.repo.connections.takeFence(tx, step.connectionId),
    connection: await deps.repo.connections.load(tx, step.connectionId),
  }));
  const mapping = deps.mapping(connection, step.entity);
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
