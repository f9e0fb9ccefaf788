/**
 * The sync activities as Temporal sees them: small arguments in, counts out, data stays in PostgreSQL. Each takes the
 * connection's fence first, so that a worker believed dead cannot commit after its replacement began.
 */
import { log } from '@temporalio/activity';
import { isAbsentEntity, toFailure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { Tx } from '../../store/index.ts';
import { quickly, withHeartbeat } from '../boundary.ts';
import { measureStep } from '../measure.ts';
import { beginRun, type BeginRun } from './begin-run.ts';
import type { Counts, SyncDeps } from './context.ts';
import { runStep, type EntityWork } from './entity-work.ts';
import { syncFiles } from './files/attachments.ts';
import { fileReach } from './files/attachments-reach.ts';
import { finishRun, type FinishedRun, type FinishRun } from './finish-run.ts';
import { pullEntity } from './pull/pull-entity.ts';
import { readState, type ConnectionStateRow } from './read-state.ts';
import { sweepEntity } from './pull/sweep-entity.ts';
import { pushEntity } from './push/push-entity.ts';
import { discoverSchemas } from './schema/discover.ts';
import type { LookResult } from './schema/drift.ts';
import { completeSettings } from './complete-settings.ts';
import type { ConnectionRef, EntityStep, PassPlan, StepResult } from './steps.ts';

/** Counts that say that nothing moved. */
const QUIET: ReadonlySet<string> = new Set(['in', 'unchanged', 'absent']);

export type SyncActivities = ReturnType<typeof createSyncActivities>;

export function createSyncActivities(deps: SyncDeps) {
  return {
    beginRun: (input: BeginRun): Promise<PassPlan> =>
      quickly(() => deps.store.inTenant(input.tenantId, (tx) => beginRun(deps, tx, input))),

    finishRun: (input: FinishRun): Promise<FinishedRun> =>
      quickly(() => deps.store.inTenant(input.tenantId, (tx) => finishRun(deps, tx, input))),

    pull: (step: EntityStep & { full: boolean }): Promise<StepResult> =>
      onEntity(deps, 'pull', step, async (work) => {
        const result = await pullEntity(work, { full: step.full });
        return { ...result, filesDue: await areFilesDue(work) };
      }),

    push: (step: EntityStep): Promise<StepResult> =>
      onEntity(deps, 'push', step, async (work) => {
        const result = await pushEntity(work);
        return { ...result, complete: true, filesDue: await areFilesDue(work) };
      }),

    sweep: (step: EntityStep): Promise<StepResult> =>
      onEntity(deps, 'sweep', step, async (work) => {
        const result = await sweepEntity(work);
        if (fileReach(deps, work.connection, step.entity) !== null)
          await deps.files.dropUnused(step.tenantId, LIMITS.fileUnusedMs);
        return { ...result, complete: true, filesDue: false };
      }),

    /** A share of the files that are due; what is left brings the next pass soon. */
    files: (step: EntityStep): Promise<StepResult> =>
      onEntity(deps, 'files', step, async (work) => ({
        ...(await syncFiles(work)),
        complete: true,
        filesDue: false,
      })),

    /** Tries address and credentials, and asks for the settings that are still open. */
    greet: (input: ConnectionRef): Promise<void> =>
      withHeartbeat(async ({ signal }) => {
        const connection = await deps.store.inTenant(input.tenantId, (tx) =>
          deps.repo.connections.load(tx, input.connectionId),
        );
        await completeSettings(deps, connection, 'sync', signal);
      }),

    /** Looks at the vendor's schema; that it cannot be seen is a result, not a failure. */
    discover: (input: ConnectionRef & { runId: string }): Promise<LookResult> =>
      withHeartbeat(async ({ signal }) => {
        const result = await discoverSchemas(deps, input, signal);
        if (result.failure !== null)
          log.warn('The schema could not be looked at.', { detail: result.failure });
        else if (result.found > 0) log.warn('The schema drifted.', { detail: { found: result.found } });
        return result;
      }),

    /** What the connection's row says; null when there is none any more. */
    readState: (input: ConnectionRef): Promise<ConnectionStateRow | null> =>
      quickly(() => deps.store.inTenant(input.tenantId, (tx) => readState(deps, tx, input.connectionId))),
  };
}

/** Runs one step on an entity, and tells the plant's other connections when the hub changed. */
async function onEntity<T extends StepResult>(
  deps: SyncDeps,
  name: 'pull' | 'push' | 'sweep' | 'files',
  step: EntityStep,
  work: (entity: EntityWork) => Promise<T>,
): Promise<T | StepResult> {
  return withHeartbeat(async ({ signal, number, beat }) => {
    const tell = (): Promise<void> => deps.pokeOthers(step.tenantId, step.connectionId);
    let moved = false as boolean;
    const began = performance.now();
    const progress = (counts: unknown): void => {
      moved = true;
      beat(counts);
    };
    try {
      const { result, system } = await runStep(deps, { step, signal, progress }, async (entity) => ({
        result: await workOrLeaveOut(entity, work),
        system: entity.connection.system,
      }));
      tellStep({ name, step, system, counts: result.counts, ms: performance.now() - began });
      // A try that was killed after its commit told nobody, so the next one does.
      if (result.hubChanged || number > 1) await tell();
      return result;
    } catch (error) {
      // What was committed before it failed is for the others all the same.
      if (moved) await tell().catch(() => undefined);
      throw error;
    }
  });
}

/**
 * What the system does not have at all ends no pass: the entity is left out, and that is told once with the setting that says so
 * for good. Nothing is deleted because of it.
 */
async function workOrLeaveOut<T extends StepResult>(
  entity: EntityWork,
  work: (entity: EntityWork) => Promise<T>,
): Promise<T | StepResult> {
  const { deps, connection, scope } = entity;
  const inTenant = <R>(write: (tx: Tx) => Promise<R>): Promise<R> =>
    deps.store.inTenant(scope.tenantId, write);
  try {
    const result = await work(entity);
    if (connection.absent[scope.entity] !== undefined)
      await inTenant((tx) => deps.repo.connections.clearAbsent(tx, connection.id, scope.entity));
    return result;
  } catch (error) {
    if (!isAbsentEntity(error)) throw error;
    const { message, path: setting } = toFailure(error);
    const since = new Date(deps.now()).toISOString();
    const absent = { message, setting, since };
    const isNews = await inTenant((tx) =>
      deps.repo.connections.markAbsent(tx, connection.id, scope.entity, absent),
    );
    if (isNews)
      log.warn('an entity is not there', {
        detail: { connectionId: connection.id, entity: scope.entity, ...absent },
      });
    return { counts: { absent: 1 }, hubChanged: false, complete: true, filesDue: false };
  }
}

function tellStep(done: {
  name: string;
  step: EntityStep;
  system: string;
  counts: Counts;
  ms: number;
}): void {
  const { name, step, system, counts, ms } = done;
  const { connectionId, runId, entity } = step;
  measureStep({ step: name, labels: { system, entity }, counts, ms });
  const detail = { step: name, system, connectionId, runId, entity, counts, ms: Math.round(ms) };
  // A pass over what did not change is no news.
  const isNews = Object.entries(counts).some(([outcome, n]) => n > 0 && !QUIET.has(outcome));
  log[isNews ? 'info' : 'debug']('step done', { detail });
}

async function areFilesDue({ deps, connection, scope }: EntityWork): Promise<boolean> {
  if (fileReach(deps, connection, scope.entity) === null) return false;
  return deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.fileQueue.hasDue(tx, scope.connectionId, scope.entity),
  );
}
