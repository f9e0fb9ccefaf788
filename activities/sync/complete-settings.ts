/**
 * Asks a system once for the settings that it can tell itself (a default site, its generation) and keeps them with the
 * connection. What a person set is never asked for; what the system cannot tell is an `invalid_config` that names the setting.
 */
import type { Connector, Session, SystemIdentity } from '../../connectors/kit/contract.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { SyncDeps } from './context.ts';

type Configured = Pick<ConnectionRow, 'system' | 'config'>;

/** Whether the connection has all settings that its records are read and written by. */
export function isComplete(
  deps: { connector: (system: string) => Pick<Connector, 'isComplete'> },
  connection: Configured,
): boolean {
  return deps.connector(connection.system).isComplete?.(connection.config) ?? true;
}

export interface CompletedSettings {
  connection: ConnectionRow;
  account: string;
  version: string | null;
}

/** Null where the system cannot tell, or does not let us ask: that is no reason not to work with it. */
async function identityOf(session: Pick<Session, 'identify'>): Promise<SystemIdentity | null> {
  try {
    return (await session.identify?.()) ?? null;
  } catch (error) {
    if (toFailure(error).retryable) throw error;
    return null;
  }
}

/** A person or the first pass waits for it: long for a login, short for an address where nothing ever answers. */
const ANSWER_WITHIN_MS = 25_000;

/** Logs in, and keeps what the system tells of itself. */
export async function completeSettings(
  deps: Pick<SyncDeps, 'store' | 'repo' | 'now' | 'openSession' | 'sharesRecords'>,
  connection: ConnectionRow,
  actor: string,
  stop: AbortSignal | null,
): Promise<CompletedSettings> {
  const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const session = await deps.openSession(connection, stop === null ? late : AbortSignal.any([stop, late]));
  try {
    const { account, version, settings = {} } = await session.probe();
    const identity = await identityOf(session);
    const by = { actor, at: new Date(deps.now()).toISOString() };
    const kept = await deps.store.inTenant(connection.tenantId, async (tx) => {
      await deps.repo.connections.keepIdentity(tx, connection, identity, deps.sharesRecords);
      return deps.repo.connections.keepSettings(tx, connection.id, settings, by);
    });
    return { connection: kept, account, version };
  } catch (error) {
    if (!late.aborted || stop?.aborted === true) throw error;
    throw new Failure(
      'unavailable',
      `The system of ${connection.name} gave no answer within ${String(ANSWER_WITHIN_MS / 1_000)} s; check its address, and that it is up.`,
      { cause: error },
    );
  } finally {
    await session.close();
  }
}
