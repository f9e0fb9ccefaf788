/** What people may do about the vendor's schema by hand: look now, and let go of rules that are held. */
import type { DriftRow, SchemaScope } from '../../../store/connections/discovered-schemas.ts';
import type { Tx } from '../../../store/index.ts';
import type { SyncDeps } from '../context.ts';
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
    look: (tenantId, connectionId) =>
      discoverSchemas(deps, { tenantId, connectionId, runId: null }, new AbortController().signal),
    async release(tx, scope, rows, by) {
      const connection = await deps.repo.connections.load(tx, scope.connectionId);
      await endDrift(deps, tx, connection, scope, rows, { resolution: 'released', by });
    },
  };
}
