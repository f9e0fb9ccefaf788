/** What people may do about the vendor's schema by hand: look now, and let go of rules that are held. */
import { Failure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { DriftRow, SchemaScope } from '../../store/discovered-schemas.ts';
import type { Tx } from '../../store/index.ts';
import type { SyncDeps } from './context.ts';
import { discoverSchemas } from './discover.ts';
import { endDrift, type LookResult } from './drift.ts';

export interface SchemaActions {
  /** Looks at the system now; that it cannot be seen is a result. Bounded in time. */
  look(tenantId: string, connectionId: string): Promise<LookResult>;
  /** The rules hold again from now on. The caller holds the connection's lock. */
  release(tx: Tx, scope: SchemaScope, rows: readonly DriftRow[], by: string): Promise<void>;
}

export function createSchemaActions(deps: SyncDeps): SchemaActions {
  return {
    async look(tenantId, connectionId) {
      const signal = AbortSignal.timeout(2 * LIMITS.callTimeoutMs);
      try {
        return await discoverSchemas(deps, { tenantId, connectionId, runId: null }, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        const message = 'The system took too long to describe itself; its next pass looks again.';
        throw new Failure('unavailable', message, { cause: error });
      }
    },
    async release(tx, scope, rows, by) {
      const connection = await deps.repo.loadConnection(tx, scope.connectionId);
      await endDrift(deps, tx, connection, scope, rows, { resolution: 'released', by });
    },
  };
}
