/** What a connection's row says about it: whoever changes that writes the row, and the workflow looks. */
import { toFailure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../../store/index.ts';
import type { SyncDeps } from './context.ts';

export interface ConnectionStateRow {
  state: 'active' | 'paused';
  reason: string | null;
}

export async function readState(
  deps: Pick<SyncDeps, 'repo'>,
  tx: Tx,
  connectionId: string,
): Promise<ConnectionStateRow | null> {
  try {
    const { state, stateReason } = await deps.repo.connections.load(tx, connectionId);
    return { state, reason: stateReason };
  } catch (error) {
    if (toFailure(error).kind === 'not_found') return null;
    throw error;
  }
}
