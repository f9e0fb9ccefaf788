/** Opens a run and says what it has to do; a paused connection has nothing. One hop, so that a poke stays quick. */
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { Tx } from '../../store/index.ts';
import type { SyncDeps } from './context.ts';
import { capabilitiesOf, mayPush } from './direction.ts';
import { fileReach } from './files/attachments-reach.ts';
import { planPass, type EntityFacts } from './plan-pass.ts';
import { isLookDue } from './schema/discover.ts';
import { awaitsReading } from './schema/drift.ts';
import { isComplete } from './complete-settings.ts';
import type { ConnectionRef, PassPlan, PassRequest } from './steps.ts';

export interface BeginRun extends ConnectionRef {
  runId: string;
  request: PassRequest;
}

export async function beginRun(deps: SyncDeps, tx: Tx, input: BeginRun): Promise<PassPlan> {
  const connection = await deps.repo.connections.load(tx, input.connectionId);
  const { request } = input;
  const steps = planPass(request, await entityFacts(deps, tx, connection));
  const active = connection.state === 'active';
  if (active && request.mode === 'sweep') await lookAtFilesAgain(deps, tx, connection, input);
  const [files, lastLook, completed] = await Promise.all([
    active ? filesDue(deps, tx, connection) : [],
    deps.repo.schemas.lastLook(tx, connection.id),
    deps.repo.runs.hasCompleted(tx, connection.id),
  ]);
  if (active && (steps.length > 0 || files.length > 0)) await startRun(deps, tx, connection, input);
  return {
    state: connection.state,
    reason: connection.stateReason,
    pollMs: connection.pollSeconds * 1_000,
    steps,
    files,
    discover: steps.length > 0 && isLookDue(deps, connection, lastLook, request.mode),
    greet: connection.identity === null || !isComplete(deps, connection) || !completed,
  };
}

async function entityFacts(
  deps: SyncDeps,
  tx: Tx,
  connection: ConnectionRow,
): Promise<Map<Entity, EntityFacts>> {
  const capabilities = capabilitiesOf(deps, connection);
  const queued = await deps.repo.pushes.entities(tx, connection.tenantId, connection.id);
  return new Map(
    ENTITIES.flatMap((entity): [Entity, EntityFacts][] => {
      if (deps.mapping(connection, entity) === null) return [];
      const keys = capabilities[entity].pull;
      const facts = {
        pull: entitySync(connection.config, entity).pull ? keys : 'none',
        keys,
        push: mayPush(deps, connection, entity),
        queued: queued.has(entity),
        awaitsReading: awaitsReading(deps, connection, entity),
      } as const;
      return [[entity, facts]];
    }),
  );
}

async function startRun(
  deps: SyncDeps,
  tx: Tx,
  connection: ConnectionRow,
  { tenantId, connectionId, runId, request }: BeginRun,
): Promise<void> {
  const mappingVersions = Object.fromEntries(
    ENTITIES.flatMap((entity) => {
      const mapping = deps.mapping(connection, entity);
      return mapping === null ? [] : [[entity, mapping.version]];
    }),
  );
  await deps.repo.runs.start(tx, {
    id: runId,
    tenantId,
    connectionId,
    kind: request.mode === 'full' ? 'backfill' : request.mode === 'sweep' ? 'sweep' : 'pass',
    at: new Date(deps.now()).toISOString(),
    mappingVersions,
  });
}

/** Files are added to work that goes on; most systems tell of no change then. */
async function lookAtFilesAgain(
  deps: SyncDeps,
  tx: Tx,
  connection: ConnectionRow,
  input: BeginRun,
): Promise<void> {
  await deps.repo.fileQueue.enqueueDailyLook(
    tx,
    input,
    ENTITIES.filter((entity) => fileReach(deps, connection, entity)?.take === true),
    LIMITS.fileLookBackDays,
  );
}

/** Entities whose files are due; what came to a record from another system and has no place here leaves the queue. */
async function filesDue(deps: SyncDeps, tx: Tx, connection: ConnectionRow): Promise<Entity[]> {
  const queued = [...(await deps.repo.fileQueue.entities(tx, connection.id))];
  const idle = queued.filter((entity) => fileReach(deps, connection, entity) === null);
  await deps.repo.fileQueue.drop(tx, connection.id, idle);
  return ENTITIES.filter((entity) => queued.includes(entity) && !idle.includes(entity));
}
