/** What a step on one entity of a connection works with: the fence it took, a logged-in session, the mapping, who hears of progress. */
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { Session } from '../../connectors/kit/contract.ts';
import type { CompiledMapping } from '../../mappings/engine/format.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { Counts, EntityScope, SyncDeps } from './context.ts';

export interface EntityWork {
  deps: SyncDeps;
  connection: ConnectionRow;
  session: Session;
  mapping: CompiledMapping;
  scope: Omit<EntityScope, 'at'>;
  fence: number;
  signal: AbortSignal;
  /** Epoch ms since when the system was asked for what is applied now. What it said of its schema before says nothing about that. */
  askedAt: number;
  /** Reports progress: Temporal's heartbeat. */
  progress: (counts: Counts) => void;
}

export interface StepRequest {
  step: Omit<EntityScope, 'at'>;
  signal: AbortSignal;
  progress: (counts: Counts) => void;
}

/** Runs one step with the fence and a session: what the activities, the fault lane and the benchmarks run. */
export async function runStep<T>(
  deps: SyncDeps,
  { step, signal, progress }: StepRequest,
  work: (entity: EntityWork) => Promise<T>,
): Promise<T> {
  const { tenantId, connectionId, entity, runId } = step;
  const [fence, connection] = await deps.store.inTenant(tenantId, (tx) =>
    Promise.all([
      deps.repo.connections.takeFence(tx, connectionId),
      deps.repo.connections.load(tx, connectionId),
    ]),
  );
  const mapping = deps.mapping(connection, entity);
  if (mapping === null) {
    throw new Failure('invalid_config', `There is no mapping of ${entity} for ${connection.system}.`);
  }
  const session = await deps.openSession(connection, signal);
  try {
    const scope = { tenantId, connectionId, entity, runId };
    const askedAt = deps.now();
    return await work({ deps, connection, session, mapping, fence, signal, progress, scope, askedAt });
  } catch (error) {
    throw signal.aborted
      ? new Failure('cancelled', 'The step was cancelled.', { cause: error })
      : toFailure(error);
  } finally {
    await session.close();
  }
}
