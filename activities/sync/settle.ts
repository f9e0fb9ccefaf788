/**
 * Asks a system once for the settings that it can tell itself (a default site, its generation) and keeps them with the
 * connection. What a person set is never asked for; what the system cannot tell is an `invalid_config` that names the setting.
 */
import type { Connector } from '../../connectors/kit/contract.ts';
import type { ConnectionRow } from '../../store/connections.ts';
import type { SyncDeps } from './context.ts';

type Configured = Pick<ConnectionRow, 'system' | 'config'>;

/** Whether the connection has all settings that its records are read and written by. */
export function isSettled(
  deps: { connector: (system: string) => Pick<Connector, 'settled'> },
  connection: Configured,
): boolean {
  return deps.connector(connection.system).settled?.(connection.config) ?? true;
}

export interface Settled {
  connection: ConnectionRow;
  account: string;
  version: string | null;
}

/** Logs in, and keeps what the system tells of itself. */
export async function settleConnection(
  deps: Pick<SyncDeps, 'store' | 'repo' | 'now' | 'openSession'>,
  connection: ConnectionRow,
  actor: string,
  signal: AbortSignal,
): Promise<Settled> {
  const session = await deps.openSession(connection, signal);
  try {
    const { account, version, settings = {} } = await session.probe();
    const by = { actor, at: new Date(deps.now()).toISOString() };
    const kept = await deps.store.inTenant(connection.tenant_id, (tx) =>
      deps.repo.keepSettings(tx, connection.id, settings, by),
    );
    return { connection: kept, account, version };
  } finally {
    await session.close();
  }
}
